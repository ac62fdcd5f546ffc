"""Telegram's limits as arithmetic over a clock: how long to wait before one more message. Sends and sleeps nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from typing import Protocol

from cachetools import LRUCache


class Pace(Protocol):
    """`wait` gives the seconds until one more message may go; `take` notes that it goes now."""

    def wait(self, now: float) -> float: ...
    def take(self, now: float) -> None: ...


class Window:
    """At most `count` within any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._times: deque[float] = deque(maxlen=count)
        self._count = count
        self._seconds = seconds

    def wait(self, now: float) -> float:
        if len(self._times) < self._count:
            return 0.0
        return max(0.0, self._times[0] + self._seconds - now)

    def take(self, now: float) -> None:
        self._times.append(now)


class Burst:
    """One per `seconds` on the long run, `burst` of them at once after a rest (the generic cell rate algorithm)."""

    def __init__(self, seconds: float, burst: int) -> None:
        self._seconds = seconds
        self._ahead = seconds * (burst - 1)
        self._due = 0.0

    def wait(self, now: float) -> float:
        return max(0.0, self._due - self._ahead - now)

    def take(self, now: float) -> None:
        self._due = max(self._due, now) + self._seconds


class Both:
    """Two limits that hold together."""

    def __init__(self, first: Pace, second: Pace) -> None:
        self._first = first
        self._second = second

    def wait(self, now: float) -> float:
        return max(self._first.wait(now), self._second.wait(now))

    def take(self, now: float) -> None:
        self._first.take(now)
        self._second.take(now)


class Recently:
    """What a chat got of late. `near` tells whether a refusal may be for its own limit: three messages within a few
    seconds, or most of a group's twenty a minute."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=15)

    def note(self, now: float) -> None:
        self._times.append(now)

    def near(self, now: float) -> bool:
        lately = sum(now - moment < 5.0 for moment in self._times)
        return lately >= 3 or sum(now - moment < 60.0 for moment in self._times) >= 15


class Floods:
    """Whom Telegram has told to be quiet, until when. Several chats one after the other that did nothing to be told so,
    with no success between them: that looks like a limit on the whole bot."""

    def __init__(self, chats_for_all: int = 3, remembered: int = 10_000) -> None:
        self._until: LRUCache[Hashable, float] = LRUCache(remembered)
        self._streak: dict[Hashable, float] = {}
        self._chats_for_all = chats_for_all

    def wait(self, key: Hashable, now: float) -> float:
        """Seconds for which this chat, or this method without a chat, has to be quiet."""
        until = self._until.get(key, 0.0)
        if until and until <= now:
            del self._until[key]
        return max(0.0, until - now)

    def hold(self, key: Hashable, now: float, seconds: float, *, surprising: bool) -> float:
        """Note a 429. The seconds for which all chats should be quiet: 0, or the shortest of those that surprise."""
        self._until[key] = now + seconds
        if not surprising:
            return 0.0
        self._streak = {k: until for k, until in self._streak.items() if until > now} | {key: now + seconds}
        if len(self._streak) < self._chats_for_all:
            return 0.0
        return min(self._streak.values()) - now

    def succeeded(self) -> None:
        self._streak.clear()
