"""Several statements that happen together or not at all, written once as plain functions of a connection.

With SQLite a whole transaction is one hop to a thread of its own; each statement by itself would be one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import sync_engine

T = TypeVar("T")
Work = Callable[[Connection], T]


class Transactions(Protocol):
    """`durable`: what is written outlasts a power cut once `run` returns; else the last half second may be lost."""

    async def run(self, work: Work[T], *, durable: bool = False) -> T: ...
    async def close(self) -> None: ...


class InSqlite:
    """Over a connection of its own; whoever runs it sees to it that nobody else writes meanwhile."""

    def __init__(self, url: URL) -> None:
        self._engine = sync_engine(url)
        self._connection: Connection | None = None
        self._durable = False
        self._thread = ThreadPoolExecutor(1, "sqlite")

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work, durable)

    async def close(self) -> None:
        """Does not wait for a transaction under way; nothing can be run any more."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _run(self, work: Work[T], durable: bool) -> T:
        connection = self._connection or self._connect()
        if durable is not self._durable:
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            found = work(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(Exception):  # SQLite may have rolled back by itself
                connection.exec_driver_sql("ROLLBACK")
            raise
        return found

    def _connect(self) -> Connection:
        self._connection = self._engine.connect()
        self._durable = False
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


class InPool:
    """Over the engine's pool, whose connections are else in autocommit and do not wait for the disk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._server = engine.dialect.name == "postgresql"
        self._engine = engine.execution_options(isolation_level="READ COMMITTED" if self._server else "SERIALIZABLE")

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        async with self._engine.begin() as connection:
            if durable and self._server:
                await connection.execute(text("SET LOCAL synchronous_commit = on"))
            return await connection.run_sync(work)

    async def close(self) -> None:
        """The pool is the engine's."""
