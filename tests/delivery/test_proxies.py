"""Three real bots with one PostgreSQL behind a real nginx or Caddy, set up by what `deploy/` has, and killed in turn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from tests.botapi.driver import FIRST_USER, Plan, free_port
from tests.botapi.server import BotApiServer
from tests.delivery.figures import note
from tests.delivery.replicas import FleetDriver, environments
from tests.delivery.runs import COMMAND, QUESTIONS, QUIET, full_size, question
from tests.proxies import Proxy, caddy, found, nginx, serving
from tests.store_contract import postgres_database

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

REPLICAS = 3
IN_HAND = 16  # chats at a time, in one copy
# Seconds that half of the answers take on a machine so busy that calls to Telegram take long: then more than two are on the
# way at a time, as docs/delivery.md says. At a load of 10, with 0.8 s, two kills doubled nine.
SLOW = 0.25
PROXIES: dict[str, Callable[[Path, int, Sequence[int]], Proxy]] = {"nginx": nginx, "caddy": caddy}


@pytest.fixture
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


def test_one_of_the_two_is_there_where_all_is_tested() -> None:
    if not any(map(found, PROXIES)):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("neither nginx nor Caddy is installed")


class EachDriver(FleetDriver):
    """Waits for each answer by what it says: a doubled one does not stand for one that is still to come."""

    def lost(self) -> int:
        missing = sum(
            all(QUESTIONS[number % len(QUESTIONS)][1] not in sent.text for sent in self.server.sent_to(person))
            for number, person in enumerate(self.asked.values())
        )
        return missing + self.plan.questions - len(self.asked)


def out_of_order(api: BotApiServer, plan: Plan) -> list[str]:
    """The chats whose answers, a doubled one counted once, do not stand as their questions do. Nobody may ask the same twice
    on end: then the next answer could not be told from a doubled one."""
    wrong = []
    for person in range(plan.users):
        wanted = [QUESTIONS[number % len(QUESTIONS)][1] for number in range(person, plan.questions, plan.users)]
        read = [
            next((says for _, says in QUESTIONS if says in sent.text), sent.text[:200])
            for sent in api.sent_to(FIRST_USER + person)
        ]
        if [says for says, _ in groupby(read)] != wanted:
            wrong.append(f"{person}: {wanted} -> {read}")
    return wrong


@pytest.mark.parametrize("name", PROXIES)
@pytest.mark.parametrize(
    ("questions", "kills"),
    [
        (160, (0.25, 0.5)),
        pytest.param(1500, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), marks=full_size),
    ],
)
async def test_replicas_behind_a_proxy_killed_in_turn(
    api: BotApiServer, tmp_path: Path, database: str, name: str, questions: int, kills: tuple[float, ...]
) -> None:
    port, ports = free_port(), [free_port() for _ in range(REPLICAS)]
    proxy = PROXIES[name](tmp_path, port, ports)
    people = questions // 4 // len(QUESTIONS) * len(QUESTIONS) + 1  # each asks four times, another thing each time
    plan = Plan(questions=questions, rate=60, users=people, mode="webhook", kills=kills, quiet=2 * QUIET, text=question)
    async with serving(proxy, api, port):
        driver = EachDriver(api, COMMAND, plan, environments(api, tmp_path, database, proxy.url, ports))
        report = await driver.run()
    note(f"3 replicas behind {name}, {len(kills)} × SIGKILL in turn at 60/s", report)
    assert (report.lost, report.starts) == (0, REPLICAS + len(kills))
    assert report.unconfirmed == 0
    assert report.doubled <= (2 if report.p50 < SLOW else IN_HAND) * len(kills)
    assert out_of_order(api, plan) == []
    assert report.token_in_log == 0
