"""Asks labelled questions and counts what came of them. Pure: cases in, a report out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from bot.errors import UsageError
from bot.kb.model import one_line
from bot.reply import ReplyKind
from bot.service import Outcome

OUTCOMES = ("hit", "offered", "missed", "wrong", "held", "false")
IN_SCOPE = ("hit", "offered", "missed", "wrong")
NEAR = "oos-near"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question. `expect` lists the entries that answer it, none for one that must not be answered.

    `both`: it asks several things and wants all the entries. `gap`: it asks what the source does not say; None: not labelled.
    `want`: what the reply should be (answer, gap, decline, small_talk, multi); None: not labelled."""

    id: str
    lang: str
    question: str
    expect: tuple[str, ...]
    kind: str
    gap: bool | None = None
    both: bool = False
    want: str | None = None

    @property
    def group(self) -> str:
        """in (answerable), near (the same field, no answer) or far (all else)."""
        return "in" if self.expect else "near" if self.kind == NEAR else "far"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case. `score` is the calibrated probability given to the best entry, `right` whether it was right."""

    case: Case
    outcome: str
    score: float
    right: bool
    lang: str
    gap: bool
    answered: tuple[str, ...]
    reason: str
    fits: bool = True  # it is what is wanted, where that is labelled


@dataclass(frozen=True, slots=True)
class Tally:
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

    tallies: dict[tuple[str, str], Tally]
    calibration_error: float
    tenths: tuple[tuple[float, float, int], ...]
    costs: tuple[tuple[float, float, float, float], ...]
    results: tuple[Result, ...] = field(repr=False)

    def as_json(self) -> str:
        tallies = {f"{lang}/{group}": _tally_json(tally) for (lang, group), tally in self.tallies.items()}
        bad = [
            asdict(r.case) | {"outcome": r.outcome, "answered": r.answered, "score": round(r.score, 3), "why": r.reason}
            for r in self.results
            if r.outcome in ("missed", "wrong", "false")
        ]
        document = {
            "tallies": tallies,
            "calibration_error": round(self.calibration_error, 4),
            "tenths": self.tenths,
            "costs": self.costs,
            "misses": bad,
        }
        return json.dumps(document, ensure_ascii=False, indent=1)


def read_cases(lines: Iterable[str], name: str = "cases") -> list[Case]:
    """JSON lines with id, lang, q, expect, kind and, if known, gap, expect_all and want. UsageError names the bad line."""
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            want = item.get("want")
            silent = True if item["kind"] == "silent" or want == "gap" else None
            gap = silent if item.get("gap") is None else bool(item["gap"])
            both = "expect_all" in item or want == "multi"
            expect = tuple(item["expect"])
            case = Case(str(item["id"]), item["lang"], item["q"], expect, item["kind"], gap, both, want)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            text = f"{name}:{number}: not a labelled question ({type(error).__name__}: {error}); "
            raise UsageError(text + 'expected {"id", "lang", "q", "expect": [...], "kind"}.') from None
        found.append(case)
    return found


def evaluate(ask: Callable[[str], Outcome], cases: Sequence[Case]) -> Report:
    results = tuple(judge(case, ask(case.question)) for case in cases)
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        for group in dict.fromkeys((result.case.group, result.case.kind)):
            groups.setdefault((result.case.lang, group), []).append(result)
            groups.setdefault(("all", group), []).append(result)
    tallies = {key: _tally(group) for key, group in sorted(groups.items())}
    tenths = _tenths(results)
    error = sum(size * abs(score - right) for score, right, size in tenths) / max(1, len(results))
    return Report(tallies, error, tenths, tuple(_cost(results, t / 20) for t in range(1, 20)), results)


def judge(case: Case, outcome: Outcome) -> Result:
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
    fits = _fits(case, outcome)
    return Result(case, name, score, right, outcome.reply.lang, outcome.gap, answered, reason, fits)


def _fits(case: Case, outcome: Outcome) -> bool:
    """Whether a reply is what is wanted. One that is to be declined may be met with small talk, but with no offer."""
    answered, expected = set(outcome.entries), set(case.expect)
    kind = outcome.reply.kind
    if case.want in ("answer", "gap"):
        return bool(answered) and answered <= expected and (case.want == "answer" or outcome.gap)
    if case.want == "multi":
        return answered == expected
    return case.want is None or kind in (ReplyKind.DECLINE, ReplyKind.SMALL_TALK)


def _tally(results: Sequence[Result]) -> Tally:
    gaps = [r for r in results if r.case.gap and r.outcome == "hit"]
    both = [r for r in results if r.case.both]
    return Tally(
        len(results),
        Counter(r.outcome for r in results),
        sum(r.lang == r.case.lang for r in results),
        (sum(r.gap for r in gaps), sum(1 for r in results if r.case.gap)),
        (sum(set(r.answered) == set(r.case.expect) for r in both), len(both)),
        (sum(r.fits for r in results if r.case.want), sum(r.case.want is not None for r in results)),
    )


def _tally_json(tally: Tally) -> dict[str, object]:
    return {
        "size": tally.size,
        **{name: tally.outcomes[name] for name in OUTCOMES},
        "language_right": tally.language_right,
        "gaps": tally.gaps,
        "both": tally.both,
        "fits": tally.fits,
    }


def _tenths(results: Sequence[Result]) -> tuple[tuple[float, float, int], ...]:
    found = []
    for tenth in range(10):
        part = [r for r in results if min(9, int(r.score * 10)) == tenth]
        if part:
            found.append((sum(r.score for r in part) / len(part), sum(r.right for r in part) / len(part), len(part)))
    return tuple(found)


def _cost(results: Sequence[Result], threshold: float) -> tuple[float, float, float, float]:
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


def as_text(report: Report) -> str:
    """Tables for a terminal."""
    lines = [f"{'lang':5}{'kind':14}{'n':>5}" + "".join(f"{name:>9}" for name in OUTCOMES) + f"{'lang ok':>9}"]
    for (lang, group), tally in report.tallies.items():
        shares = "".join(f"{tally.percent(name):9.1f}" for name in OUTCOMES)
        extra = f"  gaps {tally.gaps[0]}/{tally.gaps[1]}" if tally.gaps[1] else ""
        extra += f"  both {tally.both[0]}/{tally.both[1]}" if tally.both[1] else ""
        extra += f"  as wanted {tally.fits[0]}/{tally.fits[1]}" if tally.fits[1] else ""
        right = 100 * tally.language_right / tally.size
        lines.append(one_line(f"{lang:5}{group:14}{tally.size:5}{shares}{right:9.1f}{extra}"))
    lines += ["", f"Expected calibration error {report.calibration_error:.3f}", "score  right      n"]
    lines += [f"{score:5.2f}  {right:5.2f}  {size:5}" for score, right, size in report.tenths]
    lines += ["", "threshold  answered rightly  precision  others answered"]
    lines += [f"{t:9.2f}{hit:18.3f}{sure:11.3f}{wrong:17.3f}" for t, hit, sure, wrong in report.costs]
    return "\n".join(lines)
