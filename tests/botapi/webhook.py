"""Delivery of updates to the bot's webhook: several lanes at once, each in order, repeated until a 2xx or too late."""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp

from tests.botapi.errors import ApiError
from tests.botapi.inbox import Inbox, Pending
from tests.botapi.model import Delivery, JsonDict

Execute = Callable[[str, JsonDict], Any]


FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds; the longest is drawn between this and twice this


class Webhook:
    """The setting of one webhook and the tasks that serve it.

    `patience` is how long the bot may take for an answer and `verifying` how long setWebhook itself takes, in seconds;
    `scale` shortens the pauses between tries; while `cut` is set, Telegram does not get through to the bot; `trusted` knows
    a certificate that no authority has signed.
    """

    def __init__(self, inbox: Inbox, execute: Execute) -> None:
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.certificate = False
        self.scale, self.patience, self.verifying = 1.0, 60.0, 0.0
        self.cut = False
        self.trusted: ssl.SSLContext | None = None
        self.last_error: tuple[int, str] | None = None
        self._inbox = inbox
        self._execute = execute
        self._busy: set[object] = set()
        self._resting = 0
        self._setting: object = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._dispatcher: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def set(self, url: str, secret: str, max_connections: int, certificate: bool) -> None:
        """Start to deliver to `url`; an empty one ends it. What is set already goes on undisturbed."""
        if url and (url, secret, max_connections) == (self.url, self.secret, self.max_connections) and not certificate:
            return
        self.end()
        self.last_error = None
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.certificate, self._inbox.webhook_active = certificate, bool(url)
        self._inbox.wake()
        if url:
            self._dispatcher = asyncio.create_task(self._dispatch())

    async def verify(self) -> None:
        """Take the time a setWebhook takes; raises ApiError 409 if another one comes meanwhile."""
        mine = self._setting = object()
        if self.verifying:
            await asyncio.sleep(self.verifying)
            if self._setting is not mine:
                raise ApiError(409, "Conflict: terminated by other setWebhook")

    def end(self) -> None:
        """Stop delivering; what is undelivered stays in the queue."""
        for task in [*self._tasks, *([self._dispatcher] if self._dispatcher else [])]:
            task.cancel()
        self._dispatcher = None
        self._busy.clear()
        self._resting = 0

    async def close(self) -> None:
        """End delivery and close the connections."""
        tasks = [*self._tasks, *([self._dispatcher] if self._dispatcher else [])]
        self.end()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def info(self) -> JsonDict:
        """The WebhookInfo object."""
        self._inbox.drop_expired()
        info: JsonDict = {
            "url": self.url,
            "has_custom_certificate": self.certificate,
            "pending_update_count": len(self._inbox.pending),
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self._inbox.allowed:
            info["allowed_updates"] = self._inbox.allowed
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info

    async def _dispatch(self) -> None:
        while True:
            event = self._inbox.next_wake()
            self._inbox.drop_expired()
            for pending in list(self._inbox.pending.values()):
                if len(self._busy) - self._resting >= self.max_connections:
                    break
                if pending.lane not in self._busy:
                    self._busy.add(pending.lane)
                    self._start(pending)
            await event.wait()

    def _start(self, pending: Pending) -> None:
        task = asyncio.create_task(self._deliver(pending))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, pending: Pending) -> None:
        pauses = growing_pauses()
        while pending.copies > 0:
            status, wait = await self._post(pending)
            if 200 <= status < 300:
                pending.copies -= 1
                continue
            pause = wait or next(pauses)
            if self._inbox.clock.wall() + pause > pending.expires:
                self._inbox.drop(pending.update_id)
                break
            await self._rest(wait or pause * self.scale)
        self._inbox.pending.pop(pending.update_id, None)
        self._busy.discard(pending.lane)
        self._inbox.wake()

    async def _rest(self, seconds: float) -> None:
        """Wait before the next try; meanwhile the connection is free for other lanes."""
        self._resting += 1
        self._inbox.wake()
        await asyncio.sleep(seconds)
        self._resting -= 1

    async def _post(self, pending: Pending) -> tuple[int, float | None]:
        """The status (0 without an answer) and the seconds of a Retry-After."""
        status, wait, reason, body = 0, None, "", b""
        try:
            if self.cut:
                raise TimeoutError
            async with self._request(pending.body) as response:
                status, body = response.status, await response.read()
                wait = _seconds(response.headers.get("Retry-After"))
                reason = f"Wrong response from the webhook: {status} {response.reason}"
        except TimeoutError:
            reason = "Connection timed out" if self.cut else "Read timeout expired"
        except aiohttp.ClientConnectorError as error:
            reason = os.strerror(error.errno) if error.errno else "Can't connect to the webhook"
        except (aiohttp.ClientError, OSError):
            reason = "Webhook connection closed"
        self._inbox.deliveries.append(Delivery(pending.update_id, status, self._inbox.clock.monotonic()))
        if 200 <= status < 300:
            self._call_in_answer(body)
        else:
            self.last_error = (int(self._inbox.clock.wall()), reason)
        return status, wait

    def _request(self, body: bytes) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ssl=self.trusted or True))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        timeout = aiohttp.ClientTimeout(self.patience)
        return self._session.post(self.url, data=body, headers=headers, allow_redirects=False, timeout=timeout)

    def _call_in_answer(self, body: bytes) -> None:
        if not body.lstrip().startswith(b"{"):
            return
        try:
            fields = json.loads(body)
        except ValueError:
            return
        method = fields.pop("method", None)
        if isinstance(method, str):
            self._execute(method, fields)


def growing_pauses() -> Iterator[float]:
    """Seconds before each new try: none before the first, then twice as long each time."""
    yield 0.0
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, random.uniform(LONGEST_PAUSE, 2 * LONGEST_PAUSE))


def _seconds(header: str | None) -> float | None:
    return float(min(int(header), 3600)) if header and header.isdigit() else None
