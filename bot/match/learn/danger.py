"""What tells a cry for help from other messages: a gate of its own beside the ranking. Pure; `guard` asks it.

A linear learner tells the pack's cries from sentences that only look like them, and from what the base's phrases ask.
Its threshold comes from sentences that it did not learn from, and is set for recall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats, Rows
from bot.match.learn.logistic import Logistic, fit_logistic, row_sums
from bot.match.learn.traces import COLUMNS, Keys, Traces, all_keys, summed
from bot.match.words.language import Language

_EPOCHS = 5  # of 600 cries by others 6 are missed, with three 8
_FOLDS, _FOLD_EPOCHS = 3, 3  # with five of each one cry more of 600 is missed, one alarm fewer of 935 is false
_AT_ONCE = 8192  # sentences whose features are summed up together

Margins = NDArray[np.float64]


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
        return self.margins([Traces(self.language, words).keys()])[0] if words else -math.inf

    def margins(self, pieces: Sequence[Sequence[Keys]]) -> list[float]:
        """Those of pieces of messages, each given by its keys; minus infinity for one of which nothing is known."""
        begin, columns, values = summed(pieces)
        idf = self.idf[columns].astype(np.float32)
        values *= np.abs(idf)
        lengths = np.sqrt(np.add.reduceat(values * values, begin))
        sums = np.add.reduceat(values * self.weights[columns], begin)  # nought for what is not known
        known = np.maximum.reduceat(idf, begin) > 0
        found: list[float] = np.where(known, sums / lengths + self.bias, -math.inf).tolist()
        return found

    def margin_of(self, probability: float) -> float:
        """The margin of this probability, which is neither 0 nor 1."""
        return float((math.log(probability / (1 - probability)) - self.offset) / self.slope)

    def probability(self, margin: float) -> float:
        return float(1.0 / (1.0 + np.exp(-np.clip(self.slope * margin + self.offset, -30, 30))))


def written(language: Language, message: str) -> list[str]:
    """The normalised words of a message in the script of the language, from whichever other it is typed in."""
    others = [] if language.writes(message) else language.transcribed(message)
    return language.words(others[0] if others else message)


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
    rows = _rows(language, examples.texts)
    target = np.repeat(np.array([1.0, -1.0], np.float32), [len(examples.cries), len(rows) - len(examples.cries)])
    told = _held_out(rows, target)[: len(examples.cries) + len(examples.others)]
    is_cry = np.arange(len(told)) < len(examples.cries)
    idf, fitted = _fit(rows, target, _EPOCHS)
    threshold = max(fitted.bias, _threshold(told[is_cry], told[~is_cry]))
    slope, offset = _calibrated(told, is_cry)
    weights: Floats = fitted.weights.astype(np.float16)
    return Detector(language, idf.astype(np.float16), weights, fitted.bias, threshold, slope, offset)


def _rows(language: Language, texts: Sequence[str]) -> Rows:
    """One for each text; many are summed up at once."""
    sizes, ids, values = np.zeros(len(texts), np.int32), [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for first in range(0, len(texts), _AT_ONCE):
        read = [written(language, one) for one in texts[first : first + _AT_ONCE]]
        filled = [at for at, words in enumerate(read) if words]
        if filled:
            begin, columns, found = summed(all_keys(language, [read[at] for at in filled]))
            sizes[[first + at for at in filled]] = np.diff([*begin, len(columns)])
            ids.append(columns.astype(np.int32))
            values.append(found)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return Rows(starts, np.concatenate(ids), np.concatenate(values))


def _held_out(rows: Rows, target: Floats) -> Margins:
    """The margin of each row by what was learnt without it."""
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(rows))
    held = np.zeros(len(rows))
    for number in range(_FOLDS):
        kept, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        idf, fitted = _fit(rows.take(kept), target[kept], _FOLD_EPOCHS)
        held[out] = fitted.margins(_weighted(rows.take(out), idf))
    return held


def _fit(rows: Rows, target: Floats, epochs: int) -> tuple[Floats, Logistic]:
    idf = _idf(rows)
    return idf, fit_logistic(_weighted(rows, idf), target, COLUMNS, epochs)


def _idf(rows: Rows) -> Floats:
    """The root of the logarithm of how few sentences have a column, negative where it is one or none."""
    uses = np.bincount(rows.ids, minlength=COLUMNS)
    weight = np.sqrt(np.log(1 + len(rows) / np.maximum(uses, 1)))
    return np.where(uses > 1, weight, -weight).astype(np.float32)


def _weighted(rows: Rows, idf: Floats) -> Rows:
    """Unit vectors; what only one sentence has, or none, counts in the length alone (its `idf` is negative)."""
    weight = idf[rows.ids]
    scaled = rows.values * np.abs(weight)
    lengths = np.sqrt(row_sums(scaled * scaled, rows.starts))
    scaled /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.starts))
    known = weight > 0
    starts = np.concatenate([[0], np.cumsum(known)])[rows.starts]
    return Rows(starts.astype(np.int32), rows.ids[known], scaled[known])


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
