"""The intake by itself: order, poison, failures, the journal, the end. No HTTP."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError

from bot.channels.telegram import handling
from bot.channels.telegram.handling import Gate
from bot.channels.telegram.intake import Handle, Intake, Outcome
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.raw import kind_of, lane_of, message_of, update_id_of
from bot.store.base import Claim, StoreUnavailable
from bot.store.memory import MemoryStore

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdef_"


def message(update_id: int, chat: int = 1, text: str = "hello") -> dict[str, Any]:
    """A raw update with a text from a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    content = {"message_id": update_id, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": update_id, "message": content | {"text": text}}


def intake(handle: Handle, store: MemoryStore | None = None, **options: Any) -> Intake:
    return Intake(store or MemoryStore(), handle, Bot(TOKEN), "one", **options)


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
    handled = Handled(lambda update_id: 0.01 if update_id == 1 else 0)
    taking = intake(handled)
    outcomes = await asyncio.gather(*[taking.take(message(update_id)) for update_id in range(1, 6)])
    assert handled.order == [1, 2, 3, 4, 5]
    assert set(outcomes) == {Outcome.DONE}


async def test_a_slow_chat_does_not_hold_up_the_others() -> None:
    handled = Handled(lambda update_id: 0.3 if update_id == 1 else 0)
    taking, begin = intake(handled), time.monotonic()
    await asyncio.gather(*[taking.take(message(number, chat=number)) for number in range(1, 30)])
    assert max(moment - begin for number, moment in handled.times.items() if number > 1) < 0.2


async def test_at_most_so_many_chats_at_a_time() -> None:
    now, most = 0, 0

    async def handle(_: Update) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    taking = intake(handle, limit=4)
    await asyncio.gather(*[taking.take(message(number, chat=number)) for number in range(20)])
    assert most == 4


async def test_slow_jobs_stop_taking_places() -> None:
    lanes: Lanes[int] = Lanes(limit=2, slow_after=0.05)

    async def job(seconds: float) -> int:
        await asyncio.sleep(seconds)
        return 1

    slow = [lanes.submit(lane, lambda: job(0.5)) for lane in "ab"]
    await asyncio.wait_for(lanes.submit("c", lambda: job(0)), 0.3)
    assert not any(future.done() for future in slow)
    await lanes.drain(1.0)


async def test_a_job_that_fails_does_not_stop_its_lane() -> None:
    lanes: Lanes[int] = Lanes()

    async def fail() -> int:
        raise ValueError

    async def work() -> int:
        return 7

    first, second = lanes.submit("a", fail), lanes.submit("a", work)
    assert await second == 7
    assert isinstance(first.exception(), ValueError)


async def test_a_poison_update_costs_itself_only_and_is_named_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handled, store = Handled(), MemoryStore()
    taking, poison = intake(handled, store), message(2, text="my private matter")
    del poison["message"]["date"]
    outcomes = [await taking.take(raw) for raw in (message(1), poison, poison, message(3))]
    assert outcomes == [Outcome.DONE] * 4
    assert handled.order == [1, 3]
    assert await store.claim(2, owner="two", lease=1) is Claim.DONE
    assert [record.getMessage() for record in caplog.records] == [
        "Update 2 (message) cannot be read (KeyError); skipped"
    ]
    assert "private" not in caplog.text


async def test_an_update_is_answered_once_however_often_it_comes() -> None:
    handled, store = Handled(lambda _: 0.01), MemoryStore()
    taking = intake(handled, store)
    await asyncio.gather(*[taking.take(message(1)) for _ in range(3)])
    await taking.take(message(1))
    await intake(handled, store).take(message(1))
    assert handled.order == [1]


async def test_another_copys_update_is_left_to_it_unless_it_is_taken_over() -> None:
    handled, store = Handled(), MemoryStore()
    await store.claim(1, owner="two", lease=60)
    assert await intake(handled, store).take(message(1)) is Outcome.BUSY
    assert await intake(handled, store).take(message(1), takeover=True) is Outcome.DONE
    assert handled.order == [1]


async def test_a_claim_does_not_run_out_while_its_update_is_in_hand() -> None:
    handled, store = Handled(lambda _: 0.8), MemoryStore()
    taking = intake(handled, store, lease=0.3)
    future = taking.take(message(1))
    for _ in range(7):
        await asyncio.sleep(0.1)
        assert await store.claim(1, owner="two", lease=1) is Claim.BUSY
    assert await future is Outcome.DONE
    await taking.stop()


async def test_what_a_killed_copy_had_in_hand_is_free_after_the_lease() -> None:
    handled, store = Handled(lambda _: 60.0), MemoryStore()
    taking = intake(handled, store, lease=0.3)
    future = taking.take(message(1))
    await asyncio.sleep(0.05)
    assert taking._renewal is not None
    taking._renewal.cancel()  # as a kill would
    await asyncio.sleep(0.35)
    assert await store.claim(1, owner="two", lease=1) is Claim.FRESH
    future.cancel()
    await taking.stop(0.0)


async def test_a_handlers_failure_is_noted_without_its_words_and_the_update_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(_: Update) -> None:
        raise ValueError("my private matter")

    store = MemoryStore()
    assert await intake(fail, store).take(message(1)) is Outcome.DONE
    assert await store.claim(1, owner="two", lease=1) is Claim.DONE
    assert "Update 1 (message) failed: ValueError" in caplog.text
    assert "private" not in "".join(r.getMessage() for r in caplog.records if r.levelno > logging.DEBUG)


async def test_network_trouble_before_anything_was_sent_is_tried_three_times() -> None:
    async def fail(_: Update) -> None:
        raise NetworkError("away")

    taking = intake(fail)
    assert [await taking.take(message(1)) for _ in range(4)] == [
        Outcome.AGAIN,
        Outcome.AGAIN,
        Outcome.DONE,
        Outcome.DONE,
    ]


@pytest.mark.parametrize("sent", [True, False])
async def test_what_was_sent_in_part_and_what_telegram_refuses_is_not_tried_again(sent: bool) -> None:
    async def fail(_: Update) -> None:
        update = handling.current()
        assert update
        update.sent = sent
        raise NetworkError("away") if sent else BadRequest("no")

    assert await intake(fail).take(message(1)) is Outcome.DONE


async def test_an_update_that_takes_too_long_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    taking = intake(Handled(lambda _: 10.0), patience=0.05)
    assert await taking.take(message(1)) is Outcome.DONE
    assert "TimeoutError" in caplog.text


async def test_a_lost_journal_does_not_silence_the_bot(caplog: pytest.LogCaptureFixture) -> None:
    class Lost(MemoryStore):
        async def claim(self, update_id: int, *, owner: str, lease: float, takeover: bool = False) -> Claim:
            raise StoreUnavailable("away")

        async def finish(self, update_id: int) -> None:
            raise StoreUnavailable("away")

        async def healthy(self) -> bool:
            raise StoreUnavailable("away")

    handled = Handled()
    taking = intake(handled, Lost())
    for update_id in (1, 2, 2):
        assert await taking.take(message(update_id)) is Outcome.DONE
    assert handled.order == [1, 2]
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 1
    assert await taking.health() == {"intake": True, "store": False}


async def test_stopping_finishes_what_has_begun_and_leaves_the_rest_to_telegram() -> None:
    handled, store = Handled(lambda _: 0.1), MemoryStore()
    taking = intake(handled, store)
    futures = [taking.take(message(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0.02)
    await taking.stop(1.0)
    assert [await future for future in futures] == [Outcome.DONE, Outcome.STOPPED, Outcome.STOPPED]
    assert await taking.take(message(4)) is Outcome.STOPPED
    assert await store.claim(2, owner="two", lease=1) is Claim.FRESH


async def test_what_does_not_end_in_time_is_given_back() -> None:
    store = MemoryStore()
    taking = intake(Handled(lambda _: 10.0), store)
    future = taking.take(message(1))
    await asyncio.sleep(0.02)
    await taking.stop(0.05)
    assert await future is Outcome.STOPPED
    assert await store.claim(1, owner="two", lease=1) is Claim.FRESH


async def test_what_is_no_update_is_refused() -> None:
    with pytest.raises(ValueError, match="update_id"):
        intake(Handled()).take({"message": {}})


async def test_memory_is_bounded() -> None:
    taking = intake(Handled(), remembered=10)
    for number in range(50):
        await taking.take(message(number))
    assert len(taking._done) == 10
    assert len(taking) == 0


async def test_the_gate_lets_two_in_and_forgets_the_slow_ones() -> None:
    gate = Gate(limit=2, grace=0.05)
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


async def test_whoever_gives_up_waiting_at_the_gate_leaves_no_place_taken() -> None:
    gate = Gate(limit=1, grace=10.0)
    first = await gate.enter()
    waiting = [asyncio.create_task(gate.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    first.leave()
    (await asyncio.wait_for(waiting[1], 0.1)).leave()
    (await asyncio.wait_for(gate.enter(), 0.1)).leave()


@pytest.mark.parametrize(
    ("raw", "kind", "lane"),
    [
        (message(1, chat=5), "message", 5),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -3}}}}, "callback_query", 7),
        ({"update_id": 1, "inline_query": {"from": {"id": 7}}}, "inline_query", 7),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -3}, "from": {"id": 7}}}, "my_chat_member", -3),
        ({"update_id": 1, "message": [1]}, "message", ("update", 1)),
        ({"update_id": 1, "message": {"chat": {"id": "x"}}}, "message", ("update", 1)),
        ({"update_id": 1, "Drop <table>": {}}, "nothing known", ("update", 1)),
        ({"update_id": 1}, "nothing known", ("update", 1)),
    ],
)
def test_lane_and_kind_are_found_in_whatever_comes(raw: dict[str, Any], kind: str, lane: object) -> None:
    assert (kind_of(raw), lane_of(raw)) == (kind, lane)


@pytest.mark.parametrize("raw", [None, [], 5, {}, {"update_id": "1"}, {"update_id": True}, {"update_id": None}])
def test_what_has_no_update_id_is_no_update(raw: object) -> None:
    assert update_id_of(raw) is None


def test_the_message_of_an_update_is_known_by_its_ids() -> None:
    assert message_of(message(4, chat=5)) == (5, 4)
    assert message_of({"update_id": 1, "callback_query": {"message": message(4, chat=5)["message"]}}) == (5, 4)
    assert message_of({"update_id": 1, "message": {"chat": 5}}) is None
    post = {"message_id": 4, "chat": {"id": -1005, "type": "channel"}}
    assert message_of({"update_id": 1, "channel_post": post}) is None
