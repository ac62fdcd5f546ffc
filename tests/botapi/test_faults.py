"""Faults on schedule: what the client meets, and whether the method took effect."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError

from tests.botapi import faults
from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)


def _bot(api: BotApiServer) -> Bot:
    return Bot(api.token, base_url=f"{api.base_url}/bot")


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        (faults.server_error(), NetworkError, False),
        (faults.bad_gateway(), NetworkError, False),
        (faults.half_json(), TelegramError, False),
        (faults.half_json(accepted=True), TelegramError, True),
        (faults.reset_before(), NetworkError, False),
        (faults.reset_after(), NetworkError, True),
        (faults.blocked(), Forbidden, False),
        (faults.chat_not_found(), BadRequest, False),
        (faults.migrated(-1007), ChatMigrated, False),
        (faults.conflict(), Conflict, False),
        (faults.flood(3), RetryAfter, False),
    ],
)
async def test_a_fault_hits_one_call_and_the_next_is_fine(
    api: BotApiServer, fault: faults.Fault, error: type[TelegramError], arrives: bool
) -> None:
    api.private_message(5, "hello")
    api.private_message(6, "hello")
    rule = api.faults.on("sendMessage", fault, times=1)
    async with _bot(api) as bot:
        with pytest.raises(error):
            await bot.send_message(5, "one")
        assert [sent.text for sent in api.sent] == (["one"] if arrives else [])
        await bot.send_message(6, "two")
    assert api.sent[-1].text == "two"
    assert rule.hits == 1


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_slow_answer_takes_effect_at_once_or_at_its_end(api: BotApiServer, at_once: bool) -> None:
    api.private_message(5, "hello")
    api.faults.on("sendMessage", faults.slow(0.2, accepted_at_once=at_once))
    async with _bot(api) as bot:
        begin = time.monotonic()
        sending = asyncio.create_task(bot.send_message(5, "one"))
        await asyncio.sleep(0.1)
        assert len(api.sent) == at_once
        await sending
    assert time.monotonic() - begin >= 0.2
    assert len(api.sent) == 1


async def test_calls_against_a_running_retry_after_are_counted(api: BotApiServer) -> None:
    """They get 429 again; other chats are served."""
    for user in (5, 6):
        api.private_message(user, "hello")
    api.faults.on("sendMessage", faults.flood(1), times=1)
    async with _bot(api) as bot:
        for _ in range(2):
            with pytest.raises(RetryAfter):
                await bot.send_message(5, "one")
        await bot.send_message(6, "other")
        assert [call.chat_id for call in api.flood_violations] == [5]
        clock = api.faults.clock
        api.faults.clock = lambda: clock() + 1.0
        await bot.send_message(5, "one")
    assert len(api.flood_violations) == 1


async def test_a_seed_makes_probabilities_repeatable() -> None:
    async def hits(seed: int) -> list[int]:
        async with BotApiServer(seed=seed) as server, aiohttp.ClientSession() as client:
            server.faults.on("getMe", faults.server_error(), probability=0.3)
            url = f"{server.base_url}/bot{server.token}/getMe"
            return [(await client.get(url)).status for _ in range(30)]

    first = await hits(7)
    assert first == await hits(7)
    assert 3 <= first.count(500) <= 18


async def test_a_fault_can_wait_and_can_choose(api: BotApiServer) -> None:
    for user in (5, 6):
        api.private_message(user, "hello")
    api.faults.on("sendMessage", faults.server_error(), when=lambda call: call.chat_id == 6, skip=1, times=1)
    async with _bot(api) as bot:
        await bot.send_message(6, "a")
        await bot.send_message(5, "b")
        with pytest.raises(NetworkError):
            await bot.send_message(6, "c")
        await bot.send_message(6, "d")
        api.faults.on(["sendMessage", "getMe"], faults.server_error())
        api.faults.clear()
        await bot.send_message(6, "e")
    assert [sent.text for sent in api.sent] == ["a", "b", "d", "e"]


async def test_a_wrong_call_is_a_violation_whatever_fault_waits(api: BotApiServer) -> None:
    api.private_message(5, "hello")
    api.faults.on("sendMessage", faults.server_error())
    async with _bot(api) as bot:
        with pytest.raises(BadRequest):
            await bot.send_message(5, "")
    assert api.violations == ["sendMessage: Bad Request: message text is empty"]
    api.violations.clear()


async def test_getupdates_can_fail_and_lose_nothing(api: BotApiServer) -> None:
    update_id = api.private_message(5, "hello")
    api.faults.on("getUpdates", faults.reset_after(), times=1)
    async with _bot(api) as bot:
        with pytest.raises(NetworkError):
            await bot.get_updates()
        assert [update.update_id for update in await bot.get_updates()] == [update_id]


async def test_latency_delays_every_answer() -> None:
    async with BotApiServer(latency=0.4) as server, aiohttp.ClientSession() as client:
        begin = time.monotonic()
        await asyncio.gather(*(client.get(f"{server.base_url}/bot{server.token}/getMe") for _ in range(50)))
        assert 0.4 <= time.monotonic() - begin < 10  # half of what they take one after the other
