"""Messages that ask two things: cut where a sentence or a clause ends, and only where both halves have an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.match.decision import Answer, Judge, Verdict

_BOUNDARY = re.compile(
    r"[.?!;…\n]+\s+|,?\s+(?:and|also|plus|и|а|а также|және|әрі|ал|тағы)\s+|,\s+",
    re.IGNORECASE,
)
_SHORTEST = 2  # words of a half
_MARGIN = 0.0  # what each half must have above the answer threshold


def decide_parts(judge: Judge, question: str, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdict on the whole, or one for each of two halves that are different questions, each surely answered."""
    whole = judge.decide(question, preferred)
    best: tuple[float, tuple[Verdict, Verdict]] | None = None
    for left, right in _halves(question):
        pair = judge.decide(left, preferred), judge.decide(right, preferred)
        found = _worth(judge, pair, whole)
        if found and (best is None or found > best[0]):
            best = found, pair
    return best[1] if best else (whole,)


def _halves(question: str) -> Iterator[tuple[str, str]]:
    for boundary in _BOUNDARY.finditer(question):
        left, right = question[: boundary.start()], question[boundary.end() :]
        if min(len(left.split()), len(right.split())) >= _SHORTEST:
            yield left, right


def _worth(judge: Judge, pair: tuple[Verdict, Verdict], whole: Verdict) -> float | None:
    """How sure both halves are together, or None where they are not two answers."""
    left, right = (verdict.decision for verdict in pair)
    if not isinstance(left, Answer) or not isinstance(right, Answer) or left.lang != right.lang:
        return None
    if left.chosen.label.owner == right.chosen.label.owner:
        return None
    limit = judge.thresholds[left.lang].answer + _MARGIN
    weakest = min(left.chosen.score, right.chosen.score)
    return weakest if weakest >= limit else None
