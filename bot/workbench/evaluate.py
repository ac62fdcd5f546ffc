"""Asks labelled questions and counts what came of them. Pure: cases in, a report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from bot.match.decide.decision import Decline, SmallTalk, Suggest
from bot.reply import ReplyKind
from bot.service import Outcome
from bot.workbench.cases import Case

OUTCOMES = ("hit", "offered", "missed", "wrong", "held", "false")
BAD = ("wrong", "false", "missed")  # the worst first


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case. `score` is the calibrated probability given to the best entry, `right` whether it was right.

    `came` is the reply in words; `candidates` are the best entries with their scores, `refusal` the best group that is
    none."""

    case: Case
    outcome: str
    score: float
    right: bool
    lang: str
    gap: bool
    answered: tuple[str, ...]
    reason: str
    fits: bool = True  # it is what is wanted, where that is labelled
    came: str = ""
    candidates: tuple[tuple[str, float], ...] = ()
    refusal: tuple[str, float] | None = None

    @property
    def flaws(self) -> tuple[str, ...]:
        """What is not as labelled, besides the outcome."""
        case = self.case
        found = {
            f"in {self.lang}": bool(self.answered) and self.lang != case.lang,
            "the gap is not said": self.outcome == "hit" and bool(case.gap) and not self.gap,
            "not all that was asked": self.outcome == "hit" and case.both and set(self.answered) != set(case.expect),
            f"not as wanted ({case.want})": not self.fits,
        }
        return tuple(flaw for flaw, is_so in found.items() if is_so)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one group of cases; `percent` of an outcome is of the group's size."""

    size: int
    outcomes: Counter[str]
    language_right: int
    gaps: tuple[int, int]
    both: tuple[int, int]
    fits: tuple[int, int] = (0, 0)

    def percent(self, *outcomes: str) -> float:
        return 100 * sum(self.outcomes[name] for name in outcomes) / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """`tallies` by (language, group) and (language, kind); `tenths` are (mean score, share right, size); `costs` are
    (threshold, share of answerable questions answered rightly, precision, share of the others answered)."""

    tallies: dict[tuple[str, str], Counts]
    calibration_error: float
    tenths: tuple[tuple[float, float, int], ...]
    costs: tuple[tuple[float, float, float, float], ...]
    results: tuple[CaseResult, ...] = field(repr=False)

    def document(self) -> dict[str, object]:
        """For JSON, misses included."""
        tallies = {f"{lang}/{group}": _tally_json(tally) for (lang, group), tally in self.tallies.items()}
        return {
            "tallies": tallies,
            "calibration_error": round(self.calibration_error, 4),
            "tenths": self.tenths,
            "costs": self.costs,
            "misses": [_miss_json(result) for result in self.results if result.outcome in BAD],
        }


def _miss_json(result: CaseResult) -> dict[str, object]:
    return asdict(result.case) | {
        "outcome": result.outcome,
        "answered": result.answered,
        "came": result.came,
        "score": round(result.score, 3),
        "candidates": [(entry, round(score, 3)) for entry, score in result.candidates],
        "why": result.reason,
    }


def evaluate(ask: Callable[[str], Outcome], cases: Sequence[Case]) -> Report:
    results = tuple(judge(case, ask(case.question)) for case in cases)
    groups: dict[tuple[str, str], list[CaseResult]] = {}
    for result in results:
        for group in dict.fromkeys((result.case.group, result.case.kind)):
            groups.setdefault((result.case.lang, group), []).append(result)
            groups.setdefault(("all", group), []).append(result)
    tallies = {key: _tally(group) for key, group in sorted(groups.items())}
    tenths = _tenths(results)
    error = sum(size * abs(score - right) for score, right, size in tenths) / max(1, len(results))
    return Report(tallies, error, tenths, tuple(_cost(results, t / 20) for t in range(1, 20)), results)


def judge(case: Case, outcome: Outcome) -> CaseResult:
    answered = outcome.entries
    offered = {choice.entry for choice in outcome.reply.choices} if not answered else set()
    if answered:
        name = ("hit" if set(answered) <= set(case.expect) else "wrong") if case.expect else "false"
    elif not case.expect:
        name = "held"
    else:
        name = "offered" if offered & set(case.expect) else "missed"
    best = outcome.verdicts[0].ranking.candidates if outcome.verdicts else ()
    right = bool(best) and best[0].label.owner in case.expect
    reason = outcome.verdicts[0].reason if outcome.verdicts else "no words"
    score = outcome.verdicts[0].ranking.score if outcome.verdicts else 0.0
    candidates = tuple((one.label.owner, one.score) for one in best)
    group = outcome.verdicts[0].ranking.refusal if outcome.verdicts else None
    refusal = (group.label.owner, group.score) if group else None
    head = case, name, score, right, outcome.reply.lang, outcome.gap, answered, reason
    return CaseResult(*head, _fits(case, outcome), reply_in_words(outcome), candidates, refusal)


def reply_in_words(outcome: Outcome) -> str:
    """What came, in a few words that tell one reply from another: `answer death-penalty/year + defamation`."""
    parts = [f"{part.entry}/{part.gap_id}" if part.gap_id else part.entry for part in outcome.reply.answers]
    decision = outcome.verdicts[0].decision if outcome.verdicts else None
    if parts:
        said = f"answer {' + '.join(parts)}"
    elif isinstance(decision, Suggest) and decision.topic:
        said = f"topic {decision.topic}"
    elif outcome.reply.kind is ReplyKind.SUGGEST:
        said = f"offer {', '.join(choice.entry for choice in outcome.reply.choices)}"
    elif isinstance(decision, SmallTalk):
        said = f"small talk ({decision.kind})"
    elif isinstance(decision, Decline) and decision.refusal:
        said = f"decline ({decision.refusal.label.owner})"
    else:
        said = outcome.reply.kind.value.replace("_", " ")
    return f"numbers to call, {said}" if outcome.danger else said


def _fits(case: Case, outcome: Outcome) -> bool:
    """Whether a reply is what is wanted. One that is to be declined may be met with small talk, but with no offer."""
    answered, expected = set(outcome.entries), set(case.expect)
    kind = outcome.reply.kind
    if case.want in ("answer", "gap"):
        return bool(answered) and answered <= expected and (case.want == "answer" or outcome.gap)
    if case.want == "multi":
        return answered == expected
    return case.want is None or kind in (ReplyKind.DECLINE, ReplyKind.SMALL_TALK)


def _tally(results: Sequence[CaseResult]) -> Counts:
    gaps = [r for r in results if r.case.gap and r.outcome == "hit"]
    both = [r for r in results if r.case.both]
    return Counts(
        len(results),
        Counter(r.outcome for r in results),
        sum(r.lang == r.case.lang for r in results),
        (sum(r.gap for r in gaps), sum(1 for r in results if r.case.gap)),
        (sum(set(r.answered) == set(r.case.expect) for r in both), len(both)),
        (sum(r.fits for r in results if r.case.want), sum(r.case.want is not None for r in results)),
    )


def _tally_json(tally: Counts) -> dict[str, object]:
    return {
        "size": tally.size,
        **{name: tally.outcomes[name] for name in OUTCOMES},
        "language_right": tally.language_right,
        "gaps": tally.gaps,
        "both": tally.both,
        "fits": tally.fits,
    }


def _tenths(results: Sequence[CaseResult]) -> tuple[tuple[float, float, int], ...]:
    found = []
    for tenth in range(10):
        part = [r for r in results if min(9, int(r.score * 10)) == tenth]
        if part:
            found.append((sum(r.score for r in part) / len(part), sum(r.right for r in part) / len(part), len(part)))
    return tuple(found)


def _cost(results: Sequence[CaseResult], threshold: float) -> tuple[float, float, float, float]:
    inside = [r for r in results if r.case.expect]
    outside = [r for r in results if not r.case.expect]
    answered = [r for r in results if r.score >= threshold]
    right = sum(r.right for r in answered)
    return (
        threshold,
        right / max(1, len(inside)),
        right / max(1, len(answered)),
        sum(r.score >= threshold for r in outside) / max(1, len(outside)),
    )
