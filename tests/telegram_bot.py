"""The Telegram channel as the tests run it: all its parts, against the tests' Bot API server. No tests here."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.channels.telegram.app import serve
from bot.channels.telegram.looks.data import Action, written
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.service import Service
from bot.settings import Settings
from tests.botapi.driver import SECRET, free_port
from tests.botapi.model import JsonDict, Sent
from tests.botapi.server import LONG, BotApiServer
from tests.memory_store import MemoryStore
from tests.small_service import small_service
from tests.store_contract import language

KEY = b"k" * 32


class Clock:
    """Time that can be moved forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@dataclass(frozen=True, slots=True)
class Running:
    """A bot at work and what a test may look at or turn."""

    desk: Desk
    store: MemoryStore
    holder: ServiceHolder
    clock: Clock
    stop: asyncio.Event

    async def chosen(self, chat_id: int) -> str | None:
        """The language that was chosen in a chat, as the store has it."""
        return await language(self.store, self.desk.chat(chat_id))

    async def settled(self) -> None:
        """Wait for what the bot does behind the answers."""
        await self.desk.background.drain(0.05)
        await self.desk.tally.write()


def settings_for(api: BotApiServer, folder: Path, mode: str = "polling", **more: object) -> Settings:
    port = free_port()
    values = {
        "telegram_bot_token": api.token,
        "telegram_base_url": api.base_url,
        "bot_mode": mode,
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_listen": f"127.0.0.1:{port}",
        "webhook_secret": SECRET,
        "send_rate": 0,
        "ask_rate": 0,
        "state_dir": folder,
        "reload": "signal",
    }
    return Settings(_env_file=None, **values | more)


@asynccontextmanager
async def running(
    api: BotApiServer,
    *,
    mode: str = "polling",
    service: Service | None = None,
    store: MemoryStore | None = None,
    **more: object,
) -> AsyncIterator[Running]:
    """The bot against the server; `more` are settings."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(api, Path(folder), mode, **more)
        holder, store, clock = ServiceHolder(service or small_service()), store or MemoryStore(), Clock()
        desk = Desk(
            holder,
            store,
            KEY,
            ask_rate=settings.ask_rate,
            clock=clock,
            dice=random.Random(7),
            admin_ids=settings.admin_ids,
        )
        stop = asyncio.Event()
        task = asyncio.create_task(serve(settings, holder, store, stop, desk=desk))
        try:
            yield Running(desk, store, holder, clock, stop)
        finally:
            stop.set()
            await asyncio.wait_for(task, LONG)


def button(sent: Sent, text: str) -> str:
    """The data of the button that has this in its text."""
    return next(b["callback_data"] for b in sent.buttons if text in b["text"])


def has(sent: Sent, action: Action) -> bool:
    return any(b.get("callback_data") == written(action) for b in sent.buttons)


def texts(sent: Sent) -> list[str]:
    return [b["text"] for b in sent.buttons]


def as_shown(sent: Sent) -> JsonDict:
    """What a test compares: text and buttons."""
    return {"text": sent.text, "buttons": texts(sent)}
