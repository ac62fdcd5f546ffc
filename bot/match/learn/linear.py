"""The learner for large bases: a linear softmax over sparse rows, fitted by averaged stochastic gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.match.learn.dealing import Keys, shuffled
from bot.match.learn.features import Floats, Ints, Rows

RATE = 4.0
EPOCHS = 5
_BURN_IN = 1  # epochs before the average begins
_SHIFT = np.float32(2.0**112)  # between the exponents of half and of single precision
_BITS = np.array(0x8FFFE000, np.uint32).view(np.int32)  # of sign, exponent and fraction in their new places


@dataclass(frozen=True, slots=True)
class LinearLearner:
    """`weights` has shape (columns, classes), in half precision."""

    weights: Floats

    def heard(self, ids: Ints, values: Floats, _text: str) -> tuple[Floats, Floats]:
        """Raw scores, one per class, of a question given as a vector; how like it is to single phrases is not told."""
        found = np.asarray((values * _SHIFT) @ _widened(self.weights.take(ids, axis=0)), np.float32)
        return found, np.zeros_like(found)


def _widened(halves: Floats) -> Floats:
    """Numbers in half precision as single ones, `_SHIFT` times too small: their bits moved to where single precision has
    them. The same to the last bit as numpy's own conversion, which takes three times as long."""
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _BITS
    return bits.view(np.float32)


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
