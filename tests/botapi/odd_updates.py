"""Updates that a bot has to survive: malformed ones, kinds of the future, and everything that is not a question."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.botapi.inject import private_chat, user
from tests.botapi.model import JsonDict
from tests.botapi.sample import Sampler

Builder = Callable[[int], JsonDict]

_FILE = {"file_id": "f", "file_unique_id": "u"}
_VIDEO = _FILE | {"width": 9, "height": 9, "duration": 1}


def _message(user_id: int, **content: Any) -> JsonDict:
    sender = {"chat": private_chat(user_id), "from": user(user_id)}
    return {"message_id": user_id, "date": int(time.time()), **sender, **content}


def _with(**content: Any) -> Builder:
    return lambda user_id: {"message": _message(user_id, **content)}


def _from(**fields: Any) -> Builder:
    return lambda user_id: {"message": _message(user_id, text="hello") | {"from": user(user_id) | fields}}


def _without(field: str, kind: str = "message") -> Builder:
    def build(user_id: int) -> JsonDict:
        body = _message(user_id, text="hello") if kind == "message" else _callback(user_id)
        return {kind: {key: value for key, value in body.items() if key != field}}

    return build


def _callback(user_id: int, **content: Any) -> JsonDict:
    query = {"id": f"odd-{user_id}", "from": user(user_id), "chat_instance": "i", "data": "odd"}
    return query | {"message": _message(user_id, text="hello")} | content


def _channel(kind: str) -> Builder:
    chat = {"id": -1009, "type": "channel", "title": "Channel"}
    return lambda user_id: {kind: {"message_id": 1, "date": int(time.time()), "chat": chat, "text": "news"}}


def _group(**content: Any) -> Builder:
    chat = {"id": -1008, "type": "supergroup", "title": "Group"}
    return lambda user_id: {"message": _message(user_id, **content) | {"chat": chat}}


def _reaction(user_id: int) -> JsonDict:
    new = [{"type": "emoji", "emoji": "👍"}]
    body = {"chat": private_chat(user_id), "message_id": 1, "user": user(user_id), "date": int(time.time())}
    return {"message_reaction": body | {"old_reaction": [], "new_reaction": new}}


def _poll(user_id: int) -> JsonDict:
    return {"poll": Sampler(user_id).value("Poll")}


def _pinned(user_id: int) -> JsonDict:
    return {"message": _message(user_id, pinned_message=_message(user_id, text="pinned"))}


def _sampled(field: str) -> Builder:
    return lambda user_id: Sampler(user_id).message(field)


ODD: dict[str, Builder] = {
    "message without date": _without("date"),
    "message without chat": _without("chat"),
    "message without message_id": _without("message_id"),
    "message without from": _without("from"),
    "callback without chat_instance": _without("chat_instance", "callback_query"),
    "callback without data": _without("data", "callback_query"),
    "callback without message": _without("message", "callback_query"),
    "callback without from": _without("from", "callback_query"),
    "callback with data of nobody": lambda user_id: {"callback_query": _callback(user_id, data="\x00:💥:" + "x" * 50)},
    "unknown kind of update": lambda user_id: {"telepathy": {"thought": "hello", "from": user(user_id)}},
    "unknown fields": _with(text="hello", mood={"level": [1, 2]}),
    "entity of the future": _with(text="hello", entities=[{"type": "hologram", "offset": 0, "length": 5}]),
    "entity out of the text": _with(text="hello", entities=[{"type": "bot_command", "offset": 3, "length": 99}]),
    "update_id only": lambda user_id: {},
    "empty message": lambda user_id: {"message": {}},
    "message is null": lambda user_id: {"message": None},
    "message is a list": lambda user_id: {"message": [1, 2, 3]},
    "text of 4096 characters": _with(text="w" * 4096),
    "text of 4096 emoji": _with(text="😀" * 4096),
    "text of markup characters": _with(text="<b>&amp;</i> *_[]()~`>#+-=|{}.! </b"),
    "text with lone surrogates": _with(text="hello \ud83d world \udc00"),
    "text with control characters": _with(text="\x00\u202e\u200b\ufeff"),
    "text is null": _with(text=None),
    "text is empty": _with(text=""),
    "text is white space": _with(text=" \n\t "),
    "text is a number": _with(text=5),
    "text is an object": _with(text={"a": 1}),
    "date is text": _with(text="hello", date="yesterday"),
    "user id is text": _from(id="x"),
    "language code is a number": _from(language_code=7),
    "message of a bot": _from(is_bot=True),
    "channel post": _channel("channel_post"),
    "edited channel post": _channel("edited_channel_post"),
    "anonymous group admin": _group(text="hello", sender_chat={"id": -1008, "type": "supergroup", "title": "Group"}),
    "new chat members": _group(new_chat_members=[user(77)]),
    "left chat member": _group(left_chat_member=user(77)),
    "pinned message": _pinned,
    "poll": _poll,
    "reaction": _reaction,
    "business message": lambda user_id: {"business_message": _message(user_id, text="hi", business_connection_id="b")},
    "sticker": _sampled("sticker"),
    "voice": _with(voice=_FILE | {"duration": 3}),
    "location": _with(location={"latitude": 51.1, "longitude": 71.4}),
    "contact": _with(contact={"phone_number": "+7000", "first_name": "N"}),
    "photo with caption": _with(photo=[_FILE | {"width": 9, "height": 9}], caption="hello"),
    "video note": _with(video_note=_FILE | {"length": 9, "duration": 1}),
    "video": _with(video=_VIDEO),
    "story": _sampled("story"),
    "giveaway": _sampled("giveaway"),
    "dice": _with(dice={"emoji": "🎲", "value": 6}),
    "forwarded message": _with(text="hi", forward_origin={"type": "hidden_user", "sender_user_name": "N", "date": 1}),
    "reply to a story": _sampled("reply_to_story"),
}  # fmt: skip


def odd_updates(first_user_id: int = 500_000) -> Iterator[tuple[str, JsonDict]]:
    """Each odd update and one of every described kind and message field, by name, each from a user of its own."""
    user_id = first_user_id
    for name, build in ODD.items():
        yield name, build(user_id)
        user_id += 1
    for kind in Sampler().kinds():
        yield f"sample of {kind}", Sampler(user_id).update(kind)
        user_id += 1
    for field in Sampler().fields():
        yield f"message with {field}", Sampler(user_id).message(field)
        user_id += 1
