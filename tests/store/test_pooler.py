"""A real PgBouncer in transaction mode between the bot and PostgreSQL: the store works as without one."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.base import StoreError
from bot.store.database import database_address
from bot.store.pooler import is_pooled
from bot.store.pooler import opened as opened_for_one
from bot.store.sql import SqlStore
from tests.botapi.driver import free_port
from tests.store_contract import language, postgres_database

pytestmark = pytest.mark.enable_socket

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TODAY = date(2026, 3, 14)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="module")
def pooler(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the database through a PgBouncer that has fewer connections than its clients, in turn for each
    transaction; a server's connection is soon another client's."""
    if PGBOUNCER is None:
        pytest.skip("No pgbouncer here: apt-get install pgbouncer")
    url, port, folder = make_url(database), free_port(), tmp_path_factory.mktemp("pgbouncer")
    folder.chmod(0o777)
    for parent in list(folder.parents)[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    (folder / "users").write_text(f'"{url.username}" "{url.password or ""}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={url.host} port={url.port or 5432}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nauth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n"
        f"default_pool_size = 3\nserver_round_robin = 1\nunix_socket_dir =\nlogfile = {folder}/log\n"
    )
    command = [PGBOUNCER, "-q", *(["-u", "nobody"] if os.geteuid() == 0 else []), str(folder / "ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def store_connection(store: SqlStore) -> AbstractAsyncContextManager[AsyncConnection]:
    assert store._engine
    return opened_for_one(store._engine)


async def opened(address: str) -> SqlStore:
    store = SqlStore(database_address(address, Path("unused")))
    await store.open()
    return store


@pytest.mark.parametrize("word", ["", "?pgbouncer=true"])
async def test_many_statements_of_two_copies_at_once(pooler: str, word: str) -> None:
    """Votes and languages are written and read, each by statements of their own, more at once than PgBouncer has ways."""
    one, two = await opened(pooler + word), await opened(pooler + word)
    name = f"chat{bool(word)}"

    async def work(store: SqlStore, number: int) -> str | None:
        await store.set_language(f"{name}-{number}", "kk")
        await store.count({(name, None, TODAY): 1})
        return await language(store, f"{name}-{number}")

    found = await asyncio.gather(*(work(store, number) for store in (one, two) for number in range(200)))
    assert found == ["kk"] * 400
    assert [n for _, kind, _, n in await two.counts(TODAY) if kind == name] == [400]
    assert await one.healthy()
    async with store_connection(one) as connection:
        assert (await connection.execute(text("SHOW synchronous_commit"))).scalar() == "off"
    assert await one.prune(datetime.now(UTC)) == 0
    await one.close()
    await two.close()


async def test_nothing_is_left_behind_on_the_servers_connections(pooler: str, database: str) -> None:
    """What PgBouncer hands on to others is as it was: no prepared statement, no setting of ours."""
    import asyncpg

    store = await opened(pooler)
    await asyncio.gather(*(store.set_language(f"chat-{n}", "ru") for n in range(50)))
    for _ in range(6):
        connection = await asyncpg.connect(pooler, statement_cache_size=0)
        async with connection.transaction():
            assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''") == 0
            assert await connection.fetchval("SHOW synchronous_commit") == "on"
        await connection.close()
    await store.close()


async def test_a_pooler_is_found_without_being_told(pooler: str, database: str) -> None:
    assert await is_pooled(database_address(pooler, Path("unused")))
    assert not await is_pooled(database_address(database, Path("unused")))


async def test_what_the_address_says_is_not_tried() -> None:
    nowhere = f"postgresql://127.0.0.1:{free_port()}/x?pgbouncer="
    assert await is_pooled(database_address(nowhere + "true", Path("unused")))
    assert not await is_pooled(database_address(nowhere + "false", Path("unused")))


async def test_without_the_precautions_it_fails(pooler: str) -> None:
    """The proof that this PgBouncer bites: told that it is not there, statements get lost between its connections."""
    store = SqlStore(database_address(pooler + "?pgbouncer=false", Path("unused")))

    async def work() -> None:
        await store.open()
        for _ in range(20):
            await asyncio.gather(*(store.set_language(f"chat-{n}", "ru") for n in range(50)))

    with pytest.raises(StoreError):
        await work()
    await store.close()
