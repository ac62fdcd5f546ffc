"""The learner for small bases: kernel softmax regression. The kernel is the features' cosine, bent so that what two texts
share counts more than twice when there is twice as much of it, and rapidfuzz's ratio beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.match.learn.features import Floats, Ints, Rows

_STRING_SHARE = 0.3  # weight of the string kernel; the features have the rest
_POWER = 3  # ratio ** 3 keeps the kernel positive definite and sharp
_PENALTY = 0.08
_ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows by column: column c stands in the rows `owners[starts[c]:starts[c+1]]` with the same slice of `values`."""

    starts: Ints
    owners: Ints
    values: Floats
    size: int

    @classmethod
    def of(cls, rows: Rows, columns: int) -> Columns:
        order = np.argsort(rows.ids, kind="stable")
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))[order]
        starts = np.searchsorted(rows.ids[order], np.arange(columns + 1)).astype(np.int32)
        return cls(starts, owners, rows.values[order], len(rows))

    def cosines(self, ids: Ints, values: Floats) -> Floats:
        """The cosine of a vector and every row."""
        found = np.zeros(self.size, np.float32)
        for column, weight in zip(ids.tolist(), values, strict=True):
            part = slice(self.starts[column], self.starts[column + 1])
            found[self.owners[part]] += weight * self.values[part]
        return found


@dataclass(frozen=True, slots=True)
class KernelLearner:
    """`dual` has shape (phrases, classes), `plain` the phrases' normalised texts."""

    dual: Floats
    columns: Columns
    plain: tuple[str, ...]

    def scores(self, ids: Ints, values: Floats, text: str) -> Floats:
        """Raw scores, one per class, of a question given as a vector and as its normalised text."""
        return mixed(self.columns.cosines(ids, values), string_kernel([text], self.plain)[0]) @ self.dual


def string_kernel(left: Sequence[str], right: Sequence[str]) -> Floats:
    """Shape (left, right): the cubed similarity of the normalised texts, 0 to 1."""
    ratio = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / np.float32(100)
    return np.asarray(ratio**_POWER, np.float32)


def mixed(cosine: Floats, string: Floats) -> Floats:
    """The kernel of two kernels of one shape. Sums and products of kernels are kernels."""
    bent = (cosine + cosine * cosine) / 2
    return np.asarray((1 - _STRING_SHARE) * bent + _STRING_SHARE * string, np.float32)


def gram_matrix(rows: Rows, columns: Columns, texts: Sequence[str]) -> Floats:
    """Shape (rows, size of the columns): the kernel of every row and every phrase, which are the first of the rows."""
    cosines = [columns.cosines(*rows.row(i)) for i in range(len(rows))]
    cosine = np.stack(cosines) if cosines else np.zeros((0, 0), np.float32)
    return mixed(cosine, string_kernel(texts, texts[: columns.size]))


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
        scores -= scores.max(axis=1, keepdims=True, initial=-np.inf)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        dual += step @ (target - scores - _PENALTY * dual)
    return dual
