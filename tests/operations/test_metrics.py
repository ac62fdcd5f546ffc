"""The running bot, measured over HTTP as Prometheus does, and what stands in deploy/ for it."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import ReformbotError
from bot.operations.metrics import Watched, measured
from tests.botapi.driver import free_port
from tests.botapi.server import LONG, BotApiServer
from tests.small_service import small_base, small_service
from tests.telegram_bot import running

CRY = "my husband is beating me right now, help"
DEPLOY = Path(__file__).parents[2] / "deploy"

Sample = dict[str, list[tuple[dict[str, str], float]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


async def scraped(port: int) -> Sample:
    """As soon as somebody listens there."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(LONG):
        while True:
            with suppress(aiohttp.ClientConnectorError):
                async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                    return samples(await response.text())
            await asyncio.sleep(0.1)


def samples(text: str) -> Sample:
    found: Sample = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def total(found: Sample, name: str, **labels: str) -> float:
    return sum(value for has, value in found.get(name, ()) if labels.items() <= has.items())


async def test_a_question_a_decline_and_a_cry_for_help_are_counted(api: BotApiServer) -> None:
    port = free_port()
    service = small_service()
    assert service.ask(CRY).danger
    async with running(api, service=service, metrics_listen=f"127.0.0.1:{port}"):
        before = await scraped(port)
        for question in ("How long may a president serve?", "how do I bake bread", CRY):
            await api.reply_to(api.private_message(5, question))
        after = await scraped(port)

    def more(name: str, **labels: str) -> float:
        return total(after, name, **labels) - total(before, name, **labels)

    assert more("reformbot_questions_total", lang="en") == 3
    assert more("reformbot_questions_total", decision="answer") == 1
    assert more("reformbot_danger_total", lang="en") == 1
    assert more("reformbot_telegram_calls_total", method="sendMessage", outcome="ok") == 3
    assert more("reformbot_deciding_seconds_count") == 3
    assert more("reformbot_answering_seconds_count") == 3
    assert total(after, "reformbot_works", part="intake") == 1
    assert total(after, "reformbot_works", part="store") == 1
    assert total(after, "reformbot_base_entries") == len(small_base().entries)
    assert total(after, "reformbot_base_info", digest=small_base().digest[:12]) == 1
    assert not any("president" in str(labels) for rows in after.values() for labels, _ in rows)


async def test_an_address_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        watched = Watched(tmp_path, small_base, lambda: None, lambda: ())  # type: ignore[arg-type,return-value]
        with pytest.raises(ReformbotError, match=f"METRICS_LISTEN={address}"), measured(address, watched):
            pass


async def names(api: BotApiServer) -> set[str]:
    port = free_port()
    async with running(api, metrics_listen=f"127.0.0.1:{port}"):
        for question in ("How long may a president serve?", CRY):
            await api.reply_to(api.private_message(5, question))
        return set(await scraped(port))


async def test_the_board_and_the_alarms_ask_for_what_there_is(api: BotApiServer) -> None:
    board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    known = await names(api)
    assert [name for name in known if name.endswith("_created")] == []
    assert {name for one in asked for name in re.findall(r"reformbot_\w+", one)} <= known
    assert len(asked) > 10
