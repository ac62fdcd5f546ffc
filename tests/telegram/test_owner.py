"""The name of a copy of the bot in the store: it fits its column, whatever the host is called, and is no other copy's."""

from __future__ import annotations

import socket
from collections.abc import Collection, Sequence

import pytest

from bot.channels.telegram.app import _owner
from bot.store.base import StoreError
from bot.store.inbox import Copy, TakenIn, Waiting
from bot.store.resilient import ResilientStore
from bot.store.tables import lanes
from tests.memory_store import MemoryStore


@pytest.mark.parametrize(
    "host", ["a", "reformbot-production-webhook-deployment-7d9f8b6c5d-abcde-fghij", "x" * 253, "ə" * 64]
)
def test_it_fits_its_column(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert len(_owner()) <= lanes.c.owner.type.length
    assert _owner() != _owner()


class Refusing(MemoryStore):
    """Takes writes, but not these, as a database does whose column is too narrow."""

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        raise StoreError("The database refuses a value (StringDataRightTruncationError).")


async def test_what_the_store_refuses_is_no_silence(caplog: pytest.LogCaptureFixture) -> None:
    store = ResilientStore(Refusing())
    await store.open()
    with pytest.raises(StoreError):
        await store.put(Copy(1, "me"), [Waiting(7, "lane", b"", 0.0)])
    assert "refuses 1 updates" in caplog.text
    assert "StringDataRightTruncationError" in caplog.text
    assert await store.healthy()
    await store.close()
