"""Waiting for a driver, but not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.store.base import StoreBusy, StoreUnavailable

T = TypeVar("T")


_LOOKS = 10  # for each, no more counts than its share: a process that stood still has not been kept waiting


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Like `asyncio.wait_for`, but it does not wait for the end of what it cancels: a driver may take long over that. And
    time in which this process itself did not get on is not held against the driver, whose answer may lie there."""
    task = asyncio.ensure_future(work)
    try:
        for _ in range(_LOOKS):
            done, _ = await asyncio.wait({task}, timeout=seconds / _LOOKS)
            if done:
                break
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not done:
        task.cancel()
        # Nobody will ask for the outcome; without this asyncio would complain about that.
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise StoreBusy(f"No answer within {seconds:g} s.")
    if task.cancelled():
        raise StoreUnavailable("The driver gave up.")
    return task.result()
