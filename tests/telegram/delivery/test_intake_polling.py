"""Polling over HTTP: nothing is confirmed before it is stored or handled, and no trouble ends it."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter

from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.patience import Trouble, insist, start_bot
from bot.channels.telegram.delivery.polling import run_polling
from bot.errors import ReformbotError
from bot.store.inbox import Copy
from tests.botapi import faults
from tests.botapi.driver import free_port
from tests.botapi.odd_updates import odd_updates
from tests.botapi.server import LONG, BotApiServer
from tests.memory_store import MemoryStore
from tests.telegram.delivery.test_intake import Away
from tests.telegram.delivery.test_intake_bot import ALLOWED, SEAL, build, echo, running

pytest_plugins = ("tests.botapi.fixtures",)


async def test_a_question_is_answered_and_then_confirmed(api: BotApiServer) -> None:
    async with running(api):
        update_id = api.private_message(1, "hello")
        assert (await api.reply_to(update_id)).text == "echo: hello"
        await api.confirmed(update_id)


async def test_what_is_stored_is_confirmed_though_it_is_not_handled(api: BotApiServer) -> None:
    done = asyncio.Event()

    async def wait(update: Update) -> None:
        await done.wait()
        await echo(update)

    async with running(api, wait) as bot:
        asked = [api.private_message(1, f"question {number}") for number in range(250)]
        await api.wait_for(lambda: not api.unconfirmed)
        assert sorted(update_id for _, update_id in bot.store._kept) == asked
        assert api.sent == []
        done.set()
        await bot.quiet()
        assert bot.store._kept == {}
    assert [sent.text for sent in api.sent] == [f"echo: question {number}" for number in range(250)]


@pytest.mark.delivery
async def test_without_a_store_nothing_is_confirmed_before_it_is_handled(api: BotApiServer) -> None:
    done = asyncio.Event()

    async def wait(update: Update) -> None:
        if update.effective_chat and update.effective_chat.id == 1:
            await done.wait()
        await echo(update)

    async with running(api, wait, store=Away()) as bot:
        kept = api.private_message(1, "hello")
        await asyncio.sleep(0.3)
        for user in range(100, 130):
            await api.reply_to(api.private_message(user, "hello"))
        assert kept in api.unconfirmed
        assert len(api.sent) == 30
        done.set()
        await api.wait_for(lambda: not api.unconfirmed)
        assert len(api.sent) == 31
        api.private_message(2, "hello")
        await api.wait_for(lambda: not api.unconfirmed)
        assert isinstance(bot.store, Away)
        bot.store.gone = False
        await api.reply_to(api.private_message(2, "again"))
        await bot.quiet()
    polls = [call.time for call in api.calls_of("getUpdates")]
    assert len(polls) < 120


@pytest.mark.delivery
async def test_a_slow_chat_does_not_hold_up_the_others(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.slow(5), when=lambda call: call.chat_id == 1)
    async with running(api) as bot:
        slow = [api.private_message(1, f"slow {number}") for number in range(2)]
        times = []
        for user in range(100, 120):
            begin = time.monotonic()
            await api.reply_to(api.private_message(user, "hello"))
            times.append(time.monotonic() - begin)
            await asyncio.sleep(0.01)
        assert sorted(times)[-2] < 5 / 4
        assert len(api.sent_to(1)) < len(slow)
        await bot.quiet()


async def test_a_chat_is_answered_in_order(api: BotApiServer) -> None:
    async with running(api) as bot:
        last = [api.private_message(user, f"{number}") for number in range(10) for user in (1, 2, 3)][-1]
        await api.confirmed(last)
        await bot.quiet()
    for user in (1, 2, 3):
        assert [sent.text for sent in api.sent_to(user)] == [f"echo: {number}" for number in range(10)]


async def test_odd_updates_do_not_hurt_their_neighbours(api: BotApiServer) -> None:
    async with running(api) as bot:
        user = 1000
        for _, odd in odd_updates():
            api.private_message(user, "before")
            api.push(odd)
            last = api.private_message(user + 1, "after")
            user += 2
        await api.confirmed(last)
        await bot.quiet()
    assert {sent.chat_id for sent in api.sent if 1000 <= sent.chat_id < 500_000} == set(range(1000, user))


async def test_duplicates_are_answered_once(api: BotApiServer) -> None:
    api.faults.duplicates = 0.5
    async with running(api) as bot:
        for user in range(1, 41):
            api.private_message(user, "hello")
        await api.wait_for(lambda: not api.unconfirmed)
        await bot.quiet()
    assert len(api.sent) == 40


@pytest.mark.parametrize(
    "fault",
    [faults.server_error(), faults.half_json(), faults.reset_before(), faults.flood(1)],
    ids=["500", "half", "reset", "429"],
)
async def test_trouble_with_polling_passes(api: BotApiServer, fault: faults.Fault) -> None:
    api.faults.on(["getUpdates", "deleteWebhook"], fault, times=2)
    async with running(api):
        await api.reply_to(api.private_message(1, "hello"))


async def test_a_competitor_is_named_and_outlived(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    api.faults.on("getUpdates", faults.conflict(), times=2)
    async with running(api):
        await api.reply_to(api.private_message(1, "hello"))
    assert "Another copy of this bot is running" in caplog.text
    assert caplog.text.count("Another copy") == 1


async def test_an_idle_bot_stops_at_once(api: BotApiServer) -> None:
    async with running(api) as bot:
        update_id = api.private_message(1, "hello")
        await api.reply_to(update_id)
        await bot.quiet()
        bot.stop.set()
        await asyncio.wait_for(bot.task, LONG)


async def test_stopping_finishes_and_confirms_what_is_in_hand(api: BotApiServer) -> None:
    async def work(update: Update) -> None:
        await asyncio.sleep(0.3)
        await echo(update)

    async with running(api, work) as bot:
        for user in range(1, 201):
            api.private_message(user, "hello")
        await api.wait_for(lambda: len(bot.intake.waiting()) > 20)
        await asyncio.sleep(0.1)
        bot.stop.set()
        await asyncio.wait_for(bot.task, LONG)
    # What was begun is answered, and the rest is in the store.
    assert len(api.sent) >= 16
    async with running(api, store=bot.store) as again:
        await api.wait_for(lambda: not api.unconfirmed and len(api.sent) == 200)
        await again.quiet()
    assert len({sent.chat_id for sent in api.sent}) == len(api.sent) == 200


async def test_network_trouble_before_an_answer_is_tried_again(api: BotApiServer) -> None:
    tries = 0

    async def fail_once(update: Update) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise NetworkError("away")
        await echo(update)

    async with running(api, fail_once):
        await api.reply_to(api.private_message(1, "hello"))
    assert (tries, len(api.sent)) == (2, 1)


async def test_a_wrong_token_is_said_in_words(api: BotApiServer) -> None:
    bot = build("4242:not-the-right-token", api.base_url, 0)
    with pytest.raises(ReformbotError, match="TELEGRAM_BOT_TOKEN") as caught:
        await start_bot(bot, asyncio.Event())
    assert "not-the-right-token" not in str(caught.value)
    await bot.shutdown()


async def test_a_token_that_is_taken_back_ends_polling(api: BotApiServer) -> None:
    bot = build(api.token, api.base_url, 0)
    await start_bot(bot, asyncio.Event())
    api.token = "4242:another"
    intake = Intake(MemoryStore(), echo, bot, Copy(4242, "test"), SEAL)
    with pytest.raises(ReformbotError, match="TELEGRAM_BOT_TOKEN"):
        await run_polling(bot, intake, asyncio.Event(), allowed_updates=ALLOWED)
    await bot.shutdown()


async def test_a_start_without_network_waits_for_it_and_can_be_stopped() -> None:
    bot, stop = build("4242:token", f"http://127.0.0.1:{free_port()}", 0), asyncio.Event()
    task = asyncio.create_task(start_bot(bot, stop))
    await asyncio.sleep(0.3)
    assert not task.done()
    stop.set()
    assert await asyncio.wait_for(task, LONG) is False
    await bot.shutdown()


async def test_a_call_that_telegram_refuses_is_not_insisted_on() -> None:
    async def refused() -> None:
        raise BadRequest("bad webhook: HTTPS url must be provided for webhook")

    with pytest.raises(ReformbotError, match="HTTPS url"):
        await insist("setWebhook", refused, asyncio.Event())


async def test_trouble_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    trouble = Trouble("getUpdates")
    trouble.pause(NetworkError("No connection"))
    trouble.pause(NetworkError("No connection"))
    assert trouble.pause(RetryAfter(40)) >= 40
    trouble.pause(Conflict("Conflict: can't use getUpdates method while webhook is active"))
    trouble.over()
    assert caplog.text.count("No connection") == 1
    assert "A webhook is set" in caplog.text
    assert "works again after 4 failures" in caplog.text
