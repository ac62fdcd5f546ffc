"""Words typed wrong become the closest word that the phrases know; rapidfuzz measures the distance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4  # letters of a word that is repaired at all
_LONG = 6  # from here on two edits are allowed, below one
_SHORTEST_PART = 3  # letters of each half of a word typed without its space
_RUN = 10  # letters from which on several words may have been typed as one
_PART = 3.5  # letters that the words of such a run have in the mean, at the least
_SURE_HALF, _TYPO_HALF = 4, 5  # letters of a half as it stands, and of one that has a typing error
TRUST = {0: 1.0, 1: 0.9, 2: 0.65}  # by the number of edits; the rest of a word's weight stays unknown


@dataclass(frozen=True, slots=True)
class Repair:
    """One word of the question (or two that belong together) and what it was read as."""

    typed: str
    read: str


Fixed = tuple[list[str], list[float], list[Repair]]


class Repairer:
    """`counts` maps every known word to how often the phrases use it; `familiar` says of other words that they need no
    repair (a known stem in another form, a name); `real` of those that are unknown, but words for all that."""

    def __init__(
        self,
        counts: Mapping[str, int],
        familiar: Callable[[str], bool] = lambda word: False,
        real: Callable[[str], bool] = lambda word: False,
    ) -> None:
        self._counts = dict(counts)
        self._familiar = familiar
        self._real = real
        self._longest = max(map(len, self._counts), default=0)
        self._total = sum(self._counts.values())
        self._by_length: dict[int, list[str]] = {}
        for word in self._counts:
            if len(word) >= _SHORTEST - 1 and not word.isdigit():
                self._by_length.setdefault(len(word), []).append(word)
        self._closest = lru_cache(8192)(self._find_closest)

    def knows(self, word: str) -> bool:
        return word in self._counts or self._familiar(word)

    def repair(self, words: list[str]) -> Fixed:
        """The words with the unknown ones repaired where something known is close, the trust in each, and the repairs."""
        fixed: list[str] = []
        trust: list[float] = []
        repairs: list[Repair] = []
        at = 0
        while at < len(words):
            typed, read, sure = self._read(words, at)
            if read != typed:
                repairs.append(Repair(" ".join(typed), " ".join(read)))
            fixed += read
            trust += [sure] * len(read)
            at += len(typed)
        return fixed, trust, repairs

    def _read(self, words: list[str], at: int) -> tuple[list[str], list[str], float]:
        """What stands at this place: as typed, as read, and how sure that is."""
        word = words[at]
        if word.isdigit() or self.knows(word):
            return [word], [word], 1.0
        pair = words[at : at + 2]
        if len(pair) == 2 and not self.knows(pair[1]) and "".join(pair) in self._counts:
            return pair, ["".join(pair)], TRUST[1]
        read, edits = self._closest(word)
        return [word], read.split(), TRUST[edits]

    def _find_closest(self, word: str) -> tuple[str, int]:
        if len(word) < _SHORTEST or self._real(word):
            return word, 0
        if halves := self._halves(word):
            return halves, 1
        for edits in (1, 2) if len(word) >= _LONG else (1,):
            if best := self._nearest(word, edits):
                return best, edits
        if halves := self._mistyped_halves(word):
            return halves, 2
        if run := self._run(word):
            return run, 1
        return word, 0

    def _nearest(self, word: str, edits: int) -> str | None:
        lengths = range(len(word) - edits, len(word) + edits + 1)
        found = [
            hit
            for length in lengths
            for hit in process.extract(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=edits, limit=None
            )
        ]
        if not found:
            return None
        return min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -self._counts[hit[0]], hit[0]))[0]

    def _halves(self, word: str) -> str | None:
        splits = [
            (min(self._counts[a], self._counts[b]), f"{a} {b}")
            for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
            if (a := word[:cut]) in self._counts and (b := word[cut:]) in self._counts
        ]
        return max(splits)[1] if splits and max(splits)[0] > 1 else None

    def _run(self, word: str) -> str | None:
        """Three or more words typed as one: the likeliest cut into words that are used more than once."""
        if len(word) < _RUN:
            return None
        cuts: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}  # end -> the cheapest words up to there
        for end in range(1, len(word) + 1):
            found = [
                (cuts[start][0] + math.log(self._total / self._counts[part]), (*cuts[start][1], part))
                for start in range(max(0, end - self._longest), end)
                if start in cuts and self._counts.get(part := word[start:end], 0) > 1
            ]
            if found:
                cuts[end] = min(found)
        parts = cuts[len(word)][1] if len(word) in cuts else ()
        return " ".join(parts) if parts and len(word) >= _PART * len(parts) else None

    def _mistyped_halves(self, word: str) -> str | None:
        """Two words typed as one, one of them with a typing error; the more used they are, the better."""
        splits = []
        for cut in range(_SURE_HALF, len(word) - _SURE_HALF + 1):
            halves = word[:cut], word[cut:]
            for i in (0, 1):
                sure, unsure = halves[i], halves[1 - i]
                if self._counts.get(sure, 0) > 1 and len(unsure) >= _TYPO_HALF and (read := self._nearest(unsure, 1)):
                    parts = (sure, read) if i == 0 else (read, sure)
                    splits.append((min(self._counts[sure], self._counts[read]), " ".join(parts)))
        return max(splits)[1] if splits and max(splits)[0] > 1 else None
