"""What a question asks besides its subject. So far: whether it is about a time after the source was written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_FURTHEST = 100  # years after the source's: a number beyond is no year
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The year that a source describes, and the expressions (normalised words) by which people name a later time."""

    year: int | None
    later: frozenset[Words]
    longest: int

    @classmethod
    def of(cls, words: Callable[[str], list[str]], later: Iterable[str], year: int | None) -> Period:
        """`words` normalises a text as questions are normalised."""
        found = frozenset(tuple(words(one)) for one in later)
        return cls(year, found, max(map(len, found), default=0))

    def after_source(self, words: Sequence[str]) -> bool:
        """Whether normalised words name a time after the source: `still`, `now`, `in 2026`."""
        named = any(
            tuple(words[at : at + size]) in self.later
            for at in range(len(words))
            for size in range(1, self.longest + 1)
        )
        return named or any(self._is_later(word) for word in words)

    def _is_later(self, word: str) -> bool:
        return self.year is not None and word.isdecimal() and self.year < int(word) <= self.year + _FURTHEST
