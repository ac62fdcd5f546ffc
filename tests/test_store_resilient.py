"""The resilient store over a store that fails on command."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.store.base import StoreError, StoreUnavailable
from bot.store.inbox import Later
from bot.store.resilient import ResilientStore
from tests.clocks import MovedClock
from tests.failing_store import FailingStore
from tests.inbox_contract import ME, arrives, update
from tests.store_contract import OTHER, PERSON, TODAY

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
    async with asyncio.timeout(3):
        while not await store.healthy():
            await asyncio.sleep(0.01)


def warned(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.levelno >= logging.WARNING for record in caplog.records)


async def taken_in(store: ResilientStore, update_id: int) -> bool:
    """False if the store is away."""
    try:
        return await arrives(store, update_id)
    except StoreUnavailable:
        return False


async def test_while_the_store_is_away_it_is_not_asked_by_any_answer(
    store: ResilientStore, inner: FailingStore
) -> None:
    inner.hangs = True
    assert not await taken_in(store, 1)
    began = time.perf_counter()
    for n in range(100):
        assert not await taken_in(store, n)
        assert await store.settle(ME, done=[n], leave=["a"]) == []
    assert time.perf_counter() - began < 0.1


async def test_what_was_handled_while_the_store_was_away_is_noted_on_its_return_and_never_given_again(
    store: ResilientStore, inner: FailingStore
) -> None:
    await store.put(ME, [update(1), update(2)])
    inner.error = GONE
    await store.settle(ME, done=[1, 3])
    await store.settle(ME, later=[Later(2, 4, 0.0)], leave=["a"])
    await store.let_go(ME)
    for call in (store.take(ME), store.renew(ME, ["a"])):
        with pytest.raises(StoreUnavailable):
            await call
    inner.error = None
    await back(store)
    assert not await arrives(store, 1)
    assert not await arrives(store, 3)
    [waiting] = await store.settle(ME, leave=["a"])
    assert (waiting.update_id, waiting.tries) == (2, 4)


async def test_a_settlement_that_the_store_refuses_is_left_out(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    inner.error = StoreError("no")
    assert await store.settle(ME, done=[1]) == []
    inner.error = None
    assert "left out" in caplog.text
    assert await store.healthy()


async def test_a_language_chosen_or_read_is_known_while_the_store_is_away(
    store: ResilientStore, inner: FailingStore
) -> None:
    await store.set_language("old", "ru")
    inner.error = GONE
    await store.move_chat("old", "new")
    await store.set_language("chat", "kk")
    assert [await store.language(chat) for chat in ("new", "old", "chat", "unknown")] == ["ru", None, "kk", None]
    inner.error = None
    await back(store)
    assert await inner.language("chat") == "kk"


async def test_an_exception_of_any_kind_is_a_loss_and_no_failure_of_the_answer(
    store: ResilientStore, inner: FailingStore
) -> None:
    inner.error = RuntimeError("a private matter")
    assert not await taken_in(store, 1)
    assert not await store.healthy()


async def test_the_text_of_a_foreign_exception_is_not_logged(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    inner.error = RuntimeError("a private matter")
    await store.add_unanswered("a private matter", "en", None, PERSON)
    assert "private" not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_one_warning_on_the_loss_and_one_on_the_return(
    store: ResilientStore, inner: FailingStore, caplog: pytest.LogCaptureFixture
) -> None:
    for losses in (1, 2):
        inner.error = GONE
        for n in range(20):
            await taken_in(store, 100 * losses + n)
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
    assert await store.forget(PERSON) == 1
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
        await store.count("asked", None, TODAY)
    inner.error = None
    await back(store)
    assert await store.unanswered() == []


async def test_reports_are_never_made_up(store: ResilientStore, inner: FailingStore) -> None:
    inner.error = GONE
    await taken_in(store, 1)
    for report in (store.unanswered(), store.unanswered_count(), store.votes(TODAY), store.counts(TODAY)):
        with pytest.raises(StoreUnavailable, match="Gone"):
            await report


async def test_pruning_waits_for_the_return(store: ResilientStore, inner: FailingStore, clock: MovedClock) -> None:
    inner.error = GONE
    await taken_in(store, 1)
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
    assert await store.language("chat") == "kk"


async def test_closing_writes_what_waits_if_the_store_is_there_again(inner: FailingStore, clock: MovedClock) -> None:
    store = ResilientStore(inner, clock=clock, patience=0.1, open_patience=0.2, retry=(60, 60))
    await store.open()
    inner.error = GONE
    await store.count("asked", None, TODAY)
    inner.error = None
    await store.close()
    assert await inner.counts(TODAY) == [(TODAY, "asked", None, 1)]


async def test_opening_and_closing_end_in_time_though_the_store_hangs(inner: FailingStore, clock: MovedClock) -> None:
    inner.hangs = True
    store = ResilientStore(inner, clock=clock, patience=0.1, open_patience=0.2)
    began = time.perf_counter()
    await store.open()
    await store.settle(ME, done=[1])
    await store.close()
    assert time.perf_counter() - began < 1
