"""The webhook is looked at: taken away or changed, it is set again; what Telegram and strangers run into is said once."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from telegram.error import TelegramError

from bot.channels.telegram.delivery.health import Health
from bot.channels.telegram.delivery.transport import AiohttpRequest
from bot.channels.telegram.delivery.webhook import WebhookAddress, run_webhook
from bot.errors import ReformbotError
from tests.botapi import faults
from tests.botapi.driver import free_port
from tests.botapi.server import BotApiServer
from tests.telegram.delivery.test_intake_bot import build

pytest_plugins = ("tests.botapi.fixtures",)

ALLOWED = ["message", "callback_query"]
EVERY = 0.15


class IdleIntake:
    """Nothing comes in here."""

    full = False

    async def health(self) -> dict[str, bool]:
        return {"intake": True}

    def start(self) -> None: ...

    async def stop(self, grace: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Watching:
    api: BotApiServer
    health: Health
    port: int
    task: asyncio.Task[None]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def call(self, method: str, **parameters: object) -> Any:
        """As somebody else who has the token."""
        async with AiohttpRequest() as request:
            return await request.call(f"{self.api.base_url}/bot{self.api.token}/{method}", parameters, read_timeout=5)

    async def says(self, works: bool) -> None:
        async with asyncio.timeout(60):
            while (await self.health.parts()).get("webhook") is not works:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def watching(api: BotApiServer) -> AsyncIterator[Watching]:
    bot, stop, health, port = build(api.token, api.base_url, 0), asyncio.Event(), Health(), free_port()
    await bot.initialize()
    address = WebhookAddress(f"http://127.0.0.1:{port}/hook", "the-secret", "127.0.0.1", port)
    intake: Any = IdleIntake()
    task = asyncio.create_task(
        run_webhook(bot, intake, stop, address, allowed_updates=ALLOWED, health=health, look_every=EVERY)
    )
    found = Watching(api, health, port, task)
    await found.says(True)
    await api.wait_for(lambda: api.calls_of("getWebhookInfo"))
    try:
        yield found
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)
        await bot.shutdown()


def said(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return sum(words in record.getMessage() for record in caplog.records)


async def test_a_webhook_that_was_taken_away_is_set_again(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    async with watching(api) as bot:
        await bot.call("deleteWebhook")
        assert api.webhook.url == ""
        await api.wait_for(lambda: api.webhook.url == bot.url)
        await bot.says(True)
    assert said(caplog, "The webhook was taken away") == 1
    assert api.calls_of("setWebhook")[-1].params["secret_token"] == "the-secret"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://elsewhere.example/hook/hunter2"}, "leads to elsewhere.example"),
        ({"url": "", "allowed_updates": ["message"]}, "has other settings"),
        ({"url": "", "max_connections": 3}, "has other settings"),
    ],
)
async def test_one_that_was_changed_is_set_again(
    api: BotApiServer, caplog: pytest.LogCaptureFixture, change: dict[str, Any], words: str
) -> None:
    ours = {"secret_token": "the-secret", "allowed_updates": ALLOWED, "max_connections": 100}
    async with watching(api) as bot:
        await asyncio.sleep(2 * EVERY)
        before = len(api.calls_of("setWebhook"))
        await bot.call("setWebhook", **ours | change | {"url": change["url"] or bot.url})
        await api.wait_for(lambda: len(api.calls_of("setWebhook")) == before + 2)
        await api.wait_for(lambda: (api.webhook.url, api.webhook.max_connections) == (bot.url, 100))
        await asyncio.sleep(3 * EVERY)
        assert len(api.calls_of("setWebhook")) == before + 2
    assert said(caplog, words) == 1
    assert said(caplog, "hunter2") == 0


async def test_while_it_cannot_be_set_again_the_bot_is_not_ready(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(api) as bot:
        rule = api.faults.on("setWebhook", faults.chat_not_found(), times=2)
        await bot.call("deleteWebhook")
        await bot.says(False)
        await bot.says(True)
        assert rule.hits == 2
        assert api.webhook.url == bot.url


async def test_a_look_that_fails_changes_nothing_and_is_said_once(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(api) as bot:
        rule = api.faults.on("getWebhookInfo", faults.chat_not_found())
        await api.wait_for(lambda: rule.hits >= 3)
        await bot.says(True)
    assert said(caplog, "The webhook's state") == 1


async def test_a_token_that_is_refused_ends_it(api: BotApiServer) -> None:
    async with watching(api) as bot:
        api.faults.on("getWebhookInfo", faults.Fault("error", error=faults.ApiError(401, "Unauthorized")))
        with pytest.raises(ReformbotError, match="does not accept the token"):
            await asyncio.wait_for(bot.task, 60)


async def test_what_telegram_ran_into_is_said_once(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    async with watching(api):
        now = int(time.time())
        api.webhook.last_error = (now - 7200, "Connection refused")
        await asyncio.sleep(3 * EVERY)
        assert said(caplog, "could not deliver") == 0  # that is history
        for second in range(4):
            api.webhook.last_error = (now - 10 + second, "Wrong response from the webhook: 502 Bad Gateway")
            await asyncio.sleep(1.5 * EVERY)
        assert said(caplog, "could not deliver") == 1
        api.webhook.last_error = (now, "SSL error")
        await asyncio.sleep(3 * EVERY)
    assert said(caplog, "502 Bad Gateway") == 1
    assert said(caplog, "SSL error") == 1


async def test_who_is_turned_away_is_counted_in_one_line(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    async with watching(api) as bot, aiohttp.ClientSession() as session:
        await asyncio.sleep(EVERY)
        begin = time.monotonic()
        for number in range(23):
            async with session.post(bot.url + "/" * (number >= 20), json={"update_id": number}) as response:
                assert response.status == (404 if number >= 20 else 403)
        async with session.get(f"http://127.0.0.1:{bot.port}/favicon.ico") as response:
            assert response.status == 404
        looks = 1 + math.ceil((time.monotonic() - begin) / EVERY)
        await asyncio.sleep(3 * EVERY)
    lines = [record.getMessage() for record in caplog.records if "Turned away" in record.getMessage()]
    counted = [[int(word) for word in line.split() if word.isdigit()] for line in lines]
    assert [sum(column) for column in zip(*counted, strict=True)] == [20, 3]
    assert len(lines) <= looks  # one, unless there was a look in between


async def test_the_tests_server_says_what_telegram_says(api: BotApiServer) -> None:
    async with watching(api) as bot:
        info = await bot.call("getWebhookInfo")
        assert info["url"] == bot.url
        with pytest.raises(TelegramError):
            await bot.call("getUpdates")
