"""What comes of a system's scores: accuracy, declining, calibration, coverage, time. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_TENTHS = 10  # as `reformbot eval` counts them


@dataclass(frozen=True, slots=True)
class Said:
    """What a system said to the questions of a set, one row each. `inside`: something answers it; `right`: the entry that
    was named does; `seconds`: of processor time, for those that were asked one by one. `threshold`: its own, if it has one."""

    right: Bools
    inside: Bools
    scores: Floats
    seconds: Floats
    threshold: float | None = None

    @property
    def accuracy(self) -> float:
        """Per cent of the answerable questions for which the right entry is named, whatever the score."""
        return 100 * float(self.right[self.inside].mean())

    @property
    def outside(self) -> int:
        return int((~self.inside).sum())


@dataclass(frozen=True, slots=True)
class Shares:
    """Per cent: of the answerable questions those answered rightly and wrongly, of the others those answered all the same."""

    right: float
    wrong: float
    false: float

    @property
    def covered(self) -> float:
        return self.right + self.wrong

    @property
    def declined(self) -> float:
        """The recall of what nothing answers."""
        return 100 - self.false


def shares(said: Said, threshold: float) -> Shares:
    """What comes of answering from this score on."""
    answered = said.scores >= threshold
    inside, outside = max(1, int(said.inside.sum())), max(1, said.outside)
    right, wrong = (100 * int((answered & said.inside & rows).sum()) / inside for rows in (said.right, ~said.right))
    return Shares(right, wrong, 100 * int((answered & ~said.inside).sum()) / outside)


def threshold_for(said: Said, covered: float) -> float:
    """The highest score from which on at least so many per cent of the answerable questions are answered."""
    scores = np.sort(said.scores[said.inside])[::-1]
    wanted = int(np.ceil(len(scores) * covered / 100 - 1e-9))
    return float(scores[wanted - 1]) if wanted else float("inf")


def auroc(said: Said) -> float:
    """Per cent: how often an answerable question scores more than one that nothing answers, a tie half (Mann and Whitney 1947)."""
    _, places, sizes = np.unique(said.scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[places]
    inside = int(said.inside.sum())
    above = float(ranks[said.inside].sum()) - inside * (inside + 1) / 2
    return 100 * above / (inside * said.outside)


def calibration_error(said: Said) -> float:
    """0 to 1: how far the scores of a tenth of the scale are, on average, from the share that was right in it (expected
    calibration error; Naeini, Cooper and Hauskrecht 2015)."""
    tenth = np.minimum(_TENTHS - 1, (said.scores * _TENTHS).astype(int))
    gaps = np.bincount(tenth, said.right.astype(float) - said.scores, _TENTHS)
    return float(np.abs(gaps).sum() / len(said.scores))


def brier(said: Said) -> float:
    """0 to 1: the mean square of the distance between score and what was so, right (1) or not (0) (Brier 1950)."""
    return float(np.square(said.scores - said.right).mean())


def curve(said: Said) -> tuple[Floats, Floats]:
    """Coverage (share of the answerable questions that is answered) and precision (share of the answers that is right), from
    the strictest threshold to none. Questions of one score are answered together."""
    order = np.argsort(-said.scores, kind="stable")
    last = np.flatnonzero(np.r_[np.diff(said.scores[order]) != 0, True])
    right, inside = np.cumsum(said.right[order])[last], np.cumsum(said.inside[order])[last]
    return inside / max(1, int(said.inside.sum())), right / (last + 1)


def milliseconds(said: Said, part: float) -> float:
    """A quantile of the time of a question."""
    return 1000 * float(np.quantile(said.seconds, part))
