"""The end of the process, whatever still goes on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from bot.channels.telegram.delivery.ending import to_the_end
from tests.conftest import ROOT


async def _nothing() -> None:
    await asyncio.sleep(0)


async def _outlives_one() -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()  # as of a driver that waits for a thread that is gone


async def test_what_still_goes_on_is_ended_though_it_outlives_a_cancellation() -> None:
    tasks = [asyncio.create_task(work()) for work in (_outlives_one, _nothing, asyncio.Event().wait)]
    await asyncio.sleep(0)
    await to_the_end(_nothing())
    assert all(task.done() for task in tasks)


async def test_the_error_of_the_work_is_not_lost() -> None:
    async def fails() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await to_the_end(fails())


DEAF = """
import asyncio, logging
from bot.channels.telegram.delivery.ending import to_the_end

async def deaf():
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass

async def work():
    asyncio.create_task(deaf())
    await asyncio.sleep(0)

logging.basicConfig()
asyncio.run(to_the_end(work()))
"""


def test_what_hears_nothing_is_named_and_holds_up_nobody() -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", DEAF], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
    assert "The bot ends although this still goes on: deaf" in done.stderr
    assert time.monotonic() - began > 2.9
