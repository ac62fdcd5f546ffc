"""Whatever marks a message bears, wherever they are said to stand, it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity, User

from bot.channels.telegram.talk.incoming import Command, Incoming, Question, read

BOT: Any = SimpleNamespace(username="faqbot", id=1)
KINDS = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND, MessageEntity.URL]

texts = st.text(max_size=30) | st.sampled_from(
    ["/", "/@faqbot", "@faqbot", "\U0001f600@faqbot", "/ask@other a", "//", "@"]
)
marks = st.builds(MessageEntity, st.sampled_from(KINDS), st.integers(-5, 40), st.integers(-5, 40))


def as_read(text: str, entities: list[MessageEntity], kind: str = "supergroup") -> Incoming | None:
    chat, sender = Chat(5 if kind == "private" else -5, kind), User(5, "a", False)
    return read(Message(1, datetime.now(UTC), chat, from_user=sender, text=text, entities=entities), BOT)


@given(texts, st.lists(marks, max_size=3), st.sampled_from(["private", "supergroup"]))
def test_marks_that_stand_anywhere(text: str, entities: list[MessageEntity], kind: str) -> None:
    found = as_read(text, entities, kind)
    assert found is None or kind == "private" or isinstance(found, Command | Question)


@pytest.mark.parametrize("offset", [1, 0, 3])
def test_half_a_character_is_no_mention(offset: int) -> None:
    assert as_read("\U0001f600@faqbot hi", [MessageEntity(MessageEntity.MENTION, offset, 7)]) is None


def test_a_mention_behind_a_character_of_two_halves_is_one() -> None:
    found = as_read("\U0001f600@faqbot hi", [MessageEntity(MessageEntity.MENTION, 2, 7)])
    assert found == Question("\U0001f600  hi")


def test_a_command_without_a_name_is_none_that_we_know() -> None:
    assert as_read("/", [MessageEntity(MessageEntity.BOT_COMMAND, 0, 1)]) == Command("", "")
