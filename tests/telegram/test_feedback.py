"""What people say of a reply: not this, an error, a thumb down, a choice left lying. Each is kept as what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import CancelReport, NotThis, ReportError, ShowEntry, Vote, read, written
from bot.store.base import MissKind, UnansweredQuestion
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.small_service import hesitant_service, small_base
from tests.telegram_bot import Running, running, texts

pytest_plugins = ("tests.botapi.fixtures",)

TERM = "How long may a president serve?"
EN = small_base().voice("en")
HESITANT = "judges or president"


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api) as made:
        yield made


async def kept(bot: Running) -> list[UnansweredQuestion]:
    await bot.settled()
    return await bot.store.unanswered()


def rows(sent: Sent) -> list[list[str]]:
    return [[one["text"] for one in row] for row in (sent.reply_markup or {})["inline_keyboard"]]


async def test_under_an_answer_three_rows_hold_all_that_can_be_done_with_it(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    say = EN.say
    assert rows(sent)[-3:] == [
        [say("more_on_topic"), say("share")],
        [say("copy"), say("report")],
        [say("thumbs_up"), say("thumbs_down"), say("not_this")],
    ]
    assert all(len(small_base().voice(lang).say("not_this")) <= 12 for lang in ("en", "ru", "kk"))


async def test_not_this_shows_the_next_best_two_and_keeps_the_question(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    others = await api.reply_to(api.callback(5, sent, written(NotThis("en", "presidential-term"))))
    assert others.text == EN.say("not_this_others")
    shown = [read(one["callback_data"]) for one in others.buttons]
    assert len(shown) == 2
    assert all(isinstance(one, ShowEntry) and one.entry != "presidential-term" for one in shown)
    [miss] = await kept(bot)
    assert (miss.text, miss.kind, miss.nearest) == (TERM, MissKind.NOT_MEANT, "presidential-term")


async def test_what_is_picked_then_may_be_judged_in_its_turn(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    others = await api.reply_to(api.callback(5, sent, written(NotThis("en", "presidential-term"))))
    picked = read(others.buttons[0]["callback_data"])
    assert isinstance(picked, ShowEntry)
    answer = await api.reply_to(api.callback(5, others, written(picked)))
    await api.answer_to(api.callback(5, answer, written(Vote("en", picked.entry, up=False))))
    assert [(one.kind, one.nearest) for one in await kept(bot)] == [
        (MissKind.DOWN, picked.entry),
        (MissKind.NOT_MEANT, "presidential-term"),
    ]


async def test_not_this_after_a_day_says_that_the_question_is_gone(api: BotApiServer, bot: Running) -> None:
    update = api.private_message(5, TERM)
    sent = await api.reply_to(update)
    await api.confirmed(update)
    bot.clock.ahead += 86_401
    call = await api.answer_to(api.callback(5, sent, written(NotThis("en", "presidential-term"))))
    assert call.params["text"] == EN.say("none_forgotten")
    assert await kept(bot) == []


async def test_typed_words_say_the_same_as_the_button(api: BotApiServer, bot: Running) -> None:
    await api.reply_to(api.private_message(5, TERM))
    await api.reply_to(api.private_message(5, "not what I asked"))
    assert [(one.text, one.kind) for one in await kept(bot)] == [(TERM, MissKind.NOT_MEANT)]


async def test_a_thumb_down_keeps_the_question_until_it_becomes_a_thumb_up(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    await api.answer_to(api.callback(5, sent, written(Vote("en", "presidential-term", up=False))))
    assert [(one.text, one.kind) for one in await kept(bot)] == [(TERM, MissKind.DOWN)]
    await api.answer_to(api.callback(5, sent, written(Vote("en", "presidential-term", up=True))))
    assert await kept(bot) == []


async def test_a_choice_is_kept_until_something_is_taken(api: BotApiServer) -> None:
    async with running(api, service=hesitant_service()) as bot:
        sent = await api.reply_to(api.private_message(5, HESITANT))
        assert [(one.text, one.kind) for one in await kept(bot)] == [(HESITANT, MissKind.OFFERED)]
        await api.reply_to(api.callback(5, sent, sent.buttons[0]["callback_data"]))
        assert await kept(bot) == []
        await api.reply_to(api.private_message(6, HESITANT))
        assert len(await kept(bot)) == 1
        await api.reply_to(api.private_message(6, "the second"))
        assert await kept(bot) == []


async def test_a_topic_s_page_is_no_choice_in_vain(api: BotApiServer, bot: Running) -> None:
    await api.reply_to(api.private_message(5, "tell me about justice"))
    assert await kept(bot) == []


async def test_an_error_is_reported_in_the_next_message_without_what_leads_to_a_person(
    api: BotApiServer, bot: Running
) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    asked = await api.reply_to(api.callback(5, sent, written(ReportError("en", "presidential-term"))))
    assert asked.text == EN.say("report_ask", question=TERM)
    assert texts(asked) == [EN.say("cancel")]
    thanks = await api.reply_to(api.private_message(5, "It is ten years now, ask me@example.kz"))
    assert thanks.text == EN.say("report_noted")
    [miss] = await kept(bot)
    assert (miss.text, miss.kind, miss.nearest) == (TERM, MissKind.REPORTED, "presidential-term")
    assert miss.note == "It is ten years now, ask [email]"
    again = await api.reply_to(api.private_message(5, TERM))
    assert again.text != EN.say("report_noted")


async def test_a_report_can_be_cancelled_and_a_command_is_none(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    asked = await api.reply_to(api.callback(5, sent, written(ReportError("en", "presidential-term"))))
    await api.answer_to(api.callback(5, asked, written(CancelReport("en"))))
    await api.wait_for(lambda: api.edits)
    assert (api.edits[-1].text, api.edits[-1].buttons) == (EN.say("report_cancelled"), [])
    answer = await api.reply_to(api.private_message(5, TERM))
    assert TERM in answer.text
    await api.reply_to(api.callback(5, answer, written(ReportError("en", "presidential-term"))))
    await api.reply_to(api.private_message(5, "/help"))
    answer = await api.reply_to(api.private_message(5, TERM))
    assert TERM in answer.text
    assert await kept(bot) == []


async def test_a_cry_for_help_is_never_taken_for_the_note_on_an_error(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    await api.reply_to(api.callback(5, sent, written(ReportError("en", "presidential-term"))))
    helped = await api.reply_to(api.private_message(5, "my husband is beating me right now, help"))
    assert "112" in helped.text
    assert await kept(bot) == []


async def test_somebody_else_s_message_is_no_note(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.group_message(-1001, 5, f"/ask {TERM}"))
    await api.reply_to(api.callback(5, sent, written(ReportError("en", "presidential-term"))))
    await api.reply_to(api.group_message(-1001, 6, "/ask Has the death penalty been abolished?"))
    assert await kept(bot) == []


async def test_forget_takes_what_was_said_of_replies_as_well(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    await api.answer_to(api.callback(5, sent, written(Vote("en", "presidential-term", up=False))))
    await api.reply_to(api.callback(5, sent, written(ReportError("en", "presidential-term"))))
    await bot.settled()
    await api.reply_to(api.private_message(5, "/forget"))
    answer = await api.reply_to(api.private_message(5, TERM))
    assert TERM in answer.text
    assert await kept(bot) == []


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_privacy_says_what_is_kept_of_all_this(lang: str) -> None:
    text = small_base().voice(lang).say("privacy")
    assert text.count("90") == 3  # questions, who waits, votes
    assert "/forget" in text
