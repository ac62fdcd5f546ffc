"""Which language the bot speaks where the question itself does not tell: chosen, else Telegram's, else the first."""

from __future__ import annotations

import logging

from telegram import Bot, Message, User
from telegram.error import BadRequest, Forbidden

from bot.channels.telegram.looks import keyboards
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import Page, paged
from bot.channels.telegram.talk.desk import Desk
from bot.kb.model import KnowledgeBase
from bot.store.base import StoreError

log = logging.getLogger(__name__)


def of_user(user: User | None, base: KnowledgeBase) -> str:
    """The language of somebody's Telegram if we speak it, else the primary one."""
    code = user.language_code if user is not None else None
    short = code.lower().replace("_", "-").partition("-")[0] if isinstance(code, str) else ""
    return short if short in base.voices else base.languages[0]


async def chosen(desk: Desk, chat_id: int) -> str | None:
    """What was chosen in this chat; None if nothing was, or the language is no more, or the store is away."""
    try:
        lang = await desk.languages.of(chat_id)
    except StoreError as error:
        log.warning("The language of a chat cannot be read: %s", type(error).__name__)
        return None
    return lang if lang in desk.base.voices else None


async def of_chat(desk: Desk, chat_id: int, user: User | None) -> str:
    """The language for what is no question, and for questions that leave it open."""
    return await chosen(desk, chat_id) or of_user(user, desk.base)


async def of_message(desk: Desk, message: Message) -> str:
    """The same, for who wrote a message. A chat that speaks has no Telegram in some language."""
    return await of_chat(desk, message.chat_id, None if message.sender_chat else message.from_user)


async def may_choose(bot: Bot, chat_id: int, user: User) -> bool:
    """Whether somebody may choose for a chat: in a group its admins, by Telegram's list; the one who presses a button has
    their own id there, even if they write for the group. Where Telegram does not give that list, everybody."""
    if chat_id > 0:
        return True
    try:
        admins = await bot.get_chat_administrators(chat_id)
    except (BadRequest, Forbidden) as error:
        log.info("Who the admins of a group are is not told: %s", error.message)
        return True
    return any(admin.user.id == user.id for admin in admins)


def pick(base: KnowledgeBase, lang: str, current: str | None) -> tuple[Page, ...]:
    """/language."""
    voice = base.voice(lang)
    return paged(escaped(voice.say("language_pick")), keyboards.for_languages(voice, base.languages, current))


def settings(base: KnowledgeBase, lang: str, current: str | None) -> tuple[Page, ...]:
    """/settings."""
    voice = base.voice(lang)
    name = voice.languages.get(current, current) if current else voice.say("language_auto")
    text = escaped(voice.say("settings_title", language=name))
    return paged(text, keyboards.for_languages(voice, base.languages, current))


def now_set(base: KnowledgeBase, lang: str, current: str | None) -> tuple[Page, ...]:
    """What stands in place of the buttons' message after one was pressed."""
    if current is None:
        return settings(base, lang, None)
    voice = base.voice(current)
    return paged(escaped(voice.say("language_set")), keyboards.for_languages(voice, base.languages, current))
