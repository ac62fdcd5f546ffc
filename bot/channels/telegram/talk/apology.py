"""When a handler breaks: a kind word to whoever waits for an answer. The log line is the intake's."""

from __future__ import annotations

import logging

from telegram import Bot, Message, Update
from telegram.error import TelegramError
from telegram.ext import CallbackContext

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.failures import is_network_trouble
from bot.channels.telegram.delivery.patience import AnyApplication
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.incoming import read
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import place_of, say
from bot.store.base import StoreError

log = logging.getLogger(__name__)


def register_apology(application: AnyApplication, desk: Desk, questions: Questions) -> None:
    """Say that something broke, unless something was sent already or the network is what broke."""

    async def apologise(update: object, context: CallbackContext[Bot, object, object, object]) -> None:
        message = update.message if isinstance(update, Update) else None
        noted, error = handling.current(), context.error
        if message is None or error is None or is_network_trouble(error) or (noted is not None and noted.sent):
            return
        if read(message, context.bot) is None:
            return
        try:
            await _apologise(desk, questions, context.bot, message)
        except (TelegramError, StoreError) as another:
            log.info("Nor could that be said: %s", type(another).__name__)

    application.add_error_handler(apologise)


async def _apologise(desk: Desk, questions: Questions, bot: Bot, message: Message) -> None:
    lang = language.of_user(message.from_user, desk.base)
    pages = questions.pages(bot, desk.service.info("error", lang))
    await say(bot, desk.sender, place_of(message), pages)
