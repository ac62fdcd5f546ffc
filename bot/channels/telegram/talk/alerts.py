"""Words to the admins when something is broken that they alone can mend: of the base once for each state, of the store at
most once an hour."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence

from cachetools import TTLCache
from telegram import Bot

from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import paged
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.memory import first_time
from bot.channels.telegram.talk.speaking import Place, say
from bot.dates import spoken
from bot.kb.model import KnowledgeBase, Problem, Voice
from bot.languages.text import shortened
from bot.open.reload import Reloaded
from bot.store.base import StoreError

log = logging.getLogger(__name__)

STORE = "alert_store"  # a sentence of the voice
REFUSED = "refused"  # what is counted, and what all copies know
SHOWN = 20  # problems in one message
_HOUR = 3600.0
_LONGEST = 160  # characters of one problem

Say = Callable[[KnowledgeBase, str], str]  # what to say as HTML, in a language


def listed(problems: Sequence[Problem], base: KnowledgeBase, lang: str) -> str:
    """The first problems as HTML, and how many there are besides."""
    lines = [shortened(str(problem), _LONGEST) for problem in problems[:SHOWN]]
    text = f"<pre>{escaped(chr(10).join(lines))}</pre>"
    more = len(problems) - SHOWN
    return text if more <= 0 else f"{text}\n\n{escaped(base.voice(lang).say('reload_more', count=more))}"


class Alerts:
    """Tells all the admins, each in the language of his choice."""

    def __init__(
        self,
        desk: Desk,
        bot: Bot,
        clock: Callable[[], float] = time.monotonic,
        patience: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0),
    ) -> None:
        """`patience`: seconds between the attempts to ask the store what was told already."""
        self._desk = desk
        self._bot = bot
        self._told: TTLCache[str, bool] = TTLCache(1, _HOUR, clock)
        self._patience = patience
        self._base: str | None = None  # the state that they were told of last

    async def base(self, found: Reloaded, but: int | None = None) -> None:
        """What a look at the base came to, once for each state, whichever copy sees it first; that it is in order only if
        they were told of something else before. `but` knows already."""
        if not await self._is_new(None if found.good else _state(found)):
            return
        if not found.good:
            self._desk.count(REFUSED)
        await self._tell(
            [admin for admin in self._desk.admin_ids if admin != but], lambda base, lang: _said(found, base, lang)
        )

    async def broken_store(self) -> None:
        if first_time(self._told, STORE, True):
            await self._tell(self._desk.admin_ids, lambda base, lang: escaped(base.voice(lang).say(STORE)))

    async def _is_new(self, state: str | None) -> bool:
        """The store decides for all copies and over restarts; where it is away, this process for itself. What it had no time
        to answer it may have written all the same: better told twice than never."""
        before, self._base = self._base, state
        unsure = False
        for pause in (*self._patience, None):
            try:
                return await self._desk.store.mark("", REFUSED, state) or (unsure and before != state)
            except StoreError:
                unsure = True
                if pause is not None:
                    await asyncio.sleep(pause)
        return before != state

    async def watch_store(self, every: float = 30.0) -> None:
        """For ever: look after the store, tell of a loss."""
        while True:
            if not await self._desk.store.healthy():
                await self.broken_store()
            await asyncio.sleep(every)

    async def _tell(self, admins: Iterable[int], say_it: Say) -> None:
        for admin in admins:
            base = self._desk.base
            text = say_it(base, await language.of_chat(self._desk, admin, None))
            try:
                await say(self._bot, self._desk.sender, Place(admin), paged(text))
            except Exception as error:  # the next admin is to hear of it all the same
                log.warning("An admin could not be told: %s", type(error).__name__)


def _state(found: Reloaded) -> str:
    said = "\n".join([found.failure, found.kept, *map(str, found.problems)])
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _said(found: Reloaded, base: KnowledgeBase, lang: str) -> str:
    """As HTML: what it came to, and what is wrong."""
    voice = base.voice(lang)
    if found.good:
        return escaped(voice.say("reload_ok", entries=found.entries, phrases=found.phrases))
    text = escaped(_trouble(found, voice))
    return f"{text}\n\n{listed(found.problems, base, lang)}" if found.problems else text


def _trouble(found: Reloaded, voice: Voice) -> str:
    if found.failure:
        return voice.say("reload_failed")
    return voice.say("alert_kept", date=spoken(found.kept, voice.locale)) if found.kept else voice.say("alert_base")
