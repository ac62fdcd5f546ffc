"""How updates reach a bot: long polling with offsets, and a webhook that is tried until it says 2xx."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest_asyncio
from aiohttp import web

from tests.botapi.server import LONG, BotApiServer
from tests.botapi.validate import default_validator

pytest_plugins = ("tests.botapi.fixtures",)

Json = dict[str, Any]
Answer = Callable[[Json], web.Response]


class Client:
    """Calls methods and gives the JSON answers."""

    def __init__(self, api: BotApiServer, session: aiohttp.ClientSession) -> None:
        self._root = f"{api.base_url}/bot{api.token}"
        self._session = session

    async def __call__(self, method: str, **params: Any) -> Json:
        async with self._session.post(f"{self._root}/{method}", json=params) as answer:
            body: Json = await answer.json()
            return body

    async def ids(self, **params: Any) -> list[int]:
        """The update ids that getUpdates gives."""
        return [update["update_id"] for update in (await self("getUpdates", **params))["result"]]


@pytest_asyncio.fixture
async def client(api: BotApiServer) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(api, session)


class Hook:
    """A webhook that records what came and answers as it is told."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.headers: list[str | None] = []
        self.times: list[float] = []
        self.at_once = self.most_at_once = 0
        self.pause = 0.0
        self.answer: Answer = lambda update: web.Response()
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner

    async def _take(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        update = await request.json()
        self.updates.append(update)
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.times.append(time.monotonic())
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        return self.answer(update)

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.updates]


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    runner = await made.start()
    yield made
    await runner.cleanup()


async def test_updates_come_again_until_a_higher_offset_confirms_them(api: BotApiServer, client: Client) -> None:
    first, second = api.private_message(5, "a"), api.private_message(5, "b")
    assert await client.ids() == [first, second]
    assert await client.ids(offset=first, limit=1) == [first]
    assert await client.ids(offset=second) == [second]
    assert api.unconfirmed == [second]
    assert await client.ids(offset=second + 1) == []
    assert api.unconfirmed == []


async def test_a_negative_offset_keeps_the_newest_only(api: BotApiServer, client: Client) -> None:
    ids = [api.private_message(5, str(number)) for number in range(4)]
    assert await client.ids(offset=-1) == ids[3:]
    assert api.unconfirmed == ids[3:]


async def test_a_long_poll_ends_with_the_first_update_or_its_timeout(api: BotApiServer, client: Client) -> None:
    poll = asyncio.create_task(client.ids(timeout=50))
    await asyncio.sleep(0.05)
    assert not poll.done()
    assert [api.private_message(5, "a")] == await asyncio.wait_for(poll, LONG)
    begin = time.monotonic()
    assert await client.ids(offset=2**31, timeout=1) == []
    assert 0.9 < time.monotonic() - begin < LONG


async def test_a_second_poll_ends_the_first_with_409(api: BotApiServer, client: Client) -> None:
    older = asyncio.create_task(client("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(client.ids(timeout=50))
    answer = await asyncio.wait_for(older, LONG)
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]
    assert api.inbox.conflicts == 1
    assert [api.private_message(5, "a")] == await asyncio.wait_for(newer, LONG)


async def test_polling_is_refused_while_a_webhook_is_set(api: BotApiServer, client: Client, hook: Hook) -> None:
    await client("setWebhook", url=hook.url)
    answer = await client("getUpdates")
    assert answer["error_code"] == 409
    assert "webhook is active" in answer["description"]
    await client("deleteWebhook")
    assert await client.ids() == []


async def test_kinds_that_are_not_allowed_never_come(api: BotApiServer, client: Client) -> None:
    """Reactions only come when named; a list stays in force until another is given."""
    reaction: Json = {"message_reaction": {}}
    api.push(dict(reaction))
    assert await client.ids(allowed_updates=["message_reaction"]) == []
    wanted = api.push(dict(reaction))
    api.private_message(5, "a")
    assert await client.ids() == [wanted]
    assert await client.ids(offset=wanted + 1, allowed_updates=[]) == []
    assert [api.private_message(5, "a")] == await client.ids()


async def test_a_duplicate_delivery_has_the_same_update_id(api: BotApiServer, client: Client) -> None:
    api.faults.duplicates = 1.0
    update_id = api.private_message(5, "a")
    assert await client.ids() == [update_id, update_id]
    assert await client.ids(offset=update_id + 1) == []


async def test_the_webhook_gets_updates_with_its_secret(api: BotApiServer, client: Client, hook: Hook) -> None:
    await client("setWebhook", url=hook.url, secret_token="secret_1", max_connections=3, allowed_updates=["message"])
    update_id = api.private_message(5, "hello")
    await api.confirmed(update_id)
    assert (hook.ids, hook.headers) == ([update_id], ["secret_1"])
    info = (await client("getWebhookInfo"))["result"]
    assert default_validator().value("WebhookInfo", info) == []
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (hook.url, 3, 0)


async def test_anything_but_2xx_is_tried_again(api: BotApiServer, client: Client, hook: Hook) -> None:
    statuses = iter([500, 404, 302, 201])
    hook.answer = lambda update: web.Response(status=next(statuses))
    api.webhook.scale = 0.01
    await client("setWebhook", url=hook.url)
    update_id = api.private_message(5, "hello")
    await api.confirmed(update_id)
    assert [delivery.status for delivery in api.deliveries] == [500, 404, 302, 201]
    assert "302" in (await client("getWebhookInfo"))["result"]["last_error_message"]


async def test_retry_after_of_a_webhook_is_obeyed(api: BotApiServer, client: Client, hook: Hook) -> None:
    answers = iter([web.Response(status=503, headers={"Retry-After": "1"}), web.Response()])
    hook.answer = lambda update: next(answers)
    await client("setWebhook", url=hook.url)
    await api.confirmed(api.private_message(5, "hello"))
    assert hook.times[1] - hook.times[0] >= 1.0


async def test_a_webhook_that_is_down_gets_everything_when_it_is_back(api: BotApiServer, client: Client) -> None:
    hook = Hook()
    runner = await hook.start()
    await runner.cleanup()
    api.webhook.scale = 0.01
    await client("setWebhook", url=hook.url)
    ids = [api.private_message(user, "hello") for user in range(1, 4)]
    await api.wait_for(lambda: len(api.deliveries) >= 3)
    assert api.unconfirmed == ids
    app = web.Application()
    app.router.add_post("/hook", hook._take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(hook.url.split(":")[2].split("/")[0])).start()
    await api.wait_for(lambda: not api.unconfirmed)
    assert sorted(hook.ids) == ids
    await runner.cleanup()


async def test_chats_go_side_by_side_and_each_in_order(api: BotApiServer, client: Client, hook: Hook) -> None:
    """Up to max_connections at once, never two of the same chat."""
    hook.pause = 0.02
    await client("setWebhook", url=hook.url, max_connections=2)
    ids = [api.private_message(user, str(number)) for number in range(3) for user in (1, 2, 3)]
    await api.wait_for(lambda: not api.unconfirmed)
    assert hook.most_at_once == 2
    for place in range(3):
        assert [update_id for update_id in hook.ids if update_id in ids[place::3]] == ids[place::3]


async def test_a_poisoned_update_does_not_hold_up_other_chats(api: BotApiServer, client: Client, hook: Hook) -> None:
    hook.answer = lambda update: web.Response(status=500 if update["message"]["text"] == "poison" else 200)
    await client("setWebhook", url=hook.url, max_connections=1)
    poisoned = api.private_message(1, "poison")
    await api.confirmed(api.private_message(2, "hello"))
    assert api.unconfirmed == [poisoned]


async def test_the_answer_of_a_webhook_may_call_a_method(api: BotApiServer, client: Client, hook: Hook) -> None:
    hook.answer = lambda update: web.json_response({"method": "sendMessage", "chat_id": 5, "text": "hi"})
    await client("setWebhook", url=hook.url)
    assert (await api.reply_to(api.private_message(5, "hello"))).text == "hi"


async def test_every_helper_makes_a_valid_update(api: BotApiServer, client: Client) -> None:
    """Valid by the description, so that a bot's trouble with one is the bot's fault."""
    asked = api.private_message(5, "/start", language_code=None)
    api.group_message(-1007, 5, "@reform_test_bot 😀 hi @reform_test_bot", thread_id=3)
    api.edited_message(asked, "/help me")
    await client("sendMessage", chat_id=5, text="x")
    api.group_message(-7, 5, "yes", reply_to=api.sent[0])
    api.callback(5, api.sent[0], "data")
    api.inline_query(5, "term")
    api.chosen_inline_result(5, "1")
    api.block(5)
    api.guest_message(-1009, 5, "@reform_test_bot hi")
    api.migrate(-7, -1008)
    updates = (await client("getUpdates"))["result"]
    assert len(updates) == len(api.state.pushed) == 11
    for update in updates:
        assert default_validator().value("Update", update) == []
    mentions = [(e["type"], e["offset"]) for e in updates[1]["message"]["entities"]]
    assert mentions == [("mention", 0), ("mention", 23)]
    assert updates[2]["edited_message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]
