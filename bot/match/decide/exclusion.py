"""What a question names only to set it aside: "not A but B", "B apart from A". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bot.languages import Exclusion, text

_CLAUSE = re.compile(r"[,;:.!?…()«»“”\"\n]+|\s[–—-]+\s")
# Words behind "apart from" that may be what is excluded, where no comma ends it: each costs a ranking. Of 2,225 labelled
# questions one is answered wrongly with 3 words, and none otherwise than so with all there are.
_SPAN = 6
_REMEMBERED = 1 << 13  # words as typed: the labelled questions of a language have so many that differ
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
        self._normal = lru_cache(_REMEMBERED)(lambda word: " ".join(normalise(word)))
        self._opens, self._anywhere, self._turns, self._closes, self._never = (
            _Expressions(normalise, lists)
            for lists in (given.opens, given.anywhere, given.turns, given.closes, given.never)
        )
        self._not_before, self._after = (
            {word for one in lists for word in normalise(one)} for lists in (given.closes_not_before, given.after_words)
        )
        self._endings = tuple(ending for one in given.after_endings for ending in normalise(one))

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
        words = list(map(self._normal, clause))
        if any(self._never.at(words, start) for start in range(len(words))):
            return None
        return self._closed(clause, words, alone=alone) or self._opened(clause, words, alone=alone)

    def _opened(self, clause: list[str], words: list[str], *, alone: bool) -> Found | None:
        first = self._opens.at(words, 0)
        if first:
            turn = next((i for i in range(first + 1, len(words)) if self._turns.at(words, i)), len(words))
            kept = clause[turn + self._turns.at(words, turn) :]
            return (kept, clause[first:turn], [], Open.NOWHERE) if kept or not alone else None
        for start in range(len(words)):
            if size := self._anywhere.at(words, start):
                behind = clause[start + size :]
                return clause[:start], behind[:_SPAN], behind[_SPAN:], Open.RIGHT
        return None

    def _closed(self, clause: list[str], words: list[str], *, alone: bool) -> Found | None:
        for end in range(1, len(words)):
            following = words[end + 1] if end + 1 < len(words) else ""
            closes = self._closes.at(words, end) and following not in self._not_before
            behind = words[end] in self._after and words[end - 1].endswith(self._endings or ("\0",))
            if (closes or behind) and (following or not alone):
                return clause[end + 1 :], clause[:end], [], Open.LEFT
        return None


class _Expressions:
    """Expressions by their first word."""

    def __init__(self, normalise: Normalise, expressions: Iterable[str]) -> None:
        self._keys = {tuple(normalise(one)) for one in expressions}
        self._begin = {key[0] for key in self._keys if key} | {""}  # a sign that is no word may stand before it
        self._longest = max(map(len, self._keys), default=0)

    def at(self, words: Sequence[str], start: int) -> int:
        """How many words of the longest of these stand there; 0 for none."""
        if start == len(words) or words[start].partition(" ")[0] not in self._begin:
            return 0
        sizes = range(min(self._longest, len(words) - start), 0, -1)
        return next((size for size in sizes if tuple(" ".join(words[start : start + size]).split()) in self._keys), 0)
