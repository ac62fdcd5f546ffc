"""Where a message that asks two things may be cut, and how likely it is that it asks them: a logistic regression over what the
halves come to, what the whole comes to, and what stands between. Its few weights are the same for every base and language:
`python -m tools.fit_cuts` fits them to what people wrote."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.match.decide.decision import Answer, Judge, Suggest, Verdict
from bot.match.learn.logistic import log_odds

# Fitted to 8,847 messages to the shipped base in three languages, 536 of which ask two things, and, counting less, to questions to
# two foreign FAQs. Of 3,203 by others to the shipped base, 284 of which ask two things, 248 get both answers and 17 of the 2,919
# others get two; of 497 joined questions to five foreign FAQs 250, and 4 of 350 single ones. With rules and bars set by hand these
# were 211, 16, 168 and 6.
_WEIGHED = {
    "one": -2.82,
    "first": 0.58,
    "second": 0.7,
    "led": 0.56,
    "lead": 0.42,
    "less": 0.53,
    "more": 0.33,
    "other": -0.18,
    "crossed": -0.05,
    "whole": -0.62,
    "among": 0.32,
    "first_asks": 1.04,
    "second_asks": 0.45,
    "goes_on": -0.41,
    "first_words": -0.25,
    "second_words": 0.39,
    "word": -0.56,
    "comma": -1.53,
    "mark": -0.55,
    "end": -0.18,
}
SIGNALS, WEIGHTS = tuple(_WEIGHED), tuple(_WEIGHED.values())
_FAINT = 1e-4  # of a message so little about an entry it does not matter how little
# What a message may cost: to decide on a part takes 1 to 3 ms, on both halves at each of 27 commas 100. One of 820 messages
# that ask two things has more places where it may be cut, and 2 have more words; longer ones tell a story.
MOST, _LONGEST = 4, 28
# How likely the second entry of a whole message must be for it to be cut: 12 of 820 that ask two things have a less likely one,
# and 16 of 100 others are cut.
_BESIDE = 0.005
Decide = Callable[[str], Verdict]


@dataclass(frozen=True, slots=True)
class Halves:
    """A message in two. `sign` tells what stood between: a joining `word`, a `comma`, another `mark`, or the `end` of a sentence."""

    left: str
    right: str
    sign: str


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """Answers to both halves of a message, and the SIGNALS by which they are meant."""

    verdicts: tuple[Verdict, Verdict]
    signals: tuple[float, ...]

    @property
    def probability(self) -> float:
        """How likely it is that just these two things are asked."""
        return 1 / (1 + math.exp(-sum(map(float.__mul__, self.signals, WEIGHTS))))


def pairs(judge: Judge, whole: Verdict, decide: Decide) -> Iterator[TwoAnswers]:
    """What a message may ask that is cut in two, `decide` being what decides on a half."""
    lang = whole.ranking.lang
    if len(whole.question.split()) > _LONGEST or _second(whole) < _BESIDE or judge.sets_aside(whole.question, lang):
        return
    for halves in itertools.islice(_halves(whole.question, _boundary(judge)), MOST):
        first = _answer(decide(halves.left))
        if first is None:
            continue
        alone = decide(halves.right)
        leading = led_on(judge, first, alone) if score_of(alone) < judge.thresholds[lang].half else None
        for second, led in ((_answer(alone), False), (leading, True)):
            if second is None or second.ranking.lang != lang or first.ranking.lang != lang:
                continue
            if owner_of(first) != owner_of(second):
                found = _signals(judge, whole, halves, first, second) | _kind(judge, halves, second, led=led)
                yield TwoAnswers((first, second), tuple(found[name] for name in SIGNALS))


def _second(whole: Verdict) -> float:
    """How likely it is that a message is about a second entry."""
    return sorted([0.0, 0.0, *(one.score for one in whole.ranking.candidates)])[-2]


def led_on(judge: Judge, before: Verdict, part: Verdict) -> Verdict | None:
    """The answer to a part that asks something ("and who edited it?"), where it leads to another entry after the answer before
    it; None where it does not."""
    owner, lang = owner_of(before), before.ranking.lang
    if owner is None or not (asks_aloud(part.question) or judge.asks(part.question, lang)):
        return None
    lead = judge.leads_on(owner, part.question, lang)
    if lead is None or lead.label.owner == owner:
        return None
    reason = f"after {owner} it leads to {lead.label} with {lead.score:.2f}"
    ranking = replace(part.ranking, candidates=(lead, *part.ranking.candidates))
    return replace(part, decision=Answer(lang, lead), ranking=ranking, reason=reason)


def asks_aloud(sentence: str) -> bool:
    return sentence.rstrip(" !").endswith("?")


def owner_of(verdict: Verdict) -> str | None:
    """The entry that answers."""
    decision = verdict.decision
    return decision.chosen.label.owner if isinstance(decision, Answer) else None


def score_of(verdict: Verdict) -> float:
    """How sure an answer is, 0 where there is none."""
    return verdict.decision.chosen.score if isinstance(verdict.decision, Answer) else 0.0


def present(whole: Verdict, owner: str | None) -> float:
    """How likely it is that a message is about an entry."""
    return next((one.score for one in whole.ranking.candidates if one.label.owner == owner), 0.0)


def _answer(verdict: Verdict) -> Verdict | None:
    """A verdict that answers: that of a half which is answered, or for which an entry is offered and is not rather refused."""
    decision, ranking = verdict.decision, verdict.ranking
    if isinstance(decision, Answer):
        return verdict
    if not isinstance(decision, Suggest) or not ranking.candidates or ranking.refused:
        return None
    return replace(verdict, decision=Answer(decision.lang, ranking.candidates[0]))


def _signals(judge: Judge, whole: Verdict, halves: Halves, first: Verdict, second: Verdict) -> dict[str, float]:
    """How sure the halves are, and how much the whole is about them: beside what the base has learnt to answer half of a message
    with, to answer, and to take for meant beside others."""
    limits, owners = judge.thresholds[whole.ranking.lang], (owner_of(first), owner_of(second))
    less, more = sorted(present(whole, owner) for owner in owners)
    others = [one.score for one in whole.ranking.candidates if one.label.owner not in owners]
    about = {
        "less": less,
        "more": more,
        "other": max(others, default=0.0),
        "crossed": max(present(first, owners[1]), present(second, owners[0])),
    }
    usual = math.log(max(limits.beside, _FAINT))
    return {name: math.log(max(share, _FAINT)) - usual for name, share in about.items()} | {
        "one": 1.0,
        "first": log_odds(score_of(first)) - log_odds(limits.half),
        "whole": log_odds(whole.ranking.score) - log_odds(limits.answer),
        "among": float(whole.ranking.first in owners),
        "first_words": math.log(len(halves.left.split())),
        "second_words": math.log(len(halves.right.split())),
    }


def _kind(judge: Judge, halves: Halves, second: Verdict, *, led: bool) -> dict[str, float]:
    """What stands between, whether the halves ask, and whether the second stands for itself."""
    lang, sure = second.ranking.lang, log_odds(score_of(second))
    return {
        "second": 0.0 if led else sure - log_odds(judge.thresholds[lang].half),
        "led": float(led),
        "lead": sure if led else 0.0,
        "first_asks": float(judge.asks(halves.left, lang)),
        "second_asks": float(judge.asks(halves.right, lang)),
        "goes_on": float(judge.goes_on(halves.right, lang)),
    } | {sign: float(halves.sign == sign) for sign in ("word", "comma", "mark", "end")}


def _boundary(judge: Judge) -> re.Pattern[str]:
    """Where a message may be cut, with the joining words of all languages."""
    words = {word for matcher in judge.matchers.values() for word in matcher.language.traits.joining}
    return between(tuple(sorted(words)))


@lru_cache(16)
def between(joining: tuple[str, ...]) -> re.Pattern[str]:
    """Groups are named as the signs of a `Halves`. A row of blanks or stops is looked at from its beginning alone: from each of its
    places it would take the square of its length."""
    words = "|".join(map(re.escape, sorted(joining, key=len, reverse=True)))
    return re.compile(
        r"(?P<end>(?<![.?!;…])[.?!;…]+\s+|(?<!\s)\s*\n\s*)"
        rf"|(?P<word>(?:,|(?<!\s))\s+(?:[-–—]\s+)?(?:{words})\s+)"
        r"|(?P<mark>(?<!\s)(?:\s+[+&/]\s*|\s*[+&/]\s+|\s+[-–—]+\s+))"
        r"|(?P<comma>,)\s+",
        re.IGNORECASE,
    )


def _halves(message: str, boundaries: re.Pattern[str]) -> Iterator[Halves]:
    for boundary in boundaries.finditer(message):
        left, right = message[: boundary.start()], message[boundary.end() :]
        if left.strip() and right.strip():
            yield Halves(left, right, boundary.lastgroup or "")
