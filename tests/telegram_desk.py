"""For the tests of inline mode and of the admins' commands: the shipped base with few phrases, and a bot that runs on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import TypeVar

from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.patience import AnyApplication, start_application, watched
from bot.channels.telegram.delivery.polling import run_polling
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.kb.model import Entry, KnowledgeBase
from bot.open.base import matchers_of
from bot.service import Service
from bot.store.base import Store
from bot.store.inbox import Copy
from bot.store.memory import MemoryStore
from tests.botapi.server import BotApiServer
from tests.fitted import alone, shipped_base, shipped_guard
from tests.fitted import cache as cache_of
from tests.telegram.delivery.test_intake_bot import SEAL, build

KEY = b"k" * 32
ADMIN = 77
LANGUAGES = ("en", "ru", "kk")
TERM = {
    "en": "How long may a president serve?",
    "ru": "Сколько лет может править президент?",
    "kk": "Президент неше жыл билік етеді?",
}
ALLOWED = ["message", "callback_query", "inline_query", "chosen_inline_result"]
_PHRASES = 2
CACHE = cache_of("few")

T = TypeVar("T")


@cache
def service() -> Service:
    """All entries in all languages; so few phrases that the fit takes seconds."""
    base = _shortened(shipped_base())
    guard = shipped_guard()
    with alone(CACHE):
        return Service(base, matchers_of(base, CACHE), guard=guard)


def _shortened(base: KnowledgeBase) -> KnowledgeBase:
    few = slice(_PHRASES)
    return replace(
        base,
        digest=f"{base.digest[:12]}-few-{_PHRASES}",
        entries={name: _entry(entry) for name, entry in base.entries.items()},
        refusals={
            name: replace(
                one, texts={code: replace(text, phrases=text.phrases[few]) for code, text in one.texts.items()}
            )
            for name, one in base.refusals.items()
        },
        voices={
            code: replace(
                voice, small_talk={k: replace(talk, phrases=talk.phrases[few]) for k, talk in voice.small_talk.items()}
            )
            for code, voice in base.voices.items()
        },
    )


def _entry(entry: Entry) -> Entry:
    texts = {
        code: replace(
            text,
            phrases=text.phrases[:_PHRASES],
            gaps={name: replace(gap, ask=gap.ask[:1]) for name, gap in text.gaps.items()},
        )
        for code, text in entry.texts.items()
    }
    return replace(entry, texts=texts)


def desk(store: Store | None = None, admins: tuple[int, ...] = (ADMIN,)) -> Desk:
    return Desk(ServiceHolder(service()), store or MemoryStore(), KEY, admin_ids=admins)


@asynccontextmanager
async def running(api: BotApiServer, register: Callable[[AnyApplication], T]) -> AsyncIterator[T]:
    """A bot against the server, with what `register` adds to it; every other message is answered with "everybody"."""
    application, stop = build(api.token, api.base_url, 0), asyncio.Event()
    application.add_handler(TypeHandler(Update, _everybody), 5)
    intake = Intake(MemoryStore(), watched(application), application.bot, Copy(4242, "test"), SEAL)
    await start_application(application, stop)
    registered = register(application)
    task = asyncio.create_task(run_polling(application.bot, intake, stop, allowed_updates=ALLOWED))
    try:
        yield registered
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)
        await application.shutdown()


async def _everybody(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.callback_query:
        await update.callback_query.answer("everybody")
    elif update.message:
        await update.message.reply_text("everybody")
