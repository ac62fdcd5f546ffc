"""One press of a button: where, by whom, and that it is answered once."""

from __future__ import annotations

from dataclasses import replace

from telegram import Bot, CallbackQuery, Message

from bot.channels.telegram.delivery.sending import Delivery
from bot.channels.telegram.looks import data
from bot.channels.telegram.looks.data import Action, DealWith, ShowTopic, ShowTopics, ShowUnanswered
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk.asker import Asker
from bot.channels.telegram.talk.desk import Desk, MessageKey
from bot.channels.telegram.talk.speaking import Place, change, say

_LONGEST_TOAST = 200


class Press:
    """One press of a button, to be answered once. `place` is None where the message is not in a chat we know, and then
    no button of ours is under it: what is sent inline has links alone."""

    def __init__(self, bot: Bot, query: CallbackQuery, desk: Desk) -> None:
        self.bot = bot
        self.query = query
        self._sender = desk.sender
        self._answered = False

    @property
    def message(self) -> Message | None:
        """The message with the button, unless it is too old for Telegram to show it: then it is of the year 1970."""
        found = self.query.message
        return found if isinstance(found, Message) and found.date.timestamp() > 0 else None

    @property
    def place(self) -> Place | None:
        found = self.query.message
        if found is None:
            return None
        thread = self.message.message_thread_id if self.message and self.message.is_topic_message else None
        return Place(found.chat.id, thread, found.message_id if found.chat.id < 0 else None)

    @property
    def asker(self) -> Asker:
        place = self.place
        person = self.query.from_user.id
        return Asker(place.chat_id if place else person, person, person)

    @property
    def key(self) -> MessageKey | None:
        """Of the message with the button."""
        found = self.query.message
        return (found.chat.id, found.message_id) if found is not None else None

    @property
    def belongs(self) -> bool:
        """Whether the bot put a button with this data under the message; true where that cannot be seen."""
        if self.message is None:
            return self.query.message is not None
        return self.query.data in self._buttons

    @property
    def is_list(self) -> bool:
        """Whether the message is a list of topics or questions, to be turned over."""
        return any(turns_over(data.read(one)) for one in self._buttons)

    @property
    def _buttons(self) -> list[str]:
        markup = self.message.reply_markup if self.message is not None else None
        rows = markup.inline_keyboard if markup else ()
        return [one.callback_data for row in rows for one in row if isinstance(one.callback_data, str)]

    async def turn_over(self, pages: tuple[Page, ...]) -> None:
        """Put the pages in place of the message with the button; send them anew if it is gone, or may be another's."""
        place, found = self.place, self.query.message
        if place is None or found is None:
            return
        unseen = self.message is None and place.chat_id < 0
        if unseen or await change(self.bot, self._sender, place.chat_id, found.message_id, pages[0]) is Delivery.GONE:
            await say(self.bot, self._sender, replace(place, reply_to=None), pages)

    async def answer(self, text: str = "", *, alert: bool = False) -> None:
        """Answer, unless that is done."""
        if self._answered:
            return
        self._answered = True
        await self._sender.deliver(
            self.bot.answer_callback_query,
            callback_query_id=self.query.id,
            text=text[:_LONGEST_TOAST] or None,
            show_alert=alert or None,
        )


def turns_over(action: Action | None) -> bool:
    return isinstance(action, ShowTopics | ShowUnanswered | DealWith) or (
        isinstance(action, ShowTopic) and not action.fresh
    )
