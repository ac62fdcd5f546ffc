"""The store, for a command that needs it for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.base import Records

T = TypeVar("T")


def with_store(settings: Settings, work: Callable[[Records], Awaitable[T]]) -> T:
    """What came of some work with the store, which is open for that long. StoreUnavailable where it is away."""
    import asyncio

    from bot.store.connect import open_store

    async def run() -> T:
        store = await open_store(settings.database_url, settings.state_dir)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())
