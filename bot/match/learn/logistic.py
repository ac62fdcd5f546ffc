"""A yes or no over sparse rows: logistic regression, fitted by averaged stochastic gradient descent in small batches. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bot.match.learn.features import Floats, Ints, Rows

_RATE, _BURN_IN = 4.0, 1  # as in `linear`
_BIAS = 0.1  # of a weight's step: the bias is shared by all
# Rows whose margins are worked out together, each up to 31 steps behind. Held-out loss of the cries for help row by row and
# 16 at a time: .3227/.3228 (en), .2768/.2769 (ru), .2676/.2674 (kk), in a third of the time; with 32 .3012 for .3025 (ru).
_BATCH = 32
_SURE = 1e-3  # a probability this near to 0 or 1 is no surer than it


@dataclass(frozen=True, slots=True)
class Logistic:
    """`weights` by column; a margin above nought means yes rather than no."""

    weights: Floats
    bias: float

    def margins(self, rows: Rows) -> Floats:
        """One for each row; an empty row has the bias alone."""
        return row_sums(rows.values * self.weights[rows.ids], rows.starts) + np.float32(self.bias)


def fit_logistic(rows: Rows, target: Floats, columns: int, epochs: int) -> Logistic:
    """`target` is 1 for yes and -1 for no. The mean over all epochs after the first. Deterministic."""
    weights, total = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    bias = summed = 0.0
    order = np.random.default_rng(0)
    for epoch in range(epochs):
        rate = _RATE / math.sqrt(1 + epoch)
        shuffled = order.permutation(len(rows))
        bias = _run(rows.take(shuffled), target[shuffled], weights, bias, rate)
        if epoch >= _BURN_IN:
            total += weights
            summed += bias
    passes = max(1, epochs - _BURN_IN)
    return Logistic((total / np.float32(passes)).astype(np.float32), summed / passes)


def _run(rows: Rows, target: Floats, weights: Floats, bias: float, rate: float) -> float:
    """One pass over the rows; changes `weights`, returns the new bias."""
    for first in range(0, len(rows), _BATCH):
        last = min(first + _BATCH, len(rows))
        starts = rows.starts[first : last + 1]
        ids, values = rows.ids[starts[0] : starts[-1]], rows.values[starts[0] : starts[-1]]
        wanted = target[first:last]
        margins = wanted * (row_sums(values * weights[ids], starts - starts[0]) + np.float32(bias))
        steps = np.float32(rate) * wanted / (1 + np.exp(np.minimum(margins, 30)))
        np.add.at(weights, ids, values * np.repeat(steps, np.diff(starts)))
        bias += _BIAS * float(steps.sum())
    return bias


def row_sums(values: Floats, starts: Ints) -> Floats:
    """The sum of each row's values; of an empty one nought."""
    sums = np.zeros(len(starts) - 1, np.float32)
    filled = np.diff(starts) > 0
    if filled.any():
        sums[filled] = np.add.reduceat(values, starts[:-1][filled])
    return sums


def log_odds(probability: float) -> float:
    least = min(max(probability, _SURE), 1 - _SURE)
    return math.log(least / (1 - least))
