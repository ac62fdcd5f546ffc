"""What a message says to the bot, and whether it says anything to it at all: in groups, mostly not. No answers here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType

# The accounts that Telegram shows for a chat that speaks: a group, for its anonymous admins, and a person's channel.
_SPEAKING_CHATS = frozenset({1087968824, 136817688})
# What a message of a private chat may carry that nobody has said. New kinds of content are many, of these there are few.
_SERVICE = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift",
    "gift_upgrade_sent",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "poll_option_added",
    "poll_option_deleted",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "suggested_post_approval_failed",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "unique_gift",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
)


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
    return NotText() if private and not any(getattr(message, name, None) for name in _SERVICE) else None


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
    found = message.parse_entities() if message.text else message.parse_caption_entities()
    return any(_mentions(entity, shown, bot) for entity, shown in found.items())


def _mentions(entity: MessageEntity, shown: str, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return entity.type == MessageEntity.MENTION and shown.lower() == f"@{bot.username}".lower()


def without_mention(text: str, username: str) -> str:
    """The question itself."""
    mention = rf"@{re.escape(username)}(?![A-Za-z0-9_])"
    return re.sub(mention, " ", text, flags=re.IGNORECASE | re.ASCII).strip()
