"""An order, and a place in a fold, that a text has by its letters alone: the edit of one changes nothing for the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32]

_GOLDEN = 0x9E3779B9  # so that turns differ in all bits


def keys_of(texts: Iterable[str]) -> Keys:
    return np.array([crc32(text.encode()) for text in texts], np.uint32)


def dealt(keys: Keys, turn: int) -> Keys:
    """Numbers as good as random, others for each turn (`lowbias32` of C. Wellons' hash prospector)."""
    mixed = keys + np.uint32(turn * _GOLDEN % 2**32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(factor)
    return mixed ^ (mixed >> np.uint32(16))


def shuffled(keys: Keys, turn: int) -> NDArray[np.intp]:
    """All places, in an order of this turn."""
    return np.argsort(dealt(keys, turn), kind="stable")
