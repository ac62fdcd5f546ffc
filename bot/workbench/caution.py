"""Which CAUTION the labelled questions speak for: the lowest that keeps what must not be answered below a bar. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.service import Outcome
from bot.workbench.cases import Case
from bot.workbench.evaluate import Report, evaluate

Ask = Callable[[str], Outcome]

STEPS = 20  # of the scale of caution, 0 to 1
_SURE = 0.95


@dataclass(frozen=True, slots=True)
class Advice:
    """What holds `now`, and what would with `caution`: None where none keeps the bar, or where the questions are too few to
    say, fewer than `enough`. `false` of the `near` ones are answered, `hits` of the `inside` ones rightly."""

    bar: float
    enough: int
    near: int
    inside: int
    now: float
    false_now: int
    hits_now: int
    caution: float | None = None
    false: int = 0
    hits: int = 0


def enough_for(bar: float) -> int:
    """How many questions, none of them answered, it takes to be 95 per cent sure that fewer than `bar` per cent are."""
    return math.ceil(math.log(1 - _SURE) / math.log(1 - bar / 100)) if bar < 100 else 1


def advise(ask_with: Callable[[float], Ask], report: Report, bar: float, now: float) -> Advice:
    """`ask_with` gives what answers with another caution; `report` is of the caution `now`, `bar` in per cent, above 0."""
    near = [result.case for result in report.results if result.case.group == "near"]
    inside = [result for result in report.results if result.case.group == "in"]
    false_now = sum(r.outcome == "false" for r in report.results if r.case.group == "near")
    hits_now = sum(result.outcome == "hit" for result in inside)
    advice = Advice(bar, enough_for(bar), len(near), len(inside), now, false_now, hits_now)
    if len(near) < advice.enough:
        return advice
    most, false = bar / 100 * len(near), 0
    for caution, false in _false_at(ask_with, near, most):
        if false <= most:
            found = evaluate(ask_with(caution), [result.case for result in inside])
            hits = sum(result.outcome == "hit" for result in found.results)
            return replace(advice, caution=caution, false=false, hits=hits)
    return replace(advice, false=false)


def _false_at(ask_with: Callable[[float], Ask], near: Sequence[Case], most: float) -> Iterator[tuple[float, int]]:
    """How many are answered, with rising caution. What was not answered is asked again only where it may decide: more
    caution hardly ever makes an answer."""
    left = near
    for step in range(STEPS + 1):
        ask = ask_with(step / STEPS)
        left = [case for case in left if ask(case.question).entries]
        if len(left) > most and step < STEPS:
            yield step / STEPS, len(left)
        else:
            left_now = [case for case in near if ask(case.question).entries]
            yield step / STEPS, len(left_now)


def interval(part: int, size: int) -> tuple[float, float]:
    """The share in general, 0 to 1, of which `part` of `size` are a sample: Wilson's interval of 95 per cent."""
    z, share = 1.96, part / size
    middle, width = share + z * z / (2 * size), z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, (middle - width) / (1 + z * z / size)), min(1.0, (middle + width) / (1 + z * z / size))


def as_text(advice: Advice) -> str:
    head = f"CAUTION by which at most {advice.bar:g} % of near questions are answered"
    if advice.near < advice.enough:
        return (
            f"{head}: too few to say. There are {advice.near} labelled near questions; {advice.enough} at the least would "
            f"show it, if none of them were answered."
        )
    if advice.caution is None:
        return (
            f"{head}: none. With the highest {advice.false} of {advice.near:,} are still answered; phrases for the "
            "refusal groups that these belong to do more than caution."
        )
    low, high = (f"{100 * share:.1f}" for share in interval(advice.false, advice.near))
    now = f"at {advice.now:g}, as it is: {_of(advice.false_now, advice.near)} and {_of(advice.hits_now, advice.inside)}"
    return (
        f"{head}: {advice.caution:g}. It stands on {advice.near:,} near questions, of which {_of(advice.false, advice.near)} "
        f"are answered then ({low} to {high} % in general), and answers {_of(advice.hits, advice.inside)} of the "
        f"answerable ones rightly ({now})."
    )


def _of(part: int, size: int) -> str:
    return f"{part:,} ({100 * part / size:.1f} %)" if size else "0"
