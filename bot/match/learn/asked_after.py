"""How close a question is to what people were found to ask in few words after an answer: the lists that a base has of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from bot.kb.model import FollowUps
from bot.match.learn.features import Floats, Ints, Rows
from bot.match.learn.index import Index
from bot.match.learn.logistic import row_sums

_NONE = FollowUps()


class AskedAfter:
    """The follow-ups of each entry, in one language. Their vectors are made when they are first asked for, so that no change of
    them costs a fit. Thread-safe: it only reads."""

    def __init__(self, index: Index, lists: Mapping[str, FollowUps]) -> None:
        self._index, self._lists = index, lists
        self._rows = lru_cache(None)(self._rows_of)

    def within(self, entry: str, ids: Ints, values: Floats) -> tuple[float, bool]:
        """How close a question's vector comes to one of what is asked after the answer of an entry, and held by it: their cosine,
        0 where there is none; and whether the entry has such a list."""
        return self._closest(self._lists.get(entry, _NONE).within, ids, values)

    def towards(self, entry: str, ids: Ints, values: Floats) -> tuple[float, bool]:
        """The same of what is asked after another entry's answer, and held by that of this one."""
        return self._closest(self._lists.get(entry, _NONE).towards, ids, values)

    def beyond(self, entry: str, ids: Ints, values: Floats) -> tuple[float, bool]:
        """The same of what is asked after its answer, and not held by any."""
        return self._closest(self._lists.get(entry, _NONE).beyond, ids, values)

    def _closest(self, phrases: tuple[str, ...], ids: Ints, values: Floats) -> tuple[float, bool]:
        if not phrases:
            return 0.0, False
        rows = self._rows(phrases)
        question = np.zeros(self._index.space.columns, np.float32)
        question[ids] = values
        return max(0.0, float(row_sums(rows.values * question[rows.ids], rows.starts).max())), True

    def _rows_of(self, phrases: Sequence[str]) -> Rows:
        language = self._index.language
        return Rows.stack([self._index.space.vector(language.words(phrase)) for phrase in phrases])
