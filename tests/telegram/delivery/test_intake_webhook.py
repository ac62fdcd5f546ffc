"""The webhook's endpoint: who may post what, and that 200 comes when the update is stored, or else handled."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import aiohttp
import pytest
from telegram import Update

from bot.channels.telegram.delivery.webhook import WebhookAddress, run_webhook
from bot.errors import ReformbotError
from tests.botapi import faults
from tests.botapi.odd_updates import odd_updates
from tests.botapi.server import LONG, BotApiServer
from tests.memory_store import MemoryStore
from tests.telegram.delivery.test_intake import Away, message
from tests.telegram.delivery.test_intake_bot import ALLOWED, Running, echo, running

pytest_plugins = ("tests.botapi.fixtures",)

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "the-secret"}
JSON = {"Content-Type": "application/json"}


async def post(bot: Running, body: Any, headers: dict[str, str], path: str = "/hook") -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{bot.port}{path}", data=data, headers=headers) as response,
    ):
        return response.status


async def get(bot: Running, path: str) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}{path}") as response,
    ):
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (message(1), JSON, 403),
        (message(1), JSON | {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, 403),
        (message(1), JSON | {"X-Telegram-Bot-Api-Secret-Token": "the-secre\u00e9"}, 403),
        (message(1), SECRET | {"Content-Type": "text/plain"}, 415),
        (gzip.compress(b" " * 1_000_000), SECRET | JSON | {"Content-Encoding": "gzip"}, 415),
        (b"no gzip at all", SECRET | JSON | {"Content-Encoding": "gzip"}, 415),
        (b"no deflate either", SECRET | JSON | {"Content-Encoding": "deflate"}, 415),
        (b"{", SECRET | JSON, 400),
        (b"[" * 100_000, SECRET | JSON, 400),
        ([1], SECRET | JSON, 400),
        ({"message": {}}, SECRET | JSON, 400),
        (b'"' + b"x" * 1_100_000 + b'"', SECRET | JSON, 413),
        ({"update_id": 5, "message": {"text": "no date"}}, SECRET | JSON, 200),
    ],
)
async def test_who_may_post_what(api: BotApiServer, body: Any, headers: dict[str, str], status: int) -> None:
    async with running(api, mode="webhook") as bot:
        await api.wait_for(lambda: api.webhook.url)
        assert await post(bot, body, headers) == status


async def test_a_body_without_a_length_is_limited_too(api: BotApiServer) -> None:
    async def endless() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    async with running(api, mode="webhook") as bot, aiohttp.ClientSession() as session:
        await api.wait_for(lambda: api.webhook.url)
        url = f"http://127.0.0.1:{bot.port}/hook"
        async with session.post(url, data=endless(), headers=SECRET | JSON) as response:
            assert response.status == 413


async def test_an_update_gets_its_200_when_it_is_stored(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.slow(0.5))
    async with running(api, mode="webhook") as bot:
        await api.confirmed(api.private_message(1, "hello"))
        assert len(bot.store._kept) == 1
        await bot.quiet()
        assert bot.store._kept == {}
    assert [delivery.status for delivery in api.deliveries] == [200]


async def test_without_a_store_an_update_gets_its_200_after_its_answer(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.slow(0.5))
    async with running(api, mode="webhook", store=Away()):
        update_id = api.private_message(1, "hello")
        await api.wait_for(lambda: api.sent)
        assert update_id in api.unconfirmed
        await api.confirmed(update_id)
    assert [delivery.status for delivery in api.deliveries] == [200]


@pytest.mark.delivery
async def test_a_button_does_not_wait_for_an_answer_in_another_chat_nor_is_it_forgotten(api: BotApiServer) -> None:
    async def work(update: Update) -> None:
        await asyncio.sleep(2.5)  # longer than it counts towards the places
        await echo(update)

    async with running(api, work, mode="webhook", limit=1) as bot:
        for number in range(3):
            api.private_message(1, f"{number}")
        await api.wait_for(lambda: not api.unconfirmed)
        await api.wait_for(lambda: len(api.sent) == 3)
        await bot.quiet()


async def test_the_webhook_is_set_as_asked_and_trouble_with_that_passes(api: BotApiServer) -> None:
    api.faults.on("setWebhook", faults.bad_gateway(), times=2)
    async with running(api, mode="webhook"):
        await api.wait_for(lambda: api.webhook.url)
    call = api.calls_of("setWebhook")[0]
    assert call.params["secret_token"] == "the-secret"
    assert call.params["allowed_updates"] == ALLOWED


async def test_odd_updates_do_not_hurt_their_neighbours(api: BotApiServer) -> None:
    async with running(api, mode="webhook") as bot:
        user = 1000
        for _, odd in odd_updates():
            api.private_message(user, "before")
            api.push(odd)
            api.private_message(user + 1, "after")
            user += 2
        await api.wait_for(lambda: not api.unconfirmed)
        await bot.quiet()
    assert {sent.chat_id for sent in api.sent if 1000 <= sent.chat_id < 500_000} == set(range(1000, user))


async def test_what_is_too_much_for_memory_is_left_to_telegram(api: BotApiServer) -> None:
    done = asyncio.Event()

    async def wait(update: Update) -> None:
        await done.wait()

    async with running(api, wait, mode="webhook", most=2) as bot:
        await api.wait_for(lambda: api.webhook.url)
        assert [await post(bot, message(n, chat=n), SECRET | JSON) for n in range(1, 4)] == [200, 200, 503]
        done.set()
        await bot.quiet()
        assert await post(bot, message(3), SECRET | JSON) == 200


async def test_health_and_readiness(api: BotApiServer) -> None:
    class Ill(MemoryStore):
        async def healthy(self) -> bool:
            return False

    async with running(api, mode="webhook") as bot:
        await api.wait_for(lambda: api.webhook.url)
        assert await get(bot, "/health") == (200, {"alive": True})
        assert await get(bot, "/ready") == (200, {"intake": True, "store": True, "webhook": True})
        bot.intake._store = Ill()
        assert await get(bot, "/ready") == (503, {"intake": True, "store": False, "webhook": True})


async def test_stopping_finishes_what_is_in_hand(api: BotApiServer) -> None:
    async def work(update: Update) -> None:
        await asyncio.sleep(0.3)
        await echo(update)

    async with running(api, work, mode="webhook") as bot:
        await api.wait_for(lambda: api.webhook.url)
        for user in range(1, 41):
            api.private_message(user, "hello")
        await api.wait_for(lambda: len(bot.intake.waiting()) > 20)
        bot.stop.set()
        await asyncio.wait_for(bot.task, LONG)
        stored = {delivery.update_id for delivery in api.deliveries if delivery.status == 200}
        assert len(api.sent) >= 16
        assert len(api.sent) + len(bot.store._kept) == len(stored)


async def test_an_idle_bot_stops_at_once(api: BotApiServer) -> None:
    async with running(api, mode="webhook") as bot:
        await api.reply_to(api.private_message(1, "hello"))
        await bot.quiet()
        bot.stop.set()
        await asyncio.wait_for(bot.task, LONG)


async def test_a_port_that_is_taken_is_said_in_words(api: BotApiServer) -> None:
    async with running(api, mode="webhook") as bot:
        await api.wait_for(lambda: api.webhook.url)
        address = WebhookAddress("http://127.0.0.1/hook", "s", "127.0.0.1", bot.port)
        with pytest.raises(ReformbotError, match="WEBHOOK_LISTEN"):
            await run_webhook(bot.bot, bot.intake, asyncio.Event(), address, allowed_updates=ALLOWED)
