"""Copies of the bot that want the same lanes of one PostgreSQL at once wait for each other, and never both."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.store.base import StoreBusy
from bot.store.database import database_address
from bot.store.sql import SqlStore
from tests.inbox_contract import ME, OTHER_COPY, update
from tests.store.test_failures_postgresql import clean, database  # noqa: F401 - fixtures
from tests.store_contract import admin

pytestmark = pytest.mark.enable_socket


@pytest.mark.delivery
async def test_copies_that_hold_and_bring_the_same_lanes_do_not_lock_each_other_out(clean: str) -> None:  # noqa: F811
    """Whoever locks several lanes does so in one order, whatever the order of the rows."""
    name = database_address(clean, Path("unused")).database
    await admin(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'", clean)  # else a wait ends before it is seen
    mine, others = (SqlStore(database_address(clean, Path("unused"))) for _ in range(2))
    await mine.open()
    await others.open()
    lanes = [f"{n:03x}" for n in range(400)]
    for lane in random.Random(1).sample(lanes, len(lanes)):
        await mine.put(ME, [update(int(lane, 16), lane)])

    async def often(call: Callable[[], Awaitable[object]]) -> None:
        for _ in range(20):
            with contextlib.suppress(StoreBusy):  # a long wait is allowed, a deadlock is not
                await call()

    brought = [update(1000 + n, lane) for n, lane in enumerate(lanes)]
    await asyncio.gather(
        often(lambda: mine.renew(ME, lanes)),
        often(lambda: mine.renew(ME, lanes[::-1])),
        often(lambda: others.put(OTHER_COPY, brought)),
        often(lambda: mine.settle(ME, leave=lanes)),
    )
    await asyncio.gather(
        often(lambda: mine.let_go(ME)),
        often(lambda: mine.put(ME, brought)),
        often(lambda: others.put(OTHER_COPY, brought)),
        often(lambda: others.take(OTHER_COPY)),
        often(lambda: others.let_go(OTHER_COPY)),
    )
    await mine.close()
    await others.close()  # what a connection has met is counted by its end
    [(deadlocks,)] = await admin("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", clean)
    assert deadlocks == 0
