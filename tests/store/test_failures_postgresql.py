"""PostgreSQL goes away in every way it can; the bot goes on, as in `test_store_failures`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.store import postgresql
from bot.store.base import StoreBusy, StoreUnavailable
from bot.store.database import database_address
from bot.store.inbox import Copy, TakenIn, Waiting
from bot.store.sql import SqlStore
from tests.inbox_contract import ME, OTHER_COPY, arrives, ids, update
from tests.store.test_failures import (
    PATIENCE,
    answer,
    goes_on,
    has_caught_up,
    one_loss_one_return,
    resilient,
    until,
    warnings,
)
from tests.store_contract import admin, postgres_database

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
    assert await answer(store, 0)
    await proxy.cut()
    await goes_on(store, 1)
    await proxy.up()
    await has_caught_up(store, range(6))
    assert await answer(store, 6)
    one_loss_one_return(caplog)
    await store.close()


async def test_a_network_that_swallows_everything(clean: str, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    store = resilient(through(proxy, clean))
    await store.open()
    assert await answer(store, 0)
    proxy.stop()
    store._patience = 0.5
    began = time.perf_counter()
    found = await asyncio.gather(*(arrives(store, n) for n in range(1, 40)), return_exceptions=True)
    assert time.perf_counter() - began < 39 * store._patience / 2  # they do not wait one after the other
    assert {type(outcome) for outcome in found} == {StoreUnavailable}
    await goes_on(store, 100)
    store._patience = PATIENCE
    proxy.go()
    await has_caught_up(store, [0, *range(100, 105)])
    # What could not be taken in was not, and comes again.
    assert len((await store.put(ME, [update(n, f"lane {n}") for n in range(1, 40)])).fresh) == 39
    one_loss_one_return(caplog)
    await store.close()


async def test_a_server_that_is_not_there_at_the_start(clean: str, proxy: Proxy) -> None:
    await proxy.cut()
    store = resilient(through(proxy, clean))
    await store.open()
    await goes_on(store, 1)
    await proxy.up()
    await has_caught_up(store, range(1, 6))
    await store.close()


@pytest.mark.parametrize("table", ["inbox", "lanes", "handled"])
async def test_a_table_locked_by_an_administrator(
    clean: str, table: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a moment that is waited for, for longer it is an absence, though the server answers others."""
    import asyncpg

    monkeypatch.setattr(postgresql, "LOCKED", 70)
    store = resilient(clean)
    await store.open()
    assert await answer(store, 0)
    other = await asyncpg.connect(clean)
    async with other.transaction():
        await other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        tries = 0
        async with asyncio.timeout(60):
            while await store.healthy():
                with pytest.raises(StoreUnavailable):
                    await arrives(store, 1)
                tries += 1
        assert tries > 3
        await goes_on(store, 1)
    await other.close()
    await has_caught_up(store, range(6))
    one_loss_one_return(caplog)
    await store.close()


async def test_connections_ended_by_the_server_are_replaced_without_a_loss(
    clean: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = resilient(clean)
    await store.open()
    assert all(await asyncio.gather(*(answer(store, n) for n in range(8))))
    await admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        clean,
    )
    assert all(await asyncio.gather(*(answer(store, n) for n in range(8, 16))))
    await has_caught_up(store, range(16))
    assert warnings(caplog) == []
    await store.close()


async def test_another_copy_goes_on_with_what_a_copy_without_its_store_holds(clean: str, proxy: Proxy) -> None:
    """When the lease has run out and not before; the copy that is back is told, and what it has answered stays answered."""
    me, lost, other = Copy(42, "lost", 1.5), resilient(through(proxy, clean)), resilient(clean)
    await lost.open()
    await other.open()
    await lost.put(me, [update(1), update(2), update(3, "b")])
    await proxy.cut()
    assert ids(await lost.settle(me, done=[1], leave=["a"])) == []
    assert await other.take(OTHER_COPY) == []
    async with asyncio.timeout(60):
        while not (found := await other.take(OTHER_COPY)):
            await asyncio.sleep(0.05)
    assert ids(found) == [1, 2, 3]
    await proxy.up()
    await until(lost.healthy)
    assert await lost.renew(me, ["a", "b"]) == frozenset()
    assert ids(await other.settle(OTHER_COPY, leave=["a"])) == [2]
    for store in (lost, other):
        await store.close()


class Frozen(SqlStore):
    """Stands still in the midst of its first transaction, its lanes locked."""

    def __init__(self, address: str) -> None:
        super().__init__(database_address(address, Path("unused")))
        self.locked, self.thaw = threading.Event(), threading.Event()

    def _waiting(self, *values: Any) -> list[Waiting]:
        self.locked.set()
        self.thaw.wait(100)  # longer than the others try
        return super()._waiting(*values)


async def test_a_copy_that_stands_still_amid_a_transaction_holds_up_others_no_longer_than_a_lease(
    clean: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As does one whose network is gone without a word: for the server, its transaction goes on until it ends it."""
    assert Copy(42, "any").lease >= postgresql.IDLE
    monkeypatch.setattr(postgresql, "IDLE", 1)
    monkeypatch.setattr(postgresql, "LOCKED", 140)  # in the same proportion
    frozen, other = Frozen(clean), resilient(clean)
    await other.open()

    async def put() -> TakenIn:
        await frozen.open()
        taken = await frozen.put(ME, [update(1)])
        await frozen.close()
        return taken

    putting = asyncio.create_task(asyncio.to_thread(asyncio.run, put()))
    await asyncio.to_thread(frozen.locked.wait, 60)
    with pytest.raises(StoreBusy):
        await other.put(OTHER_COPY, [update(2)])
    assert (await other.put(OTHER_COPY, [update(3, "b")])).ours == {"b"}
    assert await other.healthy()
    try:
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(StoreUnavailable):
                    assert (await other.put(OTHER_COPY, [update(2)])).ours == {"a"}
                    break
                await asyncio.sleep(0.1)
    finally:
        frozen.thaw.set()
        late = await putting
    assert (late.fresh, late.ours) == ({1}, frozenset())  # made again, and the lane is another's now
    assert ids(await other.settle(OTHER_COPY, leave=["a"])) == [1, 2]
    await other.close()
