"""What a phrase leads to: an entry, a gap of an entry, a refusal group or a kind of small talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Kind(Enum):
    ENTRY = "entry"
    REFUSAL = "refusal"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """`owner` is the id of the entry, refusal group or small talk; `gap` only for a gap of an entry."""

    owner: str
    gap: str | None = None
    kind: Kind = Kind.ENTRY

    def __str__(self) -> str:
        return f"{self.owner}/{self.gap}" if self.gap else self.owner


class LabelSet:
    """The classes of a learner, in a fixed order, and the owners they belong to."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self.labels = sorted(set(labels), key=lambda label: (label.kind.value, label.owner, label.gap or ""))
        self.ids = {label: i for i, label in enumerate(self.labels)}
        self.owners = sorted({(label.kind.value, label.owner) for label in self.labels})
        self._positions = {owner: i for i, owner in enumerate(self.owners)}
        self.owner_of = np.array([self._positions[label.kind.value, label.owner] for label in self.labels], np.int32)
        self.is_entry, self.is_talk = (
            np.array([kind == one.value for kind, _ in self.owners], bool) for one in (Kind.ENTRY, Kind.SMALL_TALK)
        )
        self.is_gap = np.array([label.gap is not None for label in self.labels], bool)
        self._starts = np.flatnonzero(np.r_[True, np.diff(self.owner_of) > 0]) if self.labels else np.zeros(0, int)
        ends = [*self._starts[1:].tolist(), len(self.labels)]
        self._spans = list(zip(self._starts.tolist(), ends, strict=True)) if self.labels else []

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def has_gaps(self) -> NDArray[np.bool_]:
        """Of each owner, whether it has gaps beside the whole."""
        found = np.zeros(len(self.owners), bool)
        found[self.owner_of[self.is_gap]] = True
        return found & ~self.is_gap[self._starts] if self.labels else found

    def position(self, kind: Kind, owner: str) -> int:
        """The place among `owners`. KeyError for an owner that has no phrase."""
        return self._positions[kind.value, owner]

    def span(self, owner: int) -> tuple[int, int]:
        """First class and last class + 1 of an owner."""
        return self._spans[owner]

    def best_of_owner(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The highest score of each owner's classes, along the last axis (labels are sorted by owner)."""
        return np.maximum.reduceat(scores, self._starts, axis=-1)

    def sum_of_owner(self, shares: NDArray[np.float32]) -> NDArray[np.float32]:
        """The summed probability of each owner's classes, along the last axis."""
        return np.add.reduceat(shares, self._starts, axis=-1)
