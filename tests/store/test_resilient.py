"""The resilient store over a store that fails on command."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import pytest
import pytest_asyncio

from bot.store.base import Counted, StoreBusy, StoreError, StoreUnavailable
from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting
from bot.store.resilient import ResilientStore
from tests.clocks import MovedClock
from tests.inbox_contract import ME, OTHER_COPY, arrives, ids, update
from tests.memory_store import MemoryStore
from tests.moved_time import event_loop_policy  # noqa: F401 - a fixture: nothing is waited for
from tests.store_contract import OTHER, PERSON, TODAY, language


class FailingStore(MemoryStore):
    """A store that can be told to refuse, to hang, or to refuse one value."""

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock=clock)
        self.error: Exception | None = None
        self.hangs = False
        self.busy = 0  # calls on the inbox that will meet others there
        self.calls = 0
        self.refuses = "refused"

    async def _stand(self) -> None:
        self.calls += 1
        if self.hangs:
            await asyncio.sleep(3600)
        if self.error is not None:
            raise self.error

    async def _meet(self) -> None:
        await self._stand()
        if self.busy:
            self.busy -= 1
            raise StoreBusy("Deadlock.")

    async def open(self) -> None:
        await self._stand()

    async def healthy(self) -> bool:
        await self._stand()
        return True

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        await self._meet()
        if any(waiting.lane == self.refuses for waiting in updates):
            raise StoreError("The database refuses a value.")
        return await super().put(me, updates, held=held)

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        await self._stand()
        return await super().take(me, limit=limit)

    async def note(self, me: Copy, done: Collection[int]) -> None:
        await self._meet()
        await super().note(me, done)

    async def settle(self, *given: Any, leave: Collection[str] = (), **more: Any) -> Settled:
        await self._meet()
        if self.refuses in leave:
            raise StoreError("The database refuses a value.")
        return await super().settle(*given, leave=leave, **more)

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        await self._stand()
        return await super().renew(me, lanes)

    async def let_go(self, me: Copy) -> None:
        await self._stand()
        await super().let_go(me)

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        await self._stand()
        return await super().languages(chats)

    async def set_language(self, chat: str, lang: str | None) -> None:
        await self._stand()
        await super().set_language(chat, lang)

    async def add_unanswered(self, text: str, *rest: Any, **more: Any) -> None:
        await self._stand()
        if self.refuses in text:
            raise StoreError("The database refuses a value.")
        await super().add_unanswered(text, *rest, **more)

    async def count(self, more: Mapping[Counted, int]) -> None:
        await self._stand()
        await super().count(more)

    async def forget(self, asker: str) -> int:
        await self._stand()
        return await super().forget(asker)


GONE = StoreUnavailable("Gone.")


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def inner(clock: MovedClock) -> FailingStore:
    return FailingStore(clock)


@pytest_asyncio.fixture
async def store(inner: FailingStore, clock: MovedClock) -> AsyncIterator[ResilientStore]:
    store = ResilientStore(inner, clock=clock, patience=0.1, open_patience=0.2, retry=(0.02, 0.05), backlog_size=20)
    await store.open()
    yield store
    await store.close()


async def back(store: ResilientStore) -> None:
    async with asyncio.timeout(60):
        while not await store.healthy():
            await asyncio.sleep(0.01)


def warned(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.levelno >= logging.WARNING for record in caplog.records)


async def lost(store: ResilientStore, update_id: int = 1) -> None:
    """A call that shows the store's absence."""
    with pytest.raises(StoreUnavailable):
        await arrives(store, update_id)


async def test_while_the_store_is_away_it_is_not_asked_by_any_answer(
    store: ResilientStore, inner: FailingStore
) -> None:
    inner.hangs = True
    await lost(store)
    began = time.monotonic()
    for n in range(100):
        await lost(store, n)
        assert ids(await store.settle(ME, done=[n], leave=[f"lane {n}"])) == []
    assert time.monotonic() - began < 0.1


async def test_a_busy_moment_is_no_absence(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the copy would handle updates past the lanes, while others hold these."""
    inner.busy = 2
    for _ in range(2):
        with pytest.raises(StoreBusy):
            await arrives(store, 1)
    assert await arrives(store, 1)
    for call in (store.note(ME, [1]), store.settle(ME, done=[1], leave=["lane 1"])):
        inner.busy = 5
        await call
        assert inner.busy == 0
    assert not await arrives(store, 1)
    assert await store.healthy()
    assert warned(caplog) == 0


async def test_a_store_that_is_busy_time_and_again_is_away(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    inner.busy = 1000
    for _ in range(8):
        with pytest.raises(StoreBusy):
            await arrives(store, 1)
    with pytest.raises(StoreUnavailable, match="Deadlock") as found:
        await arrives(store, 1)
    assert not isinstance(found.value, StoreBusy)
    await store.note(ME, [1])
    await store.settle(ME, done=[1])
    inner.busy = 0
    await back(store)
    assert not await arrives(store, 1)
    assert "The store is away: Deadlock." in caplog.text


async def test_what_was_settled_while_the_store_was_away_is_written_together_on_its_return(
    store: ResilientStore, inner: FailingStore
) -> None:
    """One by one it would take longer to catch up than new ones take to come."""
    await store.put(ME, [update(n, f"lane {n}") for n in range(12)])
    inner.error = GONE
    for n in range(10):
        await store.settle(ME, done=[n], leave=[f"lane {n}"])
    for _ in range(5):
        await store.count({("asked", None, TODAY): 1})
    await store.settle(ME, later=[Later(10, 3, 90.0)], lanes=["lane 10"])
    await store.settle(OTHER_COPY, done=[77])
    calls, inner.error = inner.calls, None
    await back(store)
    assert inner.calls - calls < 5 + 8
    assert not await arrives(store, 77)
    found = (await store.put(ME, [update(20 + n, f"lane {n}") for n in range(12)])).before
    assert [(waiting.update_id, waiting.tries) for waiting in found] == [(10, 3), (11, 0)]
    assert await store.counts(TODAY) == [(TODAY, "asked", None, 5)]


async def test_what_is_busy_and_answers_nobody_else_is_away(store: ResilientStore, inner: FailingStore) -> None:
    inner.hangs = True
    began = time.monotonic()
    with pytest.raises(StoreUnavailable) as found:
        await arrives(store, 1)
    assert not isinstance(found.value, StoreBusy)
    assert time.monotonic() - began < 0.2


async def test_nothing_is_said_to_be_taken_in_held_or_ours_while_the_store_is_away(
    store: ResilientStore, inner: FailingStore
) -> None:
    """Else it would be confirmed at Telegram's, or handled by two."""
    await store.put(ME, [update(1)])
    inner.error = GONE
    await lost(store)
    for call in (store.put(ME, [update(2)], held=["a"]), store.take(ME), store.renew(ME, ["a"])):
        with pytest.raises(StoreUnavailable, match="Gone"):
            await call
    await store.let_go(ME)
    inner.error = None
    await back(store)
    assert ids(await inner.settle(ME, leave=["a"])) == [1]


async def test_what_was_handled_or_put_off_while_the_store_was_away_is_written_on_its_return(
    store: ResilientStore, inner: FailingStore, clock: MovedClock
) -> None:
    await store.put(ME, [update(1), update(2), update(3), update(4, "b")])
    inner.error = GONE
    assert ids(await store.settle(ME, done=[1])) == []
    await store.settle(ME, later=[Later(2, 3, 90.0)])
    await store.settle(ME, done=[4], leave=["b"])
    await store.settle(ME, done=[5])  # it came meanwhile
    inner.error = None
    await back(store)
    assert [await arrives(store, update_id) for update_id in (1, 4, 5)] == [False] * 3
    found = await store.settle(ME, leave=["a"])
    assert [(waiting.update_id, waiting.tries, waiting.pause) for waiting in found.found] == [(2, 3, 90.0), (3, 0, 0.0)]
    assert (await inner.put(OTHER_COPY, [update(6), update(7, "b")])).ours == {"b"}


async def test_a_lane_that_was_left_while_the_store_was_away_is_found_again_though_more_waits_there(
    store: ResilientStore, inner: FailingStore, clock: MovedClock
) -> None:
    """Whoever left it was not told of what others had put there, and that must not wait for good."""
    await store.put(ME, [update(1)])
    await inner.put(OTHER_COPY, [update(2)])
    inner.error = GONE
    assert ids(await store.settle(ME, done=[1], leave=["a"])) == []
    inner.error = None
    await back(store)
    assert await store.take(OTHER_COPY) == []
    clock.move(seconds=61)
    assert ids(await store.take(OTHER_COPY)) == [2]


async def test_updates_that_the_store_refuses_are_no_loss_and_said_to_be_refused(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreError) as refusal:
        await store.put(ME, [update(1), update(2, "refused")])
    assert not isinstance(refusal.value, StoreUnavailable)
    assert "refuses 2 updates" in caplog.text
    assert ids(await store.settle(ME, done=[2], leave=["refused"])) == []
    assert caplog.text.count("left out") == 1
    assert await store.healthy()
    assert await arrives(store, 1)


async def test_a_language_chosen_or_read_is_known_while_the_store_is_away(
    store: ResilientStore, inner: FailingStore
) -> None:
    await store.set_language("old", "ru")
    inner.error = GONE
    await store.move_chat("old", "new")
    await store.set_language("chat", "kk")
    assert [await language(store, chat) for chat in ("new", "old", "chat", "unknown")] == ["ru", None, "kk", None]
    inner.error = None
    await back(store)
    assert await language(inner, "chat") == "kk"


async def test_an_exception_of_any_kind_is_a_loss_and_no_failure_of_the_answer(
    store: ResilientStore, inner: FailingStore
) -> None:
    inner.error = RuntimeError("a private matter")
    assert ids(await store.settle(ME, done=[1])) == []
    with pytest.raises(StoreUnavailable) as absence:
        await arrives(store, 1)
    assert "private" not in str(absence.value)
    assert not await store.healthy()


async def test_the_text_of_a_foreign_exception_is_not_logged(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    inner.error = RuntimeError("a private matter")
    with pytest.raises(StoreUnavailable) as absence:
        await arrives(store, 1)
    assert "private" not in str(absence.value)
    await store.add_unanswered("a private matter", "en", None, PERSON)
    assert "private" not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_one_warning_on_the_loss_and_one_on_the_return(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    for losses in (1, 2):
        inner.error = GONE
        for n in range(20):
            await lost(store, 100 * losses + n)
        await asyncio.sleep(0.15)
        assert warned(caplog) == 2 * losses - 1
        inner.error = None
        await back(store)
        assert warned(caplog) == 2 * losses


async def test_the_backlog_drops_the_oldest_and_says_so_once(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    inner.error = GONE
    for n in range(50):
        await store.add_unanswered(f"question {n}", "en", None, PERSON)
    assert warned(caplog) == 2
    inner.error = None
    await back(store)
    questions = await store.unanswered()
    assert [questions[0].text, questions[-1].text, len(questions)] == ["question 49", "question 30", 20]
    assert "written: 20, dropped: 30" in caplog.text


async def test_a_question_that_waited_keeps_the_time_it_was_asked(
    store: ResilientStore, inner: FailingStore, clock: MovedClock
) -> None:
    asked = clock.now
    inner.error = GONE
    await store.add_unanswered("question", "en", None, PERSON)
    clock.move(hours=1)
    inner.error = None
    await back(store)
    assert (await store.unanswered())[0].asked == asked


async def test_a_write_that_the_store_refuses_is_left_out_and_blocks_no_other(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    await store.add_unanswered("refused", "en", None, PERSON)
    assert await store.healthy()
    inner.error = GONE
    for text in ("refused", "taken"):
        await store.add_unanswered(text, "en", None, PERSON)
    inner.error = None
    await back(store)
    assert [question.text for question in await store.unanswered()] == ["taken"]
    assert caplog.text.count("left out") == 2


async def test_forgetting_while_the_store_is_away_takes_what_waits_now_and_the_rest_later(
    store: ResilientStore, inner: FailingStore
) -> None:
    for who in (PERSON, OTHER):
        await store.add_unanswered("earlier", "en", None, who)
    inner.error = GONE
    for who in (PERSON, OTHER):
        await store.add_unanswered("waiting", "en", None, who)
    assert await store.forget(PERSON) is None
    await store.add_unanswered("afterwards", "en", None, PERSON)
    inner.error = None
    await back(store)
    assert sorted(q.text for q in await store.unanswered()) == ["afterwards", "earlier", "waiting"]


async def test_a_promise_to_forget_is_kept_even_if_the_backlog_overflows(
    store: ResilientStore, inner: FailingStore
) -> None:
    await store.add_unanswered("earlier", "en", None, PERSON)
    inner.error = GONE
    await store.forget(PERSON)
    for _ in range(50):
        await store.count({("asked", None, TODAY): 1})
    inner.error = None
    await back(store)
    assert await store.unanswered() == []


async def test_reports_are_never_made_up(store: ResilientStore, inner: FailingStore) -> None:
    inner.error = GONE
    await lost(store)
    for report in (store.unanswered(), store.unanswered_count(), store.votes(TODAY), store.counts(TODAY)):
        with pytest.raises(StoreUnavailable, match="Gone"):
            await report


async def test_pruning_waits_for_the_return(store: ResilientStore, inner: FailingStore, clock: MovedClock) -> None:
    inner.error = GONE
    await lost(store)
    assert await store.prune(clock.now) == 0


async def test_writes_are_kept_in_order_when_the_store_goes_again_amid_its_return(
    store: ResilientStore, inner: FailingStore
) -> None:
    inner.error = GONE
    for lang in ("en", "ru", "kk"):
        await store.set_language("chat", lang)
    inner.error = None
    await asyncio.sleep(0)
    inner.error = GONE
    await asyncio.sleep(0.1)
    inner.error = None
    await back(store)
    assert await language(store, "chat") == "kk"


async def test_closing_writes_what_waits_if_the_store_is_there_again(inner: FailingStore, clock: MovedClock) -> None:
    store = ResilientStore(inner, clock=clock, patience=0.1, open_patience=0.2, retry=(60, 60))
    await store.open()
    inner.error = GONE
    await store.count({("asked", None, TODAY): 1})
    inner.error = None
    await store.close()
    assert await inner.counts(TODAY) == [(TODAY, "asked", None, 1)]


async def test_opening_and_closing_end_in_time_though_the_store_hangs(inner: FailingStore, clock: MovedClock) -> None:
    inner.hangs = True
    store = ResilientStore(inner, clock=clock, patience=0.1, open_patience=0.2)
    began = time.monotonic()
    await store.open()
    await store.settle(ME, done=[1])
    await store.close()
    assert time.monotonic() - began < 1
