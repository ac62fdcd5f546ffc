"""The words of a message as hashed features, worked out once, whole or piece by piece. Pure.

A message on a phone is read within a millisecond, the longest there is within the time that `danger` allows itself: so the
names of features are hashed where they stand, and a piece of the message is a slice of the hashes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats, Ints
from bot.match.words.language import Language

COLUMNS = 1 << 18  # features are hashed into so many: four times as many as there are, so that few share one
_KINDS = "wbscgq"
_WEIGHTS = np.array([1.0, 0.7, 0.4, 0.25, 0.8, 0.5])  # of the kinds
_SEEDS = {kind: crc32(kind.encode()) for kind in _KINDS}
_GRAMS = (3, 4, 5)
_SKIP = 4  # words within which two count as a pair
_HASH, _KIND = 32, 3  # bits of a key, which is column, hash and kind

Keys = NDArray[np.int64]
Row = tuple[Ints, Floats]


class Traces:
    """`w` stems, `b` and `s` pairs of them side by side and near, `g` classes of words, `q` pairs in which classes stand
    for their words, `c` letter n-grams."""

    def __init__(self, language: Language, words: Sequence[str]) -> None:
        self._size = len(words)
        self._stems = [language.stem(word) for word in words]
        self._classes = list(self._stems)
        groups = language.groups_of(words)
        for name, start, end in groups:
            for at in range(start, end):
                if self._classes[at] == self._stems[at]:
                    self._classes[at] = name
        self._groups = [(start, end) for _, start, end in groups]
        self._group_keys = _keys("g", (name for name, _, _ in groups))
        self._spans = [
            (1, _keys("w", self._stems)),
            (2, _pairs("b", self._stems, 1)),
            (2, _pairs("q", self._classes, 1)),
        ]
        self._spans += [(gap + 1, _pairs("s", self._stems, gap)) for gap in range(2, _SKIP + 1)]
        self._grams = _grams(" ".join(words))
        self._blanks = list(itertools.accumulate((len(word) + 1 for word in words), initial=0))

    def row(self, first: int = 0, last: int | None = None) -> Row:
        """Columns, rising, and raw values of the words from `first` to `last`, as if they were all; repeats count by
        logarithm."""
        last = self._size if last is None else last
        keys = np.sort(np.concatenate(list(self._parts(first, last))))
        starts = _changes(keys)
        counts = np.diff(starts, append=len(keys))
        keys = keys[starts]
        values = _WEIGHTS[keys & ((1 << _KIND) - 1)] * (1 + np.log(counts))
        columns = keys >> (_HASH + _KIND)
        starts = _changes(columns)
        return columns[starts].astype(np.int32), np.add.reduceat(values, starts).astype(np.float32)

    def _parts(self, first: int, last: int) -> Iterable[Keys]:
        for reach, keys in self._spans:
            yield keys[first : max(first, last - reach + 1)]
        if self._groups:
            yield self._group_keys[[first <= start and end <= last for start, end in self._groups]]
        for size, keys in zip(_GRAMS, self._grams, strict=True):
            yield keys[self._blanks[first] : max(self._blanks[first], self._blanks[last] + 2 - size)]
        for kind, names in (("b", self._stems), ("q", self._classes)):
            yield _keys(kind, (f"^ {names[first]}", f"{names[last - 1]} $"))


def _changes(values: Keys) -> NDArray[np.intp]:
    """Where the runs of equal values begin."""
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


def _pairs(kind: str, names: Sequence[str], gap: int) -> Keys:
    return _keys(kind, (f"{left} {right}" for left, right in zip(names, names[gap:], strict=False)))


@lru_cache(4)  # the languages read the same words, one after the other
def _grams(joined: str) -> list[Keys]:
    """The n-grams of each size, in order, of words between blanks."""
    padded = f" {joined} "
    return [_keys("c", map(padded.__getitem__, itertools.starmap(slice, _ends(len(padded), size)))) for size in _GRAMS]


def _ends(length: int, size: int) -> Iterable[tuple[int, int]]:
    return zip(range(length - size + 1), range(size, length + 1), strict=True)


def _keys(kind: str, names: Iterable[str]) -> Keys:
    seed = _SEEDS[kind]
    hashes = np.array([crc32(name.encode(), seed) for name in names], np.int64)
    return ((hashes % COLUMNS) << (_HASH + _KIND)) | (hashes << _KIND) | _KINDS.index(kind)
