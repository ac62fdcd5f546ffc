"""What is kept for a time is gone after it, and a store that is as old as that grows no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.base import COUNTS_KEPT, JOURNAL_KEPT, QUESTIONS_KEPT
from bot.store.database import database_address
from bot.store.sql import SqlStore
from tests.clocks import MovedClock
from tests.memory_store import MemoryStore
from tests.store.life import ENTRIES, IN_VAIN, VOTED, WAITS, Life, size
from tests.store_contract import TODAY

A_DAY = 140


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite3"


@pytest.fixture
async def life(file: Path) -> AsyncIterator[Life]:
    clock = MovedClock()
    store = SqlStore(database_address(f"sqlite:///{file}", file.parent), clock=clock)
    await store.open()
    yield Life(store, clock, A_DAY, looks=1)
    await store.close()


async def test_a_store_grows_no_more_once_its_oldest_is_deleted(life: Life, file: Path) -> None:
    """Counts alone are kept for longer: they are a row a day for each entry, however much is asked."""
    sizes = []
    for _ in range(QUESTIONS_KEPT.days + 30):
        await life.day()
        sizes.append(size(file))
    rows = await life.rows()
    asked = A_DAY * QUESTIONS_KEPT.days
    kept = {"questions": asked // IN_VAIN, "votes": asked // VOTED, "watches": asked // WAITS, "handled": A_DAY}
    for table, count in kept.items():
        assert 0 <= rows[table] - count <= A_DAY, table  # what became too old since the last look
    assert rows["counts"] == ENTRIES * len(sizes)
    assert rows.keys() <= {*kept, "counts", "pulse"}
    first_deleted, last = sizes[QUESTIONS_KEPT.days + 5], sizes[-1]
    assert last - first_deleted <= 150 * ENTRIES * (len(sizes) - QUESTIONS_KEPT.days)  # bytes of a count, with its key


async def test_nothing_but_what_is_meant_for_good_is_left_when_nobody_asks_any_more(life: Life) -> None:
    await life.store.set_language("chat", "kk")
    for _ in range(4):
        await life.day()
    life.clock.move(seconds=JOURNAL_KEPT.total_seconds())
    await life.store.prune(life.clock.now)
    assert (await life.rows()).keys() == {"questions", "votes", "watches", "counts", "chats"}
    life.clock.move(days=QUESTIONS_KEPT.days)
    await life.store.prune(life.clock.now)
    assert (await life.rows()).keys() == {"counts", "chats"}
    life.clock.move(days=COUNTS_KEPT.days)
    await life.store.prune(life.clock.now)
    assert (await life.rows()).keys() == {"chats"}


async def test_counts_are_kept_for_400_days(life: Life) -> None:
    for store, clock in ((life.store, life.clock), (MemoryStore(clock=(moved := MovedClock())), moved)):
        for day in (TODAY, TODAY + timedelta(days=1)):
            await store.count({("asked", None, day): 1})
        clock.move(days=401)
        assert await store.prune(clock.now) == 1
        assert await store.counts(TODAY) == [(TODAY + timedelta(days=1), "asked", None, 1)]
