"""Trouble at the start of the real bot, and one that is flooded: what it says, and that it goes on where it can."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.botapi.driver import SECRET, bot_env, free_port
from tests.botapi.faults import conflict
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.delivery.runs import COMMAND, question, settings
from tests.store.test_failures_postgresql import Proxy

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket


def process(api: BotApiServer, folder: Path, mode: str = "polling", **more: str) -> BotProcess:
    return BotProcess(COMMAND, bot_env(api, mode, settings(folder, **more)), folder / "bot.log")


async def test_no_server_at_the_start_is_waited_for(api: BotApiServer, tmp_path: Path) -> None:
    way = Proxy("127.0.0.1", int(api.base_url.rpartition(":")[2]))
    way.port = free_port()
    bot = process(api, tmp_path, TELEGRAM_BASE_URL=f"http://127.0.0.1:{way.port}")
    await bot.start()
    try:
        asked = api.private_message(100_000, question(0))
        await api.wait_for(lambda: "getMe failed" in bot.output(), 60)
        assert bot.running
        await way.up()
        assert "seven years" in (await api.reply_to(asked, 60)).text
        assert await bot.terminate() == 0
    finally:
        await bot.kill()
        await way.cut()
    output = bot.output()
    assert output.count("getMe failed") == 1
    assert "getMe works again" in output
    assert "Traceback" not in output


async def test_a_wrong_token_is_said_and_ends_it(api: BotApiServer, tmp_path: Path) -> None:
    wrong = "99999:AAwrong-token_of-thirty-five-characters"
    bot = process(api, tmp_path, TELEGRAM_BOT_TOKEN=wrong)
    await bot.start()
    await api.wait_for(lambda: not bot.running, 60)
    await bot.kill()
    assert bot.exit_codes == [1]
    assert "Telegram does not accept the token. Check TELEGRAM_BOT_TOKEN" in bot.output()
    assert bot.occurrences(wrong.partition(":")[2]) == 0
    assert "Traceback" not in bot.output()
    api.violations.clear()


async def test_a_port_in_use_is_said_and_ends_it(api: BotApiServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        bot = process(api, tmp_path, "webhook", WEBHOOK_LISTEN=f"127.0.0.1:{port}")
        await bot.start()
        await api.wait_for(lambda: not bot.running, 60)
        await bot.kill()
    assert bot.exit_codes == [1]
    assert "Check WEBHOOK_LISTEN" in bot.output()
    assert SECRET not in bot.output()


async def test_another_copy_is_named_and_outlived(api: BotApiServer, tmp_path: Path) -> None:
    api.faults.on("getUpdates", conflict(), times=3)
    bot = process(api, tmp_path)
    await bot.start()
    try:
        asked = api.private_message(100_000, question(0))
        assert "seven years" in (await api.reply_to(asked, 60)).text
        assert await bot.terminate() == 0
    finally:
        await bot.kill()
    assert bot.output().count("Another copy of this bot is running with the same token") == 1
    assert "Traceback" not in bot.output()
