"""Several statements that happen together or not at all, written once as plain functions of a `Session`.

With SQLite a whole transaction is one hop to a thread of its own, and goes past SQLAlchemy: its part would be nine tenths
of the time.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import URL, ClauseElement, Connection, Executable, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import sync_engine

T = TypeVar("T")
Values = Mapping[str, object]


class Session(Protocol):
    """Runs statements within one transaction. A list among the values is one value, for `statement.listed`."""

    def rows(self, statement: Executable, values: Values) -> Sequence[Any]: ...
    def run(self, statement: Executable, values: Values) -> None: ...
    def many(self, statement: Executable, values: Sequence[Values]) -> None: ...


Work = Callable[[Session], T]


class Transactions(Protocol):
    """`durable`: what is written outlasts a power cut once `run` returns; else the last half second may be lost."""

    async def run(self, work: Work[T], *, durable: bool = False) -> T: ...
    async def close(self) -> None: ...


class InSqlite:
    """Over a connection of its own; whoever runs it sees to it that nobody else writes meanwhile."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._session: _SqliteSession | None = None
        self._durable = False
        self._thread = ThreadPoolExecutor(1, "sqlite")

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work, durable)

    async def close(self) -> None:
        """Does not wait for a transaction under way; nothing can be run any more."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _run(self, work: Work[T], durable: bool) -> T:
        session = self._session = self._session or _SqliteSession(self._url)
        if durable is not self._durable:
            session.connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
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


class InPool:
    """Over the engine's pool, whose connections are else in autocommit and do not wait for the disk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._server = engine.dialect.name == "postgresql"
        self._engine = engine.execution_options(isolation_level="READ COMMITTED" if self._server else "SERIALIZABLE")

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        async with self._engine.begin() as connection:
            if durable and self._server:
                await connection.execute(text("SET LOCAL synchronous_commit = on"))
            return await connection.run_sync(lambda sync: work(_PoolSession(sync, flat=not self._server)))

    async def close(self) -> None:
        """The pool is the engine's."""


class _PoolSession:
    def __init__(self, connection: Connection, *, flat: bool) -> None:
        self._connection = connection
        self._shaped: Callable[[Values], Values] = _flat if flat else lambda values: values

    def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        return self._connection.execute(statement, self._shaped(values)).all()

    def run(self, statement: Executable, values: Values) -> None:
        self._connection.execute(statement, self._shaped(values))

    def many(self, statement: Executable, values: Sequence[Values]) -> None:
        self._connection.execute(statement, [self._shaped(one) for one in values])


def _flat(values: Values) -> dict[str, object]:
    """SQLite has no lists, but reads JSON; and no days, but sorts them as text."""
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value
