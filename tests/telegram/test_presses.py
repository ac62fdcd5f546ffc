"""Presses that no button of ours made: what others were told stays as it is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import ShowTopic, ShowTopics, Vote, written
from tests.botapi.inject import group_chat
from tests.botapi.inputs import FOLDER
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, running
from tests.telegram_handled import Noting

pytest_plugins = ("tests.botapi.fixtures",)

GROUP = -1002000000004
TERM = "How long may a president serve?"
EN = small_base().voice("en")
LONG_AGO = date(2020, 1, 1)
FORGED = json.loads((FOLDER / "lists" / "forged-presses.json").read_text(encoding="utf-8"))


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


@pytest.mark.parametrize("forged", [*FORGED, "1e:en:death-penalty", "1m:en:justice:0", "1l:en"])
async def test_only_a_button_that_stands_under_the_message_does_anything(
    api: BotApiServer, bot: Running, forged: str
) -> None:
    sent = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}"))
    answer = await api.answer_to(api.callback(6, sent, forged))
    lang = "ru" if forged == "1n:ru" else "en"
    assert answer.params["text"] == small_base().voice(lang).say("stale_button")
    assert (api.edits, len(api.sent)) == ([], 1)
    assert await bot.store.votes(LONG_AGO) == {}


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
        assert await bot.store.votes(LONG_AGO) == {"death-penalty": (1, 0)}


@pytest.mark.parametrize("forged", [*FORGED, "1e:en:death-penalty", "1m:en:presidency:0", "1l:kk"])
async def test_what_is_sent_inline_has_no_button_that_is_pressed(api: BotApiServer, bot: Running, forged: str) -> None:
    answer = await api.answer_to(api.callback(5, "im-1", forged))
    lang = "ru" if forged == "1n:ru" else "kk" if forged == "1l:kk" else "en"
    assert answer.params["text"] == small_base().voice(lang).say("stale_button")
    await bot.settled()
    assert (api.sent, await bot.store.votes(LONG_AGO)) == ([], {})
    assert "chosen" not in {kind for _, kind, _, _ in await bot.store.counts(LONG_AGO)}


async def test_a_list_pressed_twice_in_a_hurry_is_turned_over_once_without_a_word(
    api: BotApiServer, bot: Running
) -> None:
    sent = await api.reply_to(api.private_message(5, "/topics"))
    data = written(ShowTopic("en", "presidency"))
    await api.answer_to(api.callback(5, sent, data))
    await api.wait_for(lambda: api.edits)
    again = await api.answer_to(api.callback(5, sent, data))
    assert again.params.get("text") is None
    assert len(api.edits) == 1
