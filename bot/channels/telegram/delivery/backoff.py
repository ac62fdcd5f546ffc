"""Growing pauses between attempts, with jitter so that several copies do not knock in step."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress


class Backoff:
    """Pauses of `first` seconds, doubled each time up to `longest`; each one is drawn from its upper half."""

    def __init__(self, first: float = 0.5, longest: float = 30.0) -> None:
        self._first = first
        self._longest = longest
        self.failures = 0

    def next(self) -> float:
        """The pause after one more failure, in seconds."""
        pause = min(self._longest, self._first * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return pause * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        self.failures = 0


async def pause_unless(stop: asyncio.Event, seconds: float) -> None:
    """Sleep, but wake at once when `stop` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
