"""Seconds that pass at once: a test module that imports `event_loop_policy` from here sleeps without waiting.

Whenever an event loop has nothing to do but wait for the next of its timers, the clock is moved to it. A loop that holds
a socket waits in earnest: what comes over it cannot be hurried."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Iterator

import pytest


class _Selector(selectors.DefaultSelector):
    """Notes in `ahead` what was not waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waits_for_time_alone = len(self.get_map()) == 1  # the one is the loop's own pipe
        if not timeout or timeout < 0 or not waits_for_time_alone:
            return super().select(timeout)
        found = super().select(0)
        if not found:
            self.ahead += timeout
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
    policy, real = _Policy(_Selector()), time.monotonic
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: real() + policy.ahead())
        yield policy
