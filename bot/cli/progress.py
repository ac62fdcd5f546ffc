"""How far a fit is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

_WIDTH = 30
_MINUTE = 90  # seconds from which on minutes are told
# Share of the work from which on the rest can be told: less is the first piece of the first of several workers.
_ENOUGH = 0.1


class Progress:
    """A bar where somebody watches, with the time that is left, by the share done so far; a single line where nobody does;
    nothing where all was cached. Called with that share, 0 to 1, from the beginning on."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out, clock
        self._begin: float | None = None
        self._told = False

    def __call__(self, share: float) -> None:
        if self._begin is None:
            self._begin = self._clock()
        left = _left(self._clock() - self._begin, share)
        if self._out.isatty():
            self._draw(share, left)
        elif left and share < 1 and not self._told:
            self._told = True
            print(f"Learning the knowledge base, as far as it has changed: {left} …", file=self._out)

    def _draw(self, share: float, left: str) -> None:
        filled = round(share * _WIDTH)
        bar = f"[{'█' * filled}{'·' * (_WIDTH - filled)}] {share:4.0%}"
        end = "\n" if share >= 1 else ""
        print(f"\rLearning the knowledge base {bar} {left:18}", end=end, file=self._out, flush=True)


def _left(elapsed: float, share: float) -> str:
    """In words; empty as long as too little is done to tell, and at the end."""
    if not _ENOUGH <= share < 1:
        return ""
    seconds = elapsed * (1 - share) / share
    return f"about {round(seconds / 60)} min left" if seconds >= _MINUTE else f"about {max(1, round(seconds))} s left"
