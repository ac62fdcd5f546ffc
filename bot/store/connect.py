"""Builds the store that the bot runs with from the two settings that concern it."""

from __future__ import annotations

from pathlib import Path

from bot.store.base import Clock, utc_now
from bot.store.database import database_address
from bot.store.promises import FILE, Promises
from bot.store.resilient import ResilientStore
from bot.store.sql import SqlStore


async def open_store(database_url: str | None, state_dir: Path, *, clock: Clock = utc_now) -> ResilientStore:
    """The opened store; one that cannot be reached now is waited for in the background.

    Raises `SettingsError` only: for an address that is wrong in itself.
    """
    promises = Promises(state_dir / FILE)
    store = ResilientStore(
        SqlStore(database_address(database_url, state_dir), clock=clock), clock=clock, promises=promises
    )
    await store.open()
    return store
