"""Faults that a network and a busy Telegram have, scheduled by count, by probability or by predicate."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

from tests.botapi import refusals
from tests.botapi.errors import ApiError
from tests.botapi.model import Call
from tests.botapi.refusals import DELETED_AT_ONCE

ALL = "*"  # every method
SENDS = ("sendMessage", "sendPhoto", "sendDocument")


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call. `accepted` tells whether the method takes effect; `seconds` is a delay; `by` tells what
    a flood holds up: a chat, a method, or a method in a chat."""

    kind: str
    accepted: bool = False
    error: ApiError | None = None
    seconds: float = 0.0
    by: str = "chat"


def flood(retry_after: int = 1, *, by: str = "chat") -> Fault:
    """429 with retry_after; the calls made before it is over count as `flood_violations`.

    It holds for the chat of the call ("chat"), for its method in all chats ("method"), or for both at once ("both").
    """
    parameters = {"retry_after": retry_after}
    error = ApiError(429, f"Too Many Requests: retry after {retry_after}", parameters)
    return Fault("flood", error=error, seconds=retry_after, by=by)


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


def swallowed(seconds: float = inf) -> Fault:
    """The method never takes effect and is never answered; the connection breaks after `seconds`, if it still stands."""
    return Fault("silent", seconds=seconds)


def answer_lost(seconds: float = inf) -> Fault:
    """The method takes effect, but nobody hears of it; the connection breaks after `seconds`, if it still stands."""
    return Fault("silent", accepted=True, seconds=seconds)


def deleted_at_once() -> Fault:
    """500 for a message that was sent: somebody, such as a moderator's bot, deleted it before the answer."""
    return Fault("deleted", accepted=True, error=ApiError(500, DELETED_AT_ONCE))


def refusal(words: str) -> Fault:
    """A refusal of `refusals.ALL`, by a part of its words such as "TOPIC_DELETED"; raises ValueError if not one fits."""
    found = [(code, text) for code, text in refusals.ALL if words in text]
    if len(found) != 1:
        raise ValueError(f"{words!r} fits {len(found)} refusals")
    return Fault("error", error=ApiError(*found[0]))


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
    "swallowed": swallowed,
    "answer_lost": answer_lost,
    "deleted_at_once": deleted_at_once,
    "blocked": blocked,
    "chat_not_found": chat_not_found,
    "migrated": lambda: migrated(-1001),
    "conflict": conflict,
}


@dataclass(slots=True)
class Rule:
    """A scheduled fault; `times` left (None: no end), `hits` so far, `until` when by the schedule's clock."""

    methods: frozenset[str]
    fault: Fault
    times: int | None
    probability: float
    when: Callable[[Call], bool]
    skip: int
    until: float
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
        seconds: float = inf,
    ) -> Rule:
        """Let the fault hit calls of these methods (`ALL`: any): after `skip` of them, `times` times, for `seconds` from
        now, those that `when` takes."""
        names = frozenset([methods] if isinstance(methods, str) else methods)
        rule = Rule(names, fault, times, probability, when, skip, self.clock() + seconds)
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
        left = max(self._flood_until.get(_flood_key(call, by), 0.0) for by in _FLOODS) - self.clock()
        if left > 0:
            self.flood_violations.append(call)
            return flood(ceil(left))
        for rule in self.rules:
            if self._hits(rule, call):
                rule.hits += 1
                if rule.fault.kind == "flood":
                    self._flood_until[_flood_key(call, rule.fault.by)] = self.clock() + rule.fault.seconds
                return rule.fault
        return None

    def _hits(self, rule: Rule, call: Call) -> bool:
        if call.method not in rule.methods and ALL not in rule.methods:
            return False
        if rule.times == rule.hits or self.clock() >= rule.until or not rule.when(call):
            return False
        if rule.skip > 0:
            rule.skip -= 1
            return False
        return rule.probability >= 1 or self.rng.random() < rule.probability


_FLOODS = ("chat", "method", "both")


def _flood_key(call: Call, by: str) -> Any:
    if by == "chat" and call.chat_id is None:
        by = "method"  # of a method without a chat
    return by, call.method if by != "chat" else None, call.chat_id if by != "method" else None
