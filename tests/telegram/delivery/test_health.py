"""HEALTH_LISTEN: /health and /ready on an address of their own, from the first second on; signals while the bot learns."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.delivery.health import Health, listening
from bot.errors import ReformbotError
from bot.open.base import is_learned
from bot.open.learn import learned
from tests.botapi.driver import bot_env, free_port
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.conftest import ROOT
from tests.delivery.base import fitted
from tests.delivery.runs import question, settings
from tests.kb_bases import fitted_soon, small_base

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket


async def get(address: str, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as response:
        return response.status, await response.json()


async def first(address: str, seconds: float = 60) -> tuple[int, Any]:
    """What /health says as soon as it says anything."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await get(address, "/health")
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
async def test_the_routes_and_what_they_say(host: str) -> None:
    health, address = Health(learning=True), f"{host}:{free_port()}"
    async with listening(address, health):
        assert await get(address, "/health") == (200, {"alive": True, "learning": True})
        assert await get(address, "/ready") == (503, {"intake": False})
        health.learning = False

        async def well() -> dict[str, bool]:
            return {"intake": True, "store": True}

        health.add(well)
        assert await get(address, "/health") == (200, {"alive": True})
        assert await get(address, "/ready") == (200, {"intake": True, "store": True})


async def test_many_who_ask_at_once_cost_one_look() -> None:
    health, looks = Health(), []

    async def ask() -> dict[str, bool]:
        looks.append(1)
        await asyncio.sleep(0.05)
        return {"store": True}

    health.add(ask)
    assert await asyncio.gather(*(health.parts() for _ in range(50))) == [{"store": True}] * 50
    assert len(looks) == 1


async def test_a_port_that_is_taken_names_the_setting() -> None:
    address = f"127.0.0.1:{free_port()}"
    async with listening(address, Health()):
        with pytest.raises(ReformbotError, match="HEALTH_LISTEN"):
            async with listening(address, Health()):
                pass


async def test_without_an_address_nothing_listens() -> None:
    async with listening(None, Health()):
        pass


def cold(folder: Path, api: BotApiServer, **more: str) -> BotProcess:
    """The real bot with the whole base and nothing learned: it takes half a minute or more."""
    values = {"KNOWLEDGE_DIR": str(ROOT / "knowledge"), "STATE_DIR": str(folder / "cold"), **more}
    return BotProcess([sys.executable, "-m", "bot", "run"], bot_env(api, "polling", values), folder / "bot.log")


def learners(folder: Path) -> list[int]:
    """Processes that learn into this folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in (command := place.read_bytes()) and b"bot.open.learn" in command:
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.delivery
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_learning_can_be_told_from_hanging_and_ended_at_once(
    api: BotApiServer, tmp_path: Path, number: signal.Signals
) -> None:
    address = f"127.0.0.1:{free_port()}"
    bot = cold(tmp_path, api, HEALTH_LISTEN=address)
    await bot.start()
    try:
        assert await first(address) == (200, {"alive": True, "learning": True})
        async with asyncio.timeout(60):
            while not learners(tmp_path):
                await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        assert (await get(address, "/ready"))[0] == 503
        assert bot._process
        os.kill(bot._process.pid, signal.SIGHUP)
        await asyncio.sleep(0.3)
        assert bot.running
        os.kill(bot._process.pid, number)
        assert await asyncio.wait_for(bot._process.wait(), 20) == 0  # of the half a minute or more that it had to learn
        assert learners(tmp_path) == []
    finally:
        await bot.kill()
    assert "Stopped while the knowledge base was being learned" in bot.output()
    assert "Traceback" not in bot.output()


@pytest.mark.delivery
async def test_a_killed_bot_leaves_no_learner_behind(api: BotApiServer, tmp_path: Path) -> None:
    bot = cold(tmp_path, api)
    await bot.start()
    async with asyncio.timeout(60):
        while not learners(tmp_path):
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    await bot.kill()
    async with asyncio.timeout(60):
        while learners(tmp_path):
            await asyncio.sleep(0.05)


@pytest.mark.delivery
async def test_a_hangup_in_the_first_second_is_no_end(api: BotApiServer, tmp_path: Path) -> None:
    """As by `systemctl reload` just after the start. Python itself takes a moment to start, before any line of ours."""
    bot = BotProcess(
        [sys.executable, "-m", "bot", "run"], bot_env(api, "polling", settings(tmp_path)), tmp_path / "bot.log"
    )
    await bot.start()
    try:
        assert bot._process
        await api.wait_for(lambda: "TELEGRAM_BOT_TOKEN is set" in bot.output())
        for _ in range(10):
            os.kill(bot._process.pid, signal.SIGHUP)
            await asyncio.sleep(0.1)
        assert "seven years" in (await api.reply_to(api.private_message(100_000, question(0)))).text
        assert await bot.terminate() == 0
    finally:
        await bot.kill()


@pytest.mark.delivery
async def test_in_polling_the_routes_are_there_too(api: BotApiServer, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    values = settings(tmp_path, HEALTH_LISTEN=address)
    bot = BotProcess([sys.executable, "-m", "bot", "run"], bot_env(api, "polling", values), tmp_path / "bot.log")
    await bot.start()
    try:
        await api.reply_to(api.private_message(100_000, question(0)))
        assert await get(address, "/health") == (200, {"alive": True})
        status, parts = await get(address, "/ready")
        assert (status, parts["intake"], parts["store"]) == (200, True, True)
        assert await bot.terminate() == 0
    finally:
        await bot.kill()


# What learns


async def test_what_is_learned_is_not_learned_again(tmp_path: Path) -> None:
    steps: list[float] = []
    stop, base = asyncio.Event(), fitted_soon(small_base(tmp_path / "base"))
    for _ in range(2):
        async with learned(base, tmp_path / "cache", steps.append, stop) as cache:
            assert cache == tmp_path / "cache"
    assert steps.count(1.0) == 1


async def test_a_cache_that_cannot_be_written_is_replaced_for_this_start(tmp_path: Path) -> None:
    base, stop = fitted_soon(small_base(tmp_path / "base")), asyncio.Event()
    (tmp_path / "cache").write_text("no folder")
    async with learned(base, tmp_path / "cache", lambda share: None, stop) as cache:
        assert cache is not None
        assert cache != tmp_path / "cache"
        assert is_learned(base, cache)
    assert not cache.exists()


async def test_a_broken_base_is_left_to_whoever_reads_it(tmp_path: Path) -> None:
    async with learned(tmp_path / "nowhere", tmp_path / "cache", lambda share: None, asyncio.Event()) as cache:
        assert cache == tmp_path / "cache"


async def test_a_learner_that_dies_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fitted()
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ReformbotError, match="ended with code 1"):
        async with learned(folder, tmp_path / "cache", lambda share: None, asyncio.Event()):
            pass


@pytest.mark.delivery
async def test_a_webhook_secret_that_nobody_set_is_hidden_as_well(api: BotApiServer, tmp_path: Path) -> None:
    """It is made from the identity key; libraries write the arguments of setWebhook at the level DEBUG."""
    values = bot_env(api, "webhook", settings(tmp_path, LOG_LEVEL="DEBUG")) | {"WEBHOOK_SECRET": ""}
    bot = BotProcess([sys.executable, "-m", "bot", "run"], values, tmp_path / "bot.log")
    await bot.start()
    try:
        await api.wait_for(lambda: api.webhook.url)
        assert await bot.terminate() == 0
    finally:
        await bot.kill()
    assert len(api.webhook.secret) == 64
    assert "setWebhook" in bot.output()
    assert bot.occurrences(api.webhook.secret) == 0
