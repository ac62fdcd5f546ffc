"""The real bot while Telegram, the network and its users misbehave: answers, manners, and what it writes to its log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.botapi.driver import Plan
from tests.botapi.faults import bad_gateway, flood, reset_before, server_error
from tests.botapi.odd_updates import odd_updates
from tests.botapi.server import BotApiServer
from tests.delivery.figures import note
from tests.delivery.runs import QUESTIONS, QUIET, drive, driver, full_size, log_of, question

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

ODD = len(list(odd_updates()))
FLOODER = 7
_RECORD = re.compile(r"^\S+ \S+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")


def hit(api: BotApiServer) -> None:
    """A tenth of the sends fails before Telegram has accepted them, in all the ways there are."""
    for fault in (flood(1), server_error(), bad_gateway(), reset_before()):
        api.faults.on("sendMessage", fault, probability=0.026)


@pytest.mark.parametrize("questions", [200, pytest.param(1500, marks=full_size)])
async def test_a_tenth_of_the_sends_fails_and_nothing_is_lost(
    api: BotApiServer, tmp_path: Path, questions: int
) -> None:
    hit(api)
    plan = Plan(questions=questions, rate=60, quiet=QUIET, text=question)
    report = await drive(api, tmp_path, "10 % of the sends fail, polling", plan)
    hits = sum(rule.hits for rule in api.faults.rules)
    assert questions * 0.05 < hits < questions * 0.2
    assert (report.lost, report.doubled, report.flood_violations) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_odd_updates_cost_their_neighbours_nothing(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    plan = Plan(questions=ODD + 1, rate=60, mode=mode, odd=True, quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"{ODD} odd updates between, {mode}", plan)
    assert (report.lost, report.doubled, report.unconfirmed, report.died) == (0, 0, 0, 0)
    assert report.log_bytes < 10_000
    # Nothing spins: a poll brings several updates, and an update comes but a few times.
    assert api.counters.requests.get("getUpdates", 0) < 60 * (report.seconds + 2)
    assert len(api.deliveries) < 20 * len(api.state.pushed)


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
async def test_the_log_holds_no_token_and_above_debug_no_question(
    api: BotApiServer, tmp_path: Path, level: str
) -> None:
    hit(api)
    plan = Plan(questions=80, rate=80, kills=(0.5,) if level == "DEBUG" else (), quiet=QUIET, text=question)
    report = await drive(api, tmp_path, f"with LOG_LEVEL={level}", plan, LOG_LEVEL=level)
    assert (report.lost, report.token_in_log) == (0, 0)
    assert texts_above_debug(log_of(tmp_path)) == []


def texts_above_debug(log: str) -> list[str]:
    """The lines of records above DEBUG in which a question or an answer stands; a record may have many lines."""
    found, above = [], True
    for line in log.splitlines():
        if record := _RECORD.match(line):
            above = record[1] != "DEBUG"
        if above and any(text in line for pair in QUESTIONS for text in pair):
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("mode", "flood_of", "rate", "answered"),
    [
        ("polling", 50, 5, 5),
        ("webhook", 90, 5, 5),
        pytest.param("polling", 300, 20, 20, id="polling-where the flood fills the window"),
    ],
)
async def test_one_chat_that_floods_is_told_once_and_the_others_are_served(
    api: BotApiServer, tmp_path: Path, mode: str, flood_of: int, rate: int, answered: int
) -> None:
    plan = Plan(questions=60, rate=15, mode=mode, quiet=QUIET, text=question)
    made = driver(api, tmp_path, plan, ASK_RATE=str(rate), SEND_RATE="30")
    try:
        await made.start()
        for number in range(flood_of):
            api.private_message(FLOODER, question(number))
        begin = api.state.clock()
        await made.flood()
        await made.finish()
        report = made.report(0.0, begin)
        await api.wait_for(lambda: len(api.sent_to(FLOODER)) > answered, 60)  # one a second leaves
        await made.bot.terminate()
    finally:
        await made.bot.kill()
    note(f"{flood_of} questions at once from another chat, {mode}", report)
    told = [sent.text for sent in api.sent_to(FLOODER)]
    assert len(told) == answered + 1
    assert sum("minute" in text for text in told) == 1
    assert (report.lost, report.doubled) == (0, 0)
    assert report.p99 < 8.0  # the others' answers do not wait for the flooder's, which leave one a second
