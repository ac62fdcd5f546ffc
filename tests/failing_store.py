"""A store that fails on command. No tests here."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from bot.store.base import StoreError
from bot.store.inbox import Copy, Later, TakenIn, Waiting
from bot.store.memory import MemoryStore
from tests.clocks import MovedClock


class FailingStore(MemoryStore):
    """A store that can be told to refuse, to hang, or to refuse one value."""

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock=clock)
        self.error: Exception | None = None
        self.hangs = False
        self.calls = 0
        self.refuses = "refused"

    async def _stand(self) -> None:
        self.calls += 1
        if self.hangs:
            await asyncio.sleep(3600)
        if self.error is not None:
            raise self.error

    async def open(self) -> None:
        await self._stand()

    async def healthy(self) -> bool:
        await self._stand()
        return True

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        await self._stand()
        return await super().put(me, updates, held=held)

    async def settle(
        self, me: Copy, *, done: Collection[int] = (), later: Collection[Later] = (), leave: Collection[str] = ()
    ) -> list[Waiting]:
        await self._stand()
        return await super().settle(me, done=done, later=later, leave=leave)

    async def language(self, chat: str) -> str | None:
        await self._stand()
        return await super().language(chat)

    async def set_language(self, chat: str, lang: str | None) -> None:
        await self._stand()
        await super().set_language(chat, lang)

    async def add_unanswered(self, text: str, *rest: Any) -> None:
        await self._stand()
        if self.refuses in text:
            raise StoreError("The database refuses a value.")
        await super().add_unanswered(text, *rest)

    async def count(self, kind: str, entry: str | None, day: date, n: int = 1) -> None:
        await self._stand()
        await super().count(kind, entry, day, n)

    async def forget(self, asker: str) -> int:
        await self._stand()
        return await super().forget(asker)
