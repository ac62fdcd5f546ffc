"""Buttons: what each does; and that forged, foreign and old ones are refused in words, each press answered once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import (
    NoneOfThese,
    SetLanguage,
    ShowEntry,
    ShowTopic,
    ShowTopics,
    Vote,
    read,
    written,
)
from bot.reply import citation
from bot.service import Service
from bot.store.base import MissKind
from tests.botapi.server import BotApiServer
from tests.small_service import hesitant_service, small_base, small_service
from tests.telegram_bot import Running, button, has, running, texts

pytest_plugins = ("tests.botapi.fixtures",)

TERM = "How long may a president serve?"
EN = small_base().voice("en")


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api) as made:
        yield made


@pytest.fixture(scope="module")
def hesitant() -> tuple[Service, str]:
    """A service that offers a choice, and a question for which it does."""
    return hesitant_service(), "judges or president"


def toast(call_params: dict[str, object]) -> object:
    return call_params.get("text")


LONGEST = "x" * 48


@pytest.mark.parametrize(
    "action",
    [
        ShowEntry("en", LONGEST),
        ShowTopic("kk", "t" * 32, 999, True),
        ShowTopic("kk", "with_underscore", 0),
        ShowTopics("ru"),
        Vote("en", LONGEST, True),
        Vote("eng", LONGEST, False),
        NoneOfThese("en"),
        SetLanguage("kk"),
        SetLanguage(None),
    ],
)
def test_data_is_short_and_reads_back(action: object) -> None:
    text = written(action)  # type: ignore[arg-type]
    assert len(text.encode()) <= 64
    assert read(text) == action


async def test_a_related_question_is_answered_in_the_language_of_its_button(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "Сколько лет может править президент?"))
    question = small_base().entries["political-system"].text("ru").question
    update_id = api.callback(5, sent, button(sent, question), language_code="en")
    answer = await api.reply_to(update_id)
    assert answer.entity_texts("bold")[0] == question
    assert toast((await api.answer_to(update_id)).params) is None
    await bot.settled()
    assert ("chosen", "political-system") in {
        (kind, entry) for _, kind, entry, _ in await bot.store.counts(date(2020, 1, 1))
    }


async def test_more_on_the_topic_comes_as_a_new_message(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    more = await api.reply_to(api.callback(5, sent, button(sent, "More on this topic")))
    assert small_base().topics["presidency"].text("en").title in more.text
    assert api.edits == []


async def test_buttons_have_the_short_title_where_the_question_is_too_long_for_one(
    api: BotApiServer, bot: Running
) -> None:
    sent = await api.reply_to(api.private_message(5, "Have the courts become more independent?"))
    text = small_base().entries["constitutional-court"].text("en")
    assert text.short
    assert text.short in texts(sent)
    assert text.question not in texts(sent)


@pytest.mark.parametrize("lang", small_base().languages)
async def test_a_button_copies_the_citation(api: BotApiServer, bot: Running, lang: str) -> None:
    base = small_base()
    entry = base.entries["presidential-term"]
    sent = await api.reply_to(api.private_message(5, entry.text(lang).question))
    [copies] = [b for b in sent.buttons if "copy_text" in b]
    assert copies["text"] == base.voice(lang).say("copy")
    assert copies["copy_text"] == {"text": citation(base, entry, lang)}


async def test_share_opens_a_list_of_chats(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    assert next(b for b in sent.buttons if b["text"] == "Share")["switch_inline_query"] == TERM


async def test_without_inline_mode_share_is_a_link() -> None:
    async with BotApiServer(supports_inline_queries=False) as api, running(api):
        sent = await api.reply_to(api.private_message(5, TERM))
        url = next(b for b in sent.buttons if b["text"] == "Share")["url"]
        assert url.startswith(
            "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Freform_test_bot%3Fstart%3Dpresidential-term"
        )
        assert api.violations == []


async def test_a_vote_is_noted_can_be_changed_and_counts_once(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    for label, said, votes in (
        ("👍", "vote_noted", (1, 0)),
        ("👍", "vote_noted", (1, 0)),
        ("👎", "vote_changed", (0, 1)),
    ):
        answer = await api.answer_to(api.callback(5, sent, button(sent, label)))
        assert toast(answer.params) == EN.say(said)
        assert await bot.store.votes(date(2020, 1, 1)) == {"presidential-term": votes}
    await api.answer_to(api.callback(6, sent, button(sent, "👍")))
    assert await bot.store.votes(date(2020, 1, 1)) == {"presidential-term": (1, 1)}
    assert len(api.sent) == 1


@pytest.mark.parametrize(
    "data",
    [
        "nonsense",
        "1e:en:unknown-entry",
        "1e:xx:death-penalty",
        "1e:en:death-penalty:more",
        "2e:en:death-penalty",
        "1e:EN:death-penalty",
        "1t:en:unknown:0",
        "1t:en:justice:1000",
        "1t:en:justice:-1",
        "1v:en:death-penalty:+",
        "1v:en:presidential-term:*",
        "1l:xx",
        "1l:ru",
        "1e:en:death-penalty\n",
        "💥" * 16,
        "1e:en:" + "x" * 58,
    ],
)
async def test_forged_foreign_and_old_buttons_are_refused_in_words(api: BotApiServer, bot: Running, data: str) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    answer = await api.answer_to(api.callback(5, sent, data))
    assert toast(answer.params) == small_base().voice("ru" if data == "1l:ru" else "en").say("stale_button")
    assert answer.params["show_alert"] is True
    assert await bot.store.votes(date(2020, 1, 1)) == {}
    assert len(api.sent) == 1


async def test_a_page_beyond_the_last_is_the_last(api: BotApiServer, bot: Running) -> None:
    api.state.add_chat(5)
    old = {"chat": {"id": 5, "type": "private", "first_name": "U"}, "message_id": 1, "date": 0}
    sent = await api.reply_to(api.callback(5, old, "1t:en:justice:999"))
    assert "2 of 2" in sent.text


async def test_buttons_outlive_a_reload_where_their_entry_does(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    entries = {
        name: replace(entry, related=()) for name, entry in small_base().entries.items() if name != "reform-agenda"
    }
    topics = {
        name: replace(topic, entries=tuple(one for one in topic.entries if one in entries))
        for name, topic in small_base().topics.items()
    }
    base = replace(small_base(), entries=entries, topics=topics)
    bot.holder.service = Service(base, small_service().judge.matchers)
    kept = await api.reply_to(api.callback(5, sent, written(ShowEntry("en", "political-system"))))
    assert small_base().entries["political-system"].text("en").question in kept.entity_texts("bold")
    gone = await api.answer_to(api.callback(5, sent, written(ShowEntry("en", "reform-agenda"))))
    assert toast(gone.params) == EN.say("stale_button")


async def test_a_button_of_a_message_too_old_to_see_still_works(api: BotApiServer, bot: Running) -> None:
    api.state.add_chat(5)
    old = {"chat": {"id": 5, "type": "private", "first_name": "U"}, "message_id": 1, "date": 0}
    entry = await api.reply_to(api.callback(5, old, written(ShowEntry("en", "death-penalty"))))
    assert small_base().entries["death-penalty"].text("en").question in entry.entity_texts("bold")
    topics = await api.reply_to(api.callback(5, old, written(ShowTopics("en"))))
    assert topics.text == EN.say("topics_title")


async def test_a_choice_is_offered_and_what_is_picked_is_answered(
    api: BotApiServer, hesitant: tuple[Service, str]
) -> None:
    service, question = hesitant
    async with running(api, service=service) as bot:
        sent = await api.reply_to(api.private_message(5, question))
        assert texts(sent)[-1] == EN.say("none_of_these")
        assert 2 <= len(sent.buttons) <= 4
        first = read(sent.buttons[0]["callback_data"])
        assert isinstance(first, ShowEntry)
        picked = small_base().entries[first.entry].text("en").question
        answer = await api.reply_to(api.callback(5, sent, sent.buttons[0]["callback_data"]))
        assert answer.entity_texts("bold")[0] == picked
        await bot.settled()
        assert await bot.store.unanswered() == []


async def test_none_of_these_notes_the_question(api: BotApiServer, hesitant: tuple[Service, str]) -> None:
    service, question = hesitant
    async with running(api, service=service) as bot:
        sent = await api.reply_to(api.private_message(5, question))
        await api.answer_to(api.callback(5, sent, written(NoneOfThese("en"))))
        await api.wait_for(lambda: api.edits)
        assert api.edits[0].text == EN.say("none_noted")
        assert api.edits[0].buttons == []
        await bot.settled()
        [noted] = await bot.store.unanswered()
        assert (noted.text, noted.lang) == (question, "en")
        assert noted.nearest in small_base().entries


async def test_a_stranger_s_made_up_press_leaves_the_question_where_it_is(
    api: BotApiServer, hesitant: tuple[Service, str]
) -> None:
    service, question = hesitant
    async with running(api, service=service) as bot:
        sent = await api.reply_to(api.group_message(-1001, 5, f"/ask {question}"))
        await api.answer_to(api.callback(6, sent, written(NoneOfThese("ru"))))
        await bot.settled()
        assert [one.kind for one in await bot.store.unanswered()] == [MissKind.OFFERED]
        await api.answer_to(api.callback(5, sent, written(NoneOfThese("en"))))
        await bot.settled()
        assert [(one.text, one.kind) for one in await bot.store.unanswered()] == [(question, MissKind.NONE)]


async def test_none_of_these_after_a_day_says_that_the_question_is_gone(
    api: BotApiServer, hesitant: tuple[Service, str]
) -> None:
    service, question = hesitant
    async with running(api, service=service) as bot:
        update_id = api.private_message(5, question)
        sent = await api.reply_to(update_id)
        await api.confirmed(update_id)
        assert has(sent, NoneOfThese("en"))
        bot.clock.ahead += 86_401
        answer = await api.answer_to(api.callback(5, sent, written(NoneOfThese("en"))))
        assert toast(answer.params) == EN.say("none_forgotten")
        assert [one.kind for one in await bot.store.unanswered()] == [MissKind.OFFERED]


async def test_in_a_group_a_pressed_question_is_not_answered_twice_within_a_minute(
    api: BotApiServer, bot: Running
) -> None:
    sent = await api.reply_to(api.group_message(-1001, 5, f"/ask {TERM}"))
    data = written(ShowEntry("en", "political-system"))
    await api.reply_to(api.callback(5, sent, data))
    again = await api.answer_to(api.callback(6, sent, data))
    assert toast(again.params) == EN.say("already_answered")
    assert len(api.sent) == 2


async def test_every_press_is_answered_once(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM))
    pressed = [
        api.callback(5, sent, b["callback_data"]) for b in sent.buttons if "callback_data" in b for _ in range(3)
    ]
    for update_id in pressed:
        await api.answer_to(update_id)
        await api.confirmed(update_id)
    assert len(api.calls_of("answerCallbackQuery")) == len(pressed)
    assert not [refused for refused in api.refusals if "answerCallbackQuery" in refused]
