"""Messages that ask several things. At question marks, new lines and numbers each part decides alone; where only a joining
word or a comma stands, a message is cut if both halves have an answer of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from bot.languages import text
from bot.match.decide.decision import Answer, Decision, Decline, Judge, Suggest, Thresholds, Verdict

_NUMBERED = re.compile(r"(?<!\S)(?:\d{1,2}[.)]|[^\W\d_]\))\s+")
_LINES = re.compile(r"\n")
_SHORTEST = 2  # words of a half
_LONGEST = 28  # words of a message that asks two things with no sign between them; longer ones tell a story
# What a message may cost: to decide on a part takes 1 to 3 ms, on both halves at each of 27 commas 100. None of the labelled
# questions that ask two things has more than 3 places where it may be cut; 1 in 1,000 of all has more.
_CUTS = 4
# The same for the two best answers of the whole message. Of 6,489 labelled questions it wins 2 that ask two things and
# loses none; the thresholds for answers and for offers in its place lose 2 as well.
_BEST_TWO = (0.70, 0.20)
# No half needs more than this: in a base too small to learn it nothing would be cut. Found on the shipped base, as above.
_ENOUGH = (0.80, 0.02)
_LIKELIER = 0.5  # than not: what a part leads to after the answer before it
Bar = tuple[float, float]
"""What each half must score by itself, and each answer for the whole message."""
Decide = Callable[[str], Verdict]


def decide_parts(judge: Judge, question: str, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdict on the whole, or one for each of the different things asked. With an answer to one of them at least,
    those that have none are among the verdicts, too."""
    whole = judge.decide(question, preferred)
    parts = _each(judge, whole, preferred) or _both(judge, whole, preferred)
    return (whole,) if not parts or _is_one(judge, whole, parts) else parts


def _is_one(judge: Judge, whole: Verdict, parts: Sequence[Verdict]) -> bool:
    """Whether a message asks beyond doubt for what an answer does not say, and one of its parts gives that answer ("you write
    that it was adopted in July; of which year, please?"), unless another is answered as surely, or has no answer. Of 4,588
    labelled questions 5 more are answered as wanted, and 5 fewer wrongly."""
    if not isinstance(whole.decision, Answer) or whole.decision.chosen.label.gap is None:
        return False
    least, owners = judge.thresholds[whole.ranking.lang].strict, [_owner(part.decision) for part in parts]
    if _sure(whole) < least or None in owners or _owner(whole.decision) not in owners:
        return False
    return all(_sure(part) < least for part in parts if _owner(part.decision) != _owner(whole.decision))


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
    verdicts, led = _leaning(judge, [judge.decide(part, preferred) for part in parts])
    kept: dict[str, Verdict] = {}
    for verdict in verdicts:
        owner = _owner(verdict.decision) if verdict in led else _answered(judge, verdict, whole)
        if owner and verdict.decision.lang == whole.decision.lang:
            kept.setdefault(owner, verdict)
    left = [verdict for verdict in verdicts if _left_open(judge, verdict)]
    chosen = [verdict for verdict in verdicts if verdict in kept.values() or verdict in left]
    return tuple(chosen) if kept and len(chosen) > 1 and _agrees(judge, whole, kept) else ()


def _leaning(judge: Judge, verdicts: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts, those that lean on the answer before them replaced by where they lead after it; and these alone."""
    found: list[Verdict] = []
    leaning: list[Verdict] = []
    before: Verdict | None = None
    for verdict in verdicts:
        led = _led_on(judge, before, verdict, _LIKELIER) if before else None
        leaning += [led] if led else []
        found.append(led or verdict)
        before = found[-1] if isinstance(found[-1].decision, Answer) else before
    return found, leaning


def _led_on(judge: Judge, before: Verdict, part: Verdict, least: float) -> Verdict | None:
    """The verdict on a part that asks something ("and who edited it?"), has no sure answer of its own and leads to another
    entry after the answer before it; None where it does not."""
    owner, lang = _owner(before.decision), before.ranking.lang
    alone = _sure(part) >= judge.thresholds[lang].half
    if owner is None or alone or not (_asks(part.question) or judge.asks(part.question, lang)):
        return None
    lead = judge.leads_on(owner, part.question, lang)
    if lead is None or lead.score < least or lead.label.owner == owner:
        return None
    if _owner(part.decision) not in (None, lead.label.owner):
        return None
    reason = f"after {owner} it leads to {lead.label} with {lead.score:.2f}"
    ranking = replace(part.ranking, candidates=(lead, *part.ranking.candidates))
    return replace(part, decision=Answer(lang, lead), ranking=ranking, reason=reason)


def _agrees(judge: Judge, whole: Verdict, kept: dict[str, Verdict]) -> bool:
    """Whether one answer alone is what the whole is about as well, or beyond doubt: a part without its story may mislead."""
    beyond_doubt = (_sure(one) >= judge.thresholds[one.ranking.lang].strict for one in kept.values())
    return len(kept) > 1 or any(beyond_doubt) or any(_is_about(judge, whole, owner) for owner in kept)


def _answered(judge: Judge, verdict: Verdict, whole: Verdict) -> str | None:
    """The entry that answers a part. What names no topic ("how many?") or does not ask leans on the rest, unless the whole
    is about it, too."""
    if not isinstance(verdict.decision, Answer):
        return None
    owner, words = verdict.decision.chosen.label.owner, verdict.ranking.reading.words
    stands = _sure(verdict) >= judge.thresholds[verdict.ranking.lang].half and not judge.matchers[
        verdict.ranking.lang
    ].is_bare(words)
    asks = _asks(verdict.question) or not _asked_aloud(whole) or judge.asks(verdict.question, verdict.ranking.lang)
    return owner if (stands and asks) or _is_about(judge, whole, owner) else None


def _asked_aloud(whole: Verdict) -> bool:
    """Whether a message has question marks, so that what has none may ask nothing."""
    return any(map(_asks, text.sentences(whole.question)))


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
    plain, at_a_comma = _bars(judge.thresholds[lang])
    if len(whole.question.split()) > _LONGEST or not _likely(whole, plain):
        return ()
    if judge.sets_aside(whole.question, lang):
        return ()
    best = {candidate.label.owner for candidate in whole.ranking.candidates[:2]}
    decide = cache(lambda half: judge.decide(half, preferred))  # a half is looked at alone, and after the other
    found = []
    for left, right, comma in itertools.islice(_halves(whole.question, boundary(judge)), _CUTS):
        if comma and (judge.goes_on(right, lang) or not judge.asks(right, lang)):
            continue
        bar = at_a_comma if comma else plain
        # A comma between two clauses that ask joins them as a word does.
        alone = plain if judge.asks(left, lang) else bar
        pair = _pair(decide, whole, (left, right)) if _likely(whole, alone) else []
        owners = {_owner(verdict.decision) for verdict in pair}
        bars = (alone, _BEST_TWO) if owners == best and not comma else (alone,)
        if len(owners) == len(pair) > 1 and any(_enough(whole, pair, one) for one in bars):
            found.append((min(map(_sure, pair)), tuple(pair)))
        elif led := _with_led(judge, decide, whole, (left, right), bar, at_a_comma[0] if comma else _LIKELIER):
            found.append((_sure(led[0]), led))
    return max(found, key=lambda one: one[0])[1] if found else ()


def _bars(limits: Thresholds) -> tuple[Bar, Bar]:
    """Where a joining word stands, and at a comma, which mostly joins no two questions. An entry that would be listed among
    others, or offered alone, is one that the whole is about. Of 9,820 labelled messages 8 more that ask two things with a
    comma between get both answers since two clauses that ask are joined by it, and 4 that ask one get a second."""
    plain = min(limits.half, _ENOUGH[0]), min(limits.beside, _ENOUGH[1])
    return plain, (limits.strict, limits.offer)


def _likely(whole: Verdict, bar: Bar) -> bool:
    """Whether a message is about a second thing enough to be cut."""
    candidates = whole.ranking.candidates
    return len(candidates) > 1 and candidates[1].score >= bar[1]


def _enough(whole: Verdict, pair: Sequence[Verdict], bar: Bar) -> bool:
    present = min(_present(whole, _owner(verdict.decision) or "") for verdict in pair)
    return min(map(_sure, pair)) >= bar[0] and present >= bar[1]


def _pair(decide: Decide, whole: Verdict, halves: tuple[str, str]) -> list[Verdict]:
    """The verdicts on both halves where both are answers; no look at the second where the first is none."""
    found: list[Verdict] = []
    for half in halves:
        verdict = decide(half)
        if not isinstance(verdict.decision, Answer) or verdict.decision.lang != whole.decision.lang:
            return []
        found.append(verdict)
    return found


def _with_led(
    judge: Judge, decide: Decide, whole: Verdict, halves: tuple[str, str], bar: Bar, least: float
) -> tuple[Verdict, ...]:
    """The verdicts on a half that is surely answered and on one that leans on its answer, or none."""
    before = decide(halves[0])
    if _sure(before) < bar[0] or _present(whole, _owner(before.decision) or "") < bar[1]:
        return ()
    led = _led_on(judge, before, decide(halves[1]), least)
    if led is None or before.decision.lang != whole.decision.lang:
        return ()
    return (before, led) if _present(whole, _owner(led.decision) or "") >= bar[1] else ()


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
