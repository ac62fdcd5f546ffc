"""Questions, commands and links in private chats: what is asked gets its answer, in the language it was asked in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot import commands
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, button, running, texts

pytest_plugins = ("tests.botapi.fixtures",)

LONG_AGO = date(2020, 1, 1)
TERM = {
    "en": "How long may a president serve?",
    "ru": "Сколько лет может править президент?",
    "kk": "Президент неше жыл билік етеді?",
}


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api) as made:
        yield made


@pytest.mark.parametrize("name", sorted(commands.EVERYBODY - {commands.NEWS}))
async def test_every_command_is_known_and_none_is_taken_for_a_question(
    api: BotApiServer, bot: Running, name: str
) -> None:
    await api.reply_to(api.private_message(5, f"/{name}"))
    await bot.settled()
    assert [row for row in await bot.store.counts(LONG_AGO) if row[1] == "asked"] == []


@pytest.mark.parametrize("lang", TERM)
async def test_a_question_is_answered_in_its_language(api: BotApiServer, bot: Running, lang: str) -> None:
    sent = await api.reply_to(api.private_message(5, TERM[lang]))
    text, voice = small_base().entries["presidential-term"].text(lang), small_base().voice(lang)
    assert sent.entity_texts("bold")[0] == text.question
    assert text.answer in sent.text
    assert f"{voice.say('beyond')} ({voice.say('beyond_note')})" in sent.entity_texts("bold")
    assert text.context[0].text in sent.entity_texts("blockquote")[0]
    assert sent.links == [small_base().sources[item.source].url for item in text.context]
    keys = ("more_on_topic", "share", "copy", "report", "thumbs_up", "thumbs_down", "not_this")
    assert texts(sent)[-7:] == [voice.say(key) for key in keys]
    assert sent.reply_to is None


async def test_link_previews_are_off(api: BotApiServer, bot: Running) -> None:
    await api.reply_to(api.private_message(5, TERM["en"]))
    assert api.calls_of("sendMessage")[0].params["link_preview_options"]["is_disabled"] is True


async def test_a_gap_is_said_in_italics(api: BotApiServer, bot: Running) -> None:
    gap = next(iter(small_base().entries["presidential-term"].text("en").gaps.values()))
    sent = await api.reply_to(api.private_message(5, gap.ask[0]))
    assert gap.say in sent.entity_texts("italic")


async def test_two_questions_get_two_answers_in_one_message(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "Is there a death penalty and how long may a president serve?"))
    questions = [small_base().entries[name].text("en").question for name in ("death-penalty", "presidential-term")]
    assert [bold for bold in sent.entity_texts("bold") if bold in questions] == questions


@pytest.mark.parametrize("command", ["start", "help", "privacy", "topics", "random", "language", "settings", "about"])
@pytest.mark.parametrize("lang", TERM)
async def test_commands_speak_the_language_of_the_users_telegram(
    api: BotApiServer, bot: Running, command: str, lang: str
) -> None:
    sent = await api.reply_to(api.private_message(5, f"/{command}", language_code=lang))
    key = {"topics": "topics_title", "random": "random_lead", "language": "language_pick"}.get(command, command)
    if command == "settings":
        voice = small_base().voice(lang)
        expected = voice.say("settings_title", language=voice.say("language_auto"))
    elif command == "about":
        expected = small_base().voice(lang).say("about", sources="").strip()[:900]
    else:
        expected = small_base().voice(lang).say(key)
    assert sent.text.startswith(expected)


async def test_a_topic_has_a_command_and_pages_of_questions(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "/justice"))
    names = small_base().topics["justice"].entries
    labels = [small_base().entries[name].text("en").label for name in names]
    assert texts(sent) == [*labels[:8], "Next ›", "‹ All topics"]
    await api.answer_to(api.callback(5, sent, button(sent, "Next")))
    await api.wait_for(lambda: api.edits)
    assert texts(api.edits[0]) == [*labels[8:], "‹ Previous", "‹ All topics"]
    assert "2 of 2" in api.edits[0].text
    await api.answer_to(api.callback(5, api.edits[0], button(api.edits[0], "All topics")))
    await api.wait_for(lambda: len(api.edits) == 2)
    assert api.edits[1].text == small_base().voice("en").say("topics_title")
    assert len(api.sent) == 1


async def test_unknown_commands_are_read_as_questions(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "/death_penalty in Kazakhstan"))
    assert sent.entity_texts("bold")[0] == small_base().entries["death-penalty"].text("en").question


async def test_ask_without_words_explains_itself(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "/ask"))
    assert sent.text == small_base().voice("en").say("ask_usage")
    sent = await api.reply_to(api.private_message(5, f"/ask {TERM['en']}"))
    assert TERM["en"] in sent.entity_texts("bold")


async def test_links_lead_to_entries_and_topics(api: BotApiServer, bot: Running) -> None:
    voice = small_base().voice("ru")
    sent = await api.reply_to(api.private_message(5, "/start death-penalty", language_code="ru"))
    assert sent.entity_texts("bold")[0] == small_base().entries["death-penalty"].text("ru").question
    sent = await api.reply_to(api.private_message(5, "/start presidency", language_code="ru"))
    assert small_base().topics["presidency"].text("ru").title in sent.text
    sent = await api.reply_to(api.private_message(5, "/start gone-with-the-wind", language_code="ru"))
    assert sent.text == voice.say("started_unknown")
    sent = await api.reply_to(api.private_message(5, "/start inline", language_code="ru"))
    assert sent.text == voice.say("start")


async def test_the_chosen_language_is_remembered_and_can_be_given_up(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "/language"))
    assert [text.removeprefix("✓ ") for text in texts(sent)] == ["English", "Қазақша", "Русский", "Automatically"]
    await api.answer_to(api.callback(5, sent, button(sent, "Русский")))
    await api.wait_for(lambda: api.edits)
    assert api.edits[0].text == small_base().voice("ru").say("language_set")
    assert await bot.chosen(5) == "ru"
    sent = await api.reply_to(api.private_message(5, "/help"))
    assert sent.text == small_base().voice("ru").say("help")
    sent = await api.reply_to(api.private_message(5, TERM["kk"]))
    assert sent.entity_texts("bold")[0] == small_base().entries["presidential-term"].text("kk").question
    sent = await api.reply_to(api.private_message(5, "/settings"))
    assert sent.text.endswith("Русский")
    await api.answer_to(api.callback(5, sent, button(sent, "Автоматически")))
    await api.wait_for(lambda: len(api.edits) == 2)
    assert api.edits[1].text == "Your settings. Language: Automatically"
    assert await bot.chosen(5) is None


@pytest.mark.parametrize(
    ("code", "lang"), [("kk-KZ", "kk"), ("ru_RU", "ru"), ("de", "en"), (None, "en"), ("", "en"), ("x" * 300, "en")]
)
async def test_language_codes_of_all_shapes(api: BotApiServer, bot: Running, code: str | None, lang: str) -> None:
    sent = await api.reply_to(api.private_message(5, "/help", language_code=code))
    assert sent.text == small_base().voice(lang).say("help")


async def test_forget_deletes_what_is_stored(api: BotApiServer, bot: Running) -> None:
    voice = small_base().voice("en")
    assert (await api.reply_to(api.private_message(5, "/forget"))).text == voice.say("forget_nothing")
    sent = await api.reply_to(api.private_message(5, TERM["en"]))
    await api.answer_to(api.callback(5, sent, button(sent, "👍")))
    assert (await api.reply_to(api.private_message(5, "/forget"))).text == voice.say("forget_done")
    assert await bot.store.votes(LONG_AGO) == {}


async def test_counts_and_unanswered_questions_go_to_the_store(api: BotApiServer, bot: Running) -> None:
    for question in (TERM["en"], "hello", "Who won the football cup in 1998? Call me at +7 701 123 45 67"):
        await api.reply_to(api.private_message(5, question))
    await bot.settled()
    counted = {(kind, entry): number for _, kind, entry, number in await bot.store.counts(LONG_AGO)}
    assert counted == {
        ("asked", None): 3,
        ("answered", "presidential-term"): 1,
        ("small_talk", None): 1,
        ("declined", None): 1,
    }
    [question] = await bot.store.unanswered()
    assert "football" in question.text
    assert "701" not in question.text
