"""Words as a sparse unit vector: stems, groups and letter n-grams, weighted by how few entries share them."""

from __future__ import annotations

import itertools
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from marisa_trie import Trie
from numpy.typing import NDArray

from bot.match.learn import grams
from bot.match.words.language import Language

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

WEIGHTS = {"w": 1.0, "g": 0.8, "c": 0.25}  # stems, groups, letter n-grams
# Questions answered rightly, in per cent, of CLINC150, BANKING77 (five phrases) and the Kazakh part of xSID (every third of the
# validation): with 3 alone 80.0, 69.5, 90.2, with 2 to 4 79.8, 69.5, 90.2, with these 80.2, 69.6, 92.2.
GRAMS = (3, 4)
# Words, and letters beside blanks, of each language. With four times as many 4,000 different questions take 12 MB more and no
# less time.
_REMEMBERED = 1 << 12


def features(language: Language, words: Sequence[str]) -> dict[str, float]:
    """Feature -> raw weight: those of `named`, and `c:` letter n-grams of the joined words; repeats count by logarithm."""
    joined = f" {' '.join(words)} "
    pieces = ["c:" + joined[i : i + size] for size in GRAMS for i in range(len(joined) - size + 1)]
    found = dict.fromkeys(pieces, WEIGHTS["c"])
    if len(found) < len(pieces):
        found = {gram: WEIGHTS["c"] * (1.0 + math.log(count)) for gram, count in Counter(pieces).items()}
    return named(language, words) | found


def named(language: Language, words: Sequence[str], trust: Sequence[float] = ()) -> dict[str, float]:
    """Feature -> raw weight: `w:` stems, `g:` groups; repeats count by logarithm.

    `trust` (0 to 1, one per word) lowers the stems of repaired words; the rest of their weight goes to a feature that
    no phrase has."""
    stems = ["w:" + language.stem(word) for word in words]
    groups = sorted({"g:" + name for name, _, _ in language.groups_of(words)})
    found = dict.fromkeys(stems, WEIGHTS["w"]) | dict.fromkeys(groups, WEIGHTS["g"])
    if len(found) < len(stems) + len(groups):
        for feature, count in Counter(stems).items():
            if count > 1:
                found[feature] *= 1.0 + math.log(count)
    for stem, sure in zip(stems, trust, strict=False):
        if sure < 1.0:
            found[stem + "?"] = found[stem] * (1.0 - sure)
            found[stem] *= sure
    return found


def in_order(names: Trie) -> Iterator[str]:
    """Names by their numbers."""
    return map(names.restore_key, range(len(names)))


def runs(values: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the runs of equal values begin, and how long they are."""
    new = np.empty(len(values) + 1, np.bool_)
    new[0] = new[-1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:-1])
    starts = new.nonzero()[0]
    return starts[:-1], starts[1:] - starts[:-1]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row i holds `ids[starts[i]:starts[i+1]]` with the same slice of `values`."""

    starts: Ints
    ids: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, i: int) -> tuple[Ints, Floats]:
        part = slice(self.starts[i], self.starts[i + 1])
        return self.ids[part], self.values[part]

    def take(self, keep: NDArray[np.intp]) -> Rows:
        sizes = np.diff(self.starts)[keep]
        starts = np.zeros(len(keep) + 1, np.int32)
        np.cumsum(sizes, out=starts[1:])
        at = np.repeat(self.starts[keep] - starts[:-1], sizes) + np.arange(starts[-1], dtype=np.int32)
        return Rows(starts, self.ids[at], self.values[at])

    def first(self, size: int) -> Rows:
        """The first rows; no copy."""
        end = self.starts[size]
        return Rows(self.starts[: size + 1], self.ids[:end], self.values[:end])

    def between(self, start: int, end: int) -> Rows:
        """The rows from `start` to `end`; ids and values are no copy."""
        part = slice(self.starts[start], self.starts[end])
        return Rows(self.starts[start : end + 1] - self.starts[start], self.ids[part], self.values[part])

    def compact(self, columns: int) -> Rows:
        """The same in a third to a half of the memory: ids as small as `columns` allow, values in half precision."""
        ids: Any = self.ids.astype(np.min_scalar_type(max(0, columns - 1)))
        values: Any = self.values.astype(np.float16)
        return Rows(self.starts, ids, values)

    @staticmethod
    def stack(rows: Sequence[tuple[Ints, Floats]]) -> Rows:
        starts = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(ids) for ids, _ in rows], out=starts[1:])
        if not rows:
            return Rows(starts, np.zeros(0, np.int32), np.zeros(0, np.float32))
        return Rows(starts, np.concatenate([ids for ids, _ in rows]), np.concatenate([v for _, v in rows]))


class Vocabulary:
    """Known features and their weights. The weight of a feature is the root of its inverse entry frequency.

    An unknown feature has no column, yet it counts in a row's norm: that is what lowers the score of a foreign question.
    Letter n-grams of a single phrase are left out: they would only memorise it.
    """

    def __init__(self, names: Trie, weights: Floats, unknown: float) -> None:
        """A feature's number among the names is its column. A trie has them in a fortieth of a dict's memory, and a file that
        is mapped; it takes half a microsecond a feature, a dict a tenth."""
        self.names = names
        self.weights = weights
        self.unknown = unknown
        self._column: Callable[[str, int], int] = names.get
        self._grams_of = lru_cache(_REMEMBERED)(lambda word: self._numbers(grams.within(word, GRAMS)))
        self._grams_across = lru_cache(_REMEMBERED)(
            lambda before, after: self._numbers(grams.across(before, after, GRAMS))
        )

    def __reduce__(self) -> tuple[object, ...]:
        return Vocabulary, (self.names, self.weights, self.unknown)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    @classmethod
    def learn(cls, rows: Sequence[dict[str, float]], labels: Sequence[int]) -> Vocabulary:
        phrases: Counter[str] = Counter()
        of_label: dict[int, dict[str, None]] = {}
        for row, label in zip(rows, labels, strict=True):
            phrases.update(row.keys())
            of_label.setdefault(label, {}).update(dict.fromkeys(row))
        entries: Counter[str] = Counter()
        for found in of_label.values():
            entries.update(found.keys())
        many = len(rows) > 1000
        names = Trie(name for name in entries if not (many and name[0] == "c" and phrases[name] < 2))
        total = len(of_label)
        weights = [math.sqrt(math.log(1 + total / entries[name])) for name in in_order(names)]
        return cls(names, np.array(weights, np.float32), math.sqrt(math.log(1 + total)))

    def quick(self) -> Vocabulary:
        """The same with a dict beside the names: for whoever asks for many."""
        other = Vocabulary(self.names, self.weights, self.unknown)
        columns = {name: column for column, name in enumerate(in_order(self.names))}
        other._column = columns.get
        return other

    def columns_of(self, names: Iterable[str]) -> list[int]:
        """The columns of those features that are known."""
        found = (self._column(name, -1) for name in names)
        return [column for column in found if column >= 0]

    def _numbers(self, found: Iterable[str]) -> bytes:
        """Eight bytes for each n-gram: its column, or for an unknown one a number below nought."""
        known = ((name, self._column(name, -1)) for name in map("c:".__add__, found))
        return array("q", [~crc32(name.encode()) if column < 0 else column for name, column in known]).tobytes()

    def vector(self, row: Mapping[str, float], words: Sequence[str] = ()) -> tuple[Ints, Floats]:
        """Column ids and values of the unit vector of these features, and of the n-grams of words. Length below 1 is what
        unknown features took."""
        ids = np.fromiter(map(self._column, row, itertools.repeat(-1)), np.int64, len(row))
        raw = np.fromiter(row.values(), np.float32, len(row))
        if words:
            numbers = np.frombuffer(grams.each(words, GRAMS[-1], self._grams_of, self._grams_across), np.int64)
            numbers, weights = _counted(np.sort(numbers))
            ids, raw = np.concatenate((ids, numbers)), np.concatenate((raw, weights))
        known = ids >= 0
        columns, lost = ids[known].astype(np.int32), raw[~known] * np.float32(self.unknown)
        values: Floats = raw[known] * self.weights[columns]
        norm = float(values @ values + lost @ lost)
        return columns, values * np.float32(1.0 / math.sqrt(norm) if norm else 0.0)

    def matrix(self, rows: Iterable[dict[str, float]]) -> Rows:
        return Rows.stack([self.vector(row) for row in rows])


def _counted(grams: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Each of the sorted n-grams once, with its raw weight."""
    starts, sizes = runs(grams)
    return grams[starts], (WEIGHTS["c"] * (1.0 + np.log(sizes))).astype(np.float32)
