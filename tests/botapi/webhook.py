"""Delivery of updates to the bot's webhook: several lanes at once, each in order, repeated until a 2xx."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.botapi.inbox import Inbox, Pending
from tests.botapi.model import Delivery, JsonDict

Execute = Callable[[str, JsonDict], Any]


class Webhook:
    """The setting of one webhook and the tasks that serve it. `first_delay` and `longest_delay` are in seconds."""

    def __init__(self, inbox: Inbox, execute: Execute) -> None:
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.certificate = False
        self.first_delay, self.longest_delay = 0.05, 1.0
        self.last_error: tuple[int, str] | None = None
        self._inbox = inbox
        self._execute = execute
        self._busy: set[object] = set()
        self._resting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._dispatcher: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def set(self, url: str, secret: str, max_connections: int, certificate: bool) -> None:
        """Start to deliver to `url`; an empty one ends it. Call within the loop."""
        self.end()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.certificate, self._inbox.webhook_active = certificate, bool(url)
        self._inbox.wake()
        if url:
            self._dispatcher = asyncio.create_task(self._dispatch())

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
        delay = self.first_delay
        while True:
            status, wait = await self._post(pending)
            if 200 <= status < 300:
                pending.copies -= 1
                if pending.copies > 0:
                    continue
                break
            await self._rest(delay if wait is None else wait)
            delay = min(2 * delay, self.longest_delay)
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
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        status, wait, reason, body = 0, None, "", b""
        try:
            async with self._session.post(
                self.url, data=pending.body, headers=headers, allow_redirects=False
            ) as response:
                status, body = response.status, await response.read()
                wait = _seconds(response.headers.get("Retry-After"))
                reason = f"Wrong response from the webhook: {status} {response.reason}"
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            reason = f"Connection failed: {error}"
        self._inbox.deliveries.append(Delivery(pending.update_id, status, time.monotonic()))
        if 200 <= status < 300:
            self._call_in_answer(body)
        else:
            self.last_error = (int(time.time()), reason)
        return status, wait

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


def _seconds(header: str | None) -> float | None:
    return float(min(int(header), 3600)) if header and header.isdigit() else None
