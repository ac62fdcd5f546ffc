"""Runs of the real command under load: what every run sets, what it asks, and what it has to have been told."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.botapi.driver import FIRST_USER, Driver, Plan, Report
from tests.botapi.server import BotApiServer
from tests.delivery.base import fitted, state_folder
from tests.delivery.figures import note

COMMAND = [sys.executable, "-m", "bot", "run"]  # the tree under test, whichever the environment has installed
SWITCH = "REFORMBOT_DELIVERY_FULL"
QUIET = 15.0  # seconds without a message after which the rest counts as lost: a start takes a while on a busy machine

full_size = pytest.mark.skipif(os.environ.get(SWITCH) != "1", reason=f"full size takes minutes: set {SWITCH}=1")

# A question, and what its answer, and no other's, says.
QUESTIONS = (
    ("How long may a president serve?", "seven years"),
    ("Is there a death penalty?", "has been abolished"),
    ("Сколько лет может править президент?", "семь лет"),
    ("Do I need a visa to visit Kazakhstan?", "visas"),
    ("Қазақстанда өлім жазасы бар ма?", "өлім жазасы"),
    ("How are rural mayors chosen?", "mayors"),
)


def question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)][0]


def settings(folder: Path, **more: str) -> dict[str, str]:
    """The bot's environment, besides what the driver sets; a state folder of its own, kept over restarts."""
    state = folder / "state"
    base = fitted()
    if not state.exists():
        state_folder(folder)
    return {"KNOWLEDGE_DIR": str(base), "STATE_DIR": str(state), "SEND_RATE": "0", "ASK_RATE": "0"} | more


def driver(api: BotApiServer, folder: Path, plan: Plan, **more: str) -> Driver:
    return Driver(api, COMMAND, plan, settings(folder, **more))


async def drive(api: BotApiServer, folder: Path, case: str, plan: Plan, **more: str) -> Report:
    """Carry the plan out, note its figures under the name of the case, look at every answer."""
    made = driver(api, folder, plan, **more)
    try:
        report = await made.run()
    finally:
        made.bot.log.replace(folder / "bot.log")
    note(case, report)
    assert misread(api) == []
    assert report.exit_codes[-1] == 0  # it stopped within its grace
    return report


def misread(api: BotApiServer) -> list[str]:
    """The answers, to questions of users of their own, that do not say what they should."""
    wrong = []
    for sent in api.sent:
        number = sent.chat_id - FIRST_USER
        if 0 <= number < 100_000 and QUESTIONS[number % len(QUESTIONS)][1] not in sent.text:
            wrong.append(f"{question(number)} -> {sent.text[:200]}")
    return wrong


def log_of(folder: Path) -> str:
    return (folder / "bot.log").read_text(encoding="utf-8", errors="replace")


async def ready(address: str) -> tuple[int, dict[str, bool]]:
    """What GET /ready says; status 0 if nobody answers."""
    timeout = aiohttp.ClientTimeout(5)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{address}/ready") as response,
        ):
            return response.status, await response.json()
    except (aiohttp.ClientError, TimeoutError):
        return 0, {}


async def until(condition: Callable[[], Awaitable[bool]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.1)
