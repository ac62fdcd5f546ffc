"""The week in one message, to the admins who want it: once each, whichever copy of the bot is up by then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from telegram import Bot

from bot.channels.telegram.looks import weekly
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import Page, paged
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.speaking import Place, say
from bot.store.base import StoreError, utc_now

log = logging.getLogger(__name__)

WANTED, HAD = "digest", "digest_week"  # marks of an admin: "on" or nothing, and the last week that was sent
HOUR = time(6, tzinfo=UTC)  # on Mondays: the week that it tells of is over everywhere, and Europe and Asia are at work
_LOOK = 600.0  # seconds between two looks at the clock, which somebody may set


class Digest:
    """Who wants it, and when it goes out."""

    def __init__(self, desk: Desk, bot: Bot, now: Callable[[], datetime] = utc_now) -> None:
        self._desk = desk
        self._bot = bot
        self._now = now

    async def asked(self, admin: int, lang: str, wanted: str) -> Page:
        """What `/digest on`, `/digest off` and `/digest` are answered with. Raises StoreError."""
        store, key = self._desk.store, self._desk.chat(admin)
        if (word := wanted.strip().casefold()) == "on":
            await store.mark(key, HAD, weekly.name(self._last()))  # the first one is the next
            await store.mark(key, WANTED, "on")
            return self._said(lang, "digest_on")
        if word == "off":
            await store.mark(key, WANTED, None)
            await store.mark(key, HAD, None)
            return self._said(lang, "digest_off")
        comes = "digest_on" if key in await store.marks(WANTED) else "digest_off"
        return Page(f"{await self._text(lang)}\n\n{self._said(lang, comes).text}")

    async def watch(self) -> None:
        """For ever: send it when it is due."""
        while True:
            try:
                await self.send_due()
            except StoreError as error:
                log.warning("The digest has to wait for the store: %s", type(error).__name__)
            await asyncio.sleep(_LOOK)

    async def send_due(self) -> None:
        """To each admin who wants it and has not had it; one whom it cannot be sent to keeps no other from it. Raises
        StoreError."""
        wanted = await self._desk.store.marks(WANTED)
        for admin in self._desk.admin_ids:
            if self._desk.chat(admin) in wanted:
                try:
                    await self._send(admin)
                except StoreError:
                    raise
                except Exception as error:  # there is a next time
                    log.warning("The digest could not be sent to an admin: %s", type(error).__name__)

    async def _send(self, admin: int) -> None:
        """The mark is set before: a copy that ends in between sends one digest too few, never one too many."""
        store, key, week = self._desk.store, self._desk.chat(admin), weekly.name(self._last())
        had = (await store.marks(HAD)).get(key)
        if not await store.mark(key, HAD, week):
            return
        try:
            text = await self._text(await language.of_chat(self._desk, admin, None))
            await say(self._bot, self._desk.sender, Place(admin), paged(text))
        except Exception:  # it was not sent
            await store.mark(key, HAD, had)
            raise

    async def _text(self, lang: str) -> str:
        found = await weekly.read(self._desk.store, self._desk.service, self._last())
        return await asyncio.to_thread(weekly.text, found, self._desk.base.voice(lang))

    def _last(self) -> datetime:
        """The last Monday at the hour, now at the latest: the digest that is due tells of the week before."""
        now = self._now().astimezone(UTC)
        monday = datetime.combine(now.date() - timedelta(days=now.weekday()), HOUR)
        return monday if monday <= now else monday - timedelta(days=7)

    def _said(self, lang: str, key: str) -> Page:
        return Page(escaped(self._desk.base.voice(lang).say(key, time=f"{HOUR:%H:%M}")))
