"""Words as one vector: what the phrases know of them (`features`) and beside it what they mean (`meanings`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.match.learn.encoder import Encoder
from bot.match.learn.features import Floats, Ints, Rows, Vocabulary, named
from bot.match.learn.meanings import meanings
from bot.match.words.language import Language

# What the sentence encoder has of the square of a vector's length, where there is one. Of 192 questions to four FAQs of 22
# entries, two in English and two in Russian, with ten phrases an entry, 106 are answered rightly without it, 125, 131 and 133
# with 0.2, 0.3 and 0.4, wrongly 3 or 4; with one phrase 128, 147, 147 and 148 are answered rightly or offered (danger aside).
_OF_SENTENCES = 0.3


class Space:
    """The vectors of one language: the vocabulary's columns, then one for each dimension of the words' meanings, then those of
    the sentence encoder.

    The first part has length 1 less what unknown features took, times the root of its share; the others the root of theirs,
    or nought where no word's meaning is known. `unit` is the root of the first part's share.

    `share` (0 to 1) is what the meanings have of the square of the length that is left to the words, where the language has
    a table of them."""

    def __init__(
        self, language: Language, vocabulary: Vocabulary, share: float, encoder: Encoder | None = None
    ) -> None:
        self._language = language
        self.share = share
        self.vocabulary = vocabulary
        self.encoder = encoder
        self._meanings = meanings(language.code)
        size, more = self._meanings.dimensions, encoder.dimensions if encoder else 0
        self.columns = len(vocabulary) + size + more
        self._meant = np.arange(len(vocabulary), len(vocabulary) + size, dtype=np.int32)
        self._said = np.arange(len(vocabulary) + size, self.columns, dtype=np.int32)
        of_words = 1 - _OF_SENTENCES if encoder else 1.0
        self.unit = float(np.sqrt(of_words * (1 - share) if size else of_words))
        self._meaning_scale = np.float32(np.sqrt(of_words * share))

    def __reduce__(self) -> tuple[object, ...]:
        return Space, (self._language, self.vocabulary, self.share, self.encoder)

    def quick(self) -> Space:
        """The same for whoever makes many vectors."""
        return Space(self._language, self.vocabulary.quick(), self.share, self.encoder)

    def vector(self, words: Sequence[str], trust: Sequence[float] = ()) -> tuple[Ints, Floats]:
        """Column ids and values; no id at all where nothing is known of the words."""
        known = self.vocabulary.vector(named(self._language, words, trust), words)
        ids, values = self._joined(known, words, trust)
        return (
            self._with_sentence(ids, values, self.encoder.vector(words)) if self.encoder and len(ids) else (ids, values)
        )

    def rows(self, raw: Sequence[Mapping[str, float]], phrases: Sequence[Sequence[str]]) -> Rows:
        """The same of many phrases, whose features are at hand."""
        found = [self._joined(self.vocabulary.vector(row), words) for row, words in zip(raw, phrases, strict=True)]
        if self.encoder:
            said = self.encoder.vectors(phrases)
            found = [self._with_sentence(*row, one) for row, one in zip(found, said, strict=True)]
        return Rows.stack(found)

    def _with_sentence(self, ids: Ints, values: Floats, said: Floats) -> tuple[Ints, Floats]:
        return np.concatenate((ids, self._said)), np.concatenate((values, said * np.float32(np.sqrt(_OF_SENTENCES))))

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
