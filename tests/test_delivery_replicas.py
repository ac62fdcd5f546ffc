"""Three real bots behind one webhook, with one PostgreSQL, killed in turn: one of them answers each update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi.driver import Plan, bot_env, free_port
from tests.botapi.server import BotApiServer
from tests.delivery.base import state_folder
from tests.delivery.figures import note
from tests.delivery.replicas import Balancer, FleetDriver
from tests.delivery.runs import COMMAND, QUIET, full_size, misread, question, settings
from tests.store_contract import postgres_database

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

REPLICAS = 3


@pytest.fixture
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


def environments(api: BotApiServer, folder: Path, database: str, url: str, ports: list[int]) -> list[dict[str, str]]:
    """As on three machines: nothing in common but the database, the secrets and the address."""
    common = {"DATABASE_URL": database, "IDENTITY_SECRET": "shared-by-all-replicas", "WEBHOOK_URL": url}
    each = []
    for port in ports:
        own = {"WEBHOOK_LISTEN": f"127.0.0.1:{port}", "STATE_DIR": str(state_folder(folder, f"state-{port}"))}
        each.append(bot_env(api, "webhook", settings(folder) | common | own))
    return each


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
    ports = [free_port() for _ in range(REPLICAS)]
    async with Balancer([f"127.0.0.1:{port}" for port in ports], mirror=5) as balancer:
        plan = Plan(questions=questions, rate=rate, mode="webhook", kills=kills, quiet=2 * QUIET, text=question)
        driver = FleetDriver(api, COMMAND, plan, environments(api, tmp_path, database, balancer.url, ports))
        report = await driver.run()
    note(f"3 replicas, {len(kills)} × SIGKILL at {rate:.0f}/s, a fifth delivered to two", report)
    assert misread(api) == []
    assert (report.lost, report.starts) == (0, REPLICAS + len(kills))
    assert report.unconfirmed <= 16 * len(kills)  # what a killed copy had in hand waits out its lease
    assert report.doubled <= 2 * len(kills)
    assert report.token_in_log == 0
