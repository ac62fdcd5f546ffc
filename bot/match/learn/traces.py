"""The words of a message as hashed features, worked out once, whole or piece by piece. Pure.

A message on a phone is read within a millisecond, the longest there is within the time that `danger` allows itself: so the
names of features are hashed where they stand, those of a word's letters are remembered, and a piece of the message is a
slice of the hashes."""

from __future__ import annotations

import itertools
from array import array
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
_REACHES = (1, 2, 2, *range(3, _SKIP + 2))  # words that the features of stems take up: `w`, `b`, `q` and the `s`
_SPAN_KINDS = np.array([_KINDS.index(kind) for kind in "wbq" + "s" * (_SKIP - 1) + "g"])
_EDGE_KINDS = np.array([_KINDS.index(kind) for kind in "bbqq"])
_REMEMBERED = 1 << 14  # words in their surroundings: about as many as ten thousand messages use more than once

Keys = NDArray[np.int64]
Row = tuple[Ints, Floats]


class Traces:
    """`w` stems, `b` and `s` pairs of them side by side and near, `g` classes of words, `q` pairs in which classes stand
    for their words, `c` letter n-grams."""

    def __init__(self, language: Language, words: Sequence[str]) -> None:
        self._words = words
        stems = [language.stem(word) for word in words]
        classes = list(stems)
        self._groups = language.groups_of(words)
        for name, start, end in self._groups:
            for at in range(start, end):
                if classes[at] == stems[at]:
                    classes[at] = name
        self._stems, self._classes = list(map(_bytes, stems)), list(map(_bytes, classes))
        self._spans = self._hashed()

    def _hashed(self) -> list[Keys]:
        """The keys of all features of stems, as in `_REACHES`, and those of the groups."""
        near = _before(self._stems, "s")
        hashes = [
            [crc32(stem, _SEEDS["w"]) for stem in self._stems],
            _pairs(_before(self._stems, "b"), self._stems, 1),
            _pairs(_before(self._classes, "q"), self._classes, 1),
            *(_pairs(near, self._stems, gap) for gap in range(2, _SKIP + 1)),
            [crc32(_bytes(name), _SEEDS["g"]) for name, _, _ in self._groups],
        ]
        ends = [0, *itertools.accumulate(map(len, hashes))]
        keys = _keys(list(itertools.chain(*hashes)), np.repeat(_SPAN_KINDS, np.diff(ends)))
        return [keys[start:end] for start, end in itertools.pairwise(ends)]

    def row(self, first: int = 0, last: int | None = None) -> Row:
        """Columns, rising, and raw values of the words from `first` to `last`, as if they were all; repeats count by
        logarithm."""
        last = len(self._words) if last is None else last
        keys = np.concatenate(self._parts(first, last))
        keys.sort()
        starts = _changes(keys)
        values = _WEIGHTS[keys[starts] & ((1 << _KIND) - 1)]
        if len(starts) < len(keys):
            ends = np.append(starts[1:], len(keys))
            values *= 1 + np.log(ends - starts)
        columns = keys[starts] >> (_HASH + _KIND)
        starts = _changes(columns)
        if len(starts) < len(columns):
            columns, values = columns[starts], np.add.reduceat(values, starts)
        return columns.astype(np.int32), values.astype(np.float32)

    def _parts(self, first: int, last: int) -> list[Keys]:
        *spans, groups = self._spans
        parts = [keys[first : max(first, last - reach + 1)] for reach, keys in zip(_REACHES, spans, strict=True)]
        if self._groups:
            parts.append(groups[[first <= start and end <= last for _, start, end in self._groups]])
        edges = [
            crc32(edge, _SEEDS[kind])
            for kind, names in (("b", self._stems), ("q", self._classes))
            for edge in (b"^ " + names[first], names[last - 1] + b" $")
        ]
        return [*parts, _keys(edges, _EDGE_KINDS), _grams(self._words[first:last])]


def _changes(values: Keys) -> NDArray[np.intp]:
    """Where the runs of equal values begin."""
    new = np.empty(len(values), np.bool_)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def _grams(words: Sequence[str]) -> Keys:
    """The n-grams of words between blanks, in no order. What begins in a word depends on it and on the few letters after."""
    padded = f" {' '.join(words)} "
    found, start = [], 0
    for word in words:
        end = start + len(word) + 1
        found.append(_grams_of(padded[start : end + _GRAMS[-1] - 1], end - start))
        start = end
    return _keys(np.frombuffer(b"".join(found), np.uint32), _KINDS.index("c"))


@lru_cache(_REMEMBERED)
def _grams_of(letters: str, beginning: int) -> bytes:
    """The hashes of those n-grams of the letters that begin with one of the first so many, four bytes each."""
    seed, found = _SEEDS["c"], array("I")
    for size in _GRAMS:
        places = range(min(beginning, len(letters) - size + 1))
        found.extend([crc32(letters[at : at + size].encode(), seed) for at in places])
    return found.tobytes()


_bytes = lru_cache(_REMEMBERED)(str.encode)


def _before(names: Iterable[bytes], kind: str) -> list[int]:
    """The hash of each name and a blank: the beginning of a pair's."""
    seed = _SEEDS[kind]
    return [crc32(name + b" ", seed) for name in names]


def _pairs(before: Sequence[int], names: Sequence[bytes], gap: int) -> list[int]:
    return list(map(crc32, names[gap:], before))


def _keys(hashes: Sequence[int] | NDArray[np.uint32], kinds: Keys | int) -> Keys:
    found = np.array(hashes, np.int64)
    return ((found & (COLUMNS - 1)) << (_HASH + _KIND)) | (found << _KIND) | kinds
