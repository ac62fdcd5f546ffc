"""Whether a message is a cry for help: a gate of its own beside the ranking, asked before anything else. Pure.

A linear learner tells the pack's cries from sentences that only look like them, and from what the base's phrases ask.
Its threshold comes from sentences that it did not learn from, and is set for recall."""

from __future__ import annotations

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match import text
from bot.match.features import Floats, Ints
from bot.match.language import Language

COLUMNS = 1 << 18  # features are hashed into so many: four times as many as there are, so that few share one
_WEIGHTS = {"w": 1.0, "b": 0.7, "s": 0.4, "c": 0.25, "g": 0.8, "q": 0.5}
_GRAMS = (3, 4, 5)
_SKIP = 4  # words within which two count as a pair
_RATE, _EPOCHS, _BURN_IN = 4.0, 5, 1
_FOLDS, _FOLD_EPOCHS = 3, 3
_BIAS = 0.1  # of a weight's step: the bias is shared by all
_LONGEST = 40  # words: a longer sentence is looked at in pieces, as it dilutes the few words that tell
_STEP = 20

Features = Counter[str]
Margins = NDArray[np.float64]
Row = tuple[Ints, Floats]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody is in danger. `probability` is that of the surest language `lang`, 0 to 1; `languages` are all that see it."""

    lang: str
    probability: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detector:
    """Tells cries for help in one language. `idf` and `weights` by column; a margin at or above `threshold` is a cry, and
    `slope` and `offset` make a probability of it."""

    language: Language
    idf: Floats
    weights: Floats
    bias: float
    threshold: float
    slope: float
    offset: float

    def margin(self, words: Sequence[str]) -> float:
        """How surely the normalised words of a message are a cry: above nought rather than not."""
        ids, values = _row(_hashed(_features(self.language, words)), self.idf)
        if not len(ids):
            return -math.inf
        return float(values @ self.weights[ids].astype(np.float32)) + self.bias

    def probability(self, margin: float) -> float:
        return float(1.0 / (1.0 + np.exp(-np.clip(self.slope * margin + self.offset, -30, 30))))


class Guard:
    """Asks the detectors of all languages."""

    def __init__(self, detectors: Mapping[str, Detector]) -> None:
        self._detectors = dict(detectors)

    def alarm(self, question: str) -> Alarm | None:
        """None where nobody seems to be in danger. Reads a message of any length, as typed and as it may be meant."""
        found = {lang: self._surest(detector, question) for lang, detector in self._detectors.items()}
        seen = {lang: p for lang, p in found.items() if p is not None}
        if not seen:
            return None
        lang = max(seen, key=lambda one: seen[one])
        return Alarm(lang, seen[lang], tuple(seen))

    @staticmethod
    def _surest(detector: Detector, question: str) -> float | None:
        """The probability of danger in one language; None below its threshold."""
        best = max(_best(detector, reading) for reading in _readings(detector.language, question))
        return detector.probability(best) if best >= detector.threshold else None


def _best(detector: Detector, message: str) -> float:
    """The margin of a message, whole or by its surest piece. Of many pieces each may err, so that the odds of one must be
    as many times higher."""
    words = detector.language.words(message)
    pieces = [piece for part in text.sentences(message) for piece in _pieces(detector.language.words(part))]
    if len(pieces) == 1 and pieces[0] == words:
        pieces = []
    unsure = math.log(len(pieces)) / detector.slope if pieces else 0.0
    return max([detector.margin(words), *(detector.margin(piece) - unsure for piece in pieces)])


def _readings(language: Language, question: str) -> Iterator[str]:
    """The message as typed, and what it is on the other keyboard or in the language's own script."""
    yield question
    if language.cyrillic and not text.is_cyrillic(question):
        yield text.swap_layout(question)


def _pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """A sentence, or, where it has many words, overlapping pieces of it."""
    for start in range(0, max(1, len(words) - _STEP), _STEP):
        yield words[start : start + _LONGEST]


def _features(language: Language, words: Sequence[str]) -> Features:
    """`w` stems, `b` and `s` pairs of them side by side and near, `g` classes of words, `q` pairs in which classes stand
    for their words, `c` letter n-grams."""
    stems = [language.stem(word) for word in words]
    found: Features = Counter("w" + stem for stem in stems)
    found.update("b" + " ".join(pair) for pair in itertools.pairwise(["^", *stems, "$"]))
    for gap in range(2, _SKIP + 1):
        found.update(f"s{left} {right}" for left, right in zip(stems, stems[gap:], strict=False))
    classes = list(stems)
    for name, start, end in language.groups_of(words):
        found["g" + name] += 1
        for at in range(start, end):
            if classes[at] == stems[at]:
                classes[at] = name
    found.update("q" + " ".join(pair) for pair in itertools.pairwise(["^", *classes, "$"]))
    joined = f" {' '.join(words)} "
    for size in _GRAMS:
        found.update("c" + joined[at : at + size] for at in range(len(joined) - size + 1))
    return found


def _hashed(found: Features) -> Row:
    """Columns, rising, and raw values; repeats count by logarithm."""
    ids = np.fromiter((zlib.crc32(name.encode()) % COLUMNS for name in found), np.int32, len(found))
    values = np.fromiter(
        (_WEIGHTS[name[0]] * (1 + math.log(n) if n > 1 else 1) for name, n in found.items()), np.float32
    )
    columns, at = np.unique(ids, return_inverse=True)
    summed = np.zeros(len(columns), np.float32)
    np.add.at(summed, at, values)
    return columns.astype(np.int32), summed


def _row(raw: Row, idf: Floats) -> Row:
    """A unit vector; what only one sentence has, or none, counts in its length alone (its `idf` is negative)."""
    ids, values = raw
    weight = idf[ids].astype(np.float32)
    scaled = values * np.abs(weight)
    length = float(np.sqrt(scaled @ scaled))
    known = weight > 0
    return ids[known], scaled[known] / np.float32(length or 1.0)


@dataclass(frozen=True, slots=True)
class Examples:
    """What a detector learns from: `cries`, `others` that look like one, and `rest`: what people ask the base."""

    cries: tuple[str, ...]
    others: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.cries, *self.others, *self.rest)


def learn(language: Language, examples: Examples) -> Detector:
    """`language` has the classes of words as its groups. Deterministic."""
    raw = [_hashed(_features(language, language.words(one))) for one in examples.texts]
    target = np.repeat(np.array([1.0, -1.0], np.float32), [len(examples.cries), len(raw) - len(examples.cries)])
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(raw))
    held = np.zeros(len(raw))
    for number in range(_FOLDS):
        kept = [row for row, at in zip(raw, fold, strict=True) if at != number]
        part = _fit(kept, target[fold != number], _FOLD_EPOCHS)
        held[fold == number] = [_margin(row, part) for row, at in zip(raw, fold, strict=True) if at == number]
    told = held[: len(examples.cries) + len(examples.others)]
    is_cry = np.arange(len(told)) < len(examples.cries)
    weights, idf, bias = _fit(raw, target)
    threshold = max(bias, _threshold(told[is_cry], told[~is_cry]))
    slope, offset = _calibrated(told, is_cry)
    return Detector(language, idf.astype(np.float16), weights.astype(np.float16), bias, threshold, slope, offset)


Fit = tuple[Floats, Floats, float]


def _fit(raw: Sequence[Row], target: Floats, epochs: int = _EPOCHS) -> Fit:
    """Weights, idf and bias: logistic regression by averaged stochastic gradient descent, as in `linear`."""
    idf = _idf(raw)
    rows = [_row(one, idf) for one in raw]
    weights, total = np.zeros(COLUMNS, np.float32), np.zeros(COLUMNS, np.float32)
    bias = summed = 0.0
    order = np.random.default_rng(0)
    for epoch in range(epochs):
        rate = _RATE / math.sqrt(1 + epoch)
        for at in order.permutation(len(rows)):
            ids, values = rows[at]
            margin = float(target[at]) * (float(values @ weights[ids]) + bias)
            step = rate * float(target[at]) / (1 + math.exp(min(margin, 30)))
            weights[ids] += np.float32(step) * values
            bias += _BIAS * step
        if epoch >= _BURN_IN:
            total += weights
            summed += bias
    return (total / np.float32(epochs - _BURN_IN)).astype(np.float32), idf, summed / (epochs - _BURN_IN)


def _idf(raw: Sequence[Row]) -> Floats:
    """The root of the logarithm of how few sentences have a column, negative where it is one or none."""
    uses = np.zeros(COLUMNS, np.int32)
    for ids, _ in raw:
        uses[ids] += 1
    weight = np.sqrt(np.log(1 + len(raw) / np.maximum(uses, 1)))
    return np.where(uses > 1, weight, -weight).astype(np.float32)


def _margin(row: Row, fitted: Fit) -> float:
    weights, idf, bias = fitted
    ids, values = _row(row, idf)
    return float(values @ weights[ids]) + bias


def _threshold(cries: Margins, others: Margins) -> float:
    """The held-out margin at which as large a part of the cries is missed as of the others is taken for one. They were
    written to be hard to tell apart: of what people really write, both parts are much smaller."""
    if not len(cries) or not len(others):
        return 0.0
    steps = np.sort(cries)
    missed, false = np.arange(len(steps)) / len(steps), 1 - np.searchsorted(np.sort(others), steps) / len(others)
    return float(steps[int(np.argmin(np.abs(missed - false)))])


def _calibrated(margins: Margins, is_cry: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic function from margin to probability (Platt 1999), by Newton's method."""
    design = np.c_[margins, np.ones(len(margins))]
    found = np.array([1.0, 0.0])
    for _ in range(20):
        p = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (is_cry - p) - 1e-3 * found
        found += np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(2), slope)
    return float(found[0]), float(found[1])
