"""Which queue an update stands in and how long Telegram keeps it (add_update in the Bot API server's Client.cpp)."""

from __future__ import annotations

from typing import Any

from tests.botapi.model import JsonDict

DAY = 86_400.0
_OF_ONE_USER = {
    "callback_query": 150.0,
    "shipping_query": 150.0,
    "pre_checkout_query": 150.0,
    "inline_query": 30.0,
    "chosen_inline_result": 600.0,
}


def left_time(update: JsonDict, now: float) -> float:
    """The seconds an update is kept from `now` on: a message a day from its own date, or that of its last edit."""
    for kind, content in update.items():
        if kind in _OF_ONE_USER:
            return _OF_ONE_USER[kind]
        if isinstance(content, dict) and isinstance(date := content.get("edit_date") or content.get("date"), int):
            return date + DAY - now
    return DAY


def queue_of(update: JsonDict) -> Any:
    """What goes out in order, one at a time: a chat's messages. What a user presses or types inline does not wait for
    them; it has queues by user, one of each kind."""
    for kind in _OF_ONE_USER:
        content = update.get(kind)
        sender = content.get("from") if isinstance(content, dict) else None
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return kind, sender["id"]
    return place_of(update)


def place_of(update: JsonDict) -> Any:
    """The chat, or else the user, that an update comes from; the update itself if there is none."""
    for content in update.values():
        if not isinstance(content, dict):
            continue
        message = content.get("message")
        chat = content.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
        for owner in (chat, content.get("from")):
            if isinstance(owner, dict) and isinstance(owner.get("id"), int):
                return owner["id"]
    return ("update", update.get("update_id") if isinstance(update.get("update_id"), int) else id(update))
