"""A Bot API server on the loopback: checks every request, keeps what Telegram would keep, hands out updates."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from tests.botapi import wire
from tests.botapi.answers import answer
from tests.botapi.errors import ApiError, violation
from tests.botapi.faults import Faults
from tests.botapi.inbox import Inbox
from tests.botapi.inject_kinds import InjectKinds
from tests.botapi.methods import MESSAGE_METHODS
from tests.botapi.model import Call, Counters, Delivery, JsonDict, Sent
from tests.botapi.port import Port
from tests.botapi.profile_methods import PROFILE_METHODS
from tests.botapi.state import State
from tests.botapi.validate import default_validator
from tests.botapi.webhook import Webhook

T = TypeVar("T")
TOKEN = "4242:TEST-token_for-the-local-server"
_METHODS = MESSAGE_METHODS | PROFILE_METHODS

LONG = 120.0  # seconds after which what a test waits for will not come: no measure of how fast it should


class BotApiServer(InjectKinds):
    """One bot's Telegram. `violations` are the client's faults, `refusals` answers that state or timing explain."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "reform_test_bot",
        can_read_all_group_messages: bool = False,
        supports_inline_queries: bool = True,
        latency: float = 0.0,
        seed: int = 1,
    ) -> None:
        """`latency` delays each answer but that of getUpdates, in seconds; `seed` is that of the faults."""
        self.token = token
        self.state = State(username=username, reads_groups=can_read_all_group_messages, inline=supports_inline_queries)
        self.latency = latency
        self.faults = Faults(seed)
        self.faults.clock = self.state.time.monotonic
        self.inbox = Inbox(self.state.changed, self.state.time)
        self.inbox.copies = self.faults.copies
        self.webhook = Webhook(self.inbox, self._execute_unasked)
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.refusals: list[str] = []
        self.counters = Counters()
        self._validator = default_validator()
        self._update_ids = itertools.count(700_000_001)
        self.port = Port(self._app())

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._download)
        return app

    async def start(self) -> BotApiServer:
        """Listen on a free port of 127.0.0.1."""
        await self.port.start()
        return self

    async def stop(self) -> None:
        """End polls, webhook delivery and connections."""
        self.inbox.closing = True
        self.inbox.wake()
        await self.webhook.close()
        await self.port.stop()

    def advance(self, seconds: float) -> None:
        """Move the server's time forward: updates and queries grow old, floods end, calls lie further apart."""
        self.state.time.ahead += seconds
        self.inbox.wake()

    async def __aenter__(self) -> BotApiServer:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:port`; methods stand under `{base_url}/bot<token>/METHOD`."""
        return f"http://127.0.0.1:{self.port.number}"

    @property
    def sent(self) -> list[Sent]:
        """Every message sent by the bot, in order, as first sent."""
        return self.state.sent

    @property
    def edits(self) -> list[Sent]:
        """Every accepted edit of a message, in order."""
        return self.state.edits

    @property
    def flood_violations(self) -> list[Call]:
        """Calls made to a chat while it had a running retry_after."""
        return self.faults.flood_violations

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to hand an update over."""
        return self.inbox.deliveries

    @property
    def unconfirmed(self) -> list[int]:
        """The update ids that the bot has not confirmed yet."""
        self.inbox.drop_expired()
        return list(self.inbox.pending)

    @property
    def expired(self) -> list[int]:
        """The update ids that waited too long: the bot never confirmed them and cannot get them any more."""
        self.inbox.drop_expired()
        return self.inbox.expired

    def set_webhook_elsewhere(self, url: str = "", **params: Any) -> None:
        """Somebody else with the token calls setWebhook or, without an address, deleteWebhook. It is none of `calls`."""
        self._webhook_method("setWebhook" if url else "deleteWebhook", {"url": url} | params)

    def calls_of(self, method: str) -> list[Call]:
        """The accepted calls of one method."""
        return [call for call in self.calls if call.method == method]

    def sent_to(self, chat_id: int) -> list[Sent]:
        """The messages sent to one chat."""
        return [sent for sent in self.sent if sent.chat_id == chat_id]

    async def wait_for(self, predicate: Callable[[], T], timeout: float = LONG) -> T:
        """The first true value of `predicate`, tried after each change; raises TimeoutError with what is known."""
        deadline = time.monotonic() + timeout
        while not (found := predicate()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(
                    f"not within {timeout} s; {len(self.sent)} sent, {len(self.unconfirmed)} updates unconfirmed, "
                    f"violations {self.violations}, refusals {self.refusals[-5:]}, requests {self.counters.requests}"
                )
            await self.state.next_change(min(left, 0.25))
        return found

    async def replies_to(self, update_id: int, count: int = 1, timeout: float = LONG) -> list[Sent]:
        """The messages sent to the chat of an update after it was handed over, once there are `count`."""
        pushed = self.state.pushed[update_id]

        def replies() -> list[Sent] | None:
            found = [s for s in self.sent if s.chat_id == pushed.chat_id and s.seq > pushed.seq]
            return found if len(found) >= count else None

        found = await self.wait_for(replies, timeout)
        assert found is not None
        return found

    async def reply_to(self, update_id: int, timeout: float = LONG) -> Sent:
        """The first message sent to the chat of an update after it was handed over."""
        return (await self.replies_to(update_id, 1, timeout))[0]

    async def answer_to(self, update_id: int, timeout: float = LONG) -> Call:
        """How the callback, inline or guest query of an update was answered."""
        query = self.state.queries[self.state.pushed[update_id].query_id or ""]
        answer = await self.wait_for(lambda: query.answer, timeout)
        assert answer is not None
        return answer

    async def confirmed(self, update_id: int, timeout: float = LONG) -> None:
        """Wait until the bot has confirmed an update."""
        await self.wait_for(lambda: update_id not in self.inbox.pending, timeout)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        token, name = request.match_info["token"], request.match_info["method"]
        try:
            if token != self.token:
                raise ApiError(401, "Unauthorized")
            method = self._validator.method(name)
            if method is None:
                raise ApiError(404, "Not Found: method not found", broken_rule=True)
            self.counters.count(method)
            return await self._answer(method, request)
        except ApiError as error:
            return self._refuse(name, error)
        except ConnectionError:
            return web.Response(status=499)  # the client was killed in the middle of its request
        except Exception as error:
            self.violations.append(f"{name}: the test server itself failed: {error!r}")
            raise
        finally:
            self.state.changed()

    async def _answer(self, method: str, request: web.Request) -> web.StreamResponse:
        params = self._checked(method, await wire.read(request))
        fault = self.faults.choose(Call(method, params, self.state.clock()))
        if self.latency and method != "getUpdates":
            await asyncio.sleep(self.latency)
        return await answer(fault, request, self.state, lambda: self._accept(method, params, request))

    def _checked(self, method: str, raw: wire.RawRequest) -> JsonDict:
        params, problems = self._validator.request(method, raw)
        if problems:
            worst = next((problem for problem in problems if "fits none of" not in problem), problems[0])
            self.violations += [f"{method}: {problem}" for problem in problems if problem != worst]
            raise violation(worst)
        return params

    def _refuse(self, method: str, error: ApiError) -> web.Response:
        (self.violations if error.broken_rule else self.refusals).append(f"{method}: {error.description}")
        return web.json_response(error.body(), status=error.code)

    async def _get_updates(self, params: JsonDict, request: web.Request) -> web.Response:
        transport = request.transport
        bodies = await self.inbox.poll(params, lambda: transport is not None and not transport.is_closing())
        self.calls.append(Call("getUpdates", params, self.state.clock(), len(bodies)))
        body = b'{"ok":true,"result":[' + b",".join(bodies) + b"]}"
        return web.Response(body=body, content_type="application/json")

    async def _accept(self, method: str, params: JsonDict, request: web.Request) -> web.Response:
        try:
            if method == "getUpdates":
                return await self._get_updates(params, request)
            if method == "setWebhook":
                await self.webhook.verify()
            result = self._execute(method, params)
        except ApiError as error:
            return self._refuse(method, error)
        body = json.dumps({"ok": True, "result": result}).encode()
        return web.Response(body=body, content_type="application/json")

    def _execute(self, method: str, params: JsonDict) -> Any:
        if method in _METHODS:
            result = _METHODS[method](self.state, params)
        elif method in ("setWebhook", "deleteWebhook", "getWebhookInfo"):
            result = self._webhook_method(method, params)
        else:
            raise ApiError(400, f"Bad Request: {method} is not modelled by this server", broken_rule=True)
        self.calls.append(Call(method, params, self.state.clock(), result))
        self.state.changed()
        return result

    def _execute_unasked(self, name: str, fields: JsonDict) -> None:
        """A method called in the answer to a webhook; nobody hears its result."""
        try:
            method = self._validator.method(name)
            if method is None:
                raise ApiError(404, "Not Found: method not found", broken_rule=True)
            self._execute(method, self._checked(method, wire.RawRequest(fields)))
        except ApiError as error:
            self._refuse(name, error)

    def _webhook_method(self, method: str, params: JsonDict) -> Any:
        if method == "getWebhookInfo":
            return self.webhook.info()
        if params.get("drop_pending_updates"):
            self.inbox.pending.clear()
        self.inbox.set_allowed(params.get("allowed_updates"))
        self.webhook.set(
            params.get("url", ""),
            params.get("secret_token", ""),
            params.get("max_connections", 40),
            "certificate" in params,
        )
        return True

    async def _download(self, request: web.Request) -> web.Response:
        upload = self.state.files.get(request.match_info["file_id"])
        if upload is None or request.match_info["token"] != self.token:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=upload.content, content_type="application/octet-stream")
