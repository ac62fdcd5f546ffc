"""A wish to be forgotten while the store is away is kept: in order, over a restart, and against what is under way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.store.base import StoreUnavailable
from bot.store.connect import open_store
from bot.store.promises import FILE, Promises
from bot.store.resilient import ResilientStore
from tests.memory_store import MemoryStore

PERSON, OTHER = "person-" + "a" * 32, "person-" + "b" * 32
NOWHERE = "sqlite:////proc/nowhere/bot.sqlite3"


async def texts(store: ResilientStore) -> list[str]:
    return [one.text for one in await store.unanswered()]


async def test_it_outlives_the_process(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path)
    for who in (PERSON, OTHER):
        await store.add_unanswered(f"of {who}", "en", None, who)
    await store.close()
    away = await open_store(NOWHERE, tmp_path)
    assert await away.forget(PERSON) is None
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    await away.close()
    back = await open_store(None, tmp_path)
    assert await texts(back) == [f"of {OTHER}"]
    assert not (tmp_path / FILE).exists()
    await back.close()


class Slow(MemoryStore):
    """Fails, but not at once."""

    def __init__(self) -> None:
        super().__init__()
        self.going, self.away = asyncio.Event(), False

    async def open(self) -> None:
        if self.away:
            raise StoreUnavailable("Gone.")

    async def add_unanswered(self, *given: Any, **more: Any) -> None:
        if self.away:
            await self.going.wait()
            raise StoreUnavailable("Gone.")
        await super().add_unanswered(*given, **more)

    async def forget(self, asker: str) -> int:
        if self.away:
            raise StoreUnavailable("Gone.")
        return await super().forget(asker)


async def test_what_was_under_way_when_it_was_asked_for_is_not_written_afterwards() -> None:
    inner = Slow()
    store = ResilientStore(inner, patience=60, retry=(0.02, 0.05))
    await store.open()
    inner.away = True
    under_way = [asyncio.create_task(store.add_unanswered("under way", "en", None, who)) for who in (PERSON, OTHER)]
    await asyncio.sleep(0)
    assert await store.forget(PERSON) is None
    inner.going.set()
    await asyncio.gather(*under_way)
    await store.add_unanswered("asked later", "en", None, PERSON)
    inner.away = False
    async with asyncio.timeout(60):
        while not await store.healthy():
            await asyncio.sleep(0.01)
    assert sorted(await texts(store)) == ["asked later", "under way"]
    await store.close()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"person-1\n../x\n" + b"\0" * 50])
def test_a_damaged_file_owes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert Promises(tmp_path / FILE).owed() == []


def test_a_place_that_takes_no_writes_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    Promises(tmp_path / "file" / FILE).write([PERSON])
    assert "known until the bot stops" in caplog.text
    assert PERSON not in caplog.text
