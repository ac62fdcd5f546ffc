"""Who asks to be told of an answer is told once, when there is one, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import WatchFor, written
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.watches import Watches
from bot.match.decide.decision import Thresholds
from bot.service import Service
from bot.store.base import Watch
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.small_service import small_base, small_service
from tests.telegram.delivery.test_intake_bot import build
from tests.telegram_bot import Running, has, running
from tests.telegram_desk import desk as make_desk

pytest_plugins = ("tests.botapi.fixtures",)

EN = small_base().voice("en")
TERM = "How long may a president serve?"


@cache
def deaf() -> Service:
    """One that declines all in English: what a base says that has no answer yet."""
    service = Service(small_base(), small_service().judge.matchers)
    service.judge.thresholds = {**service.judge.thresholds, "en": Thresholds(answer=1.01, offer=1.01)}
    return service


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, service=deaf()) as made:
        yield made


async def wait_for_an_answer(api: BotApiServer, chat: int = 5) -> None:
    sent = await api.reply_to(api.private_message(chat, TERM))
    assert sent.text == EN.say("decline")
    assert has(sent, WatchFor("en"))
    call = await api.answer_to(api.callback(chat, sent, written(WatchFor("en"))))
    assert call.params["text"] == EN.say("watch_noted")


async def tell(api: BotApiServer, bot: Running) -> None:
    told = build(api.token, api.base_url, 0)
    await told.initialize()
    try:
        await Watches(bot.desk, Questions(bot.desk)).tell(told)
    finally:
        await told.shutdown()


async def test_who_waits_is_told_once_when_the_base_has_an_answer(api: BotApiServer, bot: Running) -> None:
    await wait_for_an_answer(api)
    before = len(api.sent_to(5))
    await tell(api, bot)
    assert len(api.sent_to(5)) == before
    bot.holder.service = small_service()
    await tell(api, bot)
    [said] = api.sent_to(5)[before:]
    assert said.text.startswith(EN.say("watch_told", question=TERM))
    assert small_base().entries["presidential-term"].text("en").answer in said.text
    assert await bot.store.watches() == []
    await tell(api, bot)
    assert len(api.sent_to(5)) == before + 1


async def test_a_restart_with_a_base_that_knows_tells_them(api: BotApiServer) -> None:
    store = MemoryStore()
    async with running(api, service=deaf(), store=store):
        await wait_for_an_answer(api)
    before = len(api.sent_to(5))
    async with running(api, store=store):
        await api.wait_for(lambda: len(api.sent_to(5)) > before)
    assert await store.watches() == []


async def test_nobody_reads_in_the_store_who_waits_for_what(api: BotApiServer, bot: Running) -> None:
    await wait_for_an_answer(api, 987654)
    await wait_for_an_answer(api, 987654)
    [watch] = await bot.store.watches()
    for part in (watch.payload, watch.asker.encode(), watch.question.encode()):
        assert b"987654" not in part
        assert b"president" not in part
    other = Desk(ServiceHolder(small_service()), bot.store, b"o" * 32)
    assert other.envelope.open(watch.question, watch.payload) is None
    assert bot.desk.envelope.open("another", watch.payload) is None


async def test_forget_takes_it_back(api: BotApiServer, bot: Running) -> None:
    await wait_for_an_answer(api)
    sent = await api.reply_to(api.private_message(5, "/forget"))
    assert sent.text == EN.say("forget_done")
    assert await bot.store.watches() == []


async def test_who_cannot_be_told_now_is_told_the_next_time(api: BotApiServer, bot: Running) -> None:
    await wait_for_an_answer(api)

    class Refusing(Questions):
        async def deliver(self, *_: object, **__: object) -> tuple[int, ...]:
            raise OSError("no way out")

    bot.holder.service = small_service()
    await Watches(bot.desk, Refusing(bot.desk)).tell(None)  # type: ignore[arg-type]
    assert len(await bot.store.watches()) == 1


async def test_of_two_copies_one_speaks(api: BotApiServer, bot: Running) -> None:
    await wait_for_an_answer(api)
    before = len(api.sent_to(5))
    bot.holder.service = small_service()
    await asyncio.gather(tell(api, bot), tell(api, bot))
    assert len(api.sent_to(5)) == before + 1


async def test_a_group_is_not_offered_it_nor_is_who_was_refused(api: BotApiServer, bot: Running) -> None:
    declined = await api.reply_to(api.group_message(-1001, 5, f"/ask {TERM}"))
    assert not has(declined, WatchFor("en"))
    bot.holder.service = small_service()
    phrase = small_base().refusals["visas-and-travel"].texts["en"].phrases[0]
    refused = await api.reply_to(api.private_message(6, phrase))
    assert not has(refused, WatchFor("en"))


async def test_it_is_offered_under_what_the_source_is_silent_on(api: BotApiServer) -> None:
    silent = [
        (entry, gap)
        for name, entry in small_base().entries.items()
        for gap in entry.text("en").gaps.values()
        if not any(gap.id in item.fills for item in entry.text("en").context)
    ]
    assert silent
    entry, gap = silent[0]
    reply = small_service().entry(entry.id, "en", gap.id)
    assert reply.waits
    assert not small_service().entry(entry.id, "en").waits


def test_the_question_and_the_chat_come_back_from_the_seal_as_they_were() -> None:
    made = make_desk()
    asyncio.run(Watches(made, Questions(made)).begin(5, 5, "Қанша жыл? call +7 701 000 00 00", "kk"))
    [watch] = asyncio.run(made.store.watches())
    waits = Watches(made, Questions(made))._opened(watch)
    assert waits is not None
    assert (waits.chat, waits.question, waits.lang) == (5, "Қанша жыл? call [phone]", "kk")


@pytest.mark.parametrize("payload", [b"", b"x" * 40])
def test_what_cannot_be_opened_is_left_to_its_90_days(payload: bytes) -> None:
    made = make_desk()
    assert Watches(made, Questions(made))._opened(Watch("a", "q", payload)) is None
