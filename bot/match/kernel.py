"""The learner for small bases: kernel softmax regression, with rapidfuzz's ratio as a second kernel beside the features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from bot.match.features import Floats, Ints, Rows

STRING_SHARE = 0.3  # weight of the string kernel; the features have the rest
_POWER = 3  # ratio ** 3 keeps the kernel positive definite and sharp
_PENALTY = 0.08
_ROUNDS = 25


def string_kernel(left: Sequence[str], right: Sequence[str]) -> Floats:
    """Shape (left, right): the cubed similarity of the normalised texts, 0 to 1."""
    ratio = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / np.float32(100)
    return np.asarray(ratio**_POWER, np.float32)


def feature_kernel(rows: Rows, columns: int) -> Floats:
    """Shape (rows, rows): the cosine of every two rows."""
    order = np.argsort(rows.ids, kind="stable")
    owner = np.repeat(np.arange(len(rows)), np.diff(rows.starts))[order]
    value = rows.values[order]
    first = np.searchsorted(rows.ids[order], np.arange(columns + 1))
    kernel = np.zeros((len(rows), len(rows)), np.float32)
    for i in range(len(rows)):
        ids, values = rows.row(i)
        for column, weight in zip(ids, values, strict=True):
            part = slice(first[column], first[column + 1])
            kernel[i, owner[part]] += weight * value[part]
    return kernel


def mixed_kernel(rows: Rows, columns: int, texts: Sequence[str]) -> Floats:
    features = feature_kernel(rows, columns)
    return (1 - STRING_SHARE) * features + STRING_SHARE * string_kernel(texts, texts)


def fit_kernel(kernel: Floats, labels: Ints, classes: int) -> Floats:
    """Dual weights of shape (phrases, classes): a question's scores are its kernel row times them.

    Multinomial logistic regression with the fixed bound on the curvature of Böhning 1992, so that one inverse serves
    every round.
    """
    size = len(labels)
    target = np.eye(classes, dtype=np.float32)[labels]
    dual = np.zeros((size, classes), np.float32)
    step = np.linalg.inv(0.5 * kernel + _PENALTY * np.eye(size, dtype=np.float32)).astype(np.float32)
    for _ in range(_ROUNDS):
        scores = kernel @ dual
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        dual += step @ (target - scores - _PENALTY * dual)
    return dual


def primal(rows: Rows, dual: Floats, columns: int) -> Floats:
    """The feature part of the dual weights as one weight per column and class."""
    weights = np.zeros((columns, dual.shape[1]), np.float32)
    for i in range(len(rows)):
        ids, values = rows.row(i)
        weights[ids] += (1 - STRING_SHARE) * values[:, None] * dual[i]
    return weights
