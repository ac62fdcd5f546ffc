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

# Of 8,847 messages in three languages, 536 of which ask two things. Of 3,203 by others, 284 of which do, 244 get both answers and
# 20 of the 2,919 that ask one get two; with rules and bars set by hand 211 and 16.
_WEIGHED = {
    "one": -1.82,
    "first": 0.44,
    "second": 0.61,
    "led": 0.58,
    "lead": 0.55,
    "less": 0.68,
    "more": 1.72,
    "other": -0.38,
    "crossed": -0.16,
    "whole": -0.6,
    "among": -0.55,
    "first_asks": 1.65,
    "second_asks": 0.72,
    "goes_on": -0.4,
    "first_words": -0.65,
    "second_words": 0.41,
    "word": -0.24,
    "comma": -1.5,
    "mark": -0.5,
    "end": 0.42,
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
class Cut:
    """A message in two. `sign` tells what stood between: a joining `word`, a `comma`, another `mark`, or the `end` of a sentence."""

    left: str
    right: str
    sign: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Answers to both halves of a message, and the SIGNALS by which they are meant."""

    verdicts: tuple[Verdict, Verdict]
    signals: tuple[float, ...]

    @property
    def probability(self) -> float:
        """How likely it is that just these two things are asked."""
        return 1 / (1 + math.exp(-sum(map(float.__mul__, self.signals, WEIGHTS))))


def pairs(judge: Judge, whole: Verdict, decide: Decide) -> Iterator[Pair]:
    """What a message may ask that is cut in two, `decide` being what decides on a half."""
    lang = whole.ranking.lang
    if len(whole.question.split()) > _LONGEST or _second(whole) < _BESIDE or judge.sets_aside(whole.question, lang):
        return
    for cut in itertools.islice(_cuts(whole.question, _boundary(judge)), MOST):
        first = _answer(decide(cut.left))
        if first is None:
            continue
        alone = decide(cut.right)
        for second, led in ((_answer(alone), False), (led_on(judge, first, alone), True)):
            if second is None or second.ranking.lang != lang or first.ranking.lang != lang:
                continue
            if owner_of(first) != owner_of(second):
                found = _signals(judge, whole, cut, first, second) | _kind(judge, cut, second, led=led)
                yield Pair((first, second), tuple(found[name] for name in SIGNALS))


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


def _signals(judge: Judge, whole: Verdict, cut: Cut, first: Verdict, second: Verdict) -> dict[str, float]:
    """How sure the halves are, and how much the whole is about them."""
    owners = owner_of(first), owner_of(second)
    about = sorted(present(whole, owner) for owner in owners)
    others = [one.score for one in whole.ranking.candidates if one.label.owner not in owners]
    crossed = max(present(first, owners[1]), present(second, owners[0]))
    return {
        "one": 1.0,
        "first": log_odds(score_of(first)),
        "less": math.log(max(about[0], _FAINT)),
        "more": math.log(max(about[1], _FAINT)),
        "other": math.log(max([_FAINT, *others])),
        "crossed": math.log(max(crossed, _FAINT)),
        "whole": log_odds(whole.ranking.score),
        "among": float(whole.ranking.first in owners),
        "first_words": math.log(len(cut.left.split())),
        "second_words": math.log(len(cut.right.split())),
    }


def _kind(judge: Judge, cut: Cut, second: Verdict, *, led: bool) -> dict[str, float]:
    """What stands between, whether the halves ask, and whether the second stands for itself."""
    lang, sure = second.ranking.lang, log_odds(score_of(second))
    return {
        "second": 0.0 if led else sure,
        "led": float(led),
        "lead": sure if led else 0.0,
        "first_asks": float(judge.asks(cut.left, lang)),
        "second_asks": float(judge.asks(cut.right, lang)),
        "goes_on": float(judge.goes_on(cut.right, lang)),
    } | {sign: float(cut.sign == sign) for sign in ("word", "comma", "mark", "end")}


def _boundary(judge: Judge) -> re.Pattern[str]:
    """Where a message may be cut, with the joining words of all languages."""
    words = {word for matcher in judge.matchers.values() for word in matcher.language.traits.joining}
    return between(tuple(sorted(words)))


@lru_cache(16)
def between(joining: tuple[str, ...]) -> re.Pattern[str]:
    """Groups are named as the signs of a `Cut`. A row of blanks or stops is looked at from its beginning alone: from each of its
    places it would take the square of its length."""
    words = "|".join(map(re.escape, sorted(joining, key=len, reverse=True)))
    return re.compile(
        r"(?P<end>(?<![.?!;…])[.?!;…]+\s+|(?<!\s)\s*\n\s*)"
        rf"|(?P<word>(?:,|(?<!\s))\s+(?:[-–—]\s+)?(?:{words})\s+)"
        r"|(?P<mark>(?<!\s)(?:\s+[+&/]\s*|\s*[+&/]\s+|\s+[-–—]+\s+))"
        r"|(?P<comma>,)\s+",
        re.IGNORECASE,
    )


def _cuts(message: str, boundaries: re.Pattern[str]) -> Iterator[Cut]:
    for boundary in boundaries.finditer(message):
        left, right = message[: boundary.start()], message[boundary.end() :]
        if left.strip() and right.strip():
            yield Cut(left, right, boundary.lastgroup or "")
