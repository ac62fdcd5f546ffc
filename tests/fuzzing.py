"""How many examples a property is tried with, and Telegram's updates with something wrong in them. No tests here."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.botapi.inject import group_chat, private_chat, user

MANY = "REFORMBOT_FUZZ"  # how many examples instead of a few: REFORMBOT_FUZZ=20000 takes minutes
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

Json = Any
_Path = tuple[str | int, ...]


def fuzz(few: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many examples in the fast lane, none of which is timed."""
    found = settings(max_examples=int(os.environ.get(MANY, few)), deadline=None, suppress_health_check=_QUIET)
    return found  # type: ignore[return-value]


texts = st.text(max_size=40) | st.sampled_from(
    [
        "",
        "/",
        "/ask",
        "/start x",
        "@faqbot",
        "\ud83d",
        "\x00",
        "\uffff",
        "How long may a president serve?",
        "1e:en:death-penalty",
    ]
)
numbers = st.integers(-(2**70), 2**70) | st.sampled_from([0, -1, 2**31, 2**52, 2**63 - 1, 2**63, -(2**63)])
scalars = st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)


def message(chat: Json, text: str = "How long may a president serve?") -> Json:
    marks = [{"type": "mention", "offset": 0, "length": 3}]
    return {
        "message_id": 1,
        "date": 1_790_000_000,
        "chat": chat,
        "from": user(5, "en"),
        "text": text,
        "entities": marks,
    }


def sound_updates() -> list[Json]:
    """One of each kind."""
    pressed = message(private_chat(5)) | {"from": user(4242, "en") | {"is_bot": True}}
    return [
        {"message": message(private_chat(5))},
        {"message": message(group_chat(-1002000000001), "@faqbot death penalty")},
        {"message": message(private_chat(5)) | {"reply_to_message": message(private_chat(5))}},
        {"edited_message": message(private_chat(5)) | {"edit_date": 1_790_000_001}},
        {
            "callback_query": {
                "id": "1",
                "from": user(5, "en"),
                "chat_instance": "1",
                "data": "1a:en",
                "message": pressed,
            }
        },
        {"callback_query": {"id": "2", "from": user(5, "en"), "chat_instance": "1", "data": "1v:en:death-penalty:+"}},
        {"inline_query": {"id": "3", "from": user(5, "en"), "query": "death penalty", "offset": ""}},
        {"chosen_inline_result": {"result_id": "x", "from": user(5, "en"), "query": "death"}},
    ]


def _paths(value: Json, path: _Path = ()) -> Iterator[_Path]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


@st.composite
def updates(draw: st.DrawFn) -> Json:
    """A sound update in which up to three things are not what they should be, or are not there."""
    update = copy.deepcopy(draw(st.sampled_from(sound_updates())))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(_paths(update))))
        inner = update
        for step in path[:-1]:
            inner = inner[step]
        if draw(st.booleans()) and isinstance(inner, dict):
            del inner[path[-1]]
        else:
            inner[path[-1]] = draw(json_values)
        if not list(_paths(update)):
            break
    return update
