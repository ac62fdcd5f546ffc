"""The real bot while chats have to wait and while Telegram is away: nobody waits for another's chat, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.botapi import faults
from tests.botapi.driver import Driver, Plan
from tests.botapi.faults import ALL, Fault
from tests.botapi.server import BotApiServer
from tests.delivery.runs import QUESTIONS, SWITCH, driver, full_size, question

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

GROUP = -1_001_000_000_007
OTHERS = 5_000
FULL = os.environ.get(SWITCH) == "1"
PACED = {"SEND_RATE": "30", "ASK_RATE": "0"}
QUIET = 8  # seconds for which a chat is told to be quiet
HELD_UP = (
    4  # who waits for another chat waits for at least this part of its quiet or its crowd; a busy machine takes less
)


@asynccontextmanager
async def at_work(api: BotApiServer, folder: Path, mode: str = "polling", **more: str) -> AsyncIterator[Driver]:
    """The bot, once it has answered somebody."""
    made = driver(api, folder, Plan(questions=0, mode=mode), **(PACED | more))
    try:
        await made.start()
        await api.reply_to(api.private_message(1, question(0)), 60)
        yield made
        await made.bot.terminate()
        assert made.bot.exit_codes == [0]
    finally:
        await made.bot.kill()
        made.bot.log.replace(folder / "bot.log")


async def waits_of(api: BotApiServer, users: Sequence[int], seconds: float = 60.0) -> list[float]:
    """For how long each of these users, who ask one question each, waits for its answer; 0.05 s apart."""
    asked = []
    for number, user in enumerate(users):
        asked.append(api.private_message(user, question(number)))
        await asyncio.sleep(0.05)
    waits = []
    for number, update_id in enumerate(asked):
        sent = await api.reply_to(update_id, seconds)
        assert QUESTIONS[number % len(QUESTIONS)][1] in sent.text
        waits.append(sent.time - api.state.pushed[update_id].time)
    return waits


def told(what: str, waits: Sequence[float]) -> None:
    print(f"| {what} | longest wait {max(waits):.2f} s |")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_five_questions_at_once_of_one_person(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    async with at_work(api, tmp_path, mode):
        begin = api.state.clock()
        for number in range(5):
            api.private_message(7, question(number))
        await api.wait_for(lambda: len(api.sent_to(7)) == 5, 40)
        told(f"five questions at once, {mode}", [sent.time - begin for sent in api.sent_to(7)])
    assert all(part in sent.text for sent, (_, part) in zip(api.sent_to(7), QUESTIONS, strict=False))


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_group_that_is_told_to_be_quiet_holds_up_nobody(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    api.faults.on("sendMessage", faults.flood(QUIET), times=1, when=lambda call: call.chat_id == GROUP)
    async with at_work(api, tmp_path, mode):
        asked = [api.group_message(GROUP, 70 + n, f"/ask {question(n)}") for n in range(3)]
        await api.wait_for(lambda: api.faults.rules[0].hits)
        waits = await waits_of(api, range(OTHERS, OTHERS + 10))
        told(f"a group at retry_after {QUIET}, {mode}: ten others", waits)
        assert api.sent_to(GROUP) == []  # all the others had their answers while it was still to be quiet
        await api.replies_to(asked[0], 3, 60)
    assert len(api.sent_to(GROUP)) == 3
    assert api.flood_violations == []


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_crowd_in_a_group_holds_up_nobody(api: BotApiServer, tmp_path: Path, mode: str) -> None:
    async with at_work(api, tmp_path, mode):
        for number in range(24):
            api.group_message(GROUP, 70 + number, f"/ask {question(number)}")
        waits = await waits_of(api, range(OTHERS, OTHERS + 40))
        told(f"24 at once in a group, {mode}: 40 others", waits)
        assert max(waits) < 24 / HELD_UP  # the group gets one a second at most


async def test_many_chats_that_are_told_to_be_quiet_hold_up_no_newcomer(api: BotApiServer, tmp_path: Path) -> None:
    quiet = range(100, 250)
    api.faults.on("sendMessage", faults.flood(60), when=lambda call: call.chat_id in quiet)
    async with at_work(api, tmp_path):
        for user in quiet:
            api.private_message(user, question(0))
        await api.wait_for(lambda: not api.unconfirmed)
        await asyncio.sleep(0.5)
        waits = [(await waits_of(api, [OTHERS + n]))[0] for n in range(8)]
        told("150 questions in chats asked for 60 s of quiet: newcomers", waits)
        assert max(waits) < 60 / HELD_UP
    assert api.flood_violations == []


def in_hand(api: BotApiServer) -> dict[int, list[int]]:
    """Thirty questions of ten people, three of each, one after the other."""
    return {user: [number for _, number in asked(api, user)] for user in range(100, 110)}


def asked(api: BotApiServer, user: int) -> list[tuple[int, int]]:
    return [(api.private_message(user, question(number)), number) for number in range(user, user + 3)]


def all_in_order(api: BotApiServer, expected: dict[int, list[int]], doubled: int = 0) -> None:
    for user, numbers in expected.items():
        parts = [QUESTIONS[number % len(QUESTIONS)][1] for number in numbers]
        found = [next(part for _, part in QUESTIONS if part in sent.text) for sent in api.sent_to(user)]
        assert list(dict.fromkeys(found)) == parts, user
    got = Counter(sent.chat_id for sent in api.sent if sent.chat_id in expected)
    assert sum(got.values()) - sum(map(len, expected.values())) <= doubled


def answered(api: BotApiServer, expected: dict[int, list[int]]) -> Callable[[], bool]:
    return lambda: all(len(api.sent_to(user)) >= len(numbers) for user, numbers in expected.items())


SECONDS = [8, pytest.param(60, marks=full_size)]


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_gateway_that_answers_502(api: BotApiServer, tmp_path: Path, mode: str, seconds: int) -> None:
    async with at_work(api, tmp_path, mode):
        api.faults.on(ALL, faults.bad_gateway(), seconds=seconds)
        begin, expected = api.state.clock(), in_hand(api)
        await api.wait_for(answered(api, expected), seconds + 90)
        print(f"| 502 for {seconds} s, 30 in hand, {mode} | all answered after {api.sent[-1].time - begin:.1f} s |")
        await asyncio.sleep(1)
    all_in_order(api, expected)


@pytest.mark.parametrize("seconds", SECONDS)
async def test_a_network_that_is_gone(api: BotApiServer, tmp_path: Path, seconds: int) -> None:
    """What was on its way at that moment may have arrived: that much may be doubled."""
    async with at_work(api, tmp_path):
        begin, expected = api.state.clock(), in_hand(api)
        await api.wait_for(lambda: len(api.sent) > 3)
        before = len(api.sent)
        await api.port.closed(seconds)
        await api.wait_for(answered(api, expected), 90)
        after = api.sent[-1].time - begin
        print(f"| port closed for {seconds} s, 30 in hand ({before} answered before) | all after {after:.1f} s |")
        await asyncio.sleep(1)
    all_in_order(api, expected, doubled=2)


@pytest.mark.parametrize("seconds", [33, pytest.param(150, marks=full_size)])  # beyond the patience of one try
async def test_a_long_retry_after(api: BotApiServer, tmp_path: Path, seconds: int) -> None:
    expected_users = range(100, 110)
    for user in expected_users:
        once = faults.flood(seconds)
        api.faults.on("sendMessage", once, times=1, when=lambda call, user=user: call.chat_id == user)
    async with at_work(api, tmp_path):
        begin, expected = api.state.clock(), in_hand(api)
        await api.wait_for(answered(api, expected), seconds + 60)
        print(f"| retry_after {seconds}, 30 in hand | all answered after {api.sent[-1].time - begin:.1f} s |")
    all_in_order(api, expected)
    assert api.flood_violations == []


@pytest.mark.parametrize(
    ("fault", "seconds", "doubled"),
    [
        pytest.param(faults.swallowed(), 25, 0, marks=full_size),
        pytest.param(faults.answer_lost(), 8, 10, marks=full_size),
        (faults.deleted_at_once(), 3, 0),
    ],
    ids=["swallowed", "accepted without an answer", "deleted at once"],
)
async def test_sends_of_unknown_fate(
    api: BotApiServer, tmp_path: Path, fault: Fault, seconds: int, doubled: int
) -> None:
    async with at_work(api, tmp_path):
        api.faults.on("sendMessage", fault, seconds=seconds)
        expected = in_hand(api)
        await api.wait_for(answered(api, expected), seconds + 60)
        await asyncio.sleep(2)
        got = Counter(sent.chat_id for sent in api.sent)
        print(f"| {fault.kind} for {seconds} s, 30 in hand | doubled {sum(got[user] for user in expected) - 30} |")
    all_in_order(api, expected, doubled)


async def test_a_stop_in_an_outage_loses_nothing(api: BotApiServer, tmp_path: Path) -> None:
    async with at_work(api, tmp_path) as made:
        rule = api.faults.on(ALL, faults.bad_gateway(), seconds=3)
        expected = in_hand(api)
        await asyncio.sleep(0.5)
        await made.bot.kill()
        assert rule.hits
        await asyncio.sleep(3)
        made.bot.exit_codes.clear()
        await made.start()
        await api.wait_for(answered(api, expected), 40)
    all_in_order(api, expected)
