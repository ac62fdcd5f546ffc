"""Messages that ask several things. At question marks, new lines and numbers each part decides alone; where something else
stands between, a message is cut if it is likelier than not that both halves are asked (`cuts`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot.languages import text
from bot.match.decide.cuts import MOST, asks_aloud, led_on, owner_of, pairs, present, score_of
from bot.match.decide.decision import Answer, Decline, Judge, Suggest, Verdict

_NUMBERED = re.compile(r"(?<!\S)(?:\d{1,2}[.)]|[^\W\d_]\))\s+")
_LINES = re.compile(r"\n")
_SHORTEST = 2  # words of a part that asks something of its own
_LIKELIER = 0.5  # than not


def decide_parts(judge: Judge, question: str, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdict on the whole, or one for each of the different things asked. With an answer to one of them at least,
    those that have none are among the verdicts, too."""
    whole = judge.decide(question, preferred)
    parts = _each(judge, whole, preferred)
    if parts and _is_one(judge, whole, parts):
        return (whole,)
    return parts or _both(judge, whole, preferred)


def _is_one(judge: Judge, whole: Verdict, parts: Sequence[Verdict]) -> bool:
    """Whether a message asks beyond doubt for what an answer does not say, and one of its parts gives that answer ("you write
    that it was adopted in July; of which year, please?"), unless another is answered as surely, or has no answer. Of 4,588
    labelled questions 5 more are answered as wanted, and 5 fewer wrongly."""
    if not isinstance(whole.decision, Answer) or whole.decision.chosen.label.gap is None:
        return False
    least, owners = judge.thresholds[whole.ranking.lang].strict, [owner_of(part) for part in parts]
    if score_of(whole) < least or None in owners or owner_of(whole) not in owners:
        return False
    return all(score_of(part) < least for part in parts if owner_of(part) != owner_of(whole))


def asked(question: str) -> list[str]:
    """The parts of a message that ask something each: numbered, or set apart by question marks or new lines."""
    numbered = [part.strip() for part in _NUMBERED.split(question)]
    if len(numbered) > 2:
        return [part for part in numbered[1:] if part]
    parts = text.sentences(question)
    if not any(map(asks_aloud, parts)):
        return parts if _LINES.search(question) else [question]
    return [part for before, part in zip(["", *parts], parts, strict=False) if asks_aloud(part) or asks_aloud(before)]


def _each(judge: Judge, whole: Verdict, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdicts on the parts, in order: on each answer once. None where all of it asks one thing."""
    parts = asked(whole.question)
    if not 1 < len(parts) <= MOST:
        return ()
    verdicts, led = _leaning(judge, [judge.decide(part, preferred) for part in parts])
    kept: dict[str, Verdict] = {}
    for verdict in verdicts:
        owner = owner_of(verdict) if verdict in led else _answered(judge, verdict, whole)
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
        led = _led_on(judge, before, verdict) if before else None
        leaning += [led] if led else []
        found.append(led or verdict)
        before = found[-1] if isinstance(found[-1].decision, Answer) else before
    return found, leaning


def _led_on(judge: Judge, before: Verdict, part: Verdict) -> Verdict | None:
    """The verdict on a part that has no sure answer of its own, and none but that which it leads to after the answer before it;
    None where it leads nowhere."""
    if score_of(part) >= judge.thresholds[before.ranking.lang].half:
        return None
    led = led_on(judge, before, part)
    if led is None or score_of(led) < _LIKELIER or owner_of(part) not in (None, owner_of(led)):
        return None
    return led


def _agrees(judge: Judge, whole: Verdict, kept: dict[str, Verdict]) -> bool:
    """Whether one answer alone is what the whole is about as well, or beyond doubt: a part without its story may mislead."""
    beyond_doubt = (score_of(one) >= judge.thresholds[one.ranking.lang].strict for one in kept.values())
    return len(kept) > 1 or any(beyond_doubt) or any(_is_about(judge, whole, owner) for owner in kept)


def _answered(judge: Judge, verdict: Verdict, whole: Verdict) -> str | None:
    """The entry that answers a part. What names no topic ("how many?") or does not ask leans on the rest, unless the whole
    is about it, too."""
    if not isinstance(verdict.decision, Answer):
        return None
    owner, words = verdict.decision.chosen.label.owner, verdict.ranking.reading.words
    stands = score_of(verdict) >= judge.thresholds[verdict.ranking.lang].half and not judge.matchers[
        verdict.ranking.lang
    ].is_bare(words)
    asks = asks_aloud(verdict.question) or not _asked_aloud(whole) or judge.asks(verdict.question, verdict.ranking.lang)
    return owner if (stands and asks) or _is_about(judge, whole, owner) else None


def _asked_aloud(whole: Verdict) -> bool:
    """Whether a message has question marks, so that what has none may ask nothing."""
    return any(map(asks_aloud, text.sentences(whole.question)))


def _is_about(judge: Judge, whole: Verdict, owner: str) -> bool:
    limits = judge.thresholds[whole.ranking.lang]
    return present(whole, owner) >= min(limits.answer, limits.offer)


def _left_open(judge: Judge, verdict: Verdict) -> bool:
    """Whether a part asks something of its own that has no answer."""
    decision, ranking = verdict.decision, verdict.ranking
    if not isinstance(decision, Decline | Suggest) or len(ranking.reading.words) <= _SHORTEST:
        return False
    return ranking.refused and not judge.matchers[ranking.lang].is_bare(ranking.reading.words)


def _both(judge: Judge, whole: Verdict, preferred: str | None) -> tuple[Verdict, ...]:
    """The verdicts on the two halves that are likeliest to be asked together, or the whole, with the half that it does not answer
    beside it: of 25 messages of which half is answered 11 have the other there. A topic's name may have a joining word."""
    if isinstance(whole.decision, Suggest) and whole.decision.topic:
        return (whole,)
    decide = cache(lambda half: judge.decide(half, preferred))  # a half is looked at alone, and after the other
    best = max(pairs(judge, whole, decide), key=lambda pair: pair.probability, default=None)
    if best is not None and best.probability > _LIKELIER:
        return best.verdicts
    left = [one.decision for one in best.verdicts if owner_of(one) != owner_of(whole)] if best else []
    if len(left) == 1 and isinstance(left[0], Answer):
        return (replace(whole, beside=left[0].chosen),)
    return (whole,)
