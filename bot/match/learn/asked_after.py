"""How close a question is to what people were found to ask in few words after an answer: the lists that a base has of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from bot.kb.model import FollowUps
from bot.match.learn.features import Floats, Rows
from bot.match.learn.index import Index
from bot.match.learn.logistic import row_sums

Lists = Mapping[str, FollowUps]
"""Entry -> what is asked after answers and belongs to it."""
_NAMES = ("within", "towards", "beyond")


class AskedAfter:
    """The follow-ups of each entry, in one language, without `vectors` made of them when they are first asked for. Thread-safe:
    it only reads."""

    def __init__(self, index: Index, lists: Lists, vectors: Rows | None = None) -> None:
        self._index, self._lists, self._given = index, lists, vectors
        self._spans: dict[tuple[str, str], tuple[int, int]] = {}
        at = 0
        for entry, name, phrases in _each(lists):
            self._spans[entry, name] = at, at + len(phrases)
            at += len(phrases)

    def within(self, entry: str, question: Floats) -> tuple[float, bool]:
        """How close a question comes to one of what is asked after the answer of an entry, and held by it: their cosine, 0 where
        there is none; and whether the entry has such a list. The question's vector is given with all its columns."""
        return self._closest(entry, "within", question)

    def towards(self, entry: str, question: Floats) -> tuple[float, bool]:
        """The same of what is asked after another entry's answer, and held by that of this one."""
        return self._closest(entry, "towards", question)

    def beyond(self, entry: str, question: Floats) -> tuple[float, bool]:
        """The same of what is asked after its answer, and not held by any."""
        return self._closest(entry, "beyond", question)

    def _closest(self, entry: str, name: str, question: Floats) -> tuple[float, bool]:
        if (entry, name) not in self._spans:
            return 0.0, False
        rows = self._rows.between(*self._spans[entry, name])
        return max(0.0, float(row_sums(rows.values * question[rows.ids], rows.starts).max())), True

    @cached_property
    def _rows(self) -> Rows:
        return vectors(self._index, self._lists) if self._given is None else self._given


def vectors(index: Index, lists: Lists) -> Rows:
    """A row for each follow-up. It takes a tenth of a millisecond or two: of a base with thousands a start keeps them."""
    space, words = index.space.quick(), index.language.words
    found = Rows.stack([space.vector(words(one)) for _, _, phrases in _each(lists) for one in phrases])
    return found.compact(space.columns)


def _each(lists: Lists) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Entry, name and follow-ups of each list that has any, in one order for all."""
    for entry in sorted(lists):
        for name in _NAMES:
            if phrases := getattr(lists[entry], name):
                yield entry, name, phrases
