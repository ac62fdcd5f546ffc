"""Messages that ask two things: cut where a sentence or a clause ends, and only where both halves have an answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from bot.match.decide.decision import Answer, Judge, Verdict

_SHORTEST = 2  # words of a half
_LONGEST = 28  # words of a message that asks two things; longer ones tell a story
# What a message may cost: to decide on a half takes 1 to 3 ms, on both halves at each of 27 commas 100. None of the labelled
# questions that ask two things has more than 3 places where it may be cut; 1 in 1,000 of all has more.
_CUTS = 4
# What each half must score by itself, and each answer for the whole message: one of these pairs has to be reached.
_ENOUGH = ((0.85, 0.17),)
_ENOUGH_FOR_THE_BEST = ((0.70, 0.20), (0.85, 0.08), (0.95, 0.04))  # where they are the two best of the whole message
_ENOUGH_AT_A_COMMA = ((0.94, 0.35),)  # a comma alone joins clauses of one question, too


def decide_parts(judge: Judge, question: str, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdict on the whole, or one for each of two halves that are different questions, each surely answered."""
    whole = judge.decide(question, preferred)
    best: tuple[float, tuple[Verdict, Verdict]] | None = None
    if len(_present(whole)) > 1 and len(question.split()) <= _LONGEST:
        for left, right, comma in itertools.islice(_halves(question, boundary(judge)), _CUTS):
            pair = _pair(judge, whole, (left, right), preferred)
            found = pair and _worth(pair, whole, comma)
            if pair and found and (best is None or found > best[0]):
                best = found, pair
    return best[1] if best else (whole,)


def _present(whole: Verdict) -> dict[str, float]:
    """What the whole message is about enough to be one of two things that it asks, and how much."""
    least = min(score for bars in (_ENOUGH, _ENOUGH_FOR_THE_BEST, _ENOUGH_AT_A_COMMA) for _, score in bars)
    return {c.label.owner: c.score for c in whole.ranking.candidates if c.score >= least}


def _pair(
    judge: Judge, whole: Verdict, halves: tuple[str, str], preferred: str | None
) -> tuple[Verdict, Verdict] | None:
    """The verdicts on both halves. None, and no look at the second, where the first has no answer that the whole has too."""
    left = judge.decide(halves[0], preferred)
    if not isinstance(left.decision, Answer) or left.decision.chosen.label.owner not in _present(whole):
        return None
    return left, judge.decide(halves[1], preferred)


def boundary(judge: Judge) -> re.Pattern[str]:
    """Where a message may be cut, with the joining words of all languages."""
    words = {word for matcher in judge.matchers.values() for word in matcher.language.traits.joining}
    return between(tuple(sorted(words)))


@lru_cache(16)
def between(joining: tuple[str, ...]) -> re.Pattern[str]:
    """A row of blanks or stops is looked at from its beginning alone: from each of its places it would take the square of
    its length."""
    words = "|".join([*map(re.escape, sorted(joining, key=len, reverse=True)), r"\+", "&"])
    return re.compile(
        rf"(?<![.?!;…])[.?!;…]+\s+|(?<!\s)\s*\n\s*|(?:,|(?<!\s))\s+(?:{words})\s+|(?P<comma>,)\s+", re.IGNORECASE
    )


def _halves(question: str, boundaries: re.Pattern[str]) -> Iterator[tuple[str, str, bool]]:
    for boundary in boundaries.finditer(question):
        left, right = question[: boundary.start()], question[boundary.end() :]
        if min(len(left.split()), len(right.split())) >= _SHORTEST:
            yield left, right, boundary["comma"] is not None


def _worth(pair: tuple[Verdict, Verdict], whole: Verdict, comma: bool) -> float | None:
    """How sure both halves are together, or None where they are not two answers."""
    left, right = (verdict.decision for verdict in pair)
    if not isinstance(left, Answer) or not isinstance(right, Answer) or left.lang != right.lang:
        return None
    owners = {left.chosen.label.owner, right.chosen.label.owner}
    present = _present(whole)
    weakest = min(left.chosen.score, right.chosen.score)
    seen = min(present.get(owner, 0.0) for owner in owners)
    best = owners == {c.label.owner for c in whole.ranking.candidates[:2]}
    bars = _ENOUGH_AT_A_COMMA if comma else _ENOUGH_FOR_THE_BEST if best else _ENOUGH
    enough = any(weakest >= sure and seen >= present for sure, present in bars)
    return weakest if len(owners) == 2 and enough else None
