"""Brings a database to the newest schema; versions are append-only and each has a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.store.base import StoreError

HEAD = "0008_misses"

# Any number will do, so long as every replica takes the same one.
_LOCK = 7_310_226_259


def upgrade(connection: Connection) -> None:
    """Bring the database up to `HEAD`; safe while other processes do the same."""
    if connection.dialect.name == "sqlite" and current(connection) != HEAD:
        # Another process may be at it, and that takes longer than an answer would wait for a lock.
        connection.execute(text("PRAGMA busy_timeout = 10000"))
    while _step(connection):
        pass


def current(connection: Connection) -> str | None:
    """The version the database is at; None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def known() -> set[str]:
    """The versions that this program can come from."""
    return {path.stem.removeprefix("v") for path in (Path(__file__).parent / "versions").glob("v*.py")}


def _step(connection: Connection) -> bool:
    """One version further, under a lock; whether there was one to take."""
    if current(connection) == HEAD:
        return False
    with _locked(connection):
        at = current(connection)
        if at == HEAD:
            return False
        _apply_next(connection, at)
    return True


def _apply_next(connection: Connection, at: str | None) -> None:
    # Alembic takes a tenth of a second to import, and a database at HEAD has no use for it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise StoreError(
            f"The database is at version {at}, which this program does not know: a newer reformbot wrote it. Install that one,"
            " or stop the bot, move the database away and `reformbot restore` the backup of before the upgrade."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "+1")


@contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    """A transaction that no second migrating process can enter."""
    sqlite = connection.dialect.name == "sqlite"
    connection.rollback()
    # pysqlite opens no transaction before DDL; IMMEDIATE takes the write lock before the version is read.
    connection.execute(text("BEGIN IMMEDIATE" if sqlite else "SET LOCAL lock_timeout = 0"))
    if not sqlite:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
