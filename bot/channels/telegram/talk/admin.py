"""What admins can do besides: look at the counts, deal with what was asked in vain, reload, have a digest. For all others none
of it exists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from telegram import Bot, Message, User

from bot import commands
from bot.channels.telegram.looks import reports
from bot.channels.telegram.looks.data import DealWith
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import paged
from bot.channels.telegram.talk import language, profile
from bot.channels.telegram.talk.alerts import Alerts, listed
from bot.channels.telegram.talk.board import Board
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.digest import Digest
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import Place, change, place_of, say
from bot.channels.telegram.talk.watches import Watches
from bot.open.reload import Reloaded, Reloader
from bot.store.base import StoreError, utc_now

Act = Callable[[Message, str, str], Awaitable[None]]  # the message, the language, what stands after the command


class Admin:
    """The admins' commands; between `start` and `close` also SIGHUP, the digest, and the watch over the folder and the store."""

    def __init__(self, desk: Desk, reloader: Reloader, bot: Bot, digest: Digest, folder: Path) -> None:
        self.alerts = Alerts(desk, bot)
        self.watches = Watches(desk, Questions(desk))
        self._board = Board(desk, bot, folder)
        self._desk = desk
        self._reloader = reloader
        self._bot = bot
        self._digest = digest
        self._tasks: list[asyncio.Task[None]] = []
        self._acts: dict[str, Act] = dict(
            zip(commands.ADMIN, (self._stats, self._unanswered, self._reload, self._weekly), strict=True)
        )

    def start(self, *, watch: bool = False) -> None:
        """Call within the loop. `watch`: every change of the folder is looked at."""
        self._reloader.start(self._reloaded_unasked, watch=watch)
        self._tell()
        if self._desk.admin_ids:
            self._tasks = [asyncio.create_task(work) for work in (self.alerts.watch_store(), self._digest.watch())]

    async def close(self) -> None:
        await self._reloader.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stats(self, message: Message, lang: str, _: str) -> None:
        """A picture where there is matplotlib, else the same as text."""
        report = await reports.stats(self._desk.store, self._desk.base, lang, utc_now().date())
        place = place_of(message)
        if report.picture is None:
            await say(self._bot, self._desk.sender, place, paged(report.text))
            return
        await self._desk.sender.deliver(
            self._bot.send_photo,
            chat_id=place.chat_id,
            photo=report.picture,
            filename="stats.png",
            caption=report.text or None,
            parse_mode="HTML",
        )

    async def _unanswered(self, message: Message, lang: str, _: str) -> None:
        page = await self._board.page(lang, 0)
        await say(self._bot, self._desk.sender, place_of(message), (page,))

    async def _weekly(self, message: Message, lang: str, wanted: str) -> None:
        """`/digest on` and `/digest off`; without a word the digest itself."""
        page = await self._digest.asked(message.chat_id, lang, wanted)
        await say(self._bot, self._desk.sender, place_of(message), (page,))

    async def _reload(self, message: Message, lang: str, _: str) -> None:
        """Says at once that it begins, and in a minute what came of it; meanwhile the chat goes on."""
        await self._say(place_of(message), lang, "reload_begun")
        self._desk.background.start("Reloading", self._reload_now(place_of(message), lang))

    async def _reload_now(self, place: Place, lang: str) -> None:
        found, base = await self._reloader.reload(), self._desk.base
        if found.good:
            self._republish()
            await self._say(place, lang, "reload_ok", entries=found.entries, phrases=found.phrases)
        elif found.failure:
            await self._say(place, lang, "reload_failed")
        else:
            text = escaped(base.voice(lang).say("reload_broken", count=len(found.problems)))
            pages = paged(f"{text}\n\n{listed(found.problems, base, lang)}")
            await say(self._bot, self._desk.sender, place, pages)
        await self.alerts.base(found, but=place.chat_id)

    async def _reloaded_unasked(self, found: Reloaded) -> None:
        if found.good:
            self._republish()
        await self.alerts.base(found)

    def _republish(self) -> None:
        """Topics are commands: the lists of commands may have changed with the base."""
        desk = self._desk
        desk.background.start("Setting the profile", profile.publish(self._bot, desk.base, desk.admin_ids))
        self._tell()

    def _tell(self) -> None:
        """Those who wait for an answer that the base may have now."""
        self._desk.background.start("Telling who waits for an answer", self.watches.tell(self._bot))

    async def _say(self, place: Place, lang: str, key: str, **values: object) -> None:
        text = escaped(self._desk.base.voice(lang).say(key, **values))
        await say(self._bot, self._desk.sender, place, paged(text))

    def knows(self, name: str, message: Message) -> bool:
        """Whether a message is for us: an admin's command, by an admin in the chat with the bot."""
        return name in self._acts and self.may(message.from_user, message.chat_id)

    def may(self, user: User | None, chat_id: int) -> bool:
        return user is not None and user.id == chat_id and user.id in self._desk.admin_ids

    async def run(self, message: Message, name: str, rest: str = "") -> None:
        """Carry out a command that `knows` is true of."""
        await self._answer(message, message.from_user, self._acts[name], rest)

    async def turn(self, message: Message, user: User, number: int) -> None:
        """Another page of the questions in vain, in place of the one whose button was pressed."""

        async def act(message: Message, lang: str, _: str) -> None:
            page = await self._board.page(lang, number)
            await change(self._bot, self._desk.sender, message.chat_id, message.message_id, page)

        await self._answer(message, user, act)

    async def deal(self, message: Message, user: User, action: DealWith) -> None:
        """What an admin chose for a question in vain."""

        async def act(message: Message, lang: str, _: str) -> None:
            page = await self._board.deal(message.chat_id, lang, action)
            if page is not None:
                await change(self._bot, self._desk.sender, message.chat_id, message.message_id, page)

        await self._answer(message, user, act)

    async def _answer(self, message: Message, user: User | None, act: Act, rest: str = "") -> None:
        lang = await language.of_chat(self._desk, message.chat_id, user)
        try:
            await act(message, lang, rest)
        except StoreError:
            await self._say(place_of(message), lang, "report_gone")
