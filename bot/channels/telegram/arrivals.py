"""Finds out whether a text arrived although Telegram's answer was lost. Asks only; sends nothing new.

Message ids rise by one: over all private chats and small groups together, and within each supergroup. So a text that
arrived has one of the next ids after the newest known before it was sent. Telegram allows the bot to edit its own
messages only, and refuses an edit that changes nothing with words of its own: offering the same text for the ids in
question proves the arrival, and touches nobody else's message. Not for channels, where admins may edit all posts; and
not certain if several copies of the bot write to one chat within a moment.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

Edit = Callable[[dict[str, Any]], Awaitable[Any]]

_FIRST_SUPERGROUP = -1_000_000_000_000
_SHARED = 0
_SAME_IN_AN_EDIT = ("chat_id", "text", "parse_mode", "entities", "link_preview_options", "reply_markup")


class Arrivals:
    """`width`: how many ids to try; as many messages as may come and go elsewhere in the meantime."""

    def __init__(self, width: int = 16, remembered: int = 10_000) -> None:
        self._width = width
        self._remembered = remembered
        self._newest: OrderedDict[int, int] = OrderedDict()

    def saw(self, chat_id: object, message_id: object) -> None:
        """Note a message that came or went."""
        if not isinstance(chat_id, int) or not isinstance(message_id, int):
            return
        key = _counter(chat_id)
        self._newest[key] = max(message_id, self._newest.get(key, 0))
        self._newest.move_to_end(key)
        while len(self._newest) > self._remembered:
            self._newest.popitem(last=False)

    def before(self, endpoint: str, data: dict[str, Any]) -> int | None:
        """The newest id known, to be taken before a text is sent; None if its arrival could not be proved later."""
        chat_id, markup = data.get("chat_id"), data.get("reply_markup")
        provable = endpoint == "sendMessage" and isinstance(chat_id, int) and not data.get("business_connection_id")
        if not provable or not (markup is None or isinstance(markup, InlineKeyboardMarkup)):
            return None
        return self._newest.get(_counter(data["chat_id"]))

    async def find(self, edit: Edit, data: dict[str, Any], newest: int) -> dict[str, Any] | None:
        """The message, as far as it can be told without Telegram's answer; None if there is no proof of it.

        `edit` calls editMessageText; `newest` is from `before`.
        """
        same = {name: data[name] for name in _SAME_IN_AN_EDIT if data.get(name) is not None}
        for message_id in range(newest + 1, newest + 1 + self._width):
            try:
                result = await edit({**same, "message_id": message_id})
            except BadRequest as error:
                if "not modified" in error.message.lower():
                    return _message(data, message_id)
            except TelegramError:
                return None
            else:
                return result if isinstance(result, dict) else None
        return None


def _counter(chat_id: int) -> int:
    return chat_id if chat_id <= _FIRST_SUPERGROUP else _SHARED


def _message(data: dict[str, Any], message_id: int) -> dict[str, Any]:
    chat_id = data["chat_id"]
    kind = "private" if chat_id > 0 else "supergroup" if chat_id <= _FIRST_SUPERGROUP else "group"
    chat = {"id": chat_id, "type": kind}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat, "text": data["text"]}
