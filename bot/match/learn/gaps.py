"""Whether a question asks for a gap of an entry: a calibrated yes or no of its own, learnt from the phrases. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats
from bot.match.learn.labels import LabelSet
from bot.match.learn.rule import Array, logistic

NAMES = ("over_entry", "short", "long", "fit")
# A gap has fewer phrases than its entry, and its answer says what the entry's says as well: short questions ask for the
# whole. Words from which on a question is not short, and is long.
_SHORT, _LONG = 4, 7
_UNTAUGHT = (
    1.0,
    -0.5,
    0.5,
    0.0,
    0.0,
)  # of a base with too few gaps to learn from: the better score, with a lean by length
_ENOUGH = 20  # phrases that ask for a gap from which on the rule is learnt


@dataclass(frozen=True, slots=True)
class GapRule:
    """Weights of NAMES and a constant."""

    weights: NDArray[np.float64]

    def asked(self, seen: NDArray[np.float64]) -> bool:
        """Whether it is likelier than not that the gap is asked for."""
        return bool(seen @ self.weights[:-1] + self.weights[-1] > 0)


def signals(
    labels: LabelSet, first: int, last: int, scores: Floats, size: int, likely: Floats
) -> tuple[int, NDArray[np.float64]] | None:
    """The best gap among the classes `first` to `last` of an entry, and what speaks for it; None where there is no gap.

    `scores` are raw, of all classes; `likely` are the logarithms of how likely the kind of question is for each."""
    if last - first == 1 or labels.labels[first].gap is not None:  # what asks for the whole stands first
        return None
    best = first + 1 + int((scores[first + 1 : last] + likely[first + 1 : last]).argmax())
    more = size - _SHORT
    long = min(1.0, max(0.0, more / (_LONG - _SHORT)))
    over, fit = float(scores[best] - scores[first]), float(likely[best] - likely[first])
    return best, np.array([over, max(0.0, -more), long, fit], np.float64)


def learn(matrix: Array, asked: NDArray[np.bool_]) -> GapRule:
    """Every phrase counts alike: of the questions that people ask about an entry, as many are for its gaps."""
    if asked.sum() < _ENOUGH or asked.all():
        return GapRule(np.array(_UNTAUGHT))
    return GapRule(logistic(np.c_[matrix, np.ones(len(matrix))], asked, np.ones(len(matrix))))
