"""What admins can do besides: look at the counts, read what was asked in vain, reload. For all others none of it exists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from telegram import Bot, Message, Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    filters,
)

from bot.channels.telegram.delivery.patience import AnyApplication
from bot.channels.telegram.looks import reports
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import paged
from bot.channels.telegram.talk import language, profile
from bot.channels.telegram.talk.alerts import Alerts, listed
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.speaking import Place, change, place_of, say
from bot.open.reload import Reloaded, Reloader
from bot.store.base import StoreError, utc_now

COMMANDS = ("stats", "unanswered", "reload")
_FIRST = -1  # before the handlers that answer everybody

Act = Callable[[Message, str], Awaitable[None]]
Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


class Admin:
    """The admins' commands; between `start` and `close` also SIGHUP and the watch over the store."""

    def __init__(self, desk: Desk, reloader: Reloader, bot: Bot) -> None:
        self.alerts = Alerts(desk, bot)
        self._desk = desk
        self._reloader = reloader
        self._bot = bot
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Call within the loop."""
        self._reloader.on_hangup(self._reloaded_unasked)
        if self._desk.admin_ids:
            self._watch = asyncio.create_task(self.alerts.watch_store())

    async def close(self) -> None:
        await self._reloader.close()
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def stats(self, message: Message, lang: str) -> None:
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

    async def unanswered(self, message: Message, lang: str) -> None:
        page = await reports.unanswered(self._desk.store, self._desk.base, lang, 0)
        await say(self._bot, self._desk.sender, place_of(message), (page,))

    async def reload(self, message: Message, lang: str) -> None:
        """Says at once that it begins, and in a minute what came of it; meanwhile the chat goes on."""
        await self._say(place_of(message), lang, "reload_begun")
        self._desk.background.start("Reloading", self._reload(place_of(message), lang))

    async def noted(self, query_id: str) -> None:
        """Ends the spinning of a button."""
        await self._desk.sender.deliver(self._bot.answer_callback_query, callback_query_id=query_id)

    async def turn(self, message: Message, lang: str, number: int) -> None:
        """Another page of the questions in vain, in place of the one whose button was pressed."""
        page = await reports.unanswered(self._desk.store, self._desk.base, lang, number)
        await change(self._bot, self._desk.sender, message.chat_id, message.message_id, page)

    async def _reload(self, place: Place, lang: str) -> None:
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

    async def _reloaded_unasked(self, found: Reloaded) -> None:
        if found.good:
            self._republish()
        else:
            await self.alerts.broken_base(found.problems)

    def _republish(self) -> None:
        """Topics are commands: the lists of commands may have changed with the base."""
        desk = self._desk
        desk.background.start("Setting the profile", profile.publish(self._bot, desk.base, desk.admin_ids))

    async def _say(self, place: Place, lang: str, key: str, **values: object) -> None:
        text = escaped(self._desk.base.voice(lang).say(key, **values))
        await say(self._bot, self._desk.sender, place, paged(text))

    async def answer(self, message: Message, update: Update, act: Act) -> None:
        """Do it, in the admin's language; nobody else gets to see the update."""
        lang = await language.of_chat(self._desk, message.chat_id, update.effective_user)
        try:
            await act(message, lang)
        except StoreError:
            await self._say(place_of(message), lang, "report_gone")
        raise ApplicationHandlerStop

    def is_admin(self, update: Update) -> bool:
        user, chat = update.effective_user, update.effective_chat
        return bool(user and chat and user.id in self._desk.admin_ids and chat.id == user.id)


def register_admin(application: AnyApplication, desk: Desk, reloader: Reloader) -> Admin:
    """`start` the result once the application is initialised, `close` it at the end."""
    admin = Admin(desk, reloader, application.bot)
    if desk.admin_ids:
        mine = filters.User(desk.admin_ids) & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        for name, act in zip(COMMANDS, (admin.stats, admin.unanswered, admin.reload), strict=True):
            application.add_handler(CommandHandler(name, _command(admin, act), mine), _FIRST)
        application.add_handler(CallbackQueryHandler(_turning(admin), f"{reports.PAGE_DATA}$"), _FIRST)
    return admin


def _command(admin: Admin, act: Act) -> Handler:
    async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await admin.answer(update.message, update, act)

    return handle


def _turning(admin: Admin) -> Handler:
    async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None or not isinstance(query.message, Message) or not admin.is_admin(update):
            return
        number = reports.page_number(query.data)
        await admin.noted(query.id)
        await admin.answer(query.message, update, lambda message, lang: admin.turn(message, lang, number))

    return handle
