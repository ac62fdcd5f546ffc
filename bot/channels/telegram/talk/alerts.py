"""Words to the admins when something is broken that they alone can mend: each kind at most once an hour."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from telegram import Bot

from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import paged
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.speaking import Place, say
from bot.kb.model import KnowledgeBase, Problem

log = logging.getLogger(__name__)

BASE, STORE = "alert_base", "alert_store"  # sentences of the voice
SHOWN = 20  # problems in one message
_HOUR = 3600.0
_LONGEST = 160  # characters of one problem


def listed(problems: Sequence[Problem], base: KnowledgeBase, lang: str) -> str:
    """The first problems as HTML, and how many there are besides."""
    lines = [_shortened(str(problem)) for problem in problems[:SHOWN]]
    text = f"<pre>{escaped(chr(10).join(lines))}</pre>"
    more = len(problems) - SHOWN
    return text if more <= 0 else f"{text}\n\n{escaped(base.voice(lang).say('reload_more', count=more))}"


class Alerts:
    """Tells all the admins, each in the language of his choice."""

    def __init__(self, desk: Desk, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._bot = bot
        self._clock = clock
        self._told: dict[str, float] = {}

    async def broken_base(self, problems: Sequence[Problem] = ()) -> None:
        await self._tell(BASE, problems)

    async def broken_store(self) -> None:
        await self._tell(STORE)

    async def watch_store(self, every: float = 30.0) -> None:
        """For ever: look after the store, tell of a loss."""
        while True:
            if not await self._desk.store.healthy():
                await self.broken_store()
            await asyncio.sleep(every)

    async def _tell(self, kind: str, problems: Sequence[Problem] = ()) -> None:
        now = self._clock()
        if now - self._told.get(kind, -_HOUR) < _HOUR:
            return
        self._told[kind] = now
        for admin in self._desk.admin_ids:
            await self._tell_one(admin, kind, problems)

    async def _tell_one(self, admin: int, kind: str, problems: Sequence[Problem]) -> None:
        base = self._desk.base
        lang = await language.of_chat(self._desk, admin, None)
        text = escaped(base.voice(lang).say(kind))
        if problems:
            text += f"\n\n{listed(problems, base, lang)}"
        try:
            await say(self._bot, self._desk.sender, Place(admin), paged(text))
        except Exception as error:  # the next admin is to hear of it all the same
            log.warning("An admin could not be told of %s: %s", kind, type(error).__name__)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
