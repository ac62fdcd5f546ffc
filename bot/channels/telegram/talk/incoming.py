"""What a message says to the bot, and whether it says anything to it at all: in groups, mostly not. No answers here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import filters

# The accounts that Telegram shows for a chat that speaks: a group, for its anonymous admins, and a person's channel.
_SPEAKING_CHATS = frozenset({1087968824, 136817688})
# What nobody has said, though it comes as a message of a private chat. New kinds of content are many, of these there are few.
_SERVICE = filters.StatusUpdate.ALL | filters.BOOST_ADDED | filters.PASSPORT_DATA | filters.SUCCESSFUL_PAYMENT


@dataclass(frozen=True, slots=True)
class Command:
    """`name` in lower case without slash and bot's name, `rest` what follows."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str


@dataclass(frozen=True, slots=True)
class NotText:
    """Something that cannot be read: a voice message, a sticker, a picture without words, a kind not known yet."""


Incoming = Command | Question | NotText


def in_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


def read(message: Message, bot: Bot) -> Incoming | None:
    """What the message wants of the bot; None where it wants nothing."""
    if message.chat.type == ChatType.CHANNEL or not _by_person(message, bot):
        return None
    text = words(message)
    if command := _command(message, text):
        return _for_us(command, bot.username)
    private = in_private(message)
    if not private and not _addressed(message, bot):
        return None
    if text.strip():
        return Question(without_mention(text, bot.username))
    return NotText() if private and not _SERVICE.check_update(Update(0, message=message)) else None


def words(message: Message) -> str:
    """All that can be read of a message."""
    text = message.text or message.caption
    return text if isinstance(text, str) else ""


def _by_person(message: Message, bot: Bot) -> bool:
    """Not by a bot, nor a text of ours that came back by inline mode, nor a channel's post carried into its group."""
    user = message.from_user
    if message.is_automatic_forward or (message.via_bot and message.via_bot.id == bot.id):
        return False
    return user is None or not user.is_bot or user.id in _SPEAKING_CHATS


def _command(message: Message, text: str) -> str | None:
    entities = message.entities or message.caption_entities
    starts = any(e.type == MessageEntity.BOT_COMMAND and e.offset == 0 for e in entities)
    return text if starts and text.startswith("/") else None


def _for_us(text: str, username: str) -> Command | None:
    head, *rest = text[1:].split(maxsplit=1) or [""]
    name, _, addressee = head.partition("@")
    if addressee and addressee.lower() != username.lower():
        return None
    return Command(name.lower(), rest[0] if rest else "")


def _addressed(message: Message, bot: Bot) -> bool:
    """Whether a message in a group is for the bot: it mentions it, or replies to it."""
    replied = message.reply_to_message
    author = replied.from_user if replied is not None and not replied.forum_topic_created else None
    if author is not None and author.id == bot.id:
        return True
    entities = message.entities or message.caption_entities
    return any(_mentions(entity, _shown(words(message), entity), bot) for entity in entities)


def _shown(text: str, entity: MessageEntity) -> str:
    """What an entity is about. Its place is counted in halves of characters, and may be given wrongly, within one."""
    start, end = max(0, entity.offset), max(0, entity.offset + entity.length)
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "ignore")


def _mentions(entity: MessageEntity, shown: str, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return entity.type == MessageEntity.MENTION and shown.lower() == f"@{bot.username}".lower()


def without_mention(text: str, username: str) -> str:
    """The question itself."""
    if "@" not in text:
        return text.strip()
    mention = rf"@{re.escape(username)}(?![A-Za-z0-9_])"
    return re.sub(mention, " ", text, flags=re.IGNORECASE | re.ASCII).strip()
