"""Inline mode: entries to choose from in any chat, in the language of the question or of the asker, never shared."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.channels.telegram.talk.inline import PAGE
from bot.store.base import StoreUnavailable, utc_now
from tests.botapi.html_entities import parse_html
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.telegram_desk import KEY, LANGUAGES, TERM, desk, running, service

pytest_plugins = ("tests.botapi.fixtures",)

USER = 5


@pytest_asyncio.fixture
async def shared(api: BotApiServer) -> AsyncIterator[Desk]:
    made = desk()
    async with running(api, made):
        yield made


async def ask(api: BotApiServer, query: str, language_code: str | None = "en", **extra: Any) -> dict[str, Any]:
    answer = await api.answer_to(api.inline_query(USER, query, language_code, **extra))
    return answer.params


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_best_entry_comes_first_in_the_language_of_the_question(
    api: BotApiServer, shared: Desk, lang: str
) -> None:
    answer = await ask(api, TERM[lang])
    first, text = answer["results"][0], shared.base.entries["presidential-term"].text(lang)
    assert (first["id"], first["title"]) == ("presidential-term", text.question)
    assert text.answer.startswith(first["description"].removesuffix(" …"))
    content = first["input_message_content"]
    shown, entities = parse_html(content["message_text"])
    assert text.answer in shown
    assert shared.base.voice(lang).say("source_line", publisher="§", date="§", section="§").split("§")[0] in shown
    assert {"bold", "blockquote"} <= {entity["type"] for entity in entities}
    assert content["link_preview_options"]["is_disabled"] is True


async def test_a_result_carries_a_button_into_the_chat_with_the_bot(api: BotApiServer, shared: Desk) -> None:
    answer = await ask(api, TERM["en"])
    [[button]] = answer["results"][0]["reply_markup"]["inline_keyboard"]
    assert button == {
        "text": shared.base.voice("en").say("inline_more"),
        "url": "https://t.me/reform_test_bot?start=presidential-term",
    }


async def test_related_entries_follow_the_answer_each_once(api: BotApiServer, shared: Desk) -> None:
    ids = [result["id"] for result in (await ask(api, TERM["en"]))["results"]]
    assert set(shared.base.entries["presidential-term"].related) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", ["", "   ", "U", "UN", "?!…", "👍"])
async def test_what_is_too_short_gives_all_entries_by_topic(api: BotApiServer, shared: Desk, query: str) -> None:
    answer = await ask(api, query)
    reading_order = [entry for topic in shared.base.topics.values() for entry in topic.entries]
    assert [result["id"] for result in answer["results"]] == reading_order[:PAGE]
    assert answer["button"]["start_parameter"] == "inline"


async def test_every_entry_is_reached_by_turning_pages(api: BotApiServer, shared: Desk) -> None:
    seen, offset = list[str](), ""
    while True:
        answer = await ask(api, "", offset=offset)
        seen += [result["id"] for result in answer["results"]]
        offset = answer.get("next_offset", "")
        if not offset:
            break
    assert seen == [entry for topic in shared.base.topics.values() for entry in topic.entries]


@pytest.mark.parametrize("offset", ["-10", "0x10", "١٠", "9" * 60, "010", "10; drop", "5000", " 10"])
async def test_an_offset_that_was_never_given_out_gives_nothing(api: BotApiServer, shared: Desk, offset: str) -> None:
    answer = await ask(api, "", offset=offset)
    assert (answer["results"], answer.get("next_offset", "")) == ([], "")


@pytest.mark.parametrize(("code", "lang"), [("en", "en"), ("ru", "ru"), ("kk-KZ", "kk"), ("de", "en"), (None, "en")])
async def test_without_a_question_telegram_s_language_decides(
    api: BotApiServer, shared: Desk, code: str | None, lang: str
) -> None:
    answer = await ask(api, "", code)
    first = next(iter(shared.base.entries.values()))
    assert answer["results"][0]["title"] == first.text(lang).question
    assert answer["button"]["text"] == shared.base.voice(lang).say("inline_more")


async def test_the_language_that_the_user_has_chosen_goes_first(api: BotApiServer, shared: Desk) -> None:
    await shared.store.set_language(shared.chat(USER), "kk")
    answer = await ask(api, "", "ru")
    assert answer["button"]["text"] == shared.base.voice("kk").say("inline_more")


@pytest.mark.parametrize("query", ["", TERM["kk"], "best pizza in Naples"])
async def test_no_answer_is_shared_between_users_or_kept_for_long(api: BotApiServer, shared: Desk, query: str) -> None:
    answer = await ask(api, query)
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 60


async def test_no_answer_says_so_above_the_results_and_leads_into_the_chat(api: BotApiServer, shared: Desk) -> None:
    answer = await ask(api, "best pizza in Naples tonight")
    assert answer["button"]["text"] == shared.base.voice("en").say("inline_no_answer")
    assert answer["button"]["start_parameter"] == "inline"
    assert answer["results"] == []


async def test_a_known_kind_of_unanswered_question_shows_the_nearest_topic(api: BotApiServer, shared: Desk) -> None:
    group, question = next(
        (one, phrase)
        for one in shared.base.refusals.values()
        for phrase in one.text("en").phrases
        if one.near and service().ask(phrase, "en").reply.text.startswith(one.text("en").say)
    )
    answer = await ask(api, question)
    assert answer["button"] == {
        "text": shared.base.voice("en").say("inline_no_answer"),
        "start_parameter": group.near,
    }
    assert [result["id"] for result in answer["results"]] == list(shared.base.topics[group.near or ""].entries)


async def test_a_greeting_gives_all_entries(api: BotApiServer, shared: Desk) -> None:
    greeting = next(one for one in shared.base.voice("en").small_talk["greeting"].phrases if len(one) > 3)
    assert len((await ask(api, greeting))["results"]) == PAGE


async def test_an_answer_to_a_gap_says_that_the_article_is_silent(api: BotApiServer, shared: Desk) -> None:
    entry = shared.base.entries["political-system"].text("en")
    answer = await ask(api, entry.gaps["how-adopted"].ask[0])
    sent = answer["results"][0]["input_message_content"]["message_text"]
    assert entry.gaps["how-adopted"].say in parse_html(sent)[0]


@pytest.mark.parametrize(
    ("lang", "cry"),
    [
        ("en", "My husband beats me and I am afraid"),
        ("ru", "Муж меня бьёт, мне страшно"),
        ("kk", "Күйеуім мені ұрып жатыр, қорқамын"),
    ],
)
async def test_numbers_to_call_come_before_all_results(api: BotApiServer, shared: Desk, lang: str, cry: str) -> None:
    """Readable in the list, where nobody has to open anything; and whoever gets the message gets them all."""
    answer = await ask(api, cry, lang)
    first, say = answer["results"][0], shared.base.voice(lang).danger or ""
    assert first["id"] == "danger"
    assert f"{first['title']}\n{first['description']}" == say
    assert parse_html(first["input_message_content"]["message_text"])[0] == say
    assert "112" in first["description"]


async def test_the_numbers_to_call_stand_on_the_first_page_alone(api: BotApiServer, shared: Desk) -> None:
    answer = await ask(api, "My husband beats me and I am afraid", offset=str(PAGE))
    assert "danger" not in [result["id"] for result in answer["results"]]


async def test_numbers_to_call_that_are_chosen_are_not_counted_as_an_entry(api: BotApiServer, shared: Desk) -> None:
    await api.confirmed(api.chosen_inline_result(USER, "danger", "help"))
    await shared.tally.write()
    assert await shared.store.counts(utc_now().date()) == []


async def test_markup_in_a_query_is_only_text(api: BotApiServer, shared: Desk) -> None:
    await ask(api, "<b>death penalty</b> & <script>" + "x" * 200)


async def test_a_chosen_result_is_counted_and_an_unknown_one_is_not(api: BotApiServer, shared: Desk) -> None:
    api.chosen_inline_result(USER, "no-such-entry")
    await api.confirmed(api.chosen_inline_result(USER, "death-penalty", "penalty"))
    await shared.tally.write()
    today = utc_now().date()
    assert await shared.store.counts(today) == [(today, "chosen", "death-penalty", 1)]


@pytest.mark.parametrize(("rate", "answered"), [(1, 6), (0, 20)])
async def test_who_types_too_much_gets_an_empty_list_and_others_get_answers(
    api: BotApiServer, rate: int, answered: int
) -> None:
    """As many queries as six for each question that may be asked, for typing makes several; then no search, but never
    silence, and Telegram may keep the empty list a moment. Without a limit on questions there is none here."""
    made = Desk(ServiceHolder(service()), MemoryStore(), KEY, ask_rate=rate)
    async with running(api, made):
        answers = [(await api.answer_to(api.inline_query(USER, TERM["en"]))).params for _ in range(20)]
        assert [bool(answer["results"]) for answer in answers] == [True] * answered + [False] * (20 - answered)
        late = [answer for answer in answers if not answer["results"]]
        assert all(answer["is_personal"] and 0 < answer["cache_time"] <= 10 for answer in late)
        other = await api.answer_to(api.inline_query(USER + 1, TERM["en"]))
        assert other.params["results"]


async def test_a_query_that_nobody_waits_for_any_more_harms_nobody(api: BotApiServer, shared: Desk) -> None:
    late = api.inline_query(USER, TERM["en"])
    api.state.queries[api.state.pushed[late].query_id or ""].expires = 0
    assert (await ask(api, TERM["en"]))["results"]


async def test_inline_works_while_the_store_is_away(api: BotApiServer) -> None:
    class Away(MemoryStore):
        async def languages(self, _: Collection[str]) -> dict[str, str]:
            raise StoreUnavailable("away")

    async with running(api, desk(Away())):
        answer = await ask(api, "", "ru")
    assert answer["button"]["text"] == service().base.voice("ru").say("inline_more")
