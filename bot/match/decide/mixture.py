"""A message in which two languages are mixed, word by word: who knows which. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.languages import text
from bot.match.decide.matcher import Matcher, Ranking

Words = Sequence[tuple[str, frozenset[str]]]
"""The words of a message, and the languages that know each; none for what has no letters."""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a message one of two languages reads: `text` are all words but those that only the other knows, `alone` those
    that only this one does. `weight` is the root of its part of the letters, as in a vector of both."""

    lang: str
    text: str
    alone: str
    weight: float


def mixture(question: str, matchers: Mapping[str, Matcher]) -> tuple[tuple[Share, Share], ...]:
    """The shares of two languages, of each pair that knows most of the words together; nothing where one language knows all
    that any pair does."""
    words = [(word, _knowing(word, matchers)) for word in text.clean(question).split()]
    known = {pair: _letters(words, pair) for pair in itertools.combinations(matchers, 2)}
    most = max(known.values(), default=0)
    if any(_letters(words, (lang,)) == most for lang in matchers):
        return ()
    return tuple(_shares(words, *pair) for pair in known if known[pair] == most)


def alike(one: Ranking, other: Ranking) -> bool:
    """Whether two readings lead to one entry, and not to two of its gaps."""
    labels = [ranking.candidates[0].label for ranking in (one, other) if ranking.candidates]
    gaps = {label.gap for label in labels} - {None}
    return len(labels) == 2 and labels[0].owner == labels[1].owner and len(gaps) < 2


def _knowing(word: str, matchers: Mapping[str, Matcher]) -> frozenset[str]:
    found = {lang: [one for one in matcher.language.words(word) if one.isalpha()] for lang, matcher in matchers.items()}
    return frozenset(lang for lang, parts in found.items() if parts and all(map(matchers[lang].knows, parts)))


def _letters(words: Words, langs: Sequence[str]) -> int:
    """The letters of what one of these languages knows at least."""
    return sum(len(word) for word, known in words if not known.isdisjoint(langs))


def _shares(words: Words, one: str, other: str) -> tuple[Share, Share]:
    alone = {
        a: [word for word, known in words if a in known and b not in known] for a, b in ((one, other), (other, one))
    }
    letters = {lang: sum(map(len, found)) for lang, found in alone.items()}
    total = sum(letters.values())

    def share(lang: str, without: str) -> Share:
        kept = " ".join(word for word, known in words if lang in known or without not in known)
        return Share(lang, kept, " ".join(alone[lang]), math.sqrt(letters[lang] / total))

    return share(one, other), share(other, one)
