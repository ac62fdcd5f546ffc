"""Faults that a network and a busy Telegram have, scheduled by count, by probability or by predicate."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.botapi.errors import ApiError
from tests.botapi.model import Call

Accept = Callable[[], Awaitable[web.Response]]

_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_HALF = b'{"ok":true,"result":{"message_id":10'


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call. `accepted` tells whether the method takes effect; `seconds` is a delay."""

    kind: str
    accepted: bool = False
    error: ApiError | None = None
    seconds: float = 0.0


def flood(retry_after: int = 1) -> Fault:
    """429 with retry_after; the calls made before it is over count as `flood_violations`."""
    parameters = {"retry_after": retry_after}
    error = ApiError(429, f"Too Many Requests: retry after {retry_after}", parameters)
    return Fault("flood", error=error, seconds=retry_after)


def server_error() -> Fault:
    """500 with a JSON body."""
    return Fault("error", error=ApiError(500, "Internal Server Error"))


def bad_gateway() -> Fault:
    """502 with the HTML page of a proxy."""
    return Fault("bad_gateway")


def half_json(*, accepted: bool = False) -> Fault:
    """200 with the first part of a JSON answer."""
    return Fault("half_json", accepted)


def reset_before() -> Fault:
    """The connection breaks before the method took effect."""
    return Fault("reset")


def reset_after() -> Fault:
    """The method took effect, then the connection breaks."""
    return Fault("reset", accepted=True)


def slow(seconds: float, *, accepted_at_once: bool = True) -> Fault:
    """An answer after `seconds`; the method takes effect at once or just before the answer."""
    return Fault("slow", accepted_at_once, seconds=seconds)


def blocked() -> Fault:
    """403: the user has blocked the bot."""
    return Fault("error", error=ApiError(403, "Forbidden: bot was blocked by the user"))


def chat_not_found() -> Fault:
    """400: no such chat."""
    return Fault("error", error=ApiError(400, "Bad Request: chat not found"))


def migrated(to_chat_id: int) -> Fault:
    """400: the group has become a supergroup with another id."""
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return Fault("error", error=ApiError(400, text, {"migrate_to_chat_id": to_chat_id}))


def conflict() -> Fault:
    """409: another poller (for getUpdates)."""
    text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    return Fault("error", error=ApiError(409, text))


KINDS: dict[str, Callable[[], Fault]] = {
    "flood": flood,
    "server_error": server_error,
    "bad_gateway": bad_gateway,
    "half_json": half_json,
    "reset_before": reset_before,
    "reset_after": reset_after,
    "slow": lambda: slow(6.0),
    "blocked": blocked,
    "chat_not_found": chat_not_found,
    "migrated": lambda: migrated(-1001),
    "conflict": conflict,
}


@dataclass(slots=True)
class Rule:
    """A scheduled fault; `times` left (None: no end), `hits` so far."""

    methods: frozenset[str]
    fault: Fault
    times: int | None
    probability: float
    when: Callable[[Call], bool]
    skip: int
    hits: int = 0


class Faults:
    """The schedule of one server. The seed makes probabilities repeatable."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        self.clock: Callable[[], float] = time.monotonic
        self.rules: list[Rule] = []
        self.duplicates = 0.0
        self.flood_violations: list[Call] = []
        self._flood_until: dict[Any, float] = {}

    def on(
        self,
        methods: str | Iterable[str],
        fault: Fault,
        *,
        times: int | None = None,
        probability: float = 1.0,
        when: Callable[[Call], bool] = lambda call: True,
        skip: int = 0,
    ) -> Rule:
        """Let the fault hit calls of these methods: after `skip` of them, `times` times, those that `when` takes."""
        names = frozenset([methods] if isinstance(methods, str) else methods)
        rule = Rule(names, fault, times, probability, when, skip)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """No more faults; a running retry_after ends."""
        self.rules.clear()
        self.duplicates = 0.0
        self._flood_until.clear()

    def copies(self) -> int:
        """How often the next update is delivered: twice with the probability `duplicates`."""
        return 2 if self.duplicates and self.rng.random() < self.duplicates else 1

    def choose(self, call: Call) -> Fault | None:
        """The fault that hits this call, if any; a running retry_after comes first."""
        until = self._flood_until.get(_flood_key(call))
        if until is not None and (left := until - self.clock()) > 0:
            self.flood_violations.append(call)
            return flood(int(left) + 1)
        for rule in self.rules:
            if self._hits(rule, call):
                rule.hits += 1
                if rule.fault.kind == "flood":
                    self._flood_until[_flood_key(call)] = self.clock() + rule.fault.seconds
                return rule.fault
        return None

    def _hits(self, rule: Rule, call: Call) -> bool:
        if call.method not in rule.methods or rule.times == rule.hits or not rule.when(call):
            return False
        if rule.skip > 0:
            rule.skip -= 1
            return False
        return rule.probability >= 1 or self.rng.random() < rule.probability


def _flood_key(call: Call) -> Any:
    return call.chat_id if call.chat_id is not None else call.method


async def answer(fault: Fault | None, request: web.Request, accept: Accept) -> web.StreamResponse:
    """Answer a call with its fault, if it has one; `accept` makes it take effect and gives the good answer."""
    if fault is None:
        return await accept()
    good = await accept() if fault.accepted else None
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return good if good is not None else await accept()
    if fault.kind == "reset":
        return _reset(request)
    if fault.kind == "bad_gateway":
        return web.Response(status=502, body=_BAD_GATEWAY, content_type="text/html")
    if fault.kind == "half_json":
        return web.Response(body=_HALF, content_type="application/json")
    assert fault.error
    return web.json_response(fault.error.body(), status=fault.error.code)


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
