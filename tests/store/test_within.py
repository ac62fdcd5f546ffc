"""Waiting for a driver: what counts as its lateness, and what does not."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.store.base import StoreBusy
from bot.store.within import within


async def _answer(*, after: float, steps: int = 0) -> str:
    await asyncio.sleep(after)
    for _ in range(steps):
        await asyncio.sleep(0)
    return "here"


async def test_what_comes_in_time_is_given() -> None:
    assert await within(5.0, _answer(after=0.01)) == "here"


async def test_what_does_not_come_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(StoreBusy, match=r"within 0\.1 s"):
        await within(0.1, _answer(after=60.0))
    assert time.monotonic() - began < 30.0


async def test_a_process_that_stood_still_does_not_blame_the_driver() -> None:
    waiting = asyncio.create_task(within(0.2, _answer(after=0.05, steps=5)))
    await asyncio.sleep(0)
    time.sleep(0.5)  # it stands still
    assert await waiting == "here"
