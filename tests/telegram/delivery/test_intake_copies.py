"""The intake beside others on one store: whose a lane is, in which order, and what is noted when."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from telegram import Bot, Update

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.intake import Intake
from bot.store.base import StoreBusy
from bot.store.inbox import Copy, Settled, TakenIn, Waiting
from tests.memory_store import MemoryStore
from tests.moved_time import event_loop_policy, stand_still  # noqa: F401 - a fixture: nothing is waited for
from tests.telegram.delivery.test_intake import SEAL, TOKEN, Handled, handled, intake, known, message


async def test_what_another_copy_brings_into_our_lane_is_ours_to_handle_after_what_is_there() -> None:
    store, work, other = MemoryStore(), Handled(lambda _: 0.05), Handled()
    mine, theirs = intake(work, store), Intake(store, other, Bot(TOKEN), Copy(42, "two"), SEAL)
    await mine.take([message(1)])
    await theirs.take([message(2)])
    await handled(mine)
    assert (work.order, other.order) == ([1, 2], [])
    assert await known(store, 2)


async def test_what_another_copy_brings_into_our_lane_stands_in_its_place() -> None:
    """Before what came to us later, though it reached our memory only now."""
    store, work = MemoryStore(), Handled(lambda _: 0.03)
    mine, theirs = intake(work, store), Intake(store, Handled(), Bot(TOKEN), Copy(42, "two"), SEAL)
    for number in range(1, 9):
        await (mine if number % 3 == 1 else theirs).take([message(number)])
    await handled(mine)
    assert work.order == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_a_copy_that_lost_its_lane_leaves_the_rest_of_it_to_the_other() -> None:
    store, work, other = MemoryStore(), Handled(lambda _: 0.1), Handled()
    short = Copy(42, "one", 0.05)
    mine = Intake(store, work, Bot(TOKEN), short, SEAL)
    theirs = Intake(store, other, Bot(TOKEN), Copy(42, "two"), SEAL)
    await mine.take([message(1), message(2), message(3)])
    await asyncio.sleep(0.07)
    await theirs.take([message(4)])
    await handled(theirs)
    await handled(mine)
    assert work.order == [1]
    assert other.order == [1, 2, 3, 4]


class SlowlyRenewing(MemoryStore):
    """One lane is renewed at once, several take their time."""

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        if len(lanes) > 1:
            await asyncio.sleep(1.0)
        return await super().renew(me, lanes)


async def test_after_a_standstill_a_copy_looks_whether_its_lanes_are_still_its_own() -> None:
    store, work, other = SlowlyRenewing(), Handled(lambda _: 0.05), Handled()
    mine = Intake(store, work, Bot(TOKEN), Copy(42, "one", 0.3), SEAL, limit=1)
    theirs = Intake(store, other, Bot(TOKEN), Copy(42, "two"), SEAL)
    mine.start()
    await mine.take([message(1), message(2, chat=2), message(3, chat=3)])
    await asyncio.sleep(0.01)
    stand_still(0.4)
    await theirs.take([message(4, chat=2)])
    await handled(theirs)
    await handled(mine)
    assert (work.order, other.order) == ([1, 3], [2, 4])
    await mine.stop()


class Busy(MemoryStore):
    """Some lane is locked by somebody else."""

    locked: frozenset[int] = frozenset()

    async def put(self, me: Copy, updates: Sequence[Waiting], **more: Any) -> TakenIn:
        if self.locked & {update.update_id for update in updates}:
            raise StoreBusy("locked")
        return await super().put(me, updates, **more)


async def test_what_meets_a_locked_lane_comes_again_and_is_not_handled_past_its_lane() -> None:
    work, store = Handled(), Busy()
    store.locked = frozenset({1, 2})
    taking = intake(work, store)
    waiting = await taking.take([message(1), message(2), message(3, chat=3)])
    assert {update_id: future.result() for update_id, future in waiting.items()} == {1: False, 2: False}
    await handled(taking)
    assert work.order == [3]
    store.locked = frozenset()
    assert await taking.take([message(1), message(2)]) == {}
    await handled(taking)
    assert work.order == [3, 1, 2]


async def test_what_was_sent_is_noted_before_all_else() -> None:
    """So that a kill doubles no more than what was just being sent."""
    calls: list[str] = []

    class Noting(MemoryStore):
        async def note(self, *given: Any, **more: Any) -> None:
            calls.append("note")
            await super().note(*given, **more)

        async def settle(self, *given: Any, **more: Any) -> Settled:
            calls.append("settle")
            await asyncio.sleep(0.05)
            return await super().settle(*given, **more)

    async def send(_: Update) -> None:
        update = handling.current()
        assert update
        await update.before_send()
        update.accepted()

    taking = intake(send, Noting(), gate=handling.Gate(1, rate=0.0))
    await handled(taking, message(1), message(2, chat=2), message(3, chat=3))
    assert calls[:2] == ["note", "note"]
    assert sorted(calls) == ["note"] * 3 + ["settle"] * (len(calls) - 3)
    ignored = intake(Handled(), Noting())
    calls.clear()
    await handled(ignored, message(4))
    assert calls == ["settle"]
