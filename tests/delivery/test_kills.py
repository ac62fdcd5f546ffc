"""The real bot ended under load, by SIGKILL and by SIGTERM: every question is answered, few are answered twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.open.base import open_base
from tests.botapi.driver import Plan
from tests.botapi.server import BotApiServer
from tests.delivery.runs import QUIET, drive, full_size, question
from tests.kb_bases import SHIPPED

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

MODES = ("polling", "webhook")


@pytest.mark.parametrize(
    ("mode", "questions", "kills"),
    [
        ("polling", 400, (0.4,)),
        ("webhook", 250, (0.4,)),
        pytest.param("polling", 1500, (0.25, 0.5, 0.75), marks=full_size),
        pytest.param("webhook", 1500, (0.25, 0.5, 0.75), marks=full_size),
    ],
)
async def test_kills_at_a_hundred_questions_a_second(
    api: BotApiServer, tmp_path: Path, mode: str, questions: int, kills: tuple[float, ...]
) -> None:
    plan = Plan(questions=questions, rate=100, mode=mode, kills=kills, quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"{len(kills)} × SIGKILL at 100/s, {mode}", plan)
    assert (report.lost, report.starts, report.unconfirmed) == (0, len(kills) + 1, 0)
    assert report.doubled <= 2 * len(kills)


@full_size
@pytest.mark.parametrize("mode", MODES)
async def test_kills_of_a_bot_that_knows_everything(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    """The others have fewer phrases, so that a start takes a second."""
    await asyncio.to_thread(open_base, SHIPPED, tmp_path / "whole" / "cache")
    whole = {"KNOWLEDGE_DIR": str(SHIPPED), "STATE_DIR": str(tmp_path / "whole")}
    kills = (0.25, 0.5, 0.75)
    plan = Plan(questions=1500, rate=100, mode=mode, kills=kills, quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"the same with the whole base, {mode}", plan, **whole)
    assert (report.lost, report.starts, report.unconfirmed) == (0, 4, 0)
    assert report.doubled <= 2 * len(kills)


@pytest.mark.parametrize(
    ("mode", "questions"),
    [
        ("polling", 300),
        pytest.param("polling", 2000, marks=full_size),
        pytest.param("webhook", 2000, marks=full_size),
    ],
)
async def test_a_kill_in_a_burst(api: BotApiServer, tmp_path: Path, mode: str, questions: int) -> None:
    plan = Plan(questions=questions, mode=mode, kills=(0.5,), quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"SIGKILL in a burst, {mode}", plan)
    assert (report.lost, report.starts, report.unconfirmed) == (0, 2, 0)
    assert report.doubled <= 2


@pytest.mark.parametrize(
    ("mode", "questions"),
    [
        ("polling", 300),
        pytest.param("polling", 2000, marks=full_size),
        pytest.param("webhook", 2000, marks=full_size),
    ],
)
async def test_a_stop_in_a_backlog_loses_and_doubles_nothing(
    api: BotApiServer, tmp_path: Path, mode: str, questions: int
) -> None:
    plan = Plan(questions=questions, mode=mode, terms=(0.3,), quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"SIGTERM in a backlog, {mode}", plan)
    assert (report.lost, report.doubled, report.exit_codes, report.unconfirmed) == (0, 0, (0, 0), 0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("questions", [150, pytest.param(1500, marks=full_size)])
async def test_what_is_delivered_twice_is_answered_once(
    api: BotApiServer, tmp_path: Path, mode: str, questions: int
) -> None:
    api.faults.duplicates = 0.2
    plan = Plan(questions=questions, rate=100, mode=mode, quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"20 % delivered twice, {mode}", plan)
    assert len(api.deliveries) > questions if mode == "webhook" else True
    assert (report.lost, report.doubled, report.unconfirmed) == (0, 0, 0)
