"""The contract, kept by every store."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.base import Store
from bot.store.database import SQLITE_FILE, database_address
from bot.store.resilient import ResilientStore
from bot.store.sql import SqlStore
from tests.clocks import MovedClock
from tests.inbox_contract import ME, arrives
from tests.memory_store import MemoryStore
from tests.store_contract import StoreContract, admin, postgres_database

pytestmark = pytest.mark.enable_socket

TABLES = "inbox, lanes, handled, pulse, chats, questions, votes, counts, dismissed, watches, marks"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest version: a copy of it is sooner there than the migrations."""
    folder = tmp_path_factory.mktemp("migrated")

    async def make() -> None:
        store = SqlStore(database_address(None, folder))
        await store.open()
        await store.close()

    asyncio.run(make())
    return folder / SQLITE_FILE


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self, clock: MovedClock) -> Store:
        return MemoryStore(clock=clock)

    async def test_the_journal_keeps_the_last_ids_only(self, clock: MovedClock) -> None:
        """Memory must not grow with the life of the process."""
        store = MemoryStore(clock=clock, journal_size=10)
        for n in range(11):
            await store.settle(ME, done=[n])
        assert (await arrives(store, 0), await arrives(store, 10)) == (True, False)


class TestSqlite(StoreContract):
    @pytest_asyncio.fixture
    async def store(self, clock: MovedClock, migrated: Path, tmp_path: Path) -> AsyncIterator[Store]:
        shutil.copy(migrated, tmp_path)
        store = SqlStore(database_address(None, tmp_path), clock=clock)
        await store.open()
        yield store
        await store.close()


class TestPostgresql(StoreContract):
    @pytest_asyncio.fixture
    async def store(self, clock: MovedClock, database: str, tmp_path: Path) -> AsyncIterator[Store]:
        store = SqlStore(database_address(database, tmp_path), clock=clock)
        await store.open()
        await admin(f"TRUNCATE {TABLES}", database)
        self.database = database
        yield store
        await store.close()

    async def passes(self, clock: MovedClock, seconds: float) -> None:
        """The server's clock cannot be moved: what it has dated grows older instead."""
        clock.move(seconds=seconds)
        for column in ("lanes.lease_until", "inbox.not_before"):
            table, name = column.split(".")
            await admin(f"UPDATE {table} SET {name} = {name} - {seconds}", self.database)


class TestResilient(StoreContract):
    @pytest_asyncio.fixture
    async def store(self, clock: MovedClock, migrated: Path, tmp_path: Path) -> AsyncIterator[Store]:
        shutil.copy(migrated, tmp_path)
        store = ResilientStore(SqlStore(database_address(None, tmp_path), clock=clock), clock=clock, patience=60.0)
        await store.open()
        yield store
        await store.close()
