"""Who asked to be told of an answer: kept sealed, told once when the base has one, then forgotten."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import Bot

from bot.channels.telegram.talk.asker import Asker
from bot.channels.telegram.talk.desk import Desk, Replied, Who
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import Place
from bot.languages.text import normalise, shortened
from bot.reply import Reply
from bot.store.base import StoreError, Watch, utc_now
from bot.store.scrub import scrub

log = logging.getLogger(__name__)

_PAUSE = 0.05  # seconds between two questions, so that who asks now is not kept waiting
_QUOTED = 200  # characters of the question in the message


@dataclass(frozen=True, slots=True)
class _Waits:
    """What is sealed: where to, what was asked, in which language, and since when."""

    chat: int
    question: str
    lang: str
    asked: str


class Watches:
    """Begins them by a button; `tell` goes through them after a start and after a reload."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions
        self._telling = asyncio.Lock()

    async def begin(self, chat_id: int, who: Who, question: str, lang: str) -> None:
        desk, clean = self._desk, scrub(question)
        asker = desk.person(who)
        name = desk.hashed("watch", f"{asker}/{lang}/{normalise(clean)}")
        waits = _Waits(chat_id, clean, lang, utc_now().isoformat())
        content = json.dumps([waits.chat, waits.question, waits.lang, waits.asked]).encode()
        await desk.store.add_watch(Watch(asker, name, desk.envelope.close(name, content)))

    async def tell(self, bot: Bot) -> None:
        """Tell those whose question the base answers now. Of several copies of the bot, one tells each."""
        async with self._telling:
            try:
                found = await self._desk.store.watches()
            except StoreError as error:
                log.warning("Who waits for an answer cannot be read: %s", type(error).__name__)
                return
            for watch in found:
                await self._look_after(bot, watch)
                await asyncio.sleep(_PAUSE)

    async def _look_after(self, bot: Bot, watch: Watch) -> None:
        waits = self._opened(watch)
        if waits is None:
            return
        reply = await self._answer(waits)
        if reply is None:
            return
        try:
            if await self._desk.store.take_watch(watch):
                await self._told(bot, watch, waits, reply)
        except StoreError as error:
            log.warning("Somebody who waits for an answer is told later: %s", type(error).__name__)

    async def _told(self, bot: Bot, watch: Watch, waits: _Waits, reply: Reply) -> None:
        desk = self._desk
        asker = Asker(waits.chat, waits.chat, waits.chat)
        try:
            ids = await self._questions.deliver(bot, Place(waits.chat), reply, asker)
        except Exception as error:  # whatever it is: what was not said is said the next time
            log.warning("Somebody who waits for an answer could not be told: %s", type(error).__name__)
            await desk.store.add_watch(watch, datetime.fromisoformat(waits.asked))
            return
        if ids:
            entry = reply.answers[0].entry
            desk.memory.replied[waits.chat, ids[-1]] = Replied(waits.question, reply.lang, entry, waits.chat)

    async def _answer(self, waits: _Waits) -> Reply | None:
        """The reply, if it is more than that the source is silent."""
        outcome = await self._desk.holder.ask(waits.question, waits.lang)
        if not outcome.entries or outcome.reply.waits or outcome.danger:
            return None
        voice = self._desk.base.voice(outcome.reply.lang)
        word = voice.say("watch_told", question=shortened(waits.question, _QUOTED))
        return replace(outcome.reply, lead=(word, *outcome.reply.lead))

    def _opened(self, watch: Watch) -> _Waits | None:
        """None if it was sealed with another key, or by another version: it goes after its 90 days."""
        content = self._desk.envelope.open(watch.question, watch.payload)
        try:
            return _Waits(*json.loads(content)) if content is not None else None
        except (ValueError, TypeError):
            return None
