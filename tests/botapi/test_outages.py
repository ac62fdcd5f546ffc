"""Outages of Telegram and of the network, floods by chat and by method, refusals: what a bot meets, and what arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.botapi import faults, refusals
from tests.botapi.server import BotApiServer
from tests.botapi.test_updates import Client, Json

pytest_plugins = ("tests.botapi.fixtures",)


@pytest_asyncio.fixture
async def client(api: BotApiServer) -> AsyncIterator[Client]:
    """Both chats have written; its own patience is a second."""
    for chat in (5, 6):
        api.private_message(chat, "hello")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(1.0)) as session:
        yield Client(api, session)


async def sent(client: Client, chat: int = 5, text: str = "one") -> Json:
    return await client("sendMessage", chat_id=chat, text=text)


async def status_and_type(api: BotApiServer, method: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{api.base_url}/bot{api.token}/{method}") as answer,
    ):
        return answer.status, answer.content_type


async def test_telegram_is_away_for_a_while(api: BotApiServer, client: Client) -> None:
    """502 with the page of a proxy, for every method; then all is as before."""
    api.faults.on(faults.ALL, faults.bad_gateway(), seconds=20)
    assert await status_and_type(api, "getMe") == (502, "text/html")
    assert await status_and_type(api, "getUpdates") == (502, "text/html")
    api.advance(20)
    assert await status_and_type(api, "getMe") == (200, "application/json")
    assert len(await client.ids()) == 2


async def test_sends_alone_may_be_away(api: BotApiServer, client: Client) -> None:
    api.faults.on(faults.SENDS, faults.server_error(), seconds=20)
    assert (await sent(client))["error_code"] == 500
    assert len(await client.ids()) == 2


async def test_a_closed_port_refuses_until_it_is_open_again(api: BotApiServer, client: Client) -> None:
    """Updates wait meanwhile, and the address stays the same."""
    closed = asyncio.create_task(api.port.closed(0.4))
    await asyncio.sleep(0.1)
    with pytest.raises(aiohttp.ClientConnectorError):
        await sent(client)
    api.private_message(7, "hello")
    await closed
    assert (await sent(client))["ok"]
    assert len(await client.ids()) == 3


async def test_a_closing_port_cuts_the_connections_that_stand(api: BotApiServer, client: Client) -> None:
    await client.ids()
    poll = asyncio.create_task(client.ids(offset=2**31, timeout=5))
    await asyncio.sleep(0.1)
    await api.port.close()
    with pytest.raises(aiohttp.ClientError):
        await poll
    await api.port.open()


async def test_a_swallowed_send_is_neither_accepted_nor_answered(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.swallowed(), times=1)
    with pytest.raises(TimeoutError):
        await sent(client)
    assert api.sent == []
    assert (await sent(client))["ok"]


async def test_a_silent_connection_breaks_in_the_end(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.swallowed(0.2), times=1)
    begin = time.monotonic()
    with pytest.raises(aiohttp.ClientError):
        await sent(client)
    assert time.monotonic() - begin >= 0.2
    assert api.sent == []


async def test_an_accepted_send_whose_answer_is_lost_arrives(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.answer_lost(), times=1)
    with pytest.raises(TimeoutError):
        await sent(client)
    assert [message.text for message in api.sent] == ["one"]


async def test_getupdates_alone_may_be_silent(api: BotApiServer, client: Client) -> None:
    """Nothing is handed out or confirmed meanwhile; sends go through."""
    api.faults.on("getUpdates", faults.swallowed(), seconds=20)
    with pytest.raises(TimeoutError):
        await client.ids(offset=2**31)
    assert (await sent(client))["ok"]
    assert (api.deliveries, len(api.unconfirmed)) == ([], 2)
    api.advance(20)
    assert len(await client.ids()) == 2


async def test_a_flood_holds_for_its_chat_as_long_as_it_says(api: BotApiServer, client: Client) -> None:
    """All methods there; other chats are served. A call against it counts and is told the rest of the time."""
    api.faults.on("sendMessage", faults.flood(150), times=1)
    assert (await sent(client))["parameters"] == {"retry_after": 150}
    api.advance(100)
    typing = await client("sendChatAction", chat_id=5, action="typing")
    assert typing["parameters"]["retry_after"] in (49, 50)
    assert [call.method for call in api.flood_violations] == ["sendChatAction"]
    assert (await sent(client, 6))["ok"]
    api.advance(50)
    assert (await sent(client))["ok"]


async def test_a_flood_by_method_holds_for_all_chats(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.flood(20, by="method"), times=1)
    assert (await sent(client, 5))["error_code"] == 429
    assert (await sent(client, 6))["error_code"] == 429
    assert (await client("sendChatAction", chat_id=5, action="typing"))["ok"]
    api.advance(20)
    assert (await sent(client, 6))["ok"]


async def test_a_flood_by_both_holds_for_one_method_in_one_chat(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.flood(20, by="both"), times=1)
    assert (await sent(client, 5))["error_code"] == 429
    assert (await sent(client, 5))["error_code"] == 429
    assert (await sent(client, 6))["ok"]
    assert (await client("sendChatAction", chat_id=5, action="typing"))["ok"]


async def test_floods_of_several_chats_end_each_in_its_time(api: BotApiServer, client: Client) -> None:
    for chat, seconds in ((5, 20), (6, 200)):
        api.faults.on("sendMessage", faults.flood(seconds), times=1, when=lambda call, chat=chat: call.chat_id == chat)  # type: ignore[misc]
        assert (await sent(client, chat))["parameters"] == {"retry_after": seconds}
    api.advance(21)
    assert (await sent(client, 5))["ok"]
    assert (await sent(client, 6))["error_code"] == 429


async def test_a_message_deleted_at_once_was_sent_all_the_same(api: BotApiServer, client: Client) -> None:
    """The answer is a 500. To send it again is to send it twice; it cannot be edited, as it is gone."""
    api.faults.on("sendMessage", faults.deleted_at_once(), times=1)
    answer = await sent(client)
    assert (answer["error_code"], answer["description"]) == (500, refusals.DELETED_AT_ONCE)
    [message] = api.sent
    edit = await client("editMessageText", chat_id=5, message_id=message.message_id, text="two")
    assert edit["description"] == "Bad Request: message to edit not found"


async def test_a_send_that_is_refused_is_not_deleted_at_once(api: BotApiServer, client: Client) -> None:
    api.faults.on("sendMessage", faults.deleted_at_once())
    assert (await sent(client, 99))["description"] == "Bad Request: chat not found"
    assert api.sent == []


@pytest.mark.parametrize(("code", "words"), refusals.ALL)
async def test_refusals_come_in_telegrams_words(api: BotApiServer, client: Client, code: int, words: str) -> None:
    api.faults.on("sendMessage", faults.refusal(words.split(": ", 1)[1]))
    answer = await sent(client)
    assert (answer["ok"], answer["error_code"], answer["description"]) == (False, code, words)
    assert api.sent == []


def test_a_refusal_is_named_by_words_that_fit_one_only() -> None:
    error = faults.refusal("TOPIC_DELETED").error
    assert error
    assert error.description == "Bad Request: TOPIC_DELETED"
    for words in ("TOPIC_", "no such words"):
        with pytest.raises(ValueError, match="fits"):
            faults.refusal(words)
