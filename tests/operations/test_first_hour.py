"""The first hour as `docs/first-hour.md` tells it: its settings, its commands, in its order, in an empty folder."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from tests.botapi.driver import free_port
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.conftest import ROOT
from tests.delivery.base import CACHE, fitted
from tests.delivery.runs import COMMAND, QUESTIONS
from tests.proxies import found, nginx, serving

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = [pytest.mark.enable_socket, pytest.mark.delivery]

PAGE = (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "reformbot.service").read_text(encoding="utf-8")
# Installing is what tests/test_package.py does, and a service takes systemd.
_INSTALL, LOOK, BACKUP, RESTORE, AS_BOT = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
[SETTINGS] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
QUESTION, ANSWER = QUESTIONS[1]
ADMIN = 77


class Hour:
    """A folder beside the clone, with what the page has in it; its ports are others, so that many can have their first hour."""

    def __init__(self, folder: Path, api: BotApiServer) -> None:
        self.folder, self._api = folder, api
        self.webhook = free_port()
        self._ports = {"8080": self.webhook, "8081": free_port(), "9090": free_port()}
        (folder / "bin").mkdir()
        command = folder / "bin" / "reformbot"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
        command.chmod(0o755)
        path = f"{command.parent}:{os.environ['PATH']}"
        self._env = {"PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT)}

    def settle(self, url: str) -> None:
        """Write the settings of the page, for the tests' Telegram and a base that is quick to learn."""
        ours = {"TELEGRAM_BOT_TOKEN": self._api.token, "WEBHOOK_URL": url, "ADMIN_IDS": str(ADMIN)}
        more = {"TELEGRAM_BASE_URL": self._api.base_url, "KNOWLEDGE_DIR": str(fitted())}
        lines = dict(line.split("=", 1) for line in SETTINGS.splitlines())
        assert ours.keys() <= lines.keys()
        given = {name: self._here(value) for name, value in lines.items()} | ours | more
        file = self.folder / ".env"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in given.items()), encoding="utf-8")
        (self.folder / ".state").mkdir(mode=0o700)
        (self.folder / ".state" / "cache").symlink_to(CACHE, target_is_directory=True)

    def _here(self, text: str) -> str:
        return re.sub("|".join(self._ports), lambda port: str(self._ports[port[0]]), text)

    async def run(self, block: str) -> str:
        """What a block of the page prints; every line of it ends well."""
        shell = ["bash", "-e", "-o", "pipefail", "-c", self._here(block)]
        done = await asyncio.create_subprocess_exec(
            *shell, cwd=self.folder, env=self._env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await done.communicate()
        assert done.returncode == 0, said.decode()
        return said.decode()

    def bot(self) -> BotProcess:
        return BotProcess(["env", "-C", str(self.folder), *COMMAND], self._env)


async def ready(api: BotApiServer, bot: BotProcess) -> None:
    sets = api.counters.requests.get("setWebhook", 0)
    await bot.start()
    await api.wait_for(lambda: not bot.running or api.counters.requests.get("setWebhook", 0) > sets)
    assert bot.running, bot.output()


async def test_the_commands_of_the_first_hour_lead_where_it_says(api: BotApiServer, tmp_path: Path) -> None:
    if found("nginx") is None:
        pytest.skip("nginx is not installed")
    (tmp_path / "hour").mkdir()
    hour, port = Hour(tmp_path / "hour", api), free_port()
    proxy = nginx(tmp_path, port, [hour.webhook, free_port(), free_port()])
    hour.settle(proxy.url)
    bot = hour.bot()
    async with serving(proxy, api, port):
        try:
            await ready(api, bot)
            await api.reply_to(api.private_message(ADMIN, "/start"))
            assert ANSWER in (await api.reply_to(api.private_message(78, QUESTION))).text
            looked = await hour.run(LOOK)
            assert re.search(r"^ok +updates", looked, re.MULTILINE), looked
            assert 'reformbot_works{part="webhook"} 1.0' in looked
            await hour.run(BACKUP)
            await bot.terminate()
            asked = api.private_message(78, QUESTION)
            await hour.run(RESTORE)
            await ready(api, bot)
            assert ANSWER in (await api.reply_to(asked)).text
            assert "Learning" not in bot.output()
        finally:
            await bot.kill()


def test_what_is_run_as_the_service_has_the_services_own_settings() -> None:
    given = re.findall(r"-p (\S+)", AS_BOT)
    assert "User=reformbot" in given  # the name that systemd makes of the unit's
    for one in given:
        assert one in UNIT.splitlines() or one == "User=reformbot", one
    [started] = re.findall(r"(?m)^ExecStart=(\S+)", UNIT)
    assert started in AS_BOT
