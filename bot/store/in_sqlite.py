"""Transactions in SQLite, over a connection of their own."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import URL, ClauseElement, Executable
from sqlalchemy.dialects import sqlite

from bot.store.database import BUSY, sync_engine
from bot.store.transactions import Values, Work

T = TypeVar("T")

# What a transaction waits for: the disk, other processes, and a checkpoint, which waits for the disk as well.
_DURABLE = ("synchronous=FULL", f"busy_timeout={BUSY}", "wal_autocheckpoint=1000")
_PATIENT = ("synchronous=NORMAL", f"busy_timeout={BUSY}", "wal_autocheckpoint=1000")
_AT_ONCE = ("synchronous=NORMAL", "busy_timeout=0", "wal_autocheckpoint=0")


class InSqlite:
    """Over a connection of its own; whoever runs it sees to it that nobody else writes meanwhile.

    A transaction is one hop to a thread, which waits for the disk and for other processes. What is small and need not wait
    for the disk is done at once: there and back takes several times as long as that."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._session: _SqliteSession | None = None
        self._manner: tuple[str, ...] = ()
        self._in_use = Lock()  # also by what nobody waits for any more
        self._thread = ThreadPoolExecutor(1, "sqlite")

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        manner = _DURABLE if durable else _PATIENT
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work, manner)

    async def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        found: list[Any] = []
        if self.run_at_once(lambda session: found.extend(session.rows(statement, values))):
            return found
        return await self.run(lambda session: session.rows(statement, values))

    def run_at_once(self, work: Work[object]) -> bool:
        if self._session is None or not self._in_use.acquire(blocking=False):
            return False
        try:
            self._transact(work, _AT_ONCE)
        except sqlite3.Error:  # another process writes, or worse; the thread will find out
            return False
        finally:
            self._in_use.release()
        return True

    async def close(self) -> None:
        """Does not wait for a transaction under way; nothing can be run any more."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _run(self, work: Work[T], manner: tuple[str, ...]) -> T:
        with self._in_use:
            return self._transact(work, manner)

    def _transact(self, work: Work[T], manner: tuple[str, ...]) -> T:
        session = self._session = self._session or _SqliteSession(self._url)
        if manner is not self._manner:
            for pragma in manner:
                session.connection.execute(f"PRAGMA {pragma}")
            self._manner = manner
        session.connection.execute("BEGIN IMMEDIATE")
        try:
            found = work(session)
            session.connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                session.connection.execute("ROLLBACK")
            raise
        return found

    def _close(self) -> None:
        if self._session is not None:
            self._session.close()


class _SqliteSession:
    """Statements as text, compiled once; parameters by name."""

    def __init__(self, url: URL) -> None:
        self._engine = sync_engine(url)
        self._checked_out = self._engine.raw_connection()
        self.connection = cast(sqlite3.Connection, self._checked_out.driver_connection)
        self.connection.isolation_level = None
        self._compiled: dict[int, tuple[Executable, str, dict[str, Any]]] = {}

    def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        text, fixed = self._text(statement)
        return self.connection.execute(text, fixed | _flat(values)).fetchall()

    def run(self, statement: Executable, values: Values) -> None:
        text, fixed = self._text(statement)
        self.connection.execute(text, fixed | _flat(values))

    def many(self, statement: Executable, values: Sequence[Values]) -> None:
        text, fixed = self._text(statement)
        self.connection.executemany(text, [fixed | _flat(one) for one in values])

    def close(self) -> None:
        self._checked_out.close()
        self._engine.dispose()

    def _text(self, statement: Executable) -> tuple[str, dict[str, Any]]:
        known = self._compiled.get(id(statement))
        if known is None:
            dialect = sqlite.dialect(paramstyle="named")
            compiled = cast(ClauseElement, statement).compile(dialect=dialect)
            known = self._compiled[id(statement)] = (statement, str(compiled), dict(compiled.params))
        return known[1], known[2]


def _flat(values: Values) -> dict[str, object]:
    """SQLite has no lists, but reads JSON; and no days, but sorts them as text."""
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value
