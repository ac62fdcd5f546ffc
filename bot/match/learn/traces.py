"""The words of a message as hashed features, worked out once, whole or piece by piece. Pure.

A message on a phone is read within a millisecond, the longest there is within the time that `danger` allows itself: so the
names of features are hashed where they stand, those of a word's letters are remembered, and a piece of the message is a
slice of the hashes, and all pieces are summed up at once."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import grams
from bot.match.learn.features import Floats, runs
from bot.match.words.language import Language

COLUMNS = 1 << 18  # features are hashed into so many: four times as many as there are, so that few share one
_KINDS = "wbscgq"
_WEIGHTS = np.array([1.0, 0.7, 0.4, 0.25, 0.8, 0.5])  # of the kinds
_SEEDS = {kind: crc32(kind.encode()) for kind in _KINDS}
_GRAMS = (3, 4, 5)  # without the longest 7 questions more of 3,919 are taken for cries, and no cry more is heard
_SKIP = 4  # words within which two count as a pair
# A key is the number of the piece, column, rest of the hash and kind: keys of one piece and column stand together.
_COLUMN, _REST, _KIND = 18, 14, 3  # bits
_SPAN_KINDS = np.array([_KINDS.index(kind) for kind in "wbq" + "s" * (_SKIP - 1) + "g"])
_EDGE_KINDS = np.array([_KINDS.index(kind) for kind in "bbqq"])
_REMEMBERED = 1 << 12  # words in their surroundings, as in `features`
_IN_HAND = 64  # messages that are remembered, as in `danger`: several languages read the same words

Keys = NDArray[np.int64]
Stem = tuple[bytes, int, int, int]
"""A stem, the hash of its `w`, and the beginnings of the hashes of its `s` and `b`."""


class Traces:
    """`w` stems, `b` and `s` pairs of them side by side and near, `g` classes of words, `q` pairs in which classes stand
    for their words, `c` letter n-grams."""

    def __init__(self, language: Language, words: Sequence[str]) -> None:
        self._words = tuple(words)
        stems = [language.stem(word) for word in words]
        classes = list(stems)
        self._groups = language.groups_of(words)
        for name, start, end in self._groups:
            for at in range(start, end):
                if classes[at] == stems[at]:
                    classes[at] = name
        self._stems, self._classes = list(map(_stem, stems)), list(map(_class, classes))
        self._keys, self._ends = self._hashed()

    def _hashed(self) -> tuple[Keys, list[int]]:
        """The keys of all features of stems, of beginning and end too, and where those of each sort end."""
        names, plain, near, pairs = map(list, zip(*self._stems, strict=True))
        classes, turned = map(list, zip(*self._classes, strict=True))
        hashes = [
            plain,
            [*map(crc32, names, [_BEGIN["b"], *pairs]), crc32(_END, pairs[-1])],
            [*map(crc32, classes, [_BEGIN["q"], *turned]), crc32(_END, turned[-1])],
            *(list(map(crc32, names[gap:], near)) for gap in range(2, _SKIP + 1)),
            [crc32(name.encode(), _SEEDS["g"]) for name, _, _ in self._groups],
        ]
        sizes = list(map(len, hashes))
        return _keys(list(itertools.chain(*hashes)), _SPAN_KINDS.repeat(sizes)), list(itertools.accumulate(sizes))

    def keys(self, first: int = 0, last: int | None = None) -> list[Keys]:
        """Those of all features of the words from `first` to `last`, as if they were all."""
        if first == 0 and last in (None, len(self._words)):
            return [self._keys, _grams(self._words)]
        last = len(self._words) if last is None else last
        words, pairs, turned, *near, groups = map(slice, [0, *self._ends[:-1]], self._ends)
        parts = [
            self._keys[words][first:last],
            self._keys[pairs][first + 1 : last],
            self._keys[turned][first + 1 : last],
        ]
        parts += [self._keys[part][first : max(first, last - gap)] for gap, part in enumerate(near, 2)]
        if self._groups:
            parts.append(self._keys[groups][[first <= start and end <= last for _, start, end in self._groups]])
        return [*parts, self._edges(first, last - 1), _grams(self._words[first:last])]

    def besides_letters(self) -> Keys:
        """Those of stems and classes."""
        return self._keys

    def _edges(self, first: int, last: int) -> Keys:
        of_stems = crc32(self._stems[first][0], _BEGIN["b"]), crc32(_END, self._stems[last][3])
        of_classes = crc32(self._classes[first][0], _BEGIN["q"]), crc32(_END, self._classes[last][1])
        return _keys([*of_stems, *of_classes], _EDGE_KINDS)


def summed(pieces: Sequence[Sequence[Keys]]) -> tuple[list[int], Keys, Floats]:
    """What pieces with these keys have, none of them without, one behind the other: where each begins, columns and raw
    values. Repeats count by logarithm."""
    keys = np.concatenate([part for parts in pieces for part in parts])
    if len(pieces) > 1:
        lengths = [sum(map(len, parts)) for parts in pieces]
        keys |= np.arange(len(pieces)).repeat(lengths) << (_COLUMN + _REST + _KIND)
    keys.sort()
    starts, sizes = runs(keys)
    firsts = keys[starts]
    values = _WEIGHTS[firsts & ((1 << _KIND) - 1)]
    if len(starts) < len(keys):
        values *= 1 + np.log(sizes)
    columns = firsts >> (_REST + _KIND)
    starts, _ = runs(columns)
    if len(starts) < len(columns):
        columns, values = columns[starts], np.add.reduceat(values, starts)
    begin = columns.searchsorted(np.arange(len(pieces)) << _COLUMN).tolist() if len(pieces) > 1 else [0]
    return begin, columns & (COLUMNS - 1), values.astype(np.float32)


def all_keys(language: Language, sentences: Sequence[Sequence[str]]) -> list[list[Keys]]:
    """What `Traces.keys` gives for each of many sentences, none of them without words: the letters of all are looked at
    together, each n-gram hashed once."""
    texts = [f" {' '.join(words)} " for words in sentences]
    ends = np.cumsum([len(text) for text in texts])
    joined = "".join(texts)
    letters = np.unique(np.frombuffer(joined.encode("utf-32-le"), np.uint32), return_inverse=True)[1].astype(np.int64)
    most, known = int(letters.max(initial=0)) + 1, letters
    end_of = np.repeat(ends, np.diff(ends, prepend=0))
    found: list[list[Keys]] = [[Traces(language, words).besides_letters()] for words in sentences]
    for size in range(2, _GRAMS[-1] + 1):
        pairs = known[:-1] * most + letters[size - 1 :]  # an n-gram is the one before it and a letter more
        _, first, known = np.unique(pairs, return_index=True, return_inverse=True)
        if size in _GRAMS:
            inside = np.flatnonzero(np.arange(len(known)) + size <= end_of[: len(known)])
            hashes = np.frombuffer(_hashes(joined[at : at + size] for at in first.tolist()), np.uint32)
            keys = _keys(hashes, _KINDS.index("c"))[known[inside]]
            cuts = np.searchsorted(inside, ends)
            for each, part in zip(found, np.split(keys, cuts[:-1]), strict=True):
                each.append(part)
    return found


@lru_cache(_IN_HAND)
def _grams(words: tuple[str, ...]) -> Keys:
    """The n-grams of words between blanks, in no order."""
    found = np.frombuffer(grams.each(words, _GRAMS[-1], _grams_of, _grams_across), np.uint32)
    return _keys(found, _KINDS.index("c"))


@lru_cache(_REMEMBERED)
def _grams_of(word: str) -> bytes:
    return _hashes(grams.within(word, _GRAMS))


@lru_cache(_REMEMBERED)
def _grams_across(before: str, after: str) -> bytes:
    return _hashes(grams.across(before, after, _GRAMS))


def _hashes(found: Iterable[str]) -> bytes:
    """Four bytes each."""
    seed = _SEEDS["c"]
    return array("I", [crc32(gram.encode(), seed) for gram in found]).tobytes()


_END = b"$"
_BEGIN = {kind: crc32(b"^ ", _SEEDS[kind]) for kind in "bq"}


@lru_cache(_REMEMBERED)
def _stem(stem: str) -> Stem:
    name = stem.encode()
    before = name + b" "
    return name, crc32(name, _SEEDS["w"]), crc32(before, _SEEDS["s"]), crc32(before, _SEEDS["b"])


@lru_cache(_REMEMBERED)
def _class(name: str) -> tuple[bytes, int]:
    """A class of words and the beginning of the hash of its `q`."""
    return name.encode(), crc32(name.encode() + b" ", _SEEDS["q"])


def _keys(hashes: Sequence[int] | NDArray[np.uint32], kinds: Keys | int) -> Keys:
    found = np.array(hashes, np.int64)
    return ((found & (COLUMNS - 1)) << (_REST + _KIND)) | (found >> _COLUMN << _KIND) | kinds
