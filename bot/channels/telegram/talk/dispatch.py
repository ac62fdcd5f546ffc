"""Which handler takes an update of which kind: one table, and one place where a handler's failure is met."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Update

from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.apology import apologise
from bot.channels.telegram.talk.callbacks import Callbacks
from bot.channels.telegram.talk.commands import Commands
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.feedback import Feedback
from bot.channels.telegram.talk.guests import Guests
from bot.channels.telegram.talk.inline import Inline
from bot.channels.telegram.talk.messages import Messages
from bot.channels.telegram.talk.questions import Questions

Handler = Callable[[Bot, Any], Awaitable[None]]  # what an update of the kind holds


class Dispatcher:
    """What python-telegram-bot's Application is to others, without its filters, groups and contexts: nothing here needs
    them, and each update would pay for them."""

    def __init__(self, bot: Bot, desk: Desk, admin: Admin) -> None:
        self._bot = bot
        self._desk = desk
        self._questions = Questions(desk)
        feedback = Feedback(desk, self._questions, admin.watches)
        messages = Messages(desk, self._questions, Commands(desk, self._questions, admin), feedback)
        inline = Inline(desk)
        self._handlers: dict[str, Handler] = {
            Update.MESSAGE: messages.came,
            Update.EDITED_MESSAGE: messages.edited,
            Update.CALLBACK_QUERY: Callbacks(desk, self._questions, admin, feedback).pressed,
            Update.INLINE_QUERY: inline.asked,
            Update.CHOSEN_INLINE_RESULT: inline.chosen,
            Update.MY_CHAT_MEMBER: messages.membership,
            Update.GUEST_MESSAGE: Guests(desk, self._questions).called,
        }

    @property
    def allowed_updates(self) -> tuple[str, ...]:
        """The kinds that Telegram is asked for."""
        return tuple(self._handlers)

    async def process_update(self, update: Update) -> None:
        """Raises what the handler raised, after a word to whoever waits for an answer."""
        kind = next((kind for kind in self._handlers if getattr(update, kind) is not None), None)
        if kind is None:
            return
        try:
            await self._handlers[kind](self._bot, getattr(update, kind))
        except Exception as error:
            if update.message is not None:
                await apologise(self._bot, self._desk, self._questions, update.message, error)
            raise
