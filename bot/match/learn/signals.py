"""What a question's scores say about the answer: the few numbers that the rule of `rule` weighs. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Floats
from bot.match.learn.labels import LabelSet

NAMES = ("over_refusal", "own", "over_second", "known", "share", "named", "wants", "nearer")
_FLOOR = -30.0  # the score of something that is not there


@dataclass(frozen=True, slots=True)
class Signals:
    """One row per question. `top` is the position of the best entry among `LabelSet.owners`; `matrix` has NAMES' columns."""

    top: NDArray[np.intp]
    matrix: NDArray[np.float64]


def owner_scores(scores: Floats, labels: LabelSet) -> tuple[Floats, Floats]:
    """Best score and summed probability of every owner, from raw scores whose last axis are the classes."""
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return labels.best_of_owner(scores), labels.sum_of_owner(shares)


def signals(
    best: Floats, share: Floats, is_entry: NDArray[np.bool_], facts: Floats, unusual: Floats, near: Floats
) -> Signals:
    """Signals for the best entry of each row; `facts` has two columns: the length of the row's vector, 0 to 1, and
    whether the question names something foreign, 0 or 1. `unusual`, of the shape of `best`, tells how surprising it is
    that an owner is asked for in this way (see `ways`), `near`, of the same shape, how like the question is to the owner's
    phrase that is most like it (nought where the learner does not tell)."""
    entries = np.where(is_entry, best, _FLOOR)
    top = entries.argmax(axis=1)
    return Signals(top, matrix_for(top, best, share, is_entry, facts, unusual, near))


def matrix_for(
    chosen: NDArray[np.intp],
    best: Floats,
    share: Floats,
    is_entry: NDArray[np.bool_],
    facts: Floats,
    unusual: Floats,
    near: Floats,
) -> NDArray[np.float64]:
    """The signals if `chosen` were the answer. Shape (questions, len(NAMES))."""
    row = np.arange(len(best))
    own = best[row, chosen].astype(np.float64)
    others = np.where(is_entry, best, _FLOOR)
    others[row, chosen] = _FLOOR
    refusal = np.where(is_entry, _FLOOR, best).max(axis=1)
    refusal = np.where(refusal <= _FLOOR, 0.0, refusal)
    second = np.maximum(others.max(axis=1), -10.0)
    part = np.clip(share[row, chosen].astype(np.float64), 1e-4, 1 - 1e-4)
    known, named = facts.astype(np.float64).T
    nearer = near[row, chosen] - np.where(is_entry, 0, near).max(axis=1)
    columns = (own - refusal, own, own - second, known, np.log(part / (1 - part)), named, unusual[row, chosen], nearer)
    return np.stack(columns, axis=1)


def matrix_of_best(
    ranked: NDArray[np.intp],
    size: int,
    best: Floats,
    share: Floats,
    facts: tuple[float, float],
    unusual: Floats,
    near: Floats,
) -> NDArray[np.float64]:
    """What `matrix_for` gives for one question and the first `size` (1 at the least) of all its entries, best first; how near
    the best one is counts for all. All other owners stand behind them."""
    own = best[ranked[: size + 1]].tolist()
    refusal = float(best[len(ranked) :].max(initial=_FLOOR))
    over = 0.0 if refusal <= _FLOOR else refusal
    nearer = float(near[ranked[0]]) - float(near[len(ranked) :].max(initial=0.0))
    rows = []
    for at, (part, odd) in enumerate(zip(share[ranked[:size]].tolist(), unusual[ranked[:size]].tolist(), strict=True)):
        second = own[0] if at else own[1] if len(own) > 1 else _FLOOR
        part = min(max(part, 1e-4), 1 - 1e-4)
        rows.append(
            (
                own[at] - over,
                own[at],
                own[at] - max(second, -10.0),
                facts[0],
                math.log(part / (1 - part)),
                facts[1],
                odd,
                nearer,
            )
        )
    return np.array(rows)
