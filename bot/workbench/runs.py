"""Two evaluations of the same questions, held against each other: what became better, what worse. And the last run, kept."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.atomic import new_file
from bot.kb.model import one_line
from bot.workbench.evaluate import OUTCOMES, CaseResult

# The best first, of questions with an answer and of those without.
_RANK = {"hit": 0, "offered": 1, "missed": 2, "wrong": 3, "held": 0, "false": 1}
_VERSION = 1
_KEPT = 20  # sets of case files whose last run is kept


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one question. `label` is what was expected, so that another label is no other answer."""

    lang: str
    question: str
    label: str
    outcome: str
    flaws: int
    reply: str
    score: float

    @classmethod
    def of(cls, result: CaseResult) -> Came:
        case = result.case
        label = " ".join([*sorted(case.expect), *(["both"] if case.both else []), str(case.gap), str(case.want)])
        score = round(result.score, 4)
        return cls(case.lang, case.question, label, result.outcome, len(result.flaws), result.came, score)

    @property
    def rank(self) -> tuple[int, int]:
        """Lower is better."""
        return _RANK.get(self.outcome, len(_RANK)), self.flaws

    @property
    def answered(self) -> bool:
        """Whether the reply holds an entry's answer, whatever else stands before it."""
        return "answer " in self.reply

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reply}, {self.score:.2f}" + " (not as labelled)" * bool(self.flaws)


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation, as much of it as a comparison needs. `at` is a time as people read it."""

    at: str
    base: str
    caution: float
    came: Mapping[str, Came]

    @classmethod
    def of(cls, results: Iterable[CaseResult], at: str, base: str, caution: float) -> Run:
        return cls(at, base, caution, {result.case.id: Came.of(result) for result in results})


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A question that is answered otherwise than before."""

    id: str
    before: Came
    after: Came


@dataclass(frozen=True, slots=True)
class Comparison:
    """`other`: another reply, as good as before. `compared` questions are in both runs, `apart` in one alone or labelled anew."""

    old: Run
    new: Run
    compared: int
    apart: int
    better: tuple[CaseChange, ...]
    worse: tuple[CaseChange, ...]
    other: tuple[CaseChange, ...]

    @property
    def more(self) -> dict[str, int]:
        """By how many each outcome grew or shrank, without those that did neither."""
        found: Counter[str] = Counter()
        for change in (*self.better, *self.worse, *self.other):
            found[change.after.outcome] += 1
            found[change.before.outcome] -= 1
        return {name: found[name] for name in OUTCOMES if found[name]}

    @property
    def chance(self) -> float:
        """How often, 0 to 1, a change that is good for nothing splits the questions as unevenly (sign test, two-sided)."""
        few, many = sorted((len(self.better), len(self.worse)))
        tail = sum(math.comb(few + many, k) for k in range(few + 1))
        return float(min(1.0, tail / 2 ** (few + many - 1))) if few + many else 1.0

    def document(self) -> dict[str, object]:
        """For JSON."""
        changes = {name: [asdict(one) for one in getattr(self, name)] for name in ("better", "worse", "other")}
        head = {"since": self.old.at, "base": self.old.base, "caution": self.old.caution}
        return head | {"compared": self.compared, "apart": self.apart, "more": self.more, **changes}


def compare(old: Run, new: Run) -> Comparison:
    found: dict[str, list[CaseChange]] = {"better": [], "worse": [], "other": []}
    pairs = [(name, old.came.get(name), came) for name, came in new.came.items()]
    both = [
        (name, before, after)
        for name, before, after in pairs
        if before and (before.question, before.label) == (after.question, after.label)
    ]
    for name, before, after in both:
        if (before.rank, before.reply) != (after.rank, after.reply):
            kind = "better" if after.rank < before.rank else "worse" if after.rank > before.rank else "other"
            found[kind].append(CaseChange(name, before, after))
    apart = len(old.came.keys() | new.came.keys()) - len(both)
    return Comparison(old, new, len(both), apart, *(tuple(found[kind]) for kind in ("better", "worse", "other")))


# In words


def since(found: Comparison) -> Iterator[str]:
    """What is otherwise than in the last run, for a terminal."""
    where = f"base {found.old.base}" + (f" -> {found.new.base}" if found.old.base != found.new.base else ", the same")
    if found.old.caution != found.new.caution:
        where += f", caution {found.old.caution} -> {found.new.caution}"
    yield one_line(f"Since the last run ({found.old.at}, {where}): {in_short(found)}")
    if found.apart:
        yield f"{found.apart} question(s) in one of the two runs alone, or labelled anew: not compared."
    for name, changes in (("better", found.better), ("worse", found.worse)):
        for change in changes:
            yield from two_lines(change, name)


def in_short(found: Comparison) -> str:
    """Outcomes that grew and shrank, and how likely that is chance."""
    moved = len(found.better) + len(found.worse)
    other = f"; as good, but another reply: {len(found.other)}" if found.other else ""
    if not moved:
        return f"no outcome changed{other}."
    more = ", ".join(f"{size:+d} {name}" for name, size in found.more.items()) or "the same outcomes"
    chance = f"chance alone splits them so in {found.chance:.0%} of such changes" if moved > 1 else "one may be chance"
    return f"{more}: {len(found.better)} better, {len(found.worse)} worse ({chance}){other}."


def two_lines(change: CaseChange, name: str) -> Iterator[str]:
    yield one_line(f"{name}: {change.id} [{change.after.lang}] {change.after.question}")
    yield one_line(f"    old  {change.before}")
    yield one_line(f"    new  {change.after}")


# The last run


def place_of_run(state: Path, files: Sequence[Path]) -> Path:
    """Where the last run with just these case files is kept."""
    names = "\0".join(sorted(str(path.resolve()) for path in files))
    return state / "evaluations" / f"{hashlib.sha256(names.encode()).hexdigest()[:16]}.json"


def keep_run(run: Run, place: Path) -> None:
    """OSError where it cannot be written. Of all sets of files the newest few stay."""
    document = {"version": _VERSION} | asdict(run)
    with new_file(place) as file:
        file.write(json.dumps(document, ensure_ascii=False).encode())
    others = sorted(place.parent.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        with suppress(OSError):
            old.unlink()


def last_run(place: Path) -> Run | None:
    """None where there was no run, or what is kept of it cannot be read."""
    try:
        document: Any = json.loads(place.read_bytes())
        if document.pop("version") != _VERSION:
            return None
        came = {name: Came(**one) for name, one in document.pop("came").items()}
        return Run(**document, came=came)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
