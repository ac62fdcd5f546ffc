"""A real process killed while it answers, with the real journal: what is lost, what is doubled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.botapi.driver import Driver, Plan, Report
from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.delivery

QUIET = 12.0  # seconds: a webhook that was away is tried again after pauses that double
COMMAND = [sys.executable, "-m", "tests.telegram.delivery.test_intake_bot"]


async def drive(api: BotApiServer, folder: Path, plan: Plan, work: float = 0.02) -> Report:
    return await Driver(api, COMMAND, plan, {"STATE_DIR": str(folder), "ECHO_WORK": str(work)}).run()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_three_kills_lose_nothing_and_double_two_each_at_most(
    api: BotApiServer, tmp_path: Path, mode: str
) -> None:
    plan = Plan(questions=300, rate=100.0, mode=mode, kills=(0.2, 0.45, 0.7), quiet=QUIET)
    report = await drive(api, tmp_path, plan)
    assert (report.lost, report.starts, report.token_in_log) == (0, 4, 0)
    assert report.doubled <= 6


async def test_a_kill_in_a_backlog_loses_nothing(api: BotApiServer, tmp_path: Path) -> None:
    report = await drive(api, tmp_path, Plan(questions=500, kills=(0.3, 0.6), quiet=QUIET))
    assert report.lost == 0
    assert report.doubled <= 6


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_stop_in_a_backlog_loses_and_doubles_nothing(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    report = await drive(api, tmp_path, Plan(questions=300, mode=mode, terms=(0.4,), quiet=QUIET))
    assert (report.lost, report.doubled, report.exit_codes) == (0, 0, (0, 0))
