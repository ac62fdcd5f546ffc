"""Carries all rows of the store from PostgreSQL into a SQLite file and back, as they stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import ReformbotError, UsageError
from bot.store import migrations
from bot.store.database import explained, make_engine
from bot.store.tables import metadata, pulse

_AT_ONCE = 1000  # rows in memory


async def copy_out(url: URL, target: Path) -> None:
    """All of the database, which keeps running, into a new SQLite file of the newest schema."""
    new = _sqlite(target)
    engine = make_engine(url, pooled=False)
    try:
        async with engine.connect() as found:
            source = await found.execution_options(isolation_level="REPEATABLE READ")
            await source.run_sync(lambda old: _out(old, new))
    except (SQLAlchemyError, OSError) as error:
        raise ReformbotError(f"The database cannot be read: {explained(error)}") from None
    finally:
        new.dispose()
        await engine.dispose()


async def copy_in(source: Path, url: URL) -> None:
    """Everything into a database that holds nothing yet; all or nothing."""
    old = _sqlite(source)
    with old.connect() as connection:
        migrations.upgrade(connection)
    engine = make_engine(url, pooled=False)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrations.upgrade)
        async with engine.connect() as found:
            target = await found.execution_options(isolation_level="SERIALIZABLE")
            await target.run_sync(lambda new: _in(old, new))
            await target.commit()
    except (SQLAlchemyError, OSError) as error:
        raise ReformbotError(f"The database cannot be written: {explained(error)}") from None
    finally:
        old.dispose()
        await engine.dispose()


def _sqlite(file: Path) -> Engine:
    return create_engine(URL.create("sqlite", database=str(file)), isolation_level="AUTOCOMMIT")


def _out(old: Connection, new: Engine) -> None:
    if migrations.current(old) != migrations.HEAD:
        raise UsageError("The database is of an older version: start the bot once, which brings it up to date.")
    with new.connect() as connection:
        migrations.upgrade(connection)
    with new.execution_options(isolation_level="SERIALIZABLE").begin() as connection:
        for table in metadata.sorted_tables:
            _carry(table, old, connection)


def _in(old: Engine, new: Connection) -> None:
    held = [table.name for table in metadata.sorted_tables if table is not pulse and _count(table, new)]
    if held:
        raise UsageError(f"The database holds something already ({', '.join(held)}): restore into an empty one.")
    with old.connect() as source:
        for table in metadata.sorted_tables:
            new.execute(table.delete())
            _carry(table, source, new)
    for table in metadata.sorted_tables:
        _next_number(table, new)


def _carry(table: Table, source: Connection, target: Connection) -> None:
    for batch in _batches(table, source):
        target.execute(insert(table), batch)


def _batches(table: Table, source: Connection) -> Iterator[list[dict[str, Any]]]:
    found = source.execute(select(table)).mappings()
    while batch := found.fetchmany(_AT_ONCE):
        yield [dict(row) for row in batch]


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _next_number(table: Table, connection: Connection) -> None:
    """PostgreSQL numbers on from where it was left, which rows that bring their own numbers do not tell it."""
    numbered = table.autoincrement_column
    if numbered is not None and connection.dialect.name == "postgresql":
        following = select(func.coalesce(func.max(numbered), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, numbered.name)
        connection.execute(select(func.setval(sequence, following, False)))
