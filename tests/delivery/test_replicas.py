"""Three real bots behind one webhook, with one PostgreSQL, killed in turn: one of them answers each update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi.driver import Plan, Report, free_port
from tests.botapi.faults import reset_after, reset_before
from tests.botapi.server import BotApiServer
from tests.delivery.figures import note
from tests.delivery.replicas import Balancer, FleetDriver, environments
from tests.delivery.runs import COMMAND, QUESTIONS, QUIET, full_size, misread, question
from tests.store_contract import postgres_database

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

REPLICAS = 3
IN_HAND = 16  # chats at a time, in one copy
TAKEN_OVER = 8.0  # seconds after which others have what a killed copy had in hand: its lease, and a look around
GROUP = -1_001_000_000_007


@pytest.fixture
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


async def drive_replicas(api: BotApiServer, folder: Path, database: str, plan: Plan) -> tuple[FleetDriver, Report]:
    ports = [free_port() for _ in range(REPLICAS)]
    async with Balancer([f"127.0.0.1:{port}" for port in ports], mirror=5) as balancer:
        driver = FleetDriver(api, COMMAND, plan, environments(api, folder, database, balancer.url, ports))
        return driver, await driver.run()


@pytest.mark.parametrize(
    ("questions", "rate", "kills"),
    [
        (240, 60, (0.4,)),
        pytest.param(1500, 60, (0.2, 0.4, 0.6), marks=full_size),
    ],
)
async def test_replicas_killed_in_turn(
    api: BotApiServer, tmp_path: Path, database: str, questions: int, rate: float, kills: tuple[float, ...]
) -> None:
    plan = Plan(questions=questions, rate=rate, mode="webhook", kills=kills, quiet=2 * QUIET, text=question)
    _, report = await drive_replicas(api, tmp_path, database, plan)
    note(f"3 replicas, {len(kills)} × SIGKILL at {rate:.0f}/s, a fifth delivered to two", report)
    assert misread(api) == []
    assert (report.lost, report.starts) == (0, REPLICAS + len(kills))
    assert report.unconfirmed == 0
    assert report.doubled <= 2 * len(kills)
    assert report.token_in_log == 0


@pytest.mark.parametrize("questions", [100, pytest.param(500, marks=full_size)])
async def test_two_copies_in_one_group_while_connections_break(
    api: BotApiServer, tmp_path: Path, database: str, questions: int
) -> None:
    """A chat is one copy's at a time: its answers stand in order, and no message is changed by anybody."""
    rules = [api.faults.on("sendMessage", fault, probability=0.05) for fault in (reset_before(), reset_after())]
    ports = [free_port() for _ in range(2)]
    async with Balancer([f"127.0.0.1:{port}" for port in ports]) as balancer:
        plan = Plan(questions=0, mode="webhook")
        driver = FleetDriver(api, COMMAND, plan, environments(api, tmp_path, database, balancer.url, ports))
        try:
            await driver.start()
            asked = [api.group_message(GROUP, 70 + n, f"/ask {question(n)}") for n in range(questions)]
            await api.wait_for(lambda: len(api.sent_to(GROUP)) >= questions + rules[1].hits, 240)
        finally:
            await driver.fleet.terminate()
    message_ids = [api.state.pushed[update_id].update["message"]["message_id"] for update_id in asked]
    replied = [sent.reply_to for sent in api.sent_to(GROUP) if sent.reply_to in set(message_ids)]
    assert api.edits == []
    assert len(api.sent_to(GROUP)) == questions + rules[1].hits
    assert rules[0].hits
    assert rules[1].hits
    assert replied == sorted(replied)
    for sent in api.sent_to(GROUP):
        if sent.reply_to in message_ids:
            assert QUESTIONS[message_ids.index(sent.reply_to) % len(QUESTIONS)][1] in sent.text


@full_size
async def test_what_a_replica_was_at_is_answered_by_another_if_it_does_not_come_back(
    api: BotApiServer, tmp_path: Path, database: str
) -> None:
    plan = Plan(
        questions=600, rate=60, mode="webhook", kills=(0.4,), pause=3 * TAKEN_OVER, quiet=2 * QUIET, text=question
    )
    api.latency = 0.2  # so that it has some in hand when it is killed, a part of them with Telegram already
    driver, report = await drive_replicas(api, tmp_path, database, plan)
    note("3 replicas, one killed for good at 60/s, Telegram takes 200 ms", report)
    assert (report.lost, report.unconfirmed) == (0, 0)
    assert report.doubled <= IN_HAND
    assert driver.latencies()[-1] < TAKEN_OVER + 2
