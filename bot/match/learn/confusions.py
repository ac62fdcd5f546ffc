"""Which entries the base's own phrases confuse: asked for with a phrase that the learner never saw, one comes out as the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.match.learn.crossfit import HeldOut
from bot.match.learn.labels import LabelSet

# Phrases of an entry, and their share, from which on it is no accident: 8, 11 and 7 pairs of the shipped base's 49 entries in
# English, Russian and Kazakh, and 17 of BANKING77's 50.
_LEAST, _SHARE = 2, 0.05


@dataclass(frozen=True, slots=True)
class Confusion:
    """These phrases of `entry` come out as `other`."""

    entry: str
    other: str
    phrases: tuple[str, ...]


def confusions(held: HeldOut, labels: LabelSet, texts: Sequence[str]) -> tuple[Confusion, ...]:
    """The pairs, those with the most phrases first. `texts` are the rows' phrases."""
    inside = held.of_entry & ~held.left_out & ~held.crossed
    size = len(labels.owners)
    asked = np.bincount(held.owner[inside], minlength=size)
    wrong = np.flatnonzero(inside & ~held.right)
    rows: dict[tuple[int, int], list[int]] = {}
    for row in wrong.tolist():
        rows.setdefault((int(held.owner[row]), int(held.top[row])), []).append(int(held.phrase[row]))
    often = [pair for pair, found in rows.items() if len(found) >= max(_LEAST, _SHARE * asked[pair[0]])]
    return tuple(
        Confusion(labels.owners[one][1], labels.owners[two][1], tuple(texts[row] for row in sorted(rows[one, two])))
        for one, two in sorted(often, key=lambda pair: (-len(rows[pair]), pair))
    )
