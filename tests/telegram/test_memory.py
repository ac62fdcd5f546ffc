"""What is kept in memory goes when its time has come, not only when its place is needed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest
from cachetools import TTLCache

from bot.channels.telegram import app
from bot.channels.telegram.talk.desk import Given, Memory, Replied
from tests.memory_store import MemoryStore

QUESTION = "a question that somebody asked here"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def kept(memory: Memory) -> Iterator[object]:
    """Whatever is held, also what a look into the cache would not show any more."""
    for cache in vars(memory).values():
        if isinstance(cache, TTLCache):
            # The private dictionary: the public look hides what is out of date.
            yield from cache._Cache__data.values()


def remembering(clock: Clock) -> Memory:
    memory = Memory(clock=clock)
    memory.given[1, 2] = Given(hash(QUESTION), (3,), 1)
    memory.replied[1, 3] = Replied(QUESTION, "en", None, 1)
    memory.turn(1)
    return memory


@pytest.mark.parametrize(("seconds", "left"), [(599, 2), (601, 1), (86_399, 1), (86_401, 0)])
def test_a_turn_goes_after_ten_minutes_and_a_question_after_a_day(seconds: float, left: int) -> None:
    clock = Clock()
    memory = remembering(clock)
    clock.now += seconds
    memory.let_go()
    assert len(list(kept(memory))) == left


async def test_a_running_bot_lets_go_by_itself() -> None:
    clock, stop = Clock(), asyncio.Event()
    memory = remembering(clock)
    tidying = asyncio.create_task(app._tidy(MemoryStore(), memory, stop, 0.01))
    clock.now += 86_401
    async with asyncio.timeout(60):
        while list(kept(memory)):
            await asyncio.sleep(0.01)
    stop.set()
    await tidying
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Replied) and one.question == QUESTION]
