"""The learner for large bases: a linear softmax over sparse rows, fitted by averaged stochastic gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.dealing import Keys, shuffled
from bot.match.learn.features import Floats, Ints, Rows

Whole = NDArray[np.int8]

# Half and twice the rate rank fewer held-out phrases rightly: 60.1, 61.4, 60.9 per cent (shipped base, English), 56.9, 59.3,
# 58.9 (Kazakh), 85.1, 85.3, 84.7 (BANKING77-OOS).
RATE = 4.0
# With three as many are ranked rightly (61.4 to 61.8, 59.3 to 59.4, 85.3 to 85.0), but less surely: of 324 questions of
# others 299 and not 304 are answered as wanted.
EPOCHS = 5
_BURN_IN = 1  # epochs before the average begins
_LEVELS = 127  # a weight is kept as a whole number from minus this to this


@dataclass(frozen=True, slots=True)
class LinearLearner:
    """A weight is a whole number of `weights`, shape (columns, classes), times its column's scale. So kept, they take half of
    the memory and of the time that numbers in half precision take; scores differ from those of the weights as they were
    learnt by 1 per cent of their deviation, and the best class by one of 6,445 phrases of the shipped base."""

    weights: Whole
    scales: Floats

    @classmethod
    def of(cls, weights: Floats) -> LinearLearner:
        scales = np.abs(weights).max(axis=1, initial=0) / _LEVELS
        whole = np.round(weights / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
        return cls(whole, scales.astype(np.float32))

    def heard(self, ids: Ints, values: Floats, _text: str) -> tuple[Floats, Floats]:
        """Raw scores, one per class, of a question given as a vector; how like it is to single phrases is not told."""
        found = np.asarray((values * self.scales[ids]) @ self.weights.take(ids, axis=0).astype(np.float32), np.float32)
        return found, np.zeros_like(found)


def class_weights(labels: Ints, classes: int) -> Floats:
    """The root of how much smaller a class is than the mean one, so that small classes do not drown."""
    counts = np.bincount(labels, minlength=classes)
    mean = len(labels) / max(1, int(np.count_nonzero(counts)))
    return np.sqrt(mean / np.maximum(counts, 1)).astype(np.float32)


def fit_linear(rows: Rows, labels: Ints, classes: int, columns: int, keys: Keys, *, epochs: int = EPOCHS) -> Floats:
    """Weights of shape (columns, classes); a row's scores are its values times the weights of its ids.
    `keys` tell in which order the rows are learnt from.

    Softmax regression, Zhang 2004 (averaged SGD): step `RATE / sqrt(1 + epoch)`, the mean over all epochs after burn-in.
    """
    weights = np.zeros((columns, classes), np.float32)
    total = np.zeros_like(weights)
    balance = class_weights(labels, classes)
    data = [rows.row(i) for i in range(len(rows))]
    longest = max((len(ids) for ids, _ in data), default=0)
    part, change = np.empty((longest, classes), np.float32), np.empty((longest, classes), np.float32)
    for epoch in range(epochs):
        step = RATE / np.sqrt(1.0 + epoch)
        for i in shuffled(keys, epoch):
            ids, values = data[i]
            size, label = len(ids), int(labels[i])
            if size:
                pace = np.float32(step * balance[label])
                _update(weights, ids, values, label, pace, part[:size], change[:size])
        if epoch >= _BURN_IN:
            total += weights
    return total / np.float32(max(1, epochs - _BURN_IN))


def _update(
    weights: Floats, ids: Ints, values: Floats, label: int, step: np.float32, part: Floats, change: Floats
) -> None:
    """One step down the slope of one row's loss. `part` and `change`, of shape (ids, classes), are room to work in."""
    np.take(weights, ids, axis=0, out=part, mode="clip")  # the other modes would copy
    scores = values @ part
    scores -= scores.max()
    np.exp(scores, out=scores)
    scores /= scores.sum()
    scores[label] -= 1.0
    scores *= -step
    np.multiply(values[:, None], scores, out=change)
    part += change
    weights[ids] = part


def scores(rows: Rows, weights: Floats) -> Floats:
    """Shape (rows, classes)."""
    found = np.zeros((len(rows), weights.shape[1]), np.float32)
    for i in range(len(rows)):
        ids, values = rows.row(i)
        if len(ids):
            found[i] = values @ weights[ids]
    return found
