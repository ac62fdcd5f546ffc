"""Waiting for a driver, but not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.store.base import StoreBusy, StoreUnavailable

T = TypeVar("T")


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Like `asyncio.wait_for`, but it does not wait for the end of what it cancels: a driver may take long over that."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
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
