"""The rule that decides: how probable it is that the best entry is right, and from where on the bot dares to say it.

Both are learnt from the base itself: each phrase scored as if it were not there (its entry is right), and as if its
whole entry or refusal group were not there (nothing is right). No labelled question is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_RIDGE = 1e-3  # at the least; few cases pull the weights closer to nought
_NEWTON = 30
DEFAULT_CAUTION = 0.35
_KEPT = 0.99  # share of answerable questions that are at least offered
_STEEP, _HALF = 10.0, 0.5  # the rule of a base that is too small to learn one from
_LENIENT, _STRICT = 0.30, 0.02  # false answers to left-out questions that caution 0 and 1 put up with


@dataclass(frozen=True, slots=True)
class Rule:
    """A logistic function of standardised signals. At each of `thresholds` (0 to 1, rising), `outside` is the share of
    left-out questions that would still be answered, `inside` the share of answerable ones that would be."""

    mean: Array
    scale: Array
    weights: Array
    thresholds: Array
    outside: Array
    inside: Array

    def probability(self, matrix: Array) -> Array:
        """The calibrated probability, 0 to 1, that the answer is right, one per row of signals."""
        score = ((matrix - self.mean) / self.scale) @ self.weights[:-1] + self.weights[-1]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -30, 30))))

    def threshold(self, caution: float = DEFAULT_CAUTION) -> float:
        """The lowest probability that is answered. Caution 0 to 1 moves along the curve, geometrically."""
        accepted = _LENIENT * (_STRICT / _LENIENT) ** caution
        fitting = np.flatnonzero(self.outside <= accepted)
        return float(self.thresholds[fitting[0]]) if len(fitting) else 1.0

    def offer_threshold(self) -> float:
        """The probability from which on the entry is at least offered: it keeps nearly all answerable questions."""
        fitting = np.flatnonzero(self.inside >= _KEPT)
        return float(self.thresholds[fitting[-1]]) if len(fitting) else 0.0


def learn(matrix: Array, right: Bools, weights: Array, left_out: Bools) -> Rule:
    """Weighted logistic regression; `left_out` marks the rows whose owner was not there."""
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    design = np.c_[(matrix - mean) / scale, np.ones(len(matrix))]
    found = logistic(design, right, weights)
    thresholds = np.linspace(0.0, 1.0, 201)
    bare = Rule(mean, scale, found, thresholds, thresholds, thresholds)

    def curve(rows: Bools) -> Array:
        scores = bare.probability(matrix[rows]) if rows.any() else np.zeros(1)
        return np.array([(scores > t).mean() for t in thresholds])

    return Rule(mean, scale, found, thresholds, curve(left_out), curve(right))


def logistic(design: Array, right: Bools, weights: Array, offset: Array | None = None) -> Array:
    """The weights of a logistic regression by Newton's method; `offset` is added to each row's score."""
    weights = weights / weights.sum()
    found = np.zeros(design.shape[1])
    base = np.zeros(len(design)) if offset is None else offset
    ridge = max(_RIDGE, 1 / len(design))
    for _ in range(_NEWTON):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ found + base, -30, 30)))
        slope = design.T @ (weights * (right - p)) - ridge * found
        curvature = (design * (weights * p * (1 - p))[:, None]).T @ design + ridge * np.eye(len(found))
        found += np.linalg.solve(curvature, slope)
    return found


def with_column(rule: Rule, at: int, matrix: Array, right: Bools, weights: Array) -> Rule:
    """The same rule with a weight for one more signal, which it has as nought so far: what lacks it is judged as before."""
    without = np.array(matrix)
    without[:, at] = 0.0
    offset = ((without - rule.mean) / rule.scale) @ rule.weights[:-1] + rule.weights[-1]
    more = np.array(rule.weights)
    more[at] = logistic(matrix[:, [at]], right, weights, offset)[0]
    mean, scale = np.array(rule.mean), np.array(rule.scale)
    mean[at], scale[at] = 0.0, 1.0
    return replace(rule, mean=mean, scale=scale, weights=more)


def untaught(signals: Sequence[str], known: str, over_refusal: str) -> Rule:
    """For a base with too little to learn from: where no refusal is stronger, what is known of the question is the
    probability, and half is enough."""
    weights = np.array([_STEEP * (name == known) + _STEEP * (name == over_refusal) for name in signals] + [-_STEEP / 2])
    thresholds = np.linspace(0.0, 1.0, 201)
    below = (thresholds < _HALF).astype(float)
    return Rule(np.zeros(len(signals)), np.ones(len(signals)), weights, thresholds, below, below)
