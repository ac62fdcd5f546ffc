"""The store goes away in every way it can; the bot goes on, and what it would have written is there in the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
import pytest_asyncio

from bot.store.base import StoreUnavailable
from bot.store.connect import open_store
from bot.store.database import SQLITE_FILE, database_address
from bot.store.inbox import Later
from bot.store.resilient import ResilientStore
from bot.store.sql import SqlStore
from tests.inbox_contract import ME, OTHER_COPY, arrives, ids, update
from tests.store_contract import TODAY, language

WARNING = logging.WARNING
T = TypeVar("T")

PATIENCE = 60.0  # seconds: a busy machine is no absence


def resilient(address: str, patience: float = PATIENCE, open_patience: float = 60.0) -> ResilientStore:
    inner = SqlStore(database_address(address, Path("unused")))
    return ResilientStore(inner, patience=patience, open_patience=open_patience, retry=(0.05, 0.1))


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def answer(store: ResilientStore, update_id: int) -> bool:
    """What the bot asks of the store for one question; whether it could be taken in. It is answered in either case."""
    try:
        kept = await arrives(store, update_id)
    except StoreUnavailable:
        kept = False
    await _answered(store, update_id)
    return kept


async def _answered(store: ResilientStore, update_id: int) -> None:
    await language(store, "chat-1")
    await store.add_unanswered(f"question {update_id}", "en", None, "person-1")
    await store.count({("asked", None, TODAY): 1})
    assert ids(await store.settle(ME, done=[update_id], leave=[f"lane {update_id}"])) == []


async def goes_on(store: ResilientStore, first: int, number: int = 5) -> None:
    """The first question waits once, the others not at all; of none it is said that it was taken in."""
    with pytest.raises(StoreUnavailable):
        await arrives(store, first)
    at_once(_answered(store, first))
    for n in range(first + 1, first + number):
        assert not at_once(answer(store, n))
    for call in (store.put(ME, [update(first)]), store.take(ME), store.renew(ME, ["a"])):
        with pytest.raises(StoreUnavailable):
            at_once(call)
    at_once(store.let_go(ME))
    assert not at_once(store.healthy())


def at_once(call: Coroutine[Any, Any, T]) -> T:
    """What it gives without waiting for anything."""
    try:
        call.send(None)
    except StopIteration as ended:
        return cast("T", ended.value)
    call.close()
    pytest.fail(f"{call} waits")


async def has_caught_up(store: ResilientStore, answered: Iterable[int]) -> None:
    """All that was written meanwhile is there, and no update that was answered is taken in again or still waits."""
    updates = list(answered)
    await until(store.healthy)
    assert await store.counts(TODAY) == [(TODAY, "asked", None, len(updates))]
    assert await store.unanswered_count() == len(updates)
    again = await store.put(ME, [update(n, "again") for n in updates])
    assert (again.fresh, again.before) == (frozenset(), ())
    assert ids(await store.settle(ME, leave=["again", *(f"lane {n}" for n in updates)])) == []


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= WARNING and r.name.startswith("bot.store")]


def one_loss_one_return(caplog: pytest.LogCaptureFixture) -> None:
    lost, back = warnings(caplog)
    assert "away" in lost
    assert "back" in back


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[ResilientStore]:
    store = resilient(f"sqlite:///{tmp_path / SQLITE_FILE}")
    await store.open()
    assert await answer(store, 0)
    yield store
    await store.close()


async def test_a_database_locked_by_somebody_else(
    store: ResilientStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        await goes_on(store, 1)
        other.execute("ROLLBACK")
    await has_caught_up(store, range(6))
    assert await answer(store, 6)
    one_loss_one_return(caplog)


async def test_a_database_locked_for_a_moment_is_waited_for(
    store: ResilientStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        putting = asyncio.create_task(arrives(store, 1))
        await asyncio.sleep(0.3)
        assert not putting.done()
        other.execute("ROLLBACK")
        assert await putting
    assert warnings(caplog) == []


async def test_what_waited_when_the_store_went_away_is_there_when_it_is_back(
    store: ResilientStore, tmp_path: Path
) -> None:
    """It is ours still, since nobody else could take it over meanwhile; what was put off keeps its tries."""
    await store.put(ME, [update(1), update(2), update(3)])
    with contextlib.closing(sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert ids(await store.settle(ME, done=[1], leave=["a"])) == []
        assert ids(await store.settle(ME, later=[Later(2, 4, 0.0)])) == []
        with pytest.raises(StoreUnavailable):
            await store.take(OTHER_COPY)
        other.execute("ROLLBACK")
    await until(store.healthy)
    assert await store.take(OTHER_COPY) == []
    found = await store.settle(ME, leave=["a"])
    assert [(waiting.update_id, waiting.tries) for waiting in found.found] == [(2, 4), (3, 0)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("A disk of its own size needs the right to mount: run as root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = resilient(f"sqlite:///{small_disk / SQLITE_FILE}")
    await store.open()
    assert await answer(store, 0)
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    n = 0
    while await store.healthy():
        n += 1
        assert n < 500
        await answer(store, n)
    await goes_on(store, n + 1)
    filler.unlink()
    await has_caught_up(store, range(n + 6))
    one_loss_one_return(caplog)
    await store.close()


async def test_a_full_disk_at_the_start(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    store = resilient(f"sqlite:///{small_disk / SQLITE_FILE}")
    await store.open()
    await goes_on(store, 1)
    filler.unlink()
    await has_caught_up(store, range(1, 6))
    await store.close()


async def test_a_database_that_can_only_be_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    writable = SqlStore(database_address(None, tmp_path))
    await writable.open()
    await writable.close()
    store = resilient(f"sqlite:///file:{tmp_path / SQLITE_FILE}?mode=ro&uri=true")
    await store.open()
    await goes_on(store, 1)
    await asyncio.sleep(0.3)
    assert len(warnings(caplog)) == 1
    await store.close()
    assert "15 writes that waited for the store are lost" in warnings(caplog)[-1]


async def test_a_folder_that_is_replaced_under_way_is_noticed(store: ResilientStore, tmp_path: Path) -> None:
    """SQLite writes on into a deleted file without complaint; `healthy` looks whether it is still there."""
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / SQLITE_FILE).mkdir()
    assert not await store.healthy()
    await goes_on(store, 1)
    (tmp_path / SQLITE_FILE).rmdir()
    await has_caught_up(store, range(1, 6))


async def test_a_state_folder_that_cannot_be_made_does_not_end_the_start(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands here")
    store = resilient(f"sqlite:///{tmp_path / 'state' / SQLITE_FILE}")
    await store.open()
    await goes_on(store, 1)
    with pytest.raises(StoreUnavailable):
        await store.unanswered()
    (tmp_path / "state").unlink()
    await has_caught_up(store, range(1, 6))
    await store.close()


@pytest.mark.parametrize("damage", ["all", "middle"])
async def test_a_corrupt_file_at_the_start_is_moved_aside(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / SQLITE_FILE
    sound = SqlStore(database_address(None, tmp_path))
    await sound.open()
    await sound.close()
    content = bytearray(file.read_bytes())
    content[slice(None) if damage == "all" else slice(4096, 12288)] = b"\xa5" * (
        len(content) if damage == "all" else 8192
    )
    file.write_bytes(content)
    store = await open_store(None, tmp_path)
    assert await answer(store, 1)
    assert await store.healthy()
    await store.close()
    [aside] = tmp_path.glob(f"{SQLITE_FILE}.corrupt-*")
    assert aside.read_bytes() == content
    assert aside.name in caplog.text


async def test_a_file_that_turns_corrupt_under_way_is_moved_aside(
    store: ResilientStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / SQLITE_FILE
    with contextlib.closing(sqlite3.connect(file)) as other:
        # A change by somebody else makes the store read the file again instead of its own memory of it.
        other.execute("UPDATE pulse SET beat = 0")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.write_bytes(b"\xa5" * file.stat().st_size)
    for n in range(1, 30):
        await answer(store, n)
    await has_caught_up(store, range(1, 30))
    assert await answer(store, 30)
    assert list(tmp_path.glob(f"{SQLITE_FILE}.corrupt-*"))
    assert ["corrupt" in line for line in warnings(caplog)] == [True, True, False]
