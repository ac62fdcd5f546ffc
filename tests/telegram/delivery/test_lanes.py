"""The machinery under the intake, which knows nothing of Telegram: lanes, batches, the gate."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.channels.telegram.delivery.batches import Batches
from bot.channels.telegram.delivery.handling import Gate
from bot.channels.telegram.delivery.lanes import Lanes, step_aside
from tests.moved_time import event_loop_policy  # noqa: F401 - a fixture: nothing is waited for

# lanes


async def lanes_done(lanes: Lanes[Any]) -> None:
    async with asyncio.timeout(3):
        while lanes.names():
            await asyncio.sleep(0.005)


async def test_slow_work_stops_taking_places() -> None:
    done = []

    async def work(seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(seconds)

    lanes: Lanes[float] = Lanes(work, limit=2, slow_after=0.05)
    for lane, seconds in (("a", 0.5), ("b", 0.5), ("c", 0.0)):
        lanes.add(lane, seconds)
    await asyncio.sleep(0.3)
    assert done == [0.0]
    await lanes_done(lanes)


async def test_who_has_stepped_aside_does_not_forget_the_next_in_its_lane() -> None:
    done = []

    async def work(number: int) -> None:
        step_aside()
        await asyncio.sleep(0.01)
        done.append(number)

    lanes: Lanes[int] = Lanes(work, limit=1)
    for number in range(5):
        lanes.add("a", number)
    await lanes_done(lanes)
    assert done == [0, 1, 2, 3, 4]


async def test_a_lane_that_rests_takes_no_place_keeps_its_order_and_can_be_hurried() -> None:
    done: list[str] = []

    async def work(item: str) -> float | None:
        done.append(item)
        return 30.0 if done.count("first") == 1 and item == "first" else None

    lanes: Lanes[str] = Lanes(work, limit=1)
    for item in ("first", "second"):
        lanes.add("a", item)
    lanes.add("b", "other")
    await asyncio.sleep(0.02)
    assert done == ["first", "other"]
    lanes.hurry(["a", "b", "unknown"])
    await lanes_done(lanes)
    assert done == ["first", "other", "first", "second"]


async def test_a_fault_costs_one_item_and_a_lane_can_be_dropped(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    async def work(number: int) -> None:
        if number == 1:
            raise ValueError
        await asyncio.sleep(0.01)
        done.append(number)

    lanes: Lanes[int] = Lanes(work, limit=1)
    for number in range(5):
        lanes.add("a", number)
    lanes.add("b", 9, pause=60.0)
    assert lanes.drop("b") == [9]
    await asyncio.sleep(0.015)
    assert lanes.drop("a") == [3, 4]
    assert lanes.drop("unknown") == []
    await lanes_done(lanes)
    assert done == [0, 2]
    assert "ValueError" in caplog.text


async def test_what_comes_late_goes_before_what_has_a_greater_place_but_not_before_what_is_in_hand() -> None:
    done = []

    async def work(number: int) -> float | None:
        await asyncio.sleep(0)
        done.append(number)
        return 0.05 if done == [5] else None

    lanes: Lanes[int] = Lanes(work, place=lambda number: number)
    for number in (5, 9, 7, 8):
        lanes.add("a", number)
    await asyncio.sleep(0.02)
    lanes.add("a", 3)
    await lanes_done(lanes)
    assert done == [5, 3, 5, 7, 8, 9]


# batches


async def test_what_gathers_while_something_is_written_is_written_together() -> None:
    written: list[list[int]] = []

    async def write(items: list[int]) -> None:
        await asyncio.sleep(0.02)
        written.append(items)
        if 7 in items:
            raise ValueError

    batches: Batches[int] = Batches(write, most=3)
    tasks = [asyncio.create_task(batches.add([n])) for n in range(5)]
    await asyncio.gather(*tasks)
    assert written == [[0, 1, 2], [3, 4]]
    found = await asyncio.gather(batches.add([5, 6, 7, 8]), batches.add([9]), return_exceptions=True)
    assert isinstance(found[0], ValueError)
    assert found[1] is None
    assert written[2:] == [[5, 6, 7], [8, 9]]


async def test_what_gathers_for_a_moment_is_written_together_and_at_the_end_at_once() -> None:
    written: list[list[int]] = []

    async def write(items: list[int]) -> None:
        written.append(items)

    batches: Batches[int] = Batches(write, pause=0.05)
    first = batches.give([1])
    await asyncio.sleep(0.01)
    batches.give([2])
    assert written == []
    await asyncio.wait_for(first, 1)
    assert written == [[1, 2]]
    batches.give([3])
    await asyncio.wait_for(batches.finish(), 0.04)
    assert written == [[1, 2], [3]]
    await asyncio.wait_for(batches.finish(), 0.04)


# the gate


async def test_the_gate_lets_two_in_and_forgets_who_is_stuck() -> None:
    gate = Gate(limit=2, stuck=0.05)
    first, _ = await gate.enter(), await gate.enter()
    waiting = asyncio.create_task(gate.enter())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    first.leave()
    first.leave()
    await asyncio.wait_for(waiting, 0.02)
    begin = time.monotonic()
    third = await gate.enter()
    assert 0.02 < time.monotonic() - begin < 0.2
    third.leave()


async def test_where_telegram_is_far_as_many_are_let_in_as_leave_at_its_rate() -> None:
    """By the quickest answer: the others have waited for this machine, and more at once would not help. Not by the first few,
    which may all have: a kill would double as many."""
    gate = Gate(limit=2, rate=30.0, stuck=10.0)
    for seconds in (0.9, 0.2, 0.25, 3.0) * 4:
        gate.answered(seconds)
    assert gate.limit == 2
    for seconds in (0.9, 0.2, 0.25, 3.0):
        gate.answered(seconds)
    assert gate.limit == 6
    inside = [await gate.enter() for _ in range(6)]
    waiting = [asyncio.create_task(gate.enter()) for _ in range(3)]
    await asyncio.sleep(0)
    gate.answered(0.02)
    for ticket in inside[:4]:
        ticket.leave()
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    inside[4].leave()
    await asyncio.wait_for(waiting[0], 0.1)
    assert not waiting[1].done()
    for task in waiting[1:]:
        task.cancel()


async def test_whoever_gives_up_waiting_at_the_gate_leaves_no_place_taken() -> None:
    gate = Gate(limit=1, stuck=10.0)
    first = await gate.enter()
    waiting = [asyncio.create_task(gate.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    first.leave()
    (await asyncio.wait_for(waiting[1], 0.1)).leave()
    (await asyncio.wait_for(gate.enter(), 0.1)).leave()
