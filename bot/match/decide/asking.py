"""What a question asks besides its subject. So far: whether it is about a time after the source was written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

YEARS = range(1900, 2101)  # numbers that may be years
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The year that a source describes, and the expressions (normalised words) by which people name a later time."""

    year: int | None
    later: frozenset[Words]
    longest: int
    general: frozenset[Words] = frozenset()  # of these, those that name no change

    @classmethod
    def of(
        cls, words: Callable[[str], list[str]], now: Iterable[str], changes: Iterable[str], year: int | None
    ) -> Period:
        """`words` normalises a text as questions are normalised; `now` are expressions, `changes` names of changes."""
        general = frozenset(tuple(words(one)) for one in now)
        found = general | {tuple(words(one)) for one in changes}
        return cls(year, found, max(map(len, found), default=0), general)

    def after_source(self, words: Sequence[str]) -> bool:
        """Whether normalised words name a time after the source: `still`, `now`, `in 2026`."""
        named = any(
            tuple(words[at : at + size]) in self.later
            for at in range(len(words))
            for size in range(1, self.longest + 1)
        )
        return named or any(word.isdecimal() and self.is_later(int(word)) for word in words)

    def without(self, words: Sequence[str], *, changes: bool = False) -> list[str]:
        """The words but for those that only say that now is meant, or name a change: what is asked about it."""
        gone = self.later if changes else self.general
        left: list[str] = []
        at = 0
        while at < len(words):
            sizes = (size for size in range(self.longest, 0, -1) if tuple(words[at : at + size]) in gone)
            year = words[at].isdecimal() and self.is_later(int(words[at]))
            size = next(sizes, int(year))
            if not size:
                left.append(words[at])
            at += size or 1
        return left

    def is_later(self, number: int) -> bool:
        """Whether a number is a year after the source's."""
        return self.year is not None and self.year < number and number in YEARS
