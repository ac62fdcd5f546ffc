"""Words typed wrong become the closest word that the phrases know; rapidfuzz measures the distance."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.words.language import LONGEST_WORD

_SHORTEST = 4  # letters of a word that is repaired at all
_LONG = 6  # from here on two edits are allowed, below one
_SHORTEST_PART = 3  # letters of each half of a word typed without its space
# Letters that the words of a run typed as one have in the mean, at the least: else one letter held down is read as words
# of the wrong language (2 of 6,917 labelled questions).
_PART = 3.5
# What a message may cost. Of 5,196 labelled questions none has more than 8 words that their language does not know, and
# what is mended in them has 36 letters at most. A word costs 0.1 to 0.4 ms in each of up to seven readings.
MOST_MENDED = 10  # unknown words of a text that are mended or taken apart; those after them stay as typed
TRUST = {0: 1.0, 1: 0.9, 2: 0.65}  # by the number of edits; the rest of a word's weight stays unknown


@dataclass(frozen=True, slots=True)
class Repair:
    """One word of the question (or two that belong together) and what it was read as."""

    typed: str
    read: str


Fixed = tuple[list[str], list[float], list[Repair]]


class Repairer:
    """`counts` maps every known word to how often the phrases use it; `familiar` says of other words that they need no
    repair (a known stem in another form, a name); `real` of those that are unknown, but words for all that; `denied` of two
    words that only one of them denies, so that neither is read for the other."""

    def __init__(
        self,
        counts: Mapping[str, int],
        familiar: Callable[[str], bool] = lambda word: False,
        real: Callable[[str], bool] = lambda word: False,
        denied: Callable[[str, str], bool] = lambda typed, read: False,
    ) -> None:
        self._counts = counts
        self._real = real
        self._denied = denied
        self.knows = lru_cache(65536)(lambda word: len(word) <= LONGEST_WORD and (word in counts or familiar(word)))
        self._longest = max(map(len, self._counts), default=0)
        self._total = sum(self._counts.values())
        self._near = _Near(word for word in self._counts if len(word) >= _SHORTEST - 1 and not word.isdigit())
        self._closest = lru_cache(8192)(self._find_closest)

    def repair(self, words: list[str]) -> Fixed:
        """The words with the unknown ones repaired where something known is close, the trust in each, and the repairs."""
        if all(map(self.knows, words)):
            return words, [1.0] * len(words), []
        fixed: list[str] = []
        trust: list[float] = []
        repairs: list[Repair] = []
        mended = self._to_mend(words)
        at = 0
        while at < len(words):
            typed, read, sure = self._read(words, at, mended)
            if read != typed:
                repairs.append(Repair(" ".join(typed), " ".join(read)))
            fixed += read
            trust += [sure] * len(read)
            at += len(typed)
        return fixed, trust, repairs

    def _to_mend(self, words: list[str]) -> frozenset[str]:
        """The unknown words that something else may be read for, as many as a text may have of them."""
        unknown = (word for word in dict.fromkeys(words) if not self._stays(word))
        return frozenset(itertools.islice(unknown, MOST_MENDED))

    def _stays(self, word: str) -> bool:
        """Whether a word is as it should be, or none at all. What costs least is asked first."""
        outside = not _SHORTEST <= len(word) <= LONGEST_WORD or word.isdigit()
        return outside or self.knows(word) or self._real(word)

    def _read(self, words: list[str], at: int, mended: frozenset[str]) -> tuple[list[str], list[str], float]:
        """What stands at this place: as typed, as read, and how sure that is."""
        word = words[at]
        if word.isdigit() or self.knows(word):
            return [word], [word], 1.0
        pair = words[at : at + 2]
        if len(pair) == 2 and not self.knows(pair[1]) and "".join(pair) in self._counts:
            return pair, ["".join(pair)], TRUST[1]
        read, edits = self._closest(word) if word in mended else (word, 0)
        return [word], read.split(), TRUST[edits]

    def _find_closest(self, word: str) -> tuple[str, int]:
        if halves := self._halves(word):
            return halves, 1
        if near := self._nearest(word, 2 if len(word) >= _LONG else 1):
            return near
        if halves := self._mistyped_halves(word):
            return halves, 2
        if run := self._run(word):
            return run, 1
        return word, 0

    def _nearest(self, word: str, edits: int) -> tuple[str, int] | None:
        """The closest known word within so many edits, and how many it takes: 1 at the least."""
        found = process.extract(
            word, self._near.within(word, edits), scorer=OSA.distance, score_cutoff=edits, limit=None
        )
        found = [hit for hit in found if not self._denied(word, hit[0])]
        if not found:
            return None
        best = min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -self._counts[hit[0]], hit[0]))
        return best[0], max(1, int(best[1]))

    def _halves(self, word: str) -> str | None:
        splits = [
            (min(self._counts[a], self._counts[b]), f"{a} {b}")
            for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
            if (a := word[:cut]) in self._counts and (b := word[cut:]) in self._counts
        ]
        return max(splits)[1] if splits and max(splits)[0] > 1 else None

    def _run(self, word: str) -> str | None:
        """Three or more words typed as one: the likeliest cut into words that are used more than once."""
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
        """Two words typed as one, one of them with a typing error; the more used they are, the better. Without this 2 of 6,917
        labelled questions more find no answer."""
        splits = []
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            halves = word[:cut], word[cut:]
            for i in (0, 1):
                sure, unsure = halves[i], halves[1 - i]
                if self._counts.get(sure, 0) > 1 and len(unsure) >= _SHORTEST and (near := self._nearest(unsure, 1)):
                    read = near[0]
                    parts = (sure, read) if i == 0 else (read, sure)
                    splits.append((min(self._counts[sure], self._counts[read]), " ".join(parts)))
        return max(splits)[1] if splits and max(splits)[0] > 1 else None


class _Near:
    """Known words by length and letters: leaves out those that are too far from a word for sure, before any distance is
    measured. An edit adds a letter, drops one or puts one for another: it changes two bits of the set of letters at most."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=len)
        self._letters = _sets_of_letters(self._words)
        lengths = np.array([len(word) for word in self._words], np.int64)
        longest = int(lengths[-1]) if len(lengths) else 0
        self._starts = np.searchsorted(lengths, np.arange(longest + 2)).tolist()

    def within(self, word: str, edits: int) -> list[str]:
        """All words within so many edits, and some that are not."""
        first, last = (min(max(0, size), len(self._starts) - 1) for size in (len(word) - edits, len(word) + edits + 1))
        start = self._starts[first]
        differ = np.bitwise_count(self._letters[start : self._starts[last]] ^ _sets_of_letters([word]))
        return [self._words[start + at] for at in (differ <= 2 * edits).nonzero()[0].tolist()]


def _sets_of_letters(words: Sequence[str]) -> NDArray[np.uint64]:
    """Of each word, none of them empty, the set of its letters, some of which share a bit."""
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    bits = np.uint64(1) << (letters & 63).astype(np.uint64)
    starts = np.cumsum([0, *map(len, words)])[:-1]
    return np.bitwise_or.reduceat(bits, starts) if len(starts) else np.zeros(0, np.uint64)
