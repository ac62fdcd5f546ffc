"""Telegram's limits as arithmetic over a clock: how long to wait before one more message. Sends and sleeps nothing."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Protocol


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


class Floods:
    """Whom Telegram has told to be quiet, until when. Three chats one after the other, with no success between them,
    are taken for a limit on the whole bot."""

    def __init__(self, chats_for_all: int = 3, remembered: int = 10_000) -> None:
        self._until: OrderedDict[Hashable, float] = OrderedDict()
        self._streak: dict[Hashable, float] = {}
        self._chats_for_all = chats_for_all
        self._remembered = remembered
        self._all_until = 0.0

    def wait(self, key: Hashable, now: float) -> float:
        """Seconds for which this chat has to be quiet."""
        until = self._until.get(key, 0.0)
        if until and until <= now:
            del self._until[key]
        return max(0.0, until - now, self._all_until - now)

    def hold(self, key: Hashable, now: float, seconds: float) -> bool:
        """Note a 429; True if it makes the whole bot be quiet."""
        self._until[key] = now + seconds
        self._until.move_to_end(key)
        while len(self._until) > self._remembered:
            self._until.popitem(last=False)
        self._streak = {k: until for k, until in self._streak.items() if until > now} | {key: now + seconds}
        if len(self._streak) < self._chats_for_all:
            return False
        self._all_until = max(self._streak.values())
        self._streak = {}
        return True

    def succeeded(self) -> None:
        self._streak.clear()
