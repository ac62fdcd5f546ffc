"""Whether the best refusal group leads so clearly that its own sentence may be said: learnt from phrases whose group was
there, and from those whose group was not. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats
from bot.match.learn.rule import Array, Bools, logistic

NAMES = ("share", "over_second")
_FURTHEST = 10.0  # the lead of a group that is alone


@dataclass(frozen=True, slots=True)
class LeadRule:
    """Weights of NAMES and a constant."""

    weights: Array

    def clear(self, seen: Array) -> bool:
        """Whether it is likelier than not the right group."""
        return bool(seen @ self.weights[:-1] + self.weights[-1] > 0)


UNTAUGHT = LeadRule(np.array([1.0, 0.0, 0.0]))  # of a base without refusals to learn from: half of the probability


def signals(best: Floats, share: Floats) -> tuple[NDArray[np.intp], Array]:
    """The best group of each row, and what speaks for it; `best` and `share` are those of the groups alone, one at least."""
    row, top = np.arange(len(best)), best.argmax(axis=1)
    part = np.clip(share[row, top].astype(np.float64), 1e-4, 1 - 1e-4)
    ranked = np.sort(best, axis=1)
    second = ranked[:, -1] - ranked[:, -2] if best.shape[1] > 1 else np.full(len(best), _FURTHEST)
    return top, np.stack([np.log(part / (1 - part)), second], axis=1).astype(np.float64)


def learn(matrix: Array, right: Bools, left_out: Bools) -> LeadRule:
    """What has its group among the others counts as much as what has not."""
    if not right.any() or not left_out.any():
        return UNTAUGHT
    weights = np.where(left_out, 1 / left_out.sum(), 1 / max(1, (~left_out).sum()))
    return LeadRule(logistic(np.c_[matrix, np.ones(len(matrix))], right, weights))
