"""Everything that is not a plain question: captions, files, edits, limits, odd updates, faults."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.service import Outcome, Service
from bot.store.base import StoreUnavailable
from tests.botapi.odd_updates import odd_updates
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.small_service import small_base, small_service
from tests.telegram_bot import Running, running
from tests.telegram_handled import Noting, handled

pytest_plugins = ("tests.botapi.fixtures",)

TERM = "How long may a president serve?"
DEATH = small_base().entries["death-penalty"].text("en").question
EN = small_base().voice("en")
FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [FILE | {"width": 9, "height": 9}]


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


@pytest.mark.parametrize(
    "content",
    [{"photo": PHOTO}, {"video": FILE | {"width": 9, "height": 9, "duration": 1}}, {"document": FILE}],
    ids=lambda content: next(iter(content)),
)
async def test_a_caption_is_the_question(api: BotApiServer, bot: Running, content: dict[str, Any]) -> None:
    message = api.message({"id": 5, "type": "private"}, {"id": 5, "is_bot": False, "first_name": "U"}, None)
    sent = await api.reply_to(api.push({"message": message | content | {"caption": TERM}}))
    assert TERM in sent.entity_texts("bold")


@pytest.mark.parametrize(
    "content",
    [
        {"voice": FILE | {"duration": 3}},
        {"photo": PHOTO},
        {"location": {"latitude": 51.1, "longitude": 71.4}},
        {"contact": {"phone_number": "+7000", "first_name": "N"}},
        {"dice": {"emoji": "🎲", "value": 6}},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_what_is_no_text_is_explained_once_a_minute(
    api: BotApiServer, bot: Running, content: dict[str, Any]
) -> None:
    message = {"chat": {"id": 5, "type": "private"}, "from": {"id": 5, "is_bot": False, "first_name": "U"}}

    def push() -> int:
        return api.push({"message": api.message(message["chat"], message["from"], None) | content})

    assert (await api.reply_to(push())).text == EN.say("not_text")
    for _ in range(3):
        await handled(bot, push())
    assert len(api.sent) == 1
    bot.clock.ahead += 61
    assert (await api.reply_to(push())).text == EN.say("not_text")


async def test_an_edited_question_edits_its_answer(api: BotApiServer, bot: Running) -> None:
    update_id = api.private_message(5, TERM)
    sent = await api.reply_to(update_id)
    await handled(bot, update_id)
    await handled(bot, api.edited_message(update_id, DEATH))
    [edit] = api.edits
    assert edit.message_id == sent.message_id
    assert edit.entity_texts("bold")[0] == DEATH
    await handled(bot, api.edited_message(update_id, DEATH))
    assert (len(api.edits), len(api.sent)) == (1, 1)


async def test_an_edit_after_ten_minutes_is_answered_with_a_kind_word(api: BotApiServer, bot: Running) -> None:
    update_id = api.private_message(5, TERM)
    await handled(bot, update_id)
    bot.clock.ahead += 601
    api.state.pushed[update_id].update["message"]["date"] -= 601
    sent = await api.reply_to(api.edited_message(update_id, DEATH))
    assert sent.text == EN.say("edited_too_late")
    assert api.edits == []


async def test_an_edit_whose_answer_was_deleted_is_answered_with_a_kind_word(api: BotApiServer, bot: Running) -> None:
    update_id = api.private_message(5, TERM)
    sent = await api.reply_to(update_id)
    del api.state.messages[(5, sent.message_id)]
    later = await api.reply_to(api.edited_message(update_id, DEATH))
    assert later.text == EN.say("edited_too_late")


async def test_an_edit_in_a_group_that_now_addresses_the_bot_is_a_question(api: BotApiServer, bot: Running) -> None:
    update_id = api.group_message(-1001, 5, TERM)
    await handled(bot, update_id)
    sent = await api.reply_to(api.edited_message(update_id, f"@reform_test_bot {TERM}"))
    assert TERM in sent.entity_texts("bold")


async def test_an_edit_among_people_is_left_alone(api: BotApiServer, bot: Running) -> None:
    update_id = api.group_message(-1001, 5, "hello everybody")
    await handled(bot, api.edited_message(update_id, TERM))
    assert api.sent == []


async def test_who_asks_too_fast_is_told_once_and_others_are_served(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=3) as bot:
        for _ in range(8):
            update_id = api.private_message(5, TERM)
        other = await api.reply_to(api.private_message(6, TERM))
        await handled(bot, update_id)
        assert TERM in other.text
        assert [sent.text == EN.say("too_fast") for sent in api.sent_to(5)] == [False] * 3 + [True]
        bot.clock.ahead += 61
        assert TERM in (await api.reply_to(api.private_message(5, TERM))).text


async def test_buttons_that_bring_messages_count_as_questions(api: BotApiServer) -> None:
    async with running(api, ask_rate=2):
        sent = await api.reply_to(api.private_message(5, TERM))
        data = sent.buttons[0]["callback_data"]
        await api.reply_to(api.callback(5, sent, data))
        answer = await api.answer_to(api.callback(5, sent, data))
        assert answer.params["text"] == EN.say("too_fast")
        assert len(api.sent) == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("?!", "empty"),
        ("\u202e\u200b", "empty"),
        ("😀😀😀", "empty"),
        ("why " * 1000, "too_long"),
        ("w" * 4096, "too_long"),
    ],
)
async def test_texts_without_words_or_end(api: BotApiServer, bot: Running, text: str, key: str) -> None:
    assert (await api.reply_to(api.private_message(5, text))).text == EN.say(key)


@pytest.mark.parametrize(
    "text",
    [
        "<b>How long</b> may a president serve?</i>",
        "How long may a \u202epresident\u202c serve?",
        "Ho\u200bw lo\u00adng may a president se\u200drve?",
        "ＨＯＷ ＬＯＮＧ ＭＡＹ Ａ ＰＲＥＳＩＤＥＮＴ ＳＥＲＶＥ",
        "How long may a president serve? 😀👨\u200d👩\u200d👧",
        "How long may a president serve?\n\n\n&lt;script&gt;",
    ],
)
async def test_strange_writing_is_read(api: BotApiServer, bot: Running, text: str) -> None:
    sent = await api.reply_to(api.private_message(5, text))
    assert TERM in sent.text
    assert not set(sent.text) & {"\u202e", "\u202c", "\u200b", "\u00ad"}


async def test_odd_updates_disturb_nobody(api: BotApiServer, bot: Running) -> None:
    for _, update in odd_updates():
        api.push(update)
    sent = await api.reply_to(api.private_message(5, TERM))
    assert TERM in sent.text
    await api.wait_for(lambda: not api.unconfirmed)
    assert api.violations == []


async def test_blocking_is_noted_without_ids(api: BotApiServer, bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    await handled(bot, api.block(987654))
    await handled(bot, api.unblock(987654))
    lines = [record.getMessage() for record in caplog.records]
    assert "The bot was blocked by a user" in lines
    assert "The bot was (re)started by a user" in lines
    assert not [line for line in lines if "987654" in line]


class Broken(Service):
    """Fails at one question."""

    def ask(self, question: str, preferred: str | None = None, previous: str | None = None, **more: Any) -> Outcome:
        if "secret" in question:
            raise RuntimeError(f"cannot read {question}")
        return super().ask(question, preferred, previous, **more)


async def test_a_fault_of_ours_is_owned_up_to_and_logged_without_the_text(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    service = Broken(small_base(), small_service().judge.matchers)
    async with running(api, service=service):
        update_id = api.private_message(5, "my secret question", language_code="ru")
        assert (await api.reply_to(update_id)).text == small_base().voice("ru").say("error")
        assert TERM in (await api.reply_to(api.private_message(5, TERM))).text
    assert str(update_id) in caplog.text
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


class Slow(MemoryStore):
    """Takes its time."""

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        await asyncio.sleep(0.6)
        return {}


async def test_typing_is_shown_only_while_an_answer_takes_long(api: BotApiServer) -> None:
    async with running(api, store=Slow()):
        await api.reply_to(api.private_message(5, TERM))
        assert api.state.actions == [(5, "typing")]
    async with running(api):
        await api.reply_to(api.private_message(6, TERM))
        assert api.state.actions == [(5, "typing")]


class Unreachable(MemoryStore):
    """A store that refuses what handlers ask of it."""

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        raise StoreUnavailable("gone")

    async def count(self, *_: object) -> None:
        raise StoreUnavailable("gone")

    async def vote(self, *_: object) -> None:
        raise StoreUnavailable("gone")


async def test_what_was_counted_is_written_at_the_end(api: BotApiServer) -> None:
    store = Noting()
    async with running(api, store=store) as bot:
        for _ in range(3):
            await handled(bot, api.private_message(5, TERM))
    counted = {(kind, entry): number for _, kind, entry, number in await store.counts(date(2020, 1, 1))}
    assert counted == {("asked", None): 3, ("answered", "presidential-term"): 3}


async def test_answers_do_not_depend_on_the_store(api: BotApiServer) -> None:
    async with running(api, store=Unreachable()):
        sent = await api.reply_to(api.private_message(5, TERM, language_code="ru"))
        assert TERM in sent.text
        thumb = next(b["callback_data"] for b in sent.buttons if "👍" in b["text"])
        answer = await api.answer_to(api.callback(5, sent, thumb))
        assert answer.params["text"] == EN.say("error")


async def test_a_long_answer_comes_in_parts_and_an_edit_of_its_question_takes_the_rest_away(api: BotApiServer) -> None:
    entry = small_base().entries["death-penalty"]
    text = replace(entry.text("en"), answer="A long sentence. " * 600)
    entries = small_base().entries | {"death-penalty": replace(entry, texts=entry.texts | {"en": text})}
    service = Service(replace(small_base(), entries=entries), small_service().judge.matchers)
    async with running(api, service=service, store=Noting()) as bot:
        update_id = api.private_message(5, DEATH)
        parts = await api.replies_to(update_id, 3)
        assert [bool(sent.buttons) for sent in parts] == [False, False, True]
        assert [sent.reply_to for sent in parts] == [None] * 3
        await handled(bot, api.edited_message(update_id, TERM))
        assert [edit.message_id for edit in api.edits] == [parts[0].message_id]
        left = [message_id for chat, message_id in api.state.messages if chat == 5]
        assert parts[1].message_id not in left
        assert parts[2].message_id not in left
