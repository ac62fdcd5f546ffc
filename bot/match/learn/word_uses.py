"""In which classes the words of a question are used: naive Bayes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Ints
from bot.match.learn.index import Index

_PRIOR = 2.0  # phrases that a class is thought to have besides, made of the usual words


class WordUses:
    """Counts of words by class; `is_word` marks the columns that stand for one."""

    def __init__(self, index: Index) -> None:
        rows, names = index.rows(), index.space.vocabulary.names
        self.is_word = np.zeros(index.space.columns, bool)
        self.is_word[[column for _, column in names.items("w:")]] = True
        phrase = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))
        words = np.flatnonzero(self.is_word[rows.ids])
        order = words[np.argsort(rows.ids[words], kind="stable")]
        self._phrases = phrase[order]
        self._starts = np.searchsorted(rows.ids[order], np.arange(index.space.columns + 1)).astype(np.int32)
        self._sizes = np.diff(index.first).astype(float)
        self._class_of = np.repeat(np.arange(len(self._sizes), dtype=np.int32), np.diff(index.first))

    def likelihoods(self, columns: Ints) -> NDArray[np.float64]:
        """How much likelier each word is in each class than in all, as a logarithm: a row a word."""
        sizes, found = self._sizes, np.zeros((len(columns), len(self._sizes)))
        for row, column in enumerate(columns.tolist()):
            phrases = self._phrases[self._starts[column] : self._starts[column + 1]]
            usual = (len(phrases) + 1.0) / (len(self._class_of) + 2.0)
            used = np.bincount(self._class_of[phrases], minlength=len(sizes))
            found[row] = np.log((used + _PRIOR * usual) / ((sizes + _PRIOR) * usual))
        return found
