"""An id that `check` lets through works wherever it is used: in a button's data, a deep link, an inline result."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.looks import data
from bot.channels.telegram.looks.deeplinks import address
from bot.kb import ids

MOST_BYTES = 64  # Telegram's, of callback data, of what follows ?start= and of an inline result's id

entries, topics, languages = (st.from_regex(one, fullmatch=True) for one in (ids.ID, ids.TOPIC, ids.LANGUAGE))


@given(languages, entries, topics, st.integers(0, 999))
def test_buttons_carry_it_there_and_back(lang: str, entry: str, topic: str, page: int) -> None:
    actions = [
        data.ShowEntry(lang, entry),
        data.ShowTopic(lang, topic, page),
        data.ShowTopic(lang, topic, page, fresh=True),
        data.Vote(lang, entry, up=True),
        data.Vote(lang, entry, up=False),
        data.ShowTopics(lang),
        data.NoneOfThese(lang),
        data.SetLanguage(lang),
    ]
    for action in actions:
        written = data.written(action)
        assert len(written.encode()) <= MOST_BYTES
        assert data.read(written) == action


@given(st.one_of(entries, topics))
def test_a_deep_link_holds_it_as_it_is(name: str) -> None:
    assert address("some_bot", name).endswith(f"?start={name}")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)


@pytest.mark.parametrize(
    ("judge", "longest"),
    [(ids.is_id, "a" * 48), (ids.is_topic, "a" * 32), (ids.is_language, "abc")],
    ids=["id", "topic", "language"],
)
def test_the_longest_is_one_and_a_longer_one_is_none(judge: object, longest: str) -> None:
    assert callable(judge)
    assert judge(longest)
    assert not judge(longest + "a")
    assert not judge(longest[:-1] + "\n")
    assert not judge("")
