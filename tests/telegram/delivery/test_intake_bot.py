"""The bot that the tests of the intake run, within the test or as a process: echoes each text. No tests here.

Settings by environment: those of the driver, and ECHO_WORK (seconds each answer takes), STATE_DIR (the journal; none: in
memory), SEND_RATE (0: no pacing).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ExtBot

from bot import logs
from bot.channels.telegram.delivery.attempts import Handle
from bot.channels.telegram.delivery.handling import Gate
from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.limiter import PoliteLimiter
from bot.channels.telegram.delivery.patience import start_bot, stop_on_signals
from bot.channels.telegram.delivery.polling import run_polling
from bot.channels.telegram.delivery.sending import Sender
from bot.channels.telegram.delivery.transport import AiohttpRequest
from bot.channels.telegram.delivery.webhook import WebhookAddress, run_webhook
from bot.store.base import Store
from bot.store.connect import open_store
from bot.store.inbox import Copy
from bot.store.sealing import Seal
from tests.botapi.driver import free_port
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore

ALLOWED = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
SEAL = Seal(b"k" * 32, 4242)
GATE = Gate(int(os.environ.get("GATE", "2")), stuck=float(os.environ.get("STUCK", "2")))


def build(token: str, base_url: str, rate: float) -> ExtBot[int]:
    """A bot on our transport and limiter."""
    request, limiter = AiohttpRequest(), PoliteLimiter(rate)
    base = f"{base_url}/bot"
    return ExtBot(token, base_url=base, request=request, get_updates_request=request, rate_limiter=limiter)


async def echo(update: Update) -> None:
    """Answer a text with itself."""
    message = update.message or update.edited_message
    if message is None or not message.text:
        return
    await asyncio.sleep(float(os.environ.get("ECHO_WORK", "0")))
    await Sender().deliver(message.get_bot().send_message, chat_id=message.chat_id, text=f"echo: {message.text[:4000]}")


@dataclass(frozen=True, slots=True)
class Running:
    """A bot within the test: its parts, and the task that ends after `stop` is set."""

    bot: ExtBot[int]
    intake: Intake
    stop: asyncio.Event
    task: asyncio.Task[None]
    store: MemoryStore
    port: int

    async def quiet(self, seconds: float = 60.0) -> None:
        """Wait until nothing is in hand, nor in the store."""
        async with asyncio.timeout(seconds):
            while len(self.intake.waiting()):
                await asyncio.sleep(0.005)
            await self.intake.settled()


@asynccontextmanager
async def running(
    api: BotApiServer,
    handle: Handle = echo,
    *,
    mode: str = "polling",
    rate: float = 0,
    store: MemoryStore | None = None,
    **options: Any,
) -> AsyncIterator[Running]:
    """The bot against the server; `options` are those of the intake."""
    bot, stop, port, store = (
        build(api.token, api.base_url, rate),
        asyncio.Event(),
        free_port(),
        store or MemoryStore(),
    )
    intake = Intake(store, handle, bot, Copy(4242, "test"), SEAL, **options)
    await start_bot(bot, stop)
    if mode == "webhook":
        address = WebhookAddress(f"http://127.0.0.1:{port}/hook", "the-secret", "127.0.0.1", port)
        work = run_webhook(bot, intake, stop, address, allowed_updates=ALLOWED)
    else:
        work = run_polling(bot, intake, stop, allowed_updates=ALLOWED)
    task = asyncio.create_task(work)
    try:
        yield Running(bot, intake, stop, task, store, port)
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)
        await bot.shutdown()


async def journal() -> Store:
    """The real one, if there is a folder for it."""
    folder = os.environ.get("STATE_DIR")
    return await open_store(None, Path(folder)) if folder else MemoryStore()


async def main() -> None:
    """Run until SIGTERM."""
    token, mode = os.environ["TELEGRAM_BOT_TOKEN"], os.environ["BOT_MODE"]
    logs.configure(os.environ.get("LOG_LEVEL", "INFO"), secrets=[token, os.environ["WEBHOOK_SECRET"]])
    stop, store = stop_on_signals(), await journal()
    bot = build(token, os.environ["TELEGRAM_BASE_URL"], float(os.environ.get("SEND_RATE", "0")))
    intake = Intake(store, echo, bot, Copy(4242, f"echo {os.getpid()}"), SEAL, gate=GATE)
    if await start_bot(bot, stop):
        if mode == "webhook":
            host, port = os.environ["WEBHOOK_LISTEN"].split(":")
            address = WebhookAddress(os.environ["WEBHOOK_URL"] + "/hook", os.environ["WEBHOOK_SECRET"], host, int(port))
            await run_webhook(bot, intake, stop, address, allowed_updates=ALLOWED)
        else:
            await run_polling(bot, intake, stop, allowed_updates=ALLOWED)
    await bot.shutdown()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
