"""Brings pages to a chat: where they belong, in answer to what, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from telegram import Bot, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bot.channels.telegram.delivery.handling import is_late
from bot.channels.telegram.delivery.posting import post
from bot.channels.telegram.delivery.sending import Delivery, Sender
from bot.channels.telegram.looks.render import NO_PREVIEW, Page
from bot.channels.telegram.talk.incoming import in_private

_NO_PREVIEW = NO_PREVIEW.to_dict()
_NOTICEABLE = 0.3  # seconds after which the reader wants to see that something happens
_TYPING = 4.5  # seconds; Telegram shows it for five


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply belongs. `reply_to` is the message it answers; in private chats that goes without saying, unless it
    comes late."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


def place_of(message: Message) -> Place:
    thread = message.message_thread_id if message.is_topic_message else None
    goes_without_saying = in_private(message) and not is_late()
    return Place(message.chat_id, thread, None if goes_without_saying else message.message_id)


async def say(bot: Bot, sender: Sender, place: Place, pages: tuple[Page, ...]) -> tuple[int, ...]:
    """Send the pages in order; the ids of the messages, as far as they are known."""
    ids: list[int] = []
    for page in pages:
        sent = await sender.deliver(
            partial(post, bot, "sendMessage"),
            chat_id=place.chat_id,
            text=page.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=page.buttons,
            message_thread_id=place.thread_id,
            reply_parameters=_reply(place) if page is pages[0] else None,
        )
        if sent.delivery in (Delivery.LEFT, Delivery.GONE):
            break
        if sent.result is not None:
            ids.append(sent.result["message_id"])
    return tuple(ids)


async def change(bot: Bot, sender: Sender, chat_id: int, message_id: int, page: Page) -> Delivery:
    """Put a page in place of a message of ours."""
    sent = await sender.deliver(
        bot.edit_message_text,
        chat_id=chat_id,
        message_id=message_id,
        text=page.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
        reply_markup=page.keyboard,
    )
    return sent.delivery


@asynccontextmanager
async def typing(bot: Bot, place: Place) -> AsyncIterator[None]:
    """Shows "typing" while the block runs, if that takes noticeably long."""
    tasks: list[asyncio.Task[None]] = []
    begin = asyncio.get_running_loop().call_later(
        _NOTICEABLE, lambda: tasks.append(asyncio.create_task(_type(bot, place)))
    )
    try:
        yield
    finally:
        begin.cancel()
        for task in tasks:
            task.cancel()


async def _type(bot: Bot, place: Place) -> None:
    while True:
        with suppress(TelegramError):
            await bot.send_chat_action(place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id)
        await asyncio.sleep(_TYPING)


def _reply(place: Place) -> ReplyParameters | None:
    if place.reply_to is None:
        return None
    return ReplyParameters(place.reply_to, allow_sending_without_reply=True)
