"""The intake by itself: order, poison, failures, the journal, the end. No HTTP."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram import Bot, Update

from bot.channels.telegram.delivery.attempts import Handle
from bot.channels.telegram.delivery.intake import Intake
from bot.store.base import Store, StoreUnavailable
from bot.store.inbox import Copy, Settled, TakenIn, Waiting
from bot.store.sealing import Seal
from tests.memory_store import MemoryStore
from tests.moved_time import event_loop_policy  # noqa: F401 - a fixture: nothing is waited for

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdef_"


def message(update_id: int, chat: int = 1, text: str = "hello") -> dict[str, Any]:
    """A raw update with a text from a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    content = {
        "message_id": update_id,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private"},
        "from": person,
    }
    return {"update_id": update_id, "message": content | {"text": text}}


ME, SEAL = Copy(42, "one", 0.6), Seal(b"k" * 32, 42)


def intake(handle: Handle, store: Store | None = None, **options: Any) -> Intake:
    return Intake(store or MemoryStore(), handle, Bot(TOKEN), ME, SEAL, **options)


async def handled(taking: Intake, *raws: dict[str, Any]) -> None:
    """Take them in, and wait until nothing is in hand, nor in the store."""
    await taking.take(raws)
    async with asyncio.timeout(60):
        await taking.settled()
        while len(taking.waiting()):
            await asyncio.sleep(0.005)
            await taking.settled()


async def known(store: Store, update_id: int) -> bool:
    """Whether an update would not be taken in again."""
    return update_id not in (await store.put(Copy(42, "asks"), [Waiting(update_id, f"{update_id}", b"", 0.0)])).fresh


class Handled:
    """Notes the update ids; `work` is what each one takes."""

    def __init__(self, work: Callable[[int], float] = lambda _: 0.0) -> None:
        self.order: list[int] = []
        self.times: dict[int, float] = {}
        self._work = work

    async def __call__(self, update: Update) -> None:
        await asyncio.sleep(self._work(update.update_id))
        self.order.append(update.update_id)
        self.times[update.update_id] = time.monotonic()


async def test_a_chat_gets_its_answers_in_order() -> None:
    work = Handled(lambda update_id: 0.01 if update_id == 1 else 0)
    await handled(intake(work), *[message(update_id) for update_id in range(1, 6)])
    assert work.order == [1, 2, 3, 4, 5]


async def test_a_slow_chat_does_not_hold_up_the_others() -> None:
    order, others = [], asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            await others.wait()
        order.append(update.update_id)
        if len(order) == 28:
            others.set()

    await handled(intake(handle), *[message(number, chat=number) for number in range(1, 30)])
    assert order[-1] == 1


async def test_at_most_so_many_chats_at_a_time() -> None:
    now, most = 0, 0

    async def handle(_: Update) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    await handled(intake(handle, limit=4), *[message(number, chat=number) for number in range(20)])
    assert most == 4


async def test_an_update_may_be_confirmed_as_soon_as_it_is_stored_and_leaves_the_store_when_it_is_handled() -> None:
    work, store = Handled(lambda _: 0.1), MemoryStore()
    taking = intake(work, store)
    assert await taking.take([message(1)]) == {}
    [waiting] = store._kept.values()
    assert b"hello" not in waiting.waiting.payload
    assert work.order == []
    await handled(taking)
    assert (work.order, store._kept, store._lanes) == ([1], {}, {})
    assert await known(store, 1)


async def test_what_a_killed_copy_left_is_worked_off_in_order() -> None:
    store, never = MemoryStore(), Handled(lambda _: 60.0)
    killed = intake(never, store)
    await killed.take([message(n) for n in (1, 2)])
    await killed.take([message(3, chat=2)])
    work = Handled()
    taking = Intake(store, work, Bot(TOKEN), Copy(42, "two", 0.6), SEAL)
    taking.start()
    await taking.take([message(4), message(5, chat=3)])
    await asyncio.sleep(0.1)
    assert work.order == [5]  # the lease of the others runs
    await asyncio.sleep(1.8)
    assert sorted(work.order) == [1, 2, 3, 4, 5]
    assert [n for n in work.order if n in (1, 2, 4)] == [1, 2, 4]
    await taking.stop()
    await killed.stop(0)


async def test_a_lane_is_held_as_long_as_something_is_in_hand() -> None:
    store, work = MemoryStore(), Handled(lambda _: 1.5)
    taking = intake(work, store)
    taking.start()
    await taking.take([message(1)])
    for _ in range(6):
        await asyncio.sleep(0.2)
        assert await store.take(Copy(42, "two")) == []
    await handled(taking)
    await taking.stop()


async def test_a_store_begun_anew_gets_what_is_in_memory() -> None:
    store, work = MemoryStore(), Handled(lambda update_id: 0.5 if update_id == 1 else 0.0)
    taking = intake(work, store)
    taking.start()
    await taking.take([message(1), message(2), message(3)])
    store._kept.clear()
    store._lanes.clear()
    await asyncio.sleep(0.3)
    assert {update_id for _, update_id in store._kept} == {2, 3}
    await handled(taking)
    assert work.order == [1, 2, 3]
    await taking.stop()


async def test_what_cannot_be_opened_is_left_in_the_store_and_said(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    await store.put(Copy(42, "other", 0.0), [Waiting(1, "lane", b"sealed with another key", 0.0)])
    taking = intake(Handled(), store)
    taking.start()
    await asyncio.sleep(0.05)
    assert (42, 1) in store._kept
    assert "sealed with another key" in caplog.text
    await taking.stop()


async def test_a_poison_update_costs_itself_only_and_is_named_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work, store = Handled(), MemoryStore()
    taking, poison = intake(work, store), message(2, text="my private matter")
    del poison["message"]["date"]
    await handled(taking, message(1), poison, message(3))
    await handled(taking, poison)
    assert work.order == [1, 3]
    assert await known(store, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "Update 2 (message) cannot be read (KeyError); skipped"
    ]
    assert "private" not in caplog.text


async def test_an_update_is_answered_once_however_often_it_comes() -> None:
    work, store = Handled(lambda _: 0.01), MemoryStore()
    taking = intake(work, store)
    await asyncio.gather(*[taking.take([message(1)]) for _ in range(3)])
    await handled(taking, message(1))
    await handled(taking, message(1))
    await handled(intake(work, store), message(1))
    assert work.order == [1]


async def test_a_handlers_failure_is_noted_without_its_words_and_the_update_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(_: Update) -> None:
        raise ValueError("my private matter")

    store = MemoryStore()
    await handled(intake(fail, store), message(1))
    assert await known(store, 1)
    assert "Update 1 (message) failed: ValueError" in caplog.text
    assert "private" not in "".join(r.getMessage() for r in caplog.records if r.levelno > logging.DEBUG)


class Away(MemoryStore):
    """A store that can be taken away."""

    gone = True

    async def put(self, *given: Any, **more: Any) -> TakenIn:
        self._stand()
        return await super().put(*given, **more)

    async def take(self, *given: Any, **more: Any) -> list[Waiting]:
        self._stand()
        return await super().take(*given, **more)

    async def settle(self, *given: Any, **more: Any) -> Settled:
        self._stand()
        return await super().settle(*given, **more)

    async def healthy(self) -> bool:
        self._stand()
        return True

    def _stand(self) -> None:
        if self.gone:
            raise StoreUnavailable("away")


async def test_without_a_store_an_update_may_be_confirmed_when_it_is_handled() -> None:
    work, store = Handled(lambda _: 0.05), Away()
    taking = intake(work, store)
    taking.start()
    waiting = await taking.take([message(1), message(2)])
    assert set(waiting) == {1, 2}
    assert await taking.take([message(1)]) == {1: waiting[1]}
    assert [await future for future in waiting.values()] == [True, True]
    assert await taking.take([message(1)]) == {}
    assert work.order == [1, 2]
    assert await taking.health() == {"intake": True, "store": False}
    await taking.stop()


async def test_what_came_without_a_store_is_stored_when_it_comes_again() -> None:
    work, store = Handled(lambda _: 0.1), Away()
    taking = intake(work, store)
    waiting = await taking.take([message(1), message(2)])
    store.gone = False
    assert await taking.take([message(1), message(2)]) == {}
    assert [future.result() for future in waiting.values()] == [True, True]
    assert work.order == []
    await handled(taking)
    assert work.order == [1, 2]
    assert store._kept == {}


async def test_stopping_finishes_what_has_begun_and_leaves_the_rest_in_the_store() -> None:
    work, store = Handled(lambda _: 0.1), MemoryStore()
    taking = intake(work, store)
    await taking.take([message(number) for number in (1, 2, 3)])
    await asyncio.sleep(0.02)
    await taking.stop(1.0)
    assert work.order == [1]
    assert [waiting.update_id for waiting in await store.take(Copy(42, "two"))] == [2, 3]
    waiting = await taking.take([message(4)])
    assert await waiting[4] is False


async def test_what_does_not_end_in_time_stays_in_the_store() -> None:
    store = MemoryStore()
    taking = intake(Handled(lambda _: 10.0), store)
    await taking.take([message(1)])
    await asyncio.sleep(0.02)
    await taking.stop(0.05)
    assert [waiting.update_id for waiting in await store.take(Copy(42, "two"))] == [1]


async def test_what_is_no_update_is_refused() -> None:
    with pytest.raises(ValueError, match="update_id"):
        await intake(Handled()).take([{"message": {}}])


async def test_memory_is_bounded() -> None:
    work = Handled(lambda _: 0.01)
    taking = intake(work, remembered=10, most=20)
    await taking.take([message(number, chat=number) for number in range(50)])
    assert taking.full
    await asyncio.wait_for(taking.room(), 60)
    assert len(taking.waiting()) < 20
    await handled(taking)
    assert len(taking._done.items()) == 10
