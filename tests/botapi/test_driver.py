"""The driver against a small bot: what it calls answered, lost and doubled is so."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import faults
from tests.botapi.driver import FIRST_USER, Driver, Plan, Report, peak_per_second
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)

ECHO = (sys.executable, "-m", "tests.botapi.echo_bot")
ROOT = Path(__file__).parents[2]


async def _run(api: BotApiServer, plan: Plan, **env: str) -> Report:
    driver = Driver(api, ECHO, plan, {"PYTHONPATH": str(ROOT), **env})
    try:
        return await driver.run()
    finally:
        driver.bot.log.unlink()


@pytest.mark.delivery
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_bot_that_confirms_after_its_answer_loses_nothing_when_killed(api: BotApiServer, mode: str) -> None:
    plan = Plan(questions=60, mode=mode, kills=(0.5,), quiet=4.0, pause=0.05, settle=0.1)
    report = await _run(api, plan, ECHO_WORK="0.002")
    assert (report.asked, report.answered, report.lost, report.starts) == (60, 60, 0, 2)
    assert report.exit_codes == (-9, 0)
    assert report.doubled <= 10
    assert report.died == 0
    assert report.unconfirmed == 0


@pytest.mark.delivery
async def test_a_bot_that_confirms_first_is_seen_to_lose(api: BotApiServer) -> None:
    plan = Plan(questions=60, kills=(0.3,), quiet=0.4, pause=0.05, settle=0.0, rate=100)
    report = await _run(api, plan, ECHO_WORK="0.3", ECHO_CONFIRM="before")  # some thirty in hand
    assert report.lost > 0
    assert report.doubled == 0
    assert report.answered == 60 - report.lost == len(api.sent)


async def test_sigterm_ends_a_bot_within_its_grace(api: BotApiServer) -> None:
    report = await _run(api, Plan(questions=20, users=4, rate=400, terms=(0.5,), pause=0.0, settle=0.0))
    assert report.lost == 0
    assert report.exit_codes == (0, 0)
    assert report.peak_rss_mb > 5
    assert report.cpu_seconds > 0
    assert report.p99 >= report.p50 > 0


async def test_a_bot_that_ends_by_itself_is_told_from_one_that_was_killed(api: BotApiServer) -> None:
    report = await _run(api, Plan(questions=20, quiet=30.0), ECHO_POISON="question 10")
    assert (report.died, report.exit_codes, report.answered) == (1, (3,), 10)


async def test_a_bot_that_does_not_start_is_an_error_with_its_output(api: BotApiServer) -> None:
    driver = Driver(api, (sys.executable, "-c", "print('no settings'); raise SystemExit(1)"), Plan(questions=1))
    with pytest.raises(RuntimeError, match="no settings"):
        await driver.run()
    driver.bot.log.unlink()


async def test_a_token_in_the_log_is_counted(api: BotApiServer) -> None:
    code = f"import os; print(os.environ['TELEGRAM_BOT_TOKEN'], flush=True)\n{_source()}"
    driver = Driver(api, (sys.executable, "-c", code), Plan(questions=1, settle=0.0), {"PYTHONPATH": str(ROOT)})
    report = await driver.run()
    assert (report.token_in_log, report.answered) == (1, 1)
    assert report.log_bytes == driver.bot.log.stat().st_size > len(api.token)
    driver.bot.log.unlink()


def _source() -> str:
    return "import runpy; runpy.run_module('tests.botapi.echo_bot', run_name='__main__')"


async def test_doubled_and_missing_answers_are_counted_chat_by_chat(api: BotApiServer) -> None:
    """One chat's second answer does not make up for another's missing one."""
    driver = Driver(api, ECHO, Plan(questions=3))
    await driver.flood()
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    async with aiohttp.ClientSession() as client:
        for chat_id in (FIRST_USER, FIRST_USER, FIRST_USER + 1):
            await client.post(url, json={"chat_id": chat_id, "text": "answer"})
    assert (driver.lost(), driver.doubled()) == (1, 1)
    driver.bot.log.unlink()


async def test_odd_updates_and_faults_go_between_the_questions(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.server_error(), times=1, when=lambda call: call.params["text"][-2:] == " 7")
    report = await _run(api, Plan(questions=250, odd=True, quiet=0.3, settle=0.0))
    assert (report.lost, report.died, report.unconfirmed) == (1, 0, 0)
    assert api.violations == ["sendMessage: Bad Request: text: strings must be encoded in UTF-8"]
    api.violations.clear()


def test_the_peak_is_the_fullest_second() -> None:
    sent = [Sent(0, t, "sendMessage", 1, 1, "", [], None, None, None, {}) for t in (0.0, 0.9, 1.0, 1.5, 1.8, 3.0)]
    assert peak_per_second(sent) == 4


async def test_the_command_line_prints_a_report() -> None:
    options = ("--questions", "5", "--quiet", "1", "--fault", "reset_after", "--probability", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi.driver", *options, "--env", f"PYTHONPATH={ROOT}", "--", *ECHO,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    report = json.loads(out)
    assert (process.returncode, report["answered"], report["lost"]) == (0, 5, 0)
