"""PostgreSQL goes away in every way it can; the bot goes on, as in `test_store_failures`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.database import database_address
from tests.store_contract import admin, postgres_database
from tests.test_store_failures import answer, goes_on, has_caught_up, one_loss_one_return, resilient, warnings

pytestmark = pytest.mark.enable_socket


class Proxy:
    """A way to the server that can be cut (connections end) or stopped (nothing moves)."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Event()
        self._moving.set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writers.clear()

    def stop(self) -> None:
        self._moving.clear()

    def go(self) -> None:
        self._moving.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection(*self._target)
        self._writers |= {writer, onward}
        for source, sink in ((reader, onward), (there, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._moving.wait()
                sink.write(data)
        sink.close()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest_asyncio.fixture
async def clean(database: str) -> str:
    await admin("DROP SCHEMA public CASCADE", database)
    await admin("CREATE SCHEMA public", database)
    return database


@pytest_asyncio.fixture
async def proxy(clean: str) -> AsyncIterator[Proxy]:
    url = database_address(clean, Path("unused"))
    proxy = Proxy(url.host or "127.0.0.1", url.port or 5432)
    await proxy.up()
    yield proxy
    proxy.go()
    await proxy.cut()


def through(proxy: Proxy, address: str) -> str:
    url = database_address(address, Path("unused")).set(host="127.0.0.1", port=proxy.port)
    return url.render_as_string(hide_password=False)


async def test_a_server_that_goes_away_in_mid_flight(
    clean: str, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    store = resilient(through(proxy, clean))
    await store.open()
    await answer(store, 0)
    await proxy.cut()
    await goes_on(store, 1)
    await proxy.up()
    await has_caught_up(store, 6)
    one_loss_one_return(caplog)
    await store.close()


async def test_a_network_that_swallows_everything(clean: str, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    store = resilient(through(proxy, clean))
    await store.open()
    await answer(store, 0)
    proxy.stop()
    began = time.perf_counter()
    found = await asyncio.gather(*(answer(store, n) for n in range(1, 40)))
    assert time.perf_counter() - began < 1.3
    assert set(found) == {False}
    await goes_on(store, 100)
    proxy.go()
    await has_caught_up(store, 45)
    one_loss_one_return(caplog)
    await store.close()


async def test_a_server_that_is_not_there_at_the_start(clean: str, proxy: Proxy) -> None:
    await proxy.cut()
    store = resilient(through(proxy, clean))
    await store.open()
    await goes_on(store, 1)
    await proxy.up()
    await has_caught_up(store, 5)
    await store.close()


async def test_a_table_locked_by_an_administrator(clean: str, caplog: pytest.LogCaptureFixture) -> None:
    import asyncpg

    store = resilient(clean)
    await store.open()
    await answer(store, 0)
    other = await asyncpg.connect(clean)
    async with other.transaction():
        await other.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        await goes_on(store, 1)
    await other.close()
    await has_caught_up(store, 6)
    one_loss_one_return(caplog)
    await store.close()


async def test_connections_ended_by_the_server_are_replaced_without_a_loss(
    clean: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = resilient(clean)
    await store.open()
    await asyncio.gather(*(answer(store, n) for n in range(8)))
    await admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        clean,
    )
    assert set(await asyncio.gather(*(answer(store, n) for n in range(8, 16)))) == {True}
    await has_caught_up(store, 16)
    assert warnings(caplog) == []
    await store.close()
