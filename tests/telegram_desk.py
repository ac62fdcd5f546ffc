"""For the tests of inline mode and of the admins' commands: the shipped base with few phrases, and a bot that runs on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from telegram import Bot

from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.patience import start_bot
from bot.channels.telegram.delivery.polling import run_polling
from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.channels.telegram.talk.digest import Digest
from bot.channels.telegram.talk.dispatch import Dispatcher
from bot.kb.model import Entry, KnowledgeBase
from bot.open.base import matchers_of
from bot.open.reload import Reloader
from bot.service import Service
from bot.store.base import Store
from bot.store.inbox import Copy
from tests.botapi.server import BotApiServer
from tests.fitted import alone, shipped_base, shipped_guard
from tests.fitted import cache as cache_of
from tests.kb_bases import SHIPPED
from tests.memory_store import MemoryStore
from tests.telegram.delivery.test_intake_bot import SEAL, build

KEY = b"k" * 32
ADMIN = 77
LANGUAGES = ("en", "ru", "kk")
TERM = {
    "en": "How long may a president serve?",
    "ru": "Сколько лет может править президент?",
    "kk": "Президент неше жыл билік етеді?",
}
_PHRASES = 2
CACHE = cache_of("few")


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


@dataclass(frozen=True, slots=True)
class Running:
    bot: Bot
    admin: Admin


@asynccontextmanager
async def running(api: BotApiServer, made: Desk, folder: Path = SHIPPED) -> AsyncIterator[Running]:
    """A bot against the server, at this desk; its admins reload from the folder."""
    bot, stop = build(api.token, api.base_url, 0), asyncio.Event()
    admin = Admin(made, Reloader(folder, folder.parent / "cache", made.holder, 0.5), bot, Digest(made, bot), folder)
    dispatcher = Dispatcher(bot, made, admin)
    intake = Intake(MemoryStore(), dispatcher.process_update, bot, Copy(4242, "test"), SEAL)
    await start_bot(bot, stop)
    task = asyncio.create_task(run_polling(bot, intake, stop, allowed_updates=dispatcher.allowed_updates))
    try:
        yield Running(bot, admin)
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)
        await bot.shutdown()
