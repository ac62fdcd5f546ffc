"""When a handler breaks: a kind word to whoever waits for an answer. The log line is the intake's."""

from __future__ import annotations

import logging

from telegram import Bot, Message
from telegram.error import TelegramError

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.failures import is_network_trouble
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.incoming import read
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import place_of, say
from bot.store.base import StoreError

log = logging.getLogger(__name__)


async def apologise(bot: Bot, desk: Desk, questions: Questions, message: Message, error: Exception) -> None:
    """Say that something broke, unless something was sent already or the network is what broke."""
    update = handling.current()
    if is_network_trouble(error) or (update is not None and update.sent) or read(message, bot) is None:
        return
    lang = language.of_user(message.from_user, desk.base)
    pages = questions.pages(bot, desk.service.info("error", lang))
    try:
        await say(bot, desk.sender, place_of(message), pages)
    except (TelegramError, StoreError) as another:
        log.info("Nor could that be said: %s", type(another).__name__)
