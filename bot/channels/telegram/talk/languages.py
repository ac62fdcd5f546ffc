"""The languages chosen in chats, read from the store for many updates at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from cachetools import TTLCache

from bot.store.base import Records

_MOST = 10_000  # as many as there may be updates in memory
_KEPT = 600.0  # seconds; what has waited for longer is read anew


class Languages:
    """What was chosen in a chat before its update came in, or since then by this process: a private chat's choice is
    made in its own lane, so nobody else can have changed it. `name` is the store's name of a chat."""

    def __init__(self, store: Records, name: Callable[[int], str]) -> None:
        self._store = store
        self._name = name
        self._read: TTLCache[int, tuple[str, asyncio.Task[dict[str, str]]]] = TTLCache(_MOST, _KEPT)

    def expect(self, chat_ids: Iterable[int]) -> None:
        """Something has come in from these chats: begin to read for all of them. Call within the loop."""
        names = {chat_id: self._name(chat_id) for chat_id in chat_ids}
        if names:
            reading = asyncio.create_task(self._store.languages(list(names.values())))
            reading.add_done_callback(lambda read: read.cancelled() or read.exception())
            for chat_id, name in names.items():
                self._read[chat_id] = name, reading

    async def of(self, chat_id: int) -> str | None:
        """None if nothing was chosen. Raises StoreError."""
        read = self._read.get(chat_id)
        if read is not None:
            name, reading = read
            return (reading.result() if reading.done() else await asyncio.shield(reading)).get(name)
        name = self._name(chat_id)
        return (await self._store.languages([name])).get(name)

    async def choose(self, chat_id: int, lang: str | None) -> None:
        await self._store.set_language(self._name(chat_id), lang)
        self.changed(chat_id)

    def changed(self, *chat_ids: int) -> None:
        """What was read of these is out of date."""
        for chat_id in chat_ids:
            self._read.pop(chat_id, None)
