"""What systemd hears, on a socket as it opens one, and what it hands over as a credential."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from bot.operations.supervisor import supervised
from bot.settings import read_settings
from tests.botapi.server import LONG

UNIT = Path(__file__).parents[2] / "deploy" / "reformbot.service"
EXPOSED = 1.2  # of 10, as systemd-analyze counts


def heard(listening: socket.socket) -> list[str]:
    found = []
    listening.setblocking(False)
    while True:
        try:
            found.append(listening.recv(100).decode())
        except BlockingIOError:
            return found


@pytest.mark.parametrize("name", ["notify", "@reformbot-test-notify"])
async def test_ready_alive_and_stopping_are_told(tmp_path: Path, name: str) -> None:
    address = f"\0{name[1:]}" if name.startswith("@") else str(tmp_path / name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        place = name if name.startswith("@") else address
        async with supervised({"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "20000"}):
            told = []
            async with asyncio.timeout(LONG):
                while told.count("WATCHDOG=1") < 3:
                    await asyncio.sleep(0.01)
                    told += heard(listening)
        told += heard(listening)
    assert told[0] == "READY=1"
    assert told[-1] == "STOPPING=1"


async def test_a_listener_who_does_not_read_holds_nobody_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        async with asyncio.timeout(LONG), supervised({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2"}):
            for _ in range(1000):  # more than any socket keeps
                await asyncio.sleep(0)


async def test_nobody_who_asks_or_listens_is_no_trouble(tmp_path: Path) -> None:
    async with supervised({}), supervised({"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        pass


def test_the_token_may_be_a_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "telegram_bot_token").write_text("4242:from-a-file-of-systemd\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    token = read_settings().telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == "4242:from-a-file-of-systemd"
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242:from-the-environment")
    token = read_settings().telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == "4242:from-the-environment"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_the_unit_gives_little_away() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    level = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert level, said
    assert float(level[1]) <= EXPOSED
