"""Whether two words differ in that one of them denies: neither may be read for the other. Pure."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from bot.languages.traits import Traits


class Denial:
    """What denies in one language, in the letters in which words are compared."""

    def __init__(self, traits: Traits) -> None:
        folds = str.maketrans(dict(traits.folds))
        given = traits.negation
        self._words = frozenset(word.translate(folds) for word in given.words)
        self._beginnings = tuple(beginning.translate(folds) for beginning in given.beginnings)
        self._within = re.compile(given.within) if given.within else None

    def between(self, typed: str, read: str) -> bool:
        """Whether just one of two normalised words denies."""
        return self._denies(typed) != self._denies(read) or self._begins(typed, read) or self._begins(read, typed)

    def _denies(self, word: str) -> bool:
        return word in self._words or bool(self._within and self._within.search(word))

    def _begins(self, one: str, other: str) -> bool:
        """Whether it is the other, nearer than as it stands, behind a beginning that denies."""
        return any(
            one.startswith(beginning)
            and not other.startswith(beginning)
            and OSA.distance(one[len(beginning) :], other) < OSA.distance(one, other)
            for beginning in self._beginnings
        )
