"""Who is in danger in a chat: the numbers to call come at once, to who asks too fast as well, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, running

pytest_plugins = ("tests.botapi.fixtures",)

LONG_AGO = date(2020, 1, 1)
TERM = "How long may a president serve?"
CRY = "My husband beats me and I am afraid"
CRIES = {"en": CRY, "ru": "Муж меня бьёт, мне страшно", "kk": "Күйеуім мені ұрып жатыр, қорқамын"}
EN = small_base().voice("en")


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api) as made:
        yield made


@pytest.mark.parametrize("lang", CRIES)
async def test_the_numbers_to_call_come_alone_and_without_buttons(api: BotApiServer, bot: Running, lang: str) -> None:
    sent = await api.reply_to(api.private_message(5, CRIES[lang], language_code="en"))
    assert sent.text == small_base().voice(lang).danger
    assert sent.buttons == []


async def test_who_asks_too_fast_is_heard_all_the_same_once_a_minute(api: BotApiServer) -> None:
    async with running(api, ask_rate=1) as bot:
        await api.reply_to(api.private_message(5, TERM))
        assert (await api.reply_to(api.private_message(5, TERM))).text == EN.say("too_fast")
        assert (await api.reply_to(api.private_message(5, CRY))).text == EN.danger
        for _ in range(3):
            await api.confirmed(api.private_message(5, CRY))
        await api.confirmed(api.private_message(5, TERM))
        assert len(api.sent_to(5)) == 3
        bot.clock.ahead += 61
        assert TERM in (await api.reply_to(api.private_message(5, TERM))).text
        assert (await api.reply_to(api.private_message(5, CRY))).text == EN.danger


async def test_one_who_is_heard_takes_nothing_from_another(api: BotApiServer) -> None:
    async with running(api, ask_rate=1):
        for person in (5, 6):
            await api.reply_to(api.private_message(person, TERM))
            assert (await api.reply_to(api.private_message(person, CRY))).text == EN.danger


async def test_a_cry_takes_no_turn_once_a_minute(api: BotApiServer) -> None:
    """The second one takes the turn that is left; the third comes too fast."""
    async with running(api, ask_rate=1):
        for _ in range(3):
            await api.confirmed(api.private_message(5, CRY))
        assert [sent.text for sent in api.sent_to(5)] == [EN.danger, EN.danger, EN.say("too_fast")]


@pytest.mark.parametrize("lang", CRIES)
async def test_a_cry_for_help_is_never_noted_among_the_unanswered_questions(
    api: BotApiServer, bot: Running, lang: str
) -> None:
    for cry in (CRIES[lang], f"{CRIES[lang]} xyzzy", f"{CRIES[lang]}. {CRIES[lang]}"):
        assert (await api.reply_to(api.private_message(5, cry))).text == small_base().voice(lang).danger
    await bot.settled()
    assert await bot.store.unanswered() == []
    counted = {(kind, entry): number for _, kind, entry, number in await bot.store.counts(LONG_AGO)}
    assert counted == {("asked", None): 3, ("small_talk", None): 3}


async def test_in_a_group_who_calls_the_bot_is_heard(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.group_message(-1001, 5, f"/ask {CRY}"))
    assert sent.text == EN.danger
    await api.confirmed(api.group_message(-1001, 5, CRY))
    assert len(api.sent) == 1


async def test_a_question_that_was_edited_into_a_cry_gets_the_numbers(api: BotApiServer, bot: Running) -> None:
    asked = api.private_message(5, TERM)
    await api.reply_to(asked)
    await api.confirmed(api.edited_message(asked, CRY))
    await api.wait_for(lambda: api.edits)
    assert api.edits[0].text == EN.danger
    assert api.edits[0].buttons == []
