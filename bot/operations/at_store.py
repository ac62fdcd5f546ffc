"""What the database says: reachable, sound, of which version, and what waits in it. It is read, and neither made nor migrated."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, text

from bot.errors import SettingsError
from bot.operations.findings import Finding, note, ok, wrong
from bot.settings import Settings
from bot.store import migrations
from bot.store.base import StoreError
from bot.store.database import CorruptDatabase, database_address, explained, make_engine, sqlite_file

_PATIENCE = 5.0  # seconds; a database that takes longer is no help to a bot that answers in a blink


async def database(settings: Settings) -> list[Finding]:
    try:
        url = database_address(settings.database_url, settings.state_dir)
    except SettingsError as error:
        return [wrong("database", str(error), "mend DATABASE_URL")]
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return [ok("database", f"SQLite, {file} is not there yet; the first start makes it")]
    try:
        async with asyncio.timeout(_PATIENCE):
            return await _looked_at(url)
    except TimeoutError:
        return [wrong("database", f"no answer within {_PATIENCE:.0f} s", _where_to_look(file))]
    except Exception as error:  # drivers fail in as many ways as there are drivers
        return [_failed(explained(error), file)]


async def _looked_at(url: URL) -> list[Finding]:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda sync: list(_findings(sync)))
    finally:
        await engine.dispose()


def _findings(connection: Connection) -> Iterator[Finding]:
    kind = "SQLite" if connection.dialect.name == "sqlite" else "PostgreSQL"
    if kind == "SQLite" and (damage := connection.execute(text("PRAGMA quick_check(1)")).scalar()) != "ok":
        raise CorruptDatabase(str(damage).splitlines()[0])
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    at = migrations.current(connection)
    yield _schema(f"{kind} {version}".strip(), at)
    if at == migrations.HEAD:
        yield _waiting(connection)


def _schema(server: str, at: str | None) -> Finding:
    if at == migrations.HEAD:
        return ok("database", f"{server}, schema {at}")
    if at is None:
        return ok("database", f"{server}, empty; the first start fills it")
    if at in migrations.known():
        return note(
            "database",
            f"{server}, schema {at}",
            f"the next start brings it to {migrations.HEAD}: reformbot backup first",
        )
    return wrong(
        "database",
        f"{server}, schema {at} is unknown here",
        "a newer reformbot wrote it: install that one, or restore a backup",
    )


def _waiting(connection: Connection) -> Finding:
    count, oldest = connection.execute(text("SELECT count(*), min(asked) FROM inbox")).one()
    if not count:
        return ok("inbox", "nothing waits")
    age = max(0.0, time.time() - float(oldest))
    return note(
        "inbox",
        f"{count} update(s) wait, the oldest for {age:.0f} s",
        "they are answered while the bot runs; if it does, see its log",
    )


def _failed(error: StoreError, file: Path | None) -> Finding:
    if isinstance(error, CorruptDatabase):
        return wrong(
            "database",
            str(error),
            "restore a backup: reformbot restore FILE; a start moves the file aside and begins anew",
        )
    return wrong("database", str(error), _where_to_look(file))


def _where_to_look(file: Path | None) -> str:
    if file is not None:
        return f"see who else uses {file}, and whether it can be read and written"
    return "see whether the server runs, and whether host, user, password and name in DATABASE_URL are right"
