"""Where every message arrives: reads what it wants and hands it on to the commands or the questions."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatType

from bot.channels.telegram.talk.commands import Commands
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.feedback import Feedback
from bot.channels.telegram.talk.incoming import Command, NotText, Question, read, words
from bot.channels.telegram.talk.memory import first_time
from bot.channels.telegram.talk.questions import Questions

log = logging.getLogger(__name__)

_ALBUM = 1.5  # seconds in which all the pictures of an album arrive, the one with the words among them
_GONE = (ChatMember.BANNED, ChatMember.LEFT)


class Messages:
    """New messages, edited ones, and the news that the bot came into a chat or left it."""

    def __init__(self, desk: Desk, questions: Questions, commands: Commands, feedback: Feedback) -> None:
        self._desk = desk
        self._questions = questions
        self._commands = commands
        self._feedback = feedback

    async def came(self, bot: Bot, message: Message) -> None:
        """A new message."""
        if message.migrate_to_chat_id:
            await self._desk.moved(message.chat_id, message.migrate_to_chat_id)
            return
        if message.migrate_from_chat_id:
            await self._desk.moved(message.migrate_from_chat_id, message.chat_id)
            return
        self._seen(message)
        wanted = read(message, bot)
        if message.media_group_id and not isinstance(wanted, NotText):
            self._desk.memory.albums[(message.chat_id, message.media_group_id)] = True
        match wanted:
            case Command() as command:
                self._feedback.turned_away(message)
                await self._commands.run(bot, message, command)
            case Question(text):
                if not await self._feedback.took(bot, message, text):
                    await self._questions.answer(bot, message, text)
            case NotText():
                await self._not_text(bot, message)
            case None:
                pass

    async def edited(self, bot: Bot, message: Message) -> None:
        """An edited message: only questions matter, and only if they are known to have read otherwise. A reaction comes
        as an edit, too, and so does the preview of a link."""
        if not self._changed(message):
            self._seen(message)
            return
        match read(message, bot):
            case Question(text) | Command("ask", text) if text.strip():
                await self._questions.edited(bot, message, text)
            case _:
                pass
        self._seen(message)

    def _changed(self, message: Message) -> bool:
        """Whether the message read otherwise when it was seen last. If it was never seen, nobody knows."""
        before = self._desk.memory.seen.get((message.chat_id, message.message_id))
        return before is not None and before != hash(words(message))

    def _seen(self, message: Message) -> None:
        """After an edit was handled, not before: one that failed is tried again."""
        self._desk.memory.seen[(message.chat_id, message.message_id)] = hash(words(message))

    async def _not_text(self, bot: Bot, message: Message) -> None:
        """An album is a message for each picture, and one of them may bring words."""
        if not message.media_group_id:
            await self._only_text(bot, message)
        elif first_time(self._desk.memory.albums, (message.chat_id, message.media_group_id), False):
            work = self._unless_words(bot, message, message.media_group_id)
            self._desk.background.start("A word on an album", work)

    async def _unless_words(self, bot: Bot, message: Message, album: str) -> None:
        await asyncio.sleep(_ALBUM)
        if not self._desk.memory.albums.get((message.chat_id, album)):
            await self._only_text(bot, message)

    async def _only_text(self, bot: Bot, message: Message) -> None:
        """Said once in a while only."""
        if first_time(self._desk.memory.told_not_text, message.chat_id, True):
            await self._questions.tell(bot, message, "not_text")

    async def membership(self, _bot: Bot, change: ChatMemberUpdated) -> None:
        """The bot was blocked or taken back, added or removed. Noted without saying by whom."""
        private = change.chat.type == ChatType.PRIVATE
        if change.new_chat_member.status in _GONE:
            log.info("The bot was %s", "blocked by a user" if private else "removed from a chat")
            self._desk.memory.forget_chat(change.chat.id)
        elif change.old_chat_member.status in _GONE:
            log.info("The bot was %s", "(re)started by a user" if private else "added to a chat")
