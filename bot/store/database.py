"""Engines for the two databases: addresses, SQLite's settings, and what a driver's failure means."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError
from bot.store import pooler, postgresql
from bot.store.base import StoreBusy, StoreError, StoreUnavailable

SQLITE_FILE = "bot.sqlite3"

# Shorter than the patience of `resilient`, so that the driver speaks first and names the reason.
BUSY = 800  # milliseconds
_POOL_WAIT = 0.9  # seconds

# SQLite has one writer at a time: a second connection would only wait for the first, and less politely.
CONNECTIONS = {"sqlite": 1, "postgresql": 10}

# asyncpg's words for a call that met another one: the same call succeeds when that is over.
_MET = {"DeadlockDetectedError", "LockNotAvailableError", "QueryCanceledError", "SerializationError"}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class CorruptDatabase(StoreUnavailable):
    """The SQLite file can be read, and what it holds is no sound database."""


class LockedDatabase(StoreBusy):
    """Another process holds the SQLite file."""


def database_address(database_url: str | None, state_dir: Path) -> URL:
    """The engine's address from DATABASE_URL; a file in the state folder if there is none."""
    if not database_url:
        return URL.create("sqlite+aiosqlite", database=str(state_dir / SQLITE_FILE))
    try:
        url = postgresql.parsed(database_url)
    except (ArgumentError, ValueError):
        raise SettingsError("DATABASE_URL is no address of a database: sqlite:///… or postgresql://…") from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        if not url.database or url.database.startswith(":memory:"):
            raise SettingsError("DATABASE_URL names no file: what is only in memory is lost with the process.")
        return url.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        if find_spec("asyncpg") is None:
            raise SettingsError("DATABASE_URL is PostgreSQL's, which needs asyncpg: pip install 'reformbot[postgres]'")
        return postgresql.checked(url)
    raise SettingsError(f"DATABASE_URL begins with {kind}: only sqlite and postgresql are supported.")


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL and for a `file:` address."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return None
    return Path(url.database)


def make_engine(url: URL, *, pooled: bool = False) -> AsyncEngine:
    """An engine in autocommit: one statement, one round trip. It connects when it is first used. `pooled`: see `pooler`."""
    # How a connection ended that hung is told with a traceback there; that the store is away tells `presence`.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    kind = url.get_backend_name()
    common: dict[str, Any] = {"pool_reset_on_return": None, "hide_parameters": True}
    if kind == "postgresql" or sqlite_file(url) is not None:
        common |= {"pool_size": CONNECTIONS[kind], "max_overflow": 0, "pool_timeout": _POOL_WAIT, "pool_use_lifo": True}
    if kind == "postgresql":
        engine = pooler.engine_of(url, pooled, **common)
    else:
        engine = create_async_engine(url, **common, isolation_level="AUTOCOMMIT", connect_args={"timeout": BUSY / 1000})
    if not pooled:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite if kind == "sqlite" else _prepare_postgresql)
    return engine


@contextmanager
def sync_connection(url: URL) -> Iterator[Connection]:
    """A connection to a SQLite file of the caller's thread, closed whatever happens."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def sync_engine(url: URL) -> Engine:
    """An engine for a SQLite file that is used in one thread at a time; in autocommit."""
    arguments = {"timeout": BUSY / 1000, "check_same_thread": False}
    url = url.set(drivername="sqlite")
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """The same bargain as SQLite's synchronous=NORMAL: a power cut may cost the last half second, never more."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'off', false),"
        f" set_config('idle_in_transaction_session_timeout', '{postgresql.IDLE}s', false),"
        f" set_config('lock_timeout', '{postgresql.LOCKED}ms', false)"
    )
    cursor.close()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Deleted means overwritten, however SQLite was compiled.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY}", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def explained(error: BaseException) -> StoreError:
    """The store's own error for a driver's. Its text holds no value of a statement: values may be questions."""
    if isinstance(error, StoreError):
        return error
    cause = getattr(error, "orig", None) or error
    chain = (error, cause, cause.__cause__)
    # By name: asyncpg's classes are there only if it is installed, and SQLAlchemy hands some of them on unsorted.
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    if {"DataError", "IntegrityError", "IntegrityConstraintViolationError"} & names:
        return StoreError(f"The database refuses a value ({type(cause).__name__}).")
    codes = {getattr(link, "sqlite_errorcode", 0) & 0xFF for link in chain}
    if codes & _CORRUPT:
        return CorruptDatabase(f"The database file is corrupt: {_first_line(cause)}")
    if sqlite3.SQLITE_BUSY in codes:
        return LockedDatabase(_first_line(cause))
    if isinstance(error, PoolTimeout) or _MET & names:
        return StoreBusy(_first_line(cause))
    return StoreUnavailable(_first_line(cause))


def _first_line(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text.rstrip('.')}." if text else f"{type(error).__name__}."
