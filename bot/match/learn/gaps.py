"""Whether a question asks for a gap of an entry: a calibrated yes or no of its own, learnt from the phrases. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats, Ints, Rows
from bot.match.learn.labels import LabelSet
from bot.match.learn.logistic import fit_logistic
from bot.match.learn.rule import Array, logistic

NAMES = ("over_entry", "short", "long", "fit", "more")
# A gap has fewer phrases than its entry, and its answer says what the entry's says as well: short questions ask for the
# whole. Words from which on a question is not short, and is long.
_SHORT, _LONG = 4, 7
_UNTAUGHT = (
    1.0,
    -0.5,
    0.5,
    0.0,
    0.0,
    0.0,
)  # of a base with too few gaps to learn from: the better score, with a lean by length
_ENOUGH = 20  # phrases that ask for a gap from which on the rule is learnt
# Of held-out phrases of entries with gaps 91.5, 90.1 and 90.4 per cent are told apart (en, ru, kk), 90.6, 89.4 and 89.4
# without `more`; with ten epochs 91.7, 90.0 and 90.4.
_EPOCHS = 5


@dataclass(frozen=True, slots=True)
class Put:
    """How a question is put: `size` in words, `likely` (by class) the logarithm of how likely this kind of question is,
    `more` how surely its words ask for something that no entry has, whichever the entry."""

    size: int
    likely: Floats
    more: float


@dataclass(frozen=True, slots=True)
class GapRule:
    """Weights of NAMES and a constant; `more`, by column, are those of `Put.more`."""

    weights: NDArray[np.float64]
    more: Floats

    def asked(self, seen: NDArray[np.float64]) -> bool:
        """Whether it is likelier than not that the gap is asked for."""
        return bool(seen @ self.weights[:-1] + self.weights[-1] > 0)


def signals(
    labels: LabelSet, first: int, last: int, scores: Floats, put: Put
) -> tuple[int, NDArray[np.float64]] | None:
    """The best gap among the classes `first` to `last` of an entry, and what speaks for it; None where there is no gap.
    `scores` are raw, of all classes."""
    if last - first == 1 or labels.labels[first].gap is not None:  # what asks for the whole stands first
        return None
    best = first + 1 + int((scores[first + 1 : last] + put.likely[first + 1 : last]).argmax())
    extra = put.size - _SHORT
    long = min(1.0, max(0.0, extra / (_LONG - _SHORT)))
    over, fit = float(scores[best] - scores[first]), float(put.likely[best] - put.likely[first])
    return best, np.array([over, max(0.0, -extra), long, fit, put.more], np.float64)


def learn_more(rows: Rows, labels: Ints, label_set: LabelSet, columns: int) -> Floats:
    """The weights, by column, of words that ask for a gap rather than the whole, learnt from all entries with gaps together:
    a gap alone has few phrases. Nought where there is no such entry."""
    chosen = np.flatnonzero(label_set.has_gaps[label_set.owner_of[labels]])
    gap = label_set.is_gap[labels[chosen]]
    if not gap.any() or gap.all():
        return np.zeros(columns, np.float32)
    target = np.where(gap, 1.0, -1.0).astype(np.float32)
    return fit_logistic(rows.take(chosen), target, columns, _EPOCHS).weights


def learn(matrix: Array, asked: NDArray[np.bool_], more: Floats) -> GapRule:
    """Every phrase counts alike: of the questions that people ask about an entry, as many are for its gaps."""
    if asked.sum() < _ENOUGH or asked.all():
        return GapRule(np.array(_UNTAUGHT), more)
    return GapRule(logistic(np.c_[matrix, np.ones(len(matrix))], asked, np.ones(len(matrix))), more)
