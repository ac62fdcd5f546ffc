"""Expressions by what they tell of a question, found in its words just as they are given: an ending may change what they
tell ("recommend", "recommended"). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.match.words.language import Groups

Normalise = Callable[[str], list[str]]
"""From a text to its comparable words."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Expressions, normalised -> kind. `longest`: first word -> how long the longest expression is that begins with it."""

    keys: dict[tuple[str, ...], str]
    first: dict[tuple[str, ...], str]
    longest: dict[str, int]


class Frames:
    """Kinds of expressions of one language; `first` are those that count only as the first words."""

    def __init__(self, words: Normalise, kinds: Groups, first: Groups | None = None) -> None:
        self._words = words
        self._given = tuple({name: tuple(members) for name, members in of.items()} for of in (kinds, first or {}))
        self.kinds = tuple(dict.fromkeys([*kinds, *(first or {})]))

    @cached_property
    def _table(self) -> _Table:
        """Made when it is first asked for: there are thousands of expressions, and one message meets those of one language."""
        keys, first = (
            {tuple(self._words(one)): name for name, members in reversed(of.items()) for one in members}
            for of in self._given
        )
        longest: dict[str, int] = {}
        for key in [*keys, *first]:
            if key:
                longest[key[0]] = max(longest.get(key[0], 0), len(key))
        return _Table(keys, first, longest)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the expressions, normalised."""
        return frozenset(word for key in (*self._table.keys, *self._table.first) for word in key)

    def document(self) -> list[dict[str, tuple[str, ...]]]:
        """As plain lists: what `of_document` takes."""
        return list(self._given)

    @classmethod
    def of_document(cls, words: Normalise, document: Sequence[Groups]) -> Frames:
        return cls(words, *document)

    def spans(self, words: Sequence[str]) -> list[tuple[str, int, int]]:
        """The expressions met as (kind, first word, last word + 1), the longest at each place; none begins within another."""
        found: list[tuple[str, int, int]] = []
        table, end = self._table, 0
        for start, word in enumerate(words):
            if start < end:
                continue
            for size in range(min(table.longest.get(word, 0), len(words) - start), 0, -1):
                key = tuple(words[start : start + size])
                kind = table.keys.get(key) or (None if start else table.first.get(key))
                if kind:
                    end = start + size
                    found.append((kind, start, end))
                    break
        return found

    def met(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset(kind for kind, _, _ in self.spans(words))

    def kind_of(self, words: Sequence[str]) -> str | None:
        """The first of the kinds, in their own order, that is met."""
        met = self.met(words)
        return next((kind for kind in self.kinds if kind in met), None)

    def without(self, words: Sequence[str]) -> list[str]:
        """The words that belong to no expression."""
        gone = {at for _, start, end in self.spans(words) for at in range(start, end)}
        return [word for at, word in enumerate(words) if at not in gone]
