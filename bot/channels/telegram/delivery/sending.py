"""Calls to Telegram on behalf of handlers, with the refusals that are part of daily life put into words."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.channels.telegram.delivery.failures import MaybeSent, SentAndGone

log = logging.getLogger(__name__)

Migrated = Callable[[int, int], Awaitable[None]]

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_REPLY = ("reply_parameters", "reply_to_message_id", "allow_sending_without_reply")


class Delivery(Enum):
    """What became of a call."""

    SENT = "sent"
    UNSURE = "unsure"  # handed over, but Telegram's word on it was lost; it has most probably arrived
    UNCHANGED = "unchanged"  # the message reads like that already
    EXPIRED = "expired"  # nobody waits for the answer to this query any more
    GONE = "gone"  # the message to be changed, or the whole chat, is no more
    LEFT = "left"  # the user has blocked the bot, or it may not write in this chat


@dataclass(frozen=True, slots=True)
class Sent:
    """`result` is what the method gave; None unless SENT, and for a message that was deleted as soon as it was sent."""

    delivery: Delivery
    result: Any = None


# The first that is found in Telegram's words decides.
_EXPECTED = {
    "message is not modified": Delivery.UNCHANGED,
    "query is too old": Delivery.EXPIRED,
    "query id is invalid": Delivery.EXPIRED,
    "chat not found": Delivery.GONE,
    "user not found": Delivery.GONE,
    "peer_id_invalid": Delivery.GONE,
    "message to edit not found": Delivery.GONE,
    "message to delete not found": Delivery.GONE,
    "message can't be edited": Delivery.GONE,
    "message can't be deleted": Delivery.GONE,
    "message_id_invalid": Delivery.GONE,
    "not enough rights": Delivery.LEFT,
    "have no rights to send": Delivery.LEFT,
    "chat_write_forbidden": Delivery.LEFT,
    "chat_restricted": Delivery.LEFT,
    "chat_send_plain_forbidden": Delivery.LEFT,
    "have no write access": Delivery.LEFT,
    "need administrator rights": Delivery.LEFT,
    "group chat was deactivated": Delivery.LEFT,
    "wrong direct messages topic": Delivery.LEFT,
    "allow_payment_required": Delivery.LEFT,
}
# Telegram's core has hundreds of words for "not in this chat", all in one word (PTB makes them small: "Topic_deleted");
# those about the message are our fault.
_CONSTANT = re.compile(r"(?!button_|entit|message_|reply_markup_|webpage_)[a-z][a-z0-9]*(_[a-z0-9]+)+")


class Sender:
    """`on_migrated(old, new)` is called when a group turns out to have another id."""

    def __init__(self, *, on_migrated: Migrated | None = None) -> None:
        self._on_migrated = on_migrated

    async def deliver(self, method: Callable[..., Awaitable[Any]], /, **arguments: Any) -> Sent:
        """Call a method of the bot, such as `bot.send_message`, with these arguments.

        What can be mended is tried again, each remedy once: the new id of a group, plain text for markup that Telegram
        does not take, no reply if the message replied to is gone, no thread if that is gone. Raises what is neither
        expected nor mended: network trouble after the limiter gave up, and faults of ours.
        """
        tried: set[str] = set()
        while True:
            try:
                return Sent(Delivery.SENT, await method(**arguments))
            except ChatMigrated as error:
                if "migrated" in tried:
                    raise
                tried.add("migrated")
                arguments = await self._moved(arguments, error.new_chat_id)
            except Forbidden as error:
                return _left(error.message)
            except BadRequest as error:
                mended = _mended(arguments, error.message.lower(), tried)
                if mended is None:
                    return await self._refused(arguments, error)
                arguments = mended
            except SentAndGone:  # sending it again brings the same
                log.info("A message was deleted as soon as it was sent")
                return Sent(Delivery.SENT)
            except MaybeSent as error:
                log.info("A call was handed over, its answer was lost: %s", error.message)
                return Sent(Delivery.UNSURE)

    async def _moved(self, arguments: dict[str, Any], new: int) -> dict[str, Any]:
        log.info("A group has become a supergroup; sending to its new id")
        old = arguments.get("chat_id")
        if self._on_migrated is not None and isinstance(old, int):
            await self._on_migrated(old, new)
        # What lies in the old group cannot be replied to from the new one.
        return {name: value for name, value in arguments.items() if name not in _REPLY} | {"chat_id": new}

    async def _refused(self, arguments: dict[str, Any], error: BadRequest) -> Sent:
        words = error.message.lower()
        delivery = next((found for phrase, found in _EXPECTED.items() if phrase in words), None)
        if delivery is None and _in_group(arguments) and _CONSTANT.fullmatch(words):
            delivery = Delivery.LEFT
        if delivery is None:
            raise error
        if delivery is Delivery.LEFT:
            return _left(error.message)
        # Whoever saves a message unchanged, or presses a button twice, would else fill the log.
        level = logging.DEBUG if delivery is Delivery.UNCHANGED else logging.INFO
        log.log(level, "A call had no effect: %s", error.message)
        return Sent(delivery)


def _in_group(arguments: dict[str, Any]) -> bool:
    chat_id = arguments.get("chat_id")
    return isinstance(chat_id, int) and chat_id < 0


def _left(reason: str) -> Sent:
    log.info("A message was not sent: %s", reason)
    return Sent(Delivery.LEFT)


def _mended(arguments: dict[str, Any], words: str, tried: set[str]) -> dict[str, Any] | None:
    """The arguments for another attempt; None if this refusal has no remedy, or had it already."""
    if "can't parse" in words and "plain" not in tried:
        tried.add("plain")
        log.warning("Telegram cannot read the markup of a message; it goes out as plain text")
        return _as_plain(arguments)
    if ("replied" in words or "reply" in words) and "not found" in words and "reply" not in tried:
        tried.add("reply")
        return {name: value for name, value in arguments.items() if name not in _REPLY}
    if "thread not found" in words and "thread" not in tried:
        tried.add("thread")
        return {name: value for name, value in arguments.items() if name != "message_thread_id"}
    return None


def _as_plain(arguments: dict[str, Any]) -> dict[str, Any]:
    texts = {name: plain(arguments[name]) for name in ("text", "caption") if isinstance(arguments.get(name), str)}
    # None, not absent: the bot's defaults may set a parse mode. What begins with our tags is HTML, nothing else is used.
    return arguments | texts | {"parse_mode": None}


def plain(markup: str) -> str:
    """Telegram's HTML as text: no tags, no entities."""
    return html.unescape(_TAG.sub("", markup))
