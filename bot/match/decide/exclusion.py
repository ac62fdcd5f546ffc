"""What a question names only to set it aside: "not A but B", "B apart from A". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.languages import Exclusion
from bot.match.words import text

_CLAUSE = re.compile(r"[,;:.!?…()«»“”\"\n]+|\s[–—-]+\s")
_SPAN = 6  # words behind "apart from" that may be what is excluded, where no comma ends it
Words = tuple[str, ...]
Normalise = Callable[[str], list[str]]


class Open(Enum):
    NOWHERE = "nowhere"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a question, and what it sets aside. `open` tells which end of that is not marked, so that it may be
    shorter; `after` are the words of the clause that stand behind it."""

    rest: str
    aside: str
    after: str = ""
    open: Open = Open.NOWHERE

    def shorter(self) -> Iterator[tuple[str, str]]:
        """What may be set aside, and what is left then."""
        words = self.aside.split()
        for size in range(1, len(words) + 1):
            if self.open is Open.LEFT:
                yield " ".join(words[-size:]), f"{' '.join(words[:-size])} {self.rest}".strip()
            elif self.open is Open.RIGHT:
                yield " ".join(words[:size]), f"{self.rest} {' '.join(words[size:])} {self.after}".strip()
        if self.open is Open.NOWHERE:
            yield self.aside, self.rest


Found = tuple[list[str], list[str], list[str], Open]
"""What is kept of a clause, what is set aside, what stands behind that; which end is not marked."""


class Excluder:
    """Finds what is excluded by the expressions of one language. `normalise` makes comparable words."""

    def __init__(self, normalise: Normalise, given: Exclusion) -> None:
        self._normalise = normalise
        self._opens, self._anywhere, self._turns, self._closes, self._never = (
            _keys(normalise, lists) for lists in (given.opens, given.anywhere, given.turns, given.closes, given.never)
        )
        self._not_before = {word for key in _keys(normalise, given.closes_not_before) for word in key}
        self._after = {word for key in _keys(normalise, given.after_words) for word in key}
        self._endings = tuple(ending for key in _keys(normalise, given.after_endings) for ending in key)

    def cut(self, question: str) -> Cut | None:
        """What the question sets aside; None where it sets nothing aside, or nothing else would be left."""
        clauses = [part.split() for part in _CLAUSE.split(text.clean(question)) if part.strip()]
        for at, clause in enumerate(clauses):
            found = self._in_clause(clause, alone=len(clauses) == 1)
            if found is None:
                continue
            kept, aside, after, open_ = found
            rest = [*clauses[:at], kept, *clauses[at + 1 :]]
            left = " ".join(" ".join(words) for words in rest if words)
            if aside and (open_ is not Open.NOWHERE or self._normalise(left)):
                return Cut(left, " ".join(aside), " ".join(after), open_)
        return None

    def _in_clause(self, clause: list[str], *, alone: bool) -> Found | None:
        words = [" ".join(self._normalise(word)) for word in clause]
        if any(_at(words, start, self._never) for start in range(len(words))):
            return None
        return self._closed(clause, words, alone=alone) or self._opened(clause, words, alone=alone)

    def _opened(self, clause: list[str], words: list[str], *, alone: bool) -> Found | None:
        first = _at(words, 0, self._opens)
        if first:
            turn = next((i for i in range(first + 1, len(words)) if _at(words, i, self._turns)), len(words))
            kept = clause[turn + _at(words, turn, self._turns) :]
            return (kept, clause[first:turn], [], Open.NOWHERE) if kept or not alone else None
        for start in range(len(words)):
            if size := _at(words, start, self._anywhere):
                behind = clause[start + size :]
                return clause[:start], behind[:_SPAN], behind[_SPAN:], Open.RIGHT
        return None

    def _closed(self, clause: list[str], words: list[str], *, alone: bool) -> Found | None:
        for end in range(1, len(words)):
            following = words[end + 1] if end + 1 < len(words) else ""
            closes = _at(words, end, self._closes) and following not in self._not_before
            behind = words[end] in self._after and words[end - 1].endswith(self._endings or ("\0",))
            if (closes or behind) and (following or not alone):
                return clause[end + 1 :], clause[:end], [], Open.LEFT
        return None


def _keys(normalise: Normalise, expressions: Iterable[str]) -> frozenset[Words]:
    return frozenset(tuple(normalise(one)) for one in expressions)


def _at(words: Sequence[str], start: int, keys: frozenset[Words]) -> int:
    """How many words of the longest of these expressions stand there; 0 for none."""
    longest = max(map(len, keys), default=0)
    sizes = range(min(longest, len(words) - start), 0, -1)
    return next((size for size in sizes if tuple(" ".join(words[start : start + size]).split()) in keys), 0)
