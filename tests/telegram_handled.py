"""For tests in which the bot has to have done with an update, answered or not: confirmed means no more than kept."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from bot.store.inbox import Copy, Settled
from tests.memory_store import MemoryStore
from tests.telegram_bot import Running


class Noting(MemoryStore):
    """Knows which updates are done with."""

    def __init__(self) -> None:
        super().__init__()
        self.handled: set[int] = set()

    async def settle(self, me: Copy, *, done: Collection[int] = (), **more: Any) -> Settled:
        settled = await super().settle(me, done=done, **more)
        self.handled.update(done)
        return settled


async def handled(bot: Running, *update_ids: int) -> None:
    """Wait until the bot, which runs on a `Noting` store, has done with these updates."""
    assert isinstance(bot.store, Noting)
    async with asyncio.timeout(60):
        while not bot.store.handled.issuperset(update_ids):
            await asyncio.sleep(0.01)
