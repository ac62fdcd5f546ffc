"""What can be said of an update before it is parsed, whatever it looks like."""

from __future__ import annotations

import re
from typing import Any

RawUpdate = dict[str, Any]

_KIND = re.compile(r"[a-z_]{1,40}")
_BY_USER = frozenset(
    {
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
    }
)
_COMMON = frozenset({"message", "edited_message", *_BY_USER})  # need no closer look
_INLINE = frozenset({"inline_query", "chosen_inline_result"})
# Telegram's ids have 52 bits; what is longer than a column of the store fits nowhere, and would be tried again for ever.
_LARGEST = 2**63 - 1
_DAY = 86_400.0
_LIVES = {"inline_query": 30.0, "callback_query": 150.0, "shipping_query": 150.0, "pre_checkout_query": 150.0}


def bot_id_of(token: str) -> int:
    """Telegram's id of the bot, which its token begins with; 0 for what is no token."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def update_id_of(raw: object) -> int | None:
    """None if this is no update at all."""
    return _id(raw.get("update_id")) if isinstance(raw, dict) else None


def kind_of(raw: RawUpdate) -> str:
    """`message`, `callback_query` and so on; never text of a user's."""
    for key in raw:
        if key in _COMMON or (key != "update_id" and _KIND.fullmatch(key)):
            return key
    return "nothing known"


def lane_of(raw: RawUpdate) -> str:
    """Whose updates have to stay in order: the user's for queries, else the chat's, else nobody's.

    A private chat has the id of its user, so that a button and a question of the same person share a lane. What is
    typed inline grows stale in seconds and waits for nothing else.
    """
    kind = kind_of(raw)
    content = raw.get(kind)
    if isinstance(content, dict):
        names = ("from", "chat") if kind in _BY_USER else ("chat", "from", "user")
        for owner in map(content.get, names):
            if isinstance(owner, dict) and (owner_id := _id(owner.get("id"))) is not None:
                return f"{'inline' if kind in _INLINE else 'chat'} {owner_id}"
    return f"update {update_id_of(raw)}"


def asked_at(raw: RawUpdate, now: float) -> float:
    """When it was sent, in seconds since 1970: by its own date where it has a sound one, else now."""
    kind = kind_of(raw)
    content = raw.get(kind)
    if kind in _BY_USER or not isinstance(content, dict):
        return now
    date = content.get("edit_date") or content.get("date")
    return float(min(now, max(date, now - _DAY))) if isinstance(date, int) else now


def kept_for(raw: RawUpdate) -> float:
    """For how many seconds an answer is of any use; as long as Telegram itself would keep it."""
    return _LIVES.get(kind_of(raw), _DAY)


def message_of(raw: RawUpdate) -> tuple[int, int] | None:
    """Chat id and message id of the message that came with it, or of the one whose button was pressed; not in channels."""
    content = raw.get(kind_of(raw))
    if isinstance(content, dict) and isinstance(content.get("message"), dict):
        content = content["message"]
    if not isinstance(content, dict) or not isinstance(content.get("chat"), dict):
        return None
    chat_id, message_id = _id(content["chat"].get("id")), _id(content.get("message_id"))
    if chat_id is None or message_id is None or content["chat"].get("type") == "channel":
        return None
    return chat_id, message_id


def _id(value: object) -> int | None:
    """The value, if it is a number that the store can hold."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    return None
