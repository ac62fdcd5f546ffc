"""The rules of Telegram's own server for getUpdates, and how long it keeps what nobody fetches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.botapi import inbox
from tests.botapi.inbox import HELD, ONE_BY_ONE
from tests.botapi.inject import private_chat, user
from tests.botapi.server import BotApiServer
from tests.botapi.test_updates import Client

pytest_plugins = ("tests.botapi.fixtures",)

DAY = 86_400


@pytest.fixture
def slowed(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Makes the seconds of the rules longer or shorter."""

    def slow(factor: float) -> None:
        monkeypatch.setattr(inbox, "ONE_BY_ONE", factor * ONE_BY_ONE)
        monkeypatch.setattr(inbox, "HELD", factor * HELD)

    return slow


@pytest_asyncio.fixture
async def client(api: BotApiServer) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(api, session)


async def seconds_of(call: Any) -> float:
    """How long a call takes that gives nothing."""
    begin = time.monotonic()
    assert await call == []
    return time.monotonic() - begin


async def test_the_same_offset_within_half_a_second_gets_one_update(
    api: BotApiServer, client: Client, slowed: Callable[[float], None]
) -> None:
    slowed(100)
    ids = [api.private_message(user, "a") for user in range(1, 6)]
    assert await client.ids(offset=ids[0]) == ids
    assert await client.ids(offset=ids[0]) == ids[:1]
    assert await client.ids(offset=ids[0], limit=50) == ids[:1]
    api.advance(60)
    assert await client.ids(offset=ids[0]) == ids


async def test_the_half_second_counts_from_the_beginning_of_the_call_before(api: BotApiServer, client: Client) -> None:
    """So a poll that was held for long is followed by a full one."""
    poll = asyncio.create_task(client.ids(offset=1, timeout=5))
    await asyncio.sleep(0.55)
    first, second = api.private_message(1, "a"), api.private_message(2, "b")
    assert await poll in ([first], [first, second])
    assert await client.ids(offset=1) == [first, second]


async def test_another_offset_gets_everything_at_once(
    api: BotApiServer, client: Client, slowed: Callable[[float], None]
) -> None:
    slowed(100)
    ids = [api.private_message(user, "a") for user in range(1, 6)]
    assert await client.ids() == ids  # no offset counts as 0
    assert await client.ids(offset=0) == ids[:1]
    assert await client.ids(offset=ids[1]) == ids[1:]
    assert await client.ids(offset=ids[2]) == ids[2:]


async def test_a_short_poll_with_the_same_offset_is_held_for_three_seconds(
    api: BotApiServer, client: Client, slowed: Callable[[float], None]
) -> None:
    """A hundred times as long here, so that a busy machine is no reason; that a wait comes to an end, `test_updates` shows."""
    assert HELD == 3.0
    slowed(100)
    assert await seconds_of(client.ids(offset=7, timeout=0)) < 100 * HELD / 2
    held = asyncio.create_task(client.ids(offset=7, timeout=0))
    await asyncio.sleep(0.3)
    assert not held.done()
    update_id = api.private_message(1, "a")
    assert await asyncio.wait_for(held, 100 * HELD / 2) == [update_id]
    await client.ids(offset=update_id + 1, timeout=0)
    api.advance(100 * HELD)
    assert await seconds_of(client.ids(offset=update_id + 1, timeout=0)) < 100 * HELD / 2


async def test_what_is_held_ends_with_the_first_update(api: BotApiServer, client: Client) -> None:
    assert await client.ids(offset=7) == []
    poll = asyncio.create_task(client.ids(offset=7, timeout=50))
    await asyncio.sleep(0.1)
    update_id = api.private_message(1, "a")
    assert await asyncio.wait_for(poll, 100 * HELD / 2) == [update_id]


async def test_a_call_gives_a_hundred_updates_at_most(api: BotApiServer, client: Client) -> None:
    ids = [api.private_message(user, "a") for user in range(1, 121)]
    assert await client.ids() == ids[:100]
    assert await client.ids(offset=ids[100]) == ids[100:]


async def test_an_answer_holds_four_mebibytes_at_most(api: BotApiServer, client: Client) -> None:
    ids = [api.private_message(user, "a" * 1_000_000) for user in range(1, 7)]
    assert await client.ids() == ids[:4]
    assert await client.ids(offset=ids[4]) == ids[4:]


async def test_messages_wait_for_a_day_from_their_own_date(api: BotApiServer, client: Client) -> None:
    now = api.state.now()
    fresh = api.private_message(1, "now")
    older = api.private_message(2, "an hour ago", date=now - 3600)
    gone = api.private_message(3, "two days ago", date=now - 2 * DAY)
    assert api.unconfirmed == [fresh, older]
    api.advance(DAY - 3000)
    assert await client.ids() == [fresh]
    api.advance(3100)
    assert await client.ids(offset=1) == []
    assert sorted(api.expired) == [fresh, older, gone]


async def test_an_edit_counts_from_the_date_of_the_edit(api: BotApiServer, client: Client) -> None:
    now = api.state.now()
    message = api.message(private_chat(1), user(1), "hello", date=now - 2 * DAY, edit_date=now - 10)
    update_id = api.push({"edited_message": message})
    assert await client.ids(offset=1) == [update_id]


@pytest.mark.parametrize(("kind", "seconds"), [("callback", 150), ("inline", 30)])
async def test_presses_wait_150_seconds_and_inline_queries_30(
    api: BotApiServer, client: Client, kind: str, seconds: int
) -> None:
    update_id = api.callback(5, "inline-1", "yes") if kind == "callback" else api.inline_query(5, "term")
    api.advance(seconds - 1)
    assert await client.ids() == [update_id]
    api.advance(2)
    assert await client.ids(offset=1) == []
    assert api.expired == [update_id]


async def test_a_poll_that_waits_does_not_wake_for_what_is_too_old(api: BotApiServer, client: Client) -> None:
    poll = asyncio.create_task(client.ids(timeout=1))
    await asyncio.sleep(0.1)
    api.private_message(1, "two days ago", date=api.state.now() - 2 * DAY)
    assert await poll == []
