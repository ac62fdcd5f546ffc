"""What Telegram shows of the bot before anybody writes: names, descriptions and command lists, in every language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import commands
from bot.kb.model import KnowledgeBase, Voice
from bot.news import has_news

log = logging.getLogger(__name__)

_PATIENCE = 20.0  # seconds for one thing to set

Described = tuple[tuple[str, str], ...]  # commands, each with what stands beside it


async def publish(bot: Bot, base: KnowledgeBase, admin_ids: tuple[int, ...] = ()) -> None:
    """Set what differs from what Telegram has. A failure is logged and the rest goes on."""
    met = [admin for admin in admin_ids if await _has_met(bot, admin)]
    if strangers := len(admin_ids) - len(met):
        log.warning(
            "%d of %d in ADMIN_IDS have not written to the bot: it can tell them nothing. Each has to send it /start once; "
            "their commands are listed at the next start.", strangers, len(admin_ids),
        )  # fmt: skip
    for what, step in _steps(bot, base, tuple(met)):
        try:
            async with asyncio.timeout(_PATIENCE):
                if await step():
                    log.info("Set %s", what)
        except TelegramError as error:
            log.warning("%s could not be set: %s", what.capitalize(), error.message)
        except TimeoutError:
            log.warning("%s could not be set within %.0f s", what.capitalize(), _PATIENCE)


async def _has_met(bot: Bot, admin: int) -> bool:
    """Whether it may write to them; where that is not told, it is tried."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await bot.get_chat(admin)
    except (BadRequest, Forbidden):
        return False
    except (TelegramError, TimeoutError):
        return True
    return True


def _steps(
    bot: Bot, base: KnowledgeBase, admin_ids: tuple[int, ...]
) -> Iterator[tuple[str, Callable[[], Awaitable[bool]]]]:
    """Each thing to set, in words, and the call that sets it if it has to."""
    for code, voice in _tongues(base):
        where = _whom(code)
        for scope, listed, whose in _lists(base, voice, admin_ids):
            yield f"the commands of {whose} {where}", _commands(bot, scope, code, listed)
        for part in ("description", "short_description"):
            yield f"the {part.replace('_', ' ')} {where}", _text(bot, part, code, voice.profile[part])
    # Last, since Telegram allows few changes of a name a day, and then asks for hours of quiet.
    for code, voice in _tongues(base):
        yield f"the name {_whom(code)}", _text(bot, "name", code, voice.profile["name"])


def _whom(code: str) -> str:
    return f"for {code or 'everybody'}"


def _tongues(base: KnowledgeBase) -> Iterator[tuple[str, Voice]]:
    """Without a code first: for everybody whose language we do not speak."""
    yield "", base.voice(base.languages[0])
    yield from ((lang, base.voice(lang)) for lang in base.languages if len(lang) == 2)


def _lists(
    base: KnowledgeBase, voice: Voice, admin_ids: tuple[int, ...]
) -> Iterator[tuple[BotCommandScope, Described, str]]:
    topics = tuple((topic.id, f"{topic.emoji} {topic.text(voice.lang).command}") for topic in base.topics.values())
    listed = {name for name in voice.commands if name != commands.NEWS or has_news(base)}
    private = _named(voice, commands.PRIVATE, listed) + topics
    yield BotCommandScopeAllPrivateChats(), private, "private chats"
    yield BotCommandScopeAllGroupChats(), _named(voice, commands.GROUP, listed) + topics, "groups"
    for admin in admin_ids:
        yield BotCommandScopeChat(admin), private + _named(voice, commands.ADMIN, listed), "an admin"


def _named(voice: Voice, names: tuple[str, ...], listed: set[str]) -> Described:
    return tuple((name, voice.commands[name]) for name in names if name in listed)


def _commands(bot: Bot, scope: BotCommandScope, code: str, listed: Described) -> Callable[[], Awaitable[bool]]:
    async def step() -> bool:
        wanted = tuple(BotCommand(name, text[: BotCommand.MAX_DESCRIPTION]) for name, text in listed)
        if await bot.get_my_commands(scope, code or None) == wanted:
            return False
        return await bot.set_my_commands(wanted, scope, code or None)

    return step


def _text(bot: Bot, part: str, code: str, wanted: str) -> Callable[[], Awaitable[bool]]:
    async def step() -> bool:
        found = await getattr(bot, f"get_my_{part}")(language_code=code or None)
        if getattr(found, part) == wanted:
            return False
        return bool(await getattr(bot, f"set_my_{part}")(wanted, language_code=code or None))

    return step
