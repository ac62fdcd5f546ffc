"""The languages chosen in chats: read for many at once, and never out of date."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from bot.channels.telegram.talk.languages import Languages
from bot.store.base import StoreUnavailable
from tests.memory_store import MemoryStore


class Asked(MemoryStore):
    """Notes what is read at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.away = False

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        self.asked.append(sorted(chats))
        await asyncio.sleep(0.01)
        if self.away:
            raise StoreUnavailable("away")
        return await super().languages(chats)


async def test_a_batch_is_read_at_once() -> None:
    store = Asked()
    languages = Languages(store, str)
    await languages.choose(2, "kk")
    languages.expect([1, 2, 3])
    languages.expect([])
    assert [await languages.of(chat) for chat in (2, 1, 3, 2)] == ["kk", None, None, "kk"]
    assert store.asked == [["1", "2", "3"]]
    assert await languages.of(4) is None
    assert store.asked[1:] == [["4"]]


async def test_what_is_chosen_after_the_reading_has_begun_counts() -> None:
    store = Asked()
    languages = Languages(store, str)
    languages.expect([1])
    await asyncio.sleep(0)
    await languages.choose(1, "ru")
    assert await languages.of(1) == "ru"
    languages.expect([1])
    assert await languages.of(1) == "ru"
    await languages.choose(1, None)
    assert await languages.of(1) is None


async def test_a_store_that_is_away_is_told_to_whoever_asks() -> None:
    store = Asked()
    languages = Languages(store, str)
    store.away = True
    languages.expect([1, 2])
    with pytest.raises(StoreUnavailable):
        await languages.of(1)
    store.away = False
    languages.expect([1])
    assert await languages.of(1) is None
