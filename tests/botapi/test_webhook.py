"""The rules of Telegram's own server for webhooks: queues, new tries, and what becomes known of trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import islice

import aiohttp
import pytest_asyncio
from aiohttp import web

from tests.botapi.driver import free_port
from tests.botapi.server import BotApiServer
from tests.botapi.test_updates import Client, Hook, Json
from tests.botapi.validate import default_validator
from tests.botapi.webhook import growing_pauses

pytest_plugins = ("tests.botapi.fixtures",)


@pytest_asyncio.fixture
async def client(api: BotApiServer) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(api, session)


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    runner = await made.start()
    yield made
    await runner.cleanup()


async def info(client: Client) -> Json:
    found: Json = (await client("getWebhookInfo"))["result"]
    assert default_validator().value("WebhookInfo", found) == []
    return found


async def test_presses_and_inline_queries_do_not_wait_for_the_messages_of_their_user(
    api: BotApiServer, client: Client, hook: Hook
) -> None:
    """A user's messages go one by one; beside them go the buttons, one by one too, and the inline queries."""
    hook.pause = 0.3
    await client("setWebhook", url=hook.url)
    messages = [api.private_message(5, "a"), api.private_message(5, "b")]
    presses = [api.callback(5, "inline-1", "yes"), api.callback(5, "inline-1", "no")]
    queries = [api.inline_query(5, "term"), api.inline_query(5, "terms")]
    await api.wait_for(lambda: len(hook.ids) == 3)
    assert set(hook.ids) == {messages[0], presses[0], queries[0]}
    await api.wait_for(lambda: not api.unconfirmed)
    assert set(hook.ids[3:]) == {messages[1], presses[1], queries[1]}


async def test_edits_stand_in_the_queue_of_their_chat(api: BotApiServer, client: Client, hook: Hook) -> None:
    hook.pause = 0.05
    await client("setWebhook", url=hook.url)
    asked = api.private_message(5, "a")
    edited = api.edited_message(asked, "b")
    await api.confirmed(edited)
    assert (hook.ids, hook.most_at_once) == ([asked, edited], 1)


async def test_a_failed_update_holds_up_its_own_chat_only(api: BotApiServer, client: Client, hook: Hook) -> None:
    hook.answer = lambda update: web.Response(status=500 if update["message"]["text"] == "poison" else 200)
    await client("setWebhook", url=hook.url)
    stuck = [api.private_message(5, "poison"), api.private_message(5, "behind it")]
    await api.confirmed(api.private_message(6, "hello"))
    assert api.unconfirmed == stuck


def test_pauses_grow_from_none_to_a_minute_or_two() -> None:
    pauses = list(islice(growing_pauses(), 9))
    assert pauses[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= pause <= 120 for pause in pauses[6:])


async def test_the_second_new_try_comes_after_two_seconds(api: BotApiServer, client: Client, hook: Hook) -> None:
    statuses = iter([500, 500, 200])
    hook.answer = lambda update: web.Response(status=next(statuses))
    await client("setWebhook", url=hook.url)
    await api.confirmed(api.private_message(5, "hello"))
    assert hook.times[1] - hook.times[0] < 0.5
    assert 1.9 < hook.times[2] - hook.times[1] < 3


async def test_no_answer_is_tried_again_after_a_minute(api: BotApiServer, client: Client, hook: Hook) -> None:
    """A minute by default; here it is less."""
    assert api.webhook.patience == 60
    api.webhook.patience = 0.1
    hook.pause = 0.5
    await client("setWebhook", url=hook.url)
    update_id = api.private_message(5, "hello")
    await api.wait_for(lambda: api.webhook.last_error)
    hook.pause = 0.0
    await api.confirmed(update_id)
    assert [delivery.status for delivery in api.deliveries] == [0, 200]
    assert (await info(client))["last_error_message"] == "Read timeout expired"


async def test_trouble_is_told_by_getwebhookinfo(api: BotApiServer, client: Client, hook: Hook) -> None:
    """The last trouble stays there after it is over, until another webhook is set."""
    hook.answer = lambda update: web.Response(status=403)
    await client("setWebhook", url=hook.url, max_connections=7)
    assert "last_error_date" not in await info(client)
    update_id = api.private_message(5, "hello")
    await api.wait_for(lambda: api.webhook.last_error)
    told = await info(client)
    assert (told["url"], told["max_connections"], told["pending_update_count"]) == (hook.url, 7, 1)
    assert told["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"
    assert abs(told["last_error_date"] - api.state.now()) <= 1
    hook.answer = lambda update: web.Response()
    await api.confirmed(update_id)
    assert "last_error_date" in await info(client)
    await client("setWebhook", url=f"{hook.url}?other")
    assert "last_error_date" not in await info(client)


async def test_a_closed_port_and_a_cut_line_are_told_apart(api: BotApiServer, client: Client, hook: Hook) -> None:
    await client("setWebhook", url=f"http://127.0.0.1:{free_port()}/hook")
    update_id = api.private_message(5, "hello")
    await api.wait_for(lambda: api.webhook.last_error)
    assert (await info(client))["last_error_message"] == "Connection refused"
    api.webhook.cut, api.webhook.scale = True, 0.05
    await client("setWebhook", url=hook.url)
    await api.wait_for(lambda: api.webhook.last_error)
    assert (await info(client))["last_error_message"] == "Connection timed out"
    api.webhook.cut = False
    await api.confirmed(update_id)


async def test_what_is_too_old_is_not_tried_any_more(api: BotApiServer, client: Client, hook: Hook) -> None:
    api.webhook.cut, api.webhook.scale = True, 0.05
    await client("setWebhook", url=hook.url)
    press, message = api.callback(5, "inline-1", "yes"), api.private_message(5, "hello")
    api.advance(151)
    await api.wait_for(lambda: api.expired == [press])
    api.webhook.cut = False
    await api.confirmed(message)
    assert hook.ids == [message]


async def test_deletewebhook_behind_the_bots_back_leaves_it_deaf(api: BotApiServer, client: Client, hook: Hook) -> None:
    """Nobody tells the bot; getWebhookInfo would. Nothing is lost if it sets its webhook again."""
    await client("setWebhook", url=hook.url)
    api.set_webhook_elsewhere()
    update_id = api.private_message(5, "hello")
    await asyncio.sleep(0.2)
    told = await info(client)
    assert (hook.ids, told["url"], told["pending_update_count"]) == ([], "", 1)
    await client("setWebhook", url=hook.url)
    await api.confirmed(update_id)


async def test_setwebhook_behind_the_bots_back_leads_updates_away(
    api: BotApiServer, client: Client, hook: Hook
) -> None:
    thief = Hook()
    runner = await thief.start()
    await client("setWebhook", url=hook.url)
    api.set_webhook_elsewhere(thief.url)
    await api.confirmed(api.private_message(5, "hello"))
    assert (len(hook.ids), len(thief.ids), (await info(client))["url"]) == (0, 1, thief.url)
    await runner.cleanup()


async def test_a_webhook_that_somebody_sets_ends_the_poll_that_waits(api: BotApiServer, client: Client) -> None:
    poll = asyncio.create_task(client("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    api.set_webhook_elsewhere("http://127.0.0.1:9/hook")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert "webhook is active" in (await client("getUpdates"))["description"]


async def test_of_two_setwebhooks_at_once_the_first_gets_409(api: BotApiServer, client: Client, hook: Hook) -> None:
    """Two copies that start together; the second sets it."""
    api.webhook.verifying = 0.2
    first = asyncio.create_task(client("setWebhook", url=hook.url))
    await asyncio.sleep(0.05)
    second = await client("setWebhook", url=hook.url)
    assert (second["ok"], (await first)["error_code"]) == (True, 409)
    assert (await first)["description"] == "Conflict: terminated by other setWebhook"
    assert (await info(client))["url"] == hook.url


async def test_to_set_the_same_webhook_again_disturbs_nothing(api: BotApiServer, client: Client, hook: Hook) -> None:
    hook.pause = 0.3
    await client("setWebhook", url=hook.url)
    update_id = api.private_message(5, "hello")
    await api.wait_for(lambda: hook.ids)
    await client("setWebhook", url=hook.url)
    await api.confirmed(update_id)
    assert hook.ids == [update_id]
