"""Messages that ask several things. At question marks, new lines and numbers each part decides alone; where only a joining
word or a comma stands, a message is cut if both halves have an answer of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.match.decide.decision import Answer, Decision, Decline, Judge, Suggest, Verdict
from bot.match.words import text

_NUMBERED = re.compile(r"(?<!\S)\d{1,2}[.)]\s+")
_LINES = re.compile(r"\n")
_SHORTEST = 2  # words of a half
_LONGEST = 28  # words of a message that asks two things with no sign between them; longer ones tell a story
# What a message may cost: to decide on a part takes 1 to 3 ms, on both halves at each of 27 commas 100. None of the labelled
# questions that ask two things has more than 3 places where it may be cut; 1 in 1,000 of all has more.
_CUTS = 4
# What each half must score by itself, and each answer for the whole message. Found on labelled messages of this base: of 205
# with two questions and no sign between them these cut 172, and 16 of 6,526 that ask one thing. Not tried on another base.
_ENOUGH = (0.80, 0.02)
_ENOUGH_FOR_THE_BEST = (0.70, 0.20)  # where they are the two best of the whole message
_ENOUGH_AT_A_COMMA = (0.94, 0.10)
Bars = tuple[tuple[float, float], ...]


def decide_parts(judge: Judge, question: str, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdict on the whole, or one for each of the different things asked. With an answer to one of them at least,
    those that have none are among the verdicts, too."""
    whole = judge.decide(question, preferred)
    return _each(judge, whole, preferred) or _both(judge, whole, preferred) or (whole,)


def asked(question: str) -> list[str]:
    """The parts of a message that ask something each: numbered, or set apart by question marks or new lines."""
    numbered = [part.strip() for part in _NUMBERED.split(question)]
    if len(numbered) > 2:
        return [part for part in numbered[1:] if part]
    parts = text.sentences(question)
    if not any(map(_asks, parts)):
        return parts if _LINES.search(question) else [question]
    return [part for before, part in zip(["", *parts], parts, strict=False) if _asks(part) or _asks(before)]


def _asks(sentence: str) -> bool:
    return sentence.rstrip(" !").endswith("?")


def _each(judge: Judge, whole: Verdict, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdicts on the parts, in order: on each answer once. None where all of it asks one thing."""
    parts = asked(whole.question)
    if not 1 < len(parts) <= _CUTS:
        return ()
    verdicts = [judge.decide(part, preferred) for part in parts]
    kept: dict[str, Verdict] = {}
    for verdict in verdicts:
        owner = _answered(judge, verdict, whole)
        if owner and verdict.decision.lang == whole.decision.lang:
            kept.setdefault(owner, verdict)
    left = [verdict for verdict in verdicts if _left_open(judge, verdict)]
    chosen = [verdict for verdict in verdicts if verdict in kept.values() or verdict in left]
    return tuple(chosen) if kept and len(chosen) > 1 and _agrees(judge, whole, kept) else ()


def _agrees(judge: Judge, whole: Verdict, kept: dict[str, Verdict]) -> bool:
    """Whether one answer alone is what the whole is about as well: a part without its story may mislead."""
    return len(kept) > 1 or any(_is_about(judge, whole, owner) for owner in kept)


def _answered(judge: Judge, verdict: Verdict, whole: Verdict) -> str | None:
    """The entry that answers a part. What names no topic ("how many?") or does not ask leans on the rest, unless the whole
    is about it, too."""
    if not isinstance(verdict.decision, Answer):
        return None
    owner, words = verdict.decision.chosen.label.owner, verdict.ranking.reading.words
    stands = _sure(verdict) >= _ENOUGH[0] and not judge.matchers[verdict.ranking.lang].is_bare(words)
    asks = _asks(verdict.question) or judge.asks(verdict.question, verdict.ranking.lang)
    return owner if (stands and asks) or _is_about(judge, whole, owner) else None


def _is_about(judge: Judge, whole: Verdict, owner: str) -> bool:
    limits = judge.thresholds[whole.ranking.lang]
    return _present(whole, owner) >= min(limits.answer, limits.offer)


def _left_open(judge: Judge, verdict: Verdict) -> bool:
    """Whether a part asks something of its own that has no answer."""
    decision, ranking = verdict.decision, verdict.ranking
    if not isinstance(decision, Decline | Suggest) or len(ranking.reading.words) <= _SHORTEST:
        return False
    return ranking.refused and not judge.matchers[ranking.lang].is_bare(ranking.reading.words)


def _present(whole: Verdict, owner: str) -> float:
    return next((c.score for c in whole.ranking.candidates if c.label.owner == owner), 0.0)


def _both(judge: Judge, whole: Verdict, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdicts on the two halves that are surest together, or none."""
    lang = whole.ranking.lang
    if len(whole.question.split()) > _LONGEST or not _likely(whole, _ENOUGH):
        return ()
    if judge.sets_aside(whole.question, lang):
        return ()
    best = {candidate.label.owner for candidate in whole.ranking.candidates[:2]}
    found = []
    for left, right, comma in itertools.islice(_halves(whole.question, boundary(judge)), _CUTS):
        if comma and (judge.goes_on(right, lang) or not judge.asks(right, lang)):
            continue
        pair = [] if comma and not _likely(whole, _ENOUGH_AT_A_COMMA) else _pair(judge, whole, (left, right), preferred)
        owners = {_owner(verdict.decision) for verdict in pair}
        bars = (_ENOUGH_AT_A_COMMA,) if comma else (_ENOUGH, _ENOUGH_FOR_THE_BEST) if owners == best else (_ENOUGH,)
        if len(owners) == len(pair) > 1 and _enough(whole, pair, bars):
            found.append((min(map(_sure, pair)), tuple(pair)))
    return max(found, key=lambda one: one[0])[1] if found else ()


def _likely(whole: Verdict, bar: tuple[float, float]) -> bool:
    """Whether a message is about a second thing enough to be cut."""
    candidates = whole.ranking.candidates
    return len(candidates) > 1 and candidates[1].score >= bar[1]


def _enough(whole: Verdict, pair: Sequence[Verdict], bars: Bars) -> bool:
    weakest = min(map(_sure, pair))
    present = min(_present(whole, _owner(verdict.decision) or "") for verdict in pair)
    return any(weakest >= sure and present >= seen for sure, seen in bars)


def _pair(judge: Judge, whole: Verdict, halves: tuple[str, str], preferred: str | None) -> list[Verdict]:
    """The verdicts on both halves where both are answers; no look at the second where the first is none."""
    found: list[Verdict] = []
    for half in halves:
        verdict = judge.decide(half, preferred)
        if not isinstance(verdict.decision, Answer) or verdict.decision.lang != whole.decision.lang:
            return []
        found.append(verdict)
    return found


def _sure(verdict: Verdict) -> float:
    return verdict.decision.chosen.score if isinstance(verdict.decision, Answer) else 0.0


def _owner(decision: Decision) -> str | None:
    return decision.chosen.label.owner if isinstance(decision, Answer) else None


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
