"""Presses that no button of ours made: what others were told stays as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import ShowTopics, Vote, written
from tests.botapi.inject import group_chat
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, running
from tests.telegram_handled import Noting

pytest_plugins = ("tests.botapi.fixtures",)

GROUP = -1002000000004
TERM = "How long may a president serve?"
EN = small_base().voice("en")
LONG_AGO = date(2020, 1, 1)


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


@pytest.mark.parametrize("forged", ["1a:en", "1t:en:presidency:0"])
async def test_an_answer_is_not_turned_over_into_a_list(api: BotApiServer, bot: Running, forged: str) -> None:
    sent = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}"))
    answer = await api.answer_to(api.callback(6, sent, forged))
    assert answer.params["text"] == EN.say("stale_button")
    assert (api.edits, len(api.sent)) == ([], 1)


async def test_a_message_too_old_to_see_in_a_group_is_never_replaced(api: BotApiServer, bot: Running) -> None:
    api.state.add_chat(GROUP, "supergroup")
    old = {"chat": group_chat(GROUP), "message_id": 1, "date": 0}
    sent = await api.reply_to(api.callback(5, old, written(ShowTopics("en"))))
    assert sent.text == EN.say("topics_title")
    assert "editMessageText" not in api.counters.requests


async def test_presses_on_messages_that_nobody_sees_keep_the_pace_of_questions(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=2) as bot:
        old = {"chat": group_chat(GROUP), "message_id": 1, "date": 0}
        api.state.add_chat(GROUP, "supergroup")
        said = []
        for number in range(4):
            press = api.callback(5, old | {"message_id": number + 1}, written(Vote("en", "death-penalty", True)))
            said.append((await api.answer_to(press)).params["text"])
        assert said == [EN.say("vote_noted")] * 2 + [EN.say("too_fast")] * 2
        assert await bot.store.votes(LONG_AGO) == {"death-penalty": (2, 0)}


async def test_what_is_sent_inline_has_nothing_to_vote_on(api: BotApiServer, bot: Running) -> None:
    for entry in ("death-penalty", "presidential-term"):
        answer = await api.answer_to(api.callback(5, "im-1", written(Vote("en", entry, True))))
        assert answer.params["text"] == EN.say("stale_button")
    assert await bot.store.votes(LONG_AGO) == {}
