"""The rule that decides: how probable it is that the best entry is right, and from where on the bot dares to say it.

Both are learnt from the base itself: each phrase scored as if it were not there (its entry is right), and as if its
whole entry or refusal group were not there (nothing is right). No labelled question is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_RIDGE = 1e-3  # at the least; few cases pull the weights closer to where they start
_NEWTON = 30  # rounds at the most: it ends where no step lowers the loss
_HALVES = 0.5 ** np.arange(30)  # with the last one nothing is left of a step that single precision would see
DEFAULT_CAUTION = 0.35  # 11.6 of a hundred left-out questions are answered, by the curve below
_KEPT = 0.99  # share of answerable questions that are at least offered
# What is rather wrong than right is no answer. Without this, HINT3 and BANKING77 with refusal groups that do not fit lose 1.4
# points of balance more; without any groups 0.1 less.
_EVEN = 0.5
# By the rule of a base that is too small to learn one from: two foreign bases with one phrase an entry answer or offer the
# right one for 44 of 60 questions each.
_OFFERED = 0.15
_LENIENT, _STRICT = 0.30, 0.02  # false answers to left-out questions that caution 0 and 1 put up with


@dataclass(frozen=True, slots=True)
class Rule:
    """A logistic function of standardised signals. At each of `thresholds` (0 to 1, rising), `outside` is the share of
    questions without an answer that would still get one, `inside` the share of answerable ones that would; `lost` the share
    of the answerable ones that score no more though they are right, and are surpassed by a refusal group."""

    mean: Array
    scale: Array
    weights: Array
    thresholds: Array
    outside: Array
    inside: Array
    lost: Array

    def probability(self, matrix: Array) -> Array:
        """The calibrated probability, 0 to 1, that the answer is right, one per row of signals."""
        score = ((matrix - self.mean) / self.scale) @ self.weights[:-1] + self.weights[-1]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -30, 30))))

    def threshold(self, caution: float = DEFAULT_CAUTION, part: float = 1.0) -> float:
        """The lowest probability that is answered, a half at the least. Caution 0 to 1 moves along the curve, geometrically;
        `part` is how much of the false answers that it puts up with may be given."""
        fitting = np.flatnonzero(self.outside <= part * accepted(caution))
        return max(_EVEN, float(self.thresholds[fitting[0]])) if len(fitting) else 1.0

    def offer_threshold(self) -> float:
        """The probability that nearly all answerable questions in the base's own words surpass."""
        fitting = np.flatnonzero(self.inside >= _KEPT)
        return float(self.thresholds[fitting[-1]]) if len(fitting) else 0.0

    def offer_threshold_of_refused(self) -> float:
        """The same where a refusal group surpasses the entry: it loses as few of the answerable questions once more."""
        lost = np.interp(self.offer_threshold(), self.thresholds, self.lost)
        fitting = np.flatnonzero(self.lost <= lost + 1 - _KEPT)
        return float(self.thresholds[fitting[-1]]) if len(fitting) else 0.0


def learn(
    matrix: Array, right: Bools, weights: Array, outside: Array, prior: Array, refused: Bools, given: Bools
) -> Rule:
    """Weighted logistic regression; `outside` tells how much each row says of the questions without an answer. `prior`, a
    weight for each signal and a constant, is what the rule stays near where few rows are right, and stays at for the signals
    that are `given`. `refused` are the rows that a refusal group surpasses."""
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    design = np.c_[(matrix - mean) / scale, np.ones(len(matrix))]
    start = np.r_[prior[:-1] * scale, prior[:-1] @ mean + prior[-1]]
    taught = design * np.r_[~given, True]
    found = start + logistic(taught, right, weights, design @ start, 1 / max(1, right.sum()))
    thresholds = np.linspace(0.0, 1.0, 201)
    bare = Rule(mean, scale, found, thresholds, thresholds, thresholds, thresholds)

    shares = right / max(1, right.sum())
    scores = bare.probability(matrix)
    inside = np.array([shares[scores > t].sum() for t in thresholds])
    both = shares * refused if (right & refused).any() else shares
    return _with_curves(bare, matrix, outside, inside, np.array([both[scores <= t].sum() for t in thresholds]))


def _with_curves(rule: Rule, matrix: Array, outside: Array, inside: Array, lost: Array) -> Rule:
    scores = rule.probability(matrix)
    passing = np.array([outside[scores > t].sum() for t in rule.thresholds])
    return replace(rule, outside=passing, inside=inside, lost=lost)


def logistic(
    design: Array, right: Bools, weights: Array, offset: Array | None = None, ridge: float | None = None
) -> Array:
    """The weights of a logistic regression by Newton's method, each step halved until the loss no longer rises: full ones
    run away where few rows are on the way. `offset` is added to each row's score."""
    weights = weights / weights.sum()
    found = np.zeros(design.shape[1])
    base = np.zeros(len(design)) if offset is None else offset
    ridge = max(_RIDGE, 1 / len(design) if ridge is None else ridge)

    def loss(found: Array) -> float:
        scores = design @ found + base
        return float(weights @ (np.logaddexp(0, scores) - right * scores) + ridge / 2 * found @ found)

    for _ in range(_NEWTON):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ found + base, -30, 30)))
        slope = design.T @ (weights * (right - p)) - ridge * found
        curvature = (design * (weights * p * (1 - p))[:, None]).T @ design + ridge * np.eye(len(found))
        steps = np.linalg.solve(curvature, slope) * _HALVES[:, None]
        now = loss(found)
        step = next((step for step in steps if loss(found + step) < now), None)
        if step is None:
            break
        found = found + step
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


def untaught(prior: Array, matrix: Array, outside: Array) -> Rule:
    """For a base with too little to learn from: the rule that others start from; where anything is known of questions
    `outside`, with a constant by which it keeps what the default caution promises of them. Without any signal nothing is
    offered."""
    thresholds, size = np.linspace(0.0, 1.0, 201), len(prior) - 1
    scores = matrix @ prior[:-1]
    order = np.argsort(scores)
    passing = outside.sum() - np.cumsum(outside[order])
    fitting = np.flatnonzero(passing <= accepted(DEFAULT_CAUTION))
    unknown = np.log(_OFFERED / 2)  # the constant alone stays well below what is offered
    constant = min(unknown, -scores[order[fitting[0]]]) if outside.any() else prior[-1]
    bare = Rule(np.zeros(size), np.ones(size), np.r_[prior[:-1], constant], *[thresholds] * 4)
    inside = (thresholds < _OFFERED).astype(float)
    return _with_curves(bare, matrix, outside, inside, 1 - inside)


def accepted(caution: float) -> float:
    """The share of false answers that is put up with."""
    return float(_LENIENT * (_STRICT / _LENIENT) ** caution)
