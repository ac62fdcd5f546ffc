"""Words as one vector: what the phrases know of them (`features`) and beside it what they mean (`meanings`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.match.learn.features import Floats, Ints, Vocabulary, named
from bot.match.learn.meanings import meanings
from bot.match.words.language import Language


class Space:
    """The vectors of one language: the vocabulary's columns, then one for each dimension of meaning.

    The first part has length 1 less what unknown features took, times the root of its share; the second the root of its
    share, or nought where no word's meaning is known. `unit` is the root of the first part's share.

    `share` (0 to 1) is what the meanings have of the square of the length, where the language has a table of them."""

    def __init__(self, language: Language, vocabulary: Vocabulary, share: float) -> None:
        self._language = language
        self.share = share
        self.vocabulary = vocabulary
        self._meanings = meanings(language.code)
        size = self._meanings.dimensions
        self.columns = len(vocabulary) + size
        self._meant = np.arange(len(vocabulary), self.columns, dtype=np.int32)
        self.unit = float(np.sqrt(1 - share)) if size else 1.0
        self._meaning_scale = np.float32(np.sqrt(share))

    def __reduce__(self) -> tuple[object, ...]:
        return Space, (self._language, self.vocabulary, self.share)

    def vector(self, words: Sequence[str], trust: Sequence[float] = ()) -> tuple[Ints, Floats]:
        """Column ids and values; no id at all where nothing is known of the words."""
        return self._joined(self.vocabulary.vector(named(self._language, words, trust), words), words, trust)

    def joined(self, row: Mapping[str, float], words: Sequence[str]) -> tuple[Ints, Floats]:
        """The same, of words whose features are at hand."""
        return self._joined(self.vocabulary.vector(row), words)

    def _joined(
        self, known: tuple[Ints, Floats], words: Sequence[str], trust: Sequence[float] = ()
    ) -> tuple[Ints, Floats]:
        ids, values = known
        meaning = self._meanings.vector([self._language.stem(word) for word in words], trust)
        if not meaning.any():
            return ids, values * np.float32(self.unit)
        together = (values * np.float32(self.unit), meaning * self._meaning_scale)
        return np.concatenate((ids, self._meant)), np.concatenate(together)

    def known(self, ids: Ints, values: Floats) -> float:
        """The length of a vector's first part before its share was taken, 0 to 1: how much of it the phrases know."""
        part = values[ids < len(self.vocabulary)]
        return float(np.sqrt(part @ part)) / self.unit
