"""Phrases of words that nobody speaks, as many as are wanted: for what depends on their number alone.

Shaped like CLINC150's: about eight words a phrase, half of them words that all entries share, by Zipf's law; and a word that
stands nowhere else in one of ten phrases, so that the vocabulary goes on growing (15,000 phrases of CLINC150 have some 6,000 words).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from benchmarks.data_sets import DataSet

QUESTIONS = 300
_SHARED = 400  # words that any phrase may have
_OWN, _WORDS_AN_ENTRY = 30, 10  # words of an entry; of the vocabulary from which all entries draw theirs
_RARE = 0.1
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"


def made_up(phrases: int, entries: int, seed: int = 11) -> DataSet:
    """The same for the same numbers. The questions are made as the phrases are, and learnt by none."""
    dice = np.random.default_rng(seed)
    shared, words = _words(dice, _SHARED), _words(dice, entries * _WORDS_AN_ENTRY + _OWN)
    own = [dice.choice(len(words), _OWN, replace=False) for _ in range(entries)]

    def speak(size: int) -> Iterator[tuple[str, str]]:
        weights = 1 / np.arange(1, _SHARED + 1)
        common = dice.choice(_SHARED, (size, 4), p=weights / weights.sum())
        told = dice.integers(0, _OWN, (size, 4))
        rare = dice.random(size) < _RARE
        for number in range(size):
            entry = number % entries
            said = [shared[i] for i in common[number]] + [words[i] for i in own[entry][told[number]]]
            said += _words(dice, 1) if rare[number] else []
            yield f"entry-{entry}", " ".join(said[i] for i in dice.permutation(len(said)))

    pairs = list(speak(phrases))
    asked: list[tuple[str, tuple[str, ...]]] = [
        (question, (entry,)) for entry, question in islice(speak(QUESTIONS), QUESTIONS)
    ]
    return DataSet(f"{phrases} phrases of {entries} entries", "en", pairs, asked)


def _words(dice: np.random.Generator, size: int) -> list[str]:
    """Of two to four syllables."""
    found = []
    for syllables in dice.integers(2, 5, size):
        first, second = dice.integers(0, len(_CONSONANTS), syllables), dice.integers(0, len(_VOWELS), syllables)
        found.append("".join(_CONSONANTS[one] + _VOWELS[other] for one, other in zip(first, second, strict=True)))
    return found
