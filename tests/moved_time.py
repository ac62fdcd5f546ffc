"""Seconds that pass at once: a test module that imports `event_loop_policy` from here sleeps without waiting.

Whenever an event loop has nothing to do but wait for the next of its timers, the clock is moved to it. A loop that holds
a socket waits in earnest: what comes over it cannot be hurried. While it works the clock stands, however slow the machine
is."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.store.base import utc_now
from tests.memory_store import MemoryStore


class _Selector(selectors.DefaultSelector):
    """Adds up in `ahead` what was waited for, in earnest or not."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waits_for_time_alone = len(self.get_map()) == 1  # the one is the loop's own pipe
        if not timeout or timeout < 0 or not waits_for_time_alone:
            return self._in_earnest(timeout)
        found = super().select(0)
        if not found:
            self.ahead += timeout
        return found

    def _in_earnest(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        began = time.perf_counter()
        found = super().select(timeout)
        waited = time.perf_counter() - began
        self.ahead += waited if timeout is None else min(waited, max(timeout, 0.001))  # what is beyond is the machine's
        return found


class _Policy(asyncio.DefaultEventLoopPolicy):
    def __init__(self, selector: _Selector) -> None:
        super().__init__()
        self._selector = selector

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        fresh = _Selector()
        fresh.ahead, self._selector = self._selector.ahead, fresh
        return asyncio.SelectorEventLoop(fresh)

    def ahead(self) -> float:
        return self._selector.ahead


@pytest.fixture(scope="module")
def event_loop_policy() -> Iterator[asyncio.AbstractEventLoopPolicy]:
    policy, began, started = _Policy(_Selector()), time.monotonic(), utc_now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: began + policy.ahead())
        patch.setitem(MemoryStore.__init__.__kwdefaults__, "clock", lambda: started + timedelta(seconds=policy.ahead()))
        yield policy


def stand_still(seconds: float) -> None:
    """The whole process does nothing, and the time passes."""
    asyncio.get_running_loop()._selector.ahead += seconds  # type: ignore[attr-defined]
