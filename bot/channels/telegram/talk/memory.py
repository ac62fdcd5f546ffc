"""What is kept in memory between updates: bounded in number and in time, gone after a restart."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum
from typing import TypeVar

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Seconds = Callable[[], float]


def first_time(kept: TTLCache[K, V], key: K, value: V) -> bool:
    """Whether nothing is known under this key; then the value is."""
    if key in kept:
        return False
    kept[key] = value
    return True


def forget(kept: TTLCache[K, V], what: Callable[[K, V], bool]) -> None:
    for key in list(kept):
        value = kept.get(key)
        if value is not None and what(key, value):
            kept.pop(key, None)


class Turn(Enum):
    """What to do with the next question of somebody."""

    ANSWER = "answer"
    WARN = "warn"  # too many: say so, this once
    SILENCE = "silence"


class Rate:
    """At most `most` questions of one asker within `window` seconds; 0: no limit."""

    def __init__(
        self, most: int, window: float = 60.0, remembered: int = 10_000, clock: Seconds = time.monotonic
    ) -> None:
        self._most = most
        self._window = window
        self._clock = clock
        self._asked: TTLCache[Hashable, deque[float]] = TTLCache(remembered, window, clock)
        self._warned: TTLCache[Hashable, bool] = TTLCache(remembered, window, clock)

    def turn(self, asker: Hashable) -> Turn:
        """Take a turn. One that is not answered does not count, so patience is rewarded."""
        if self._most <= 0:
            return Turn.ANSWER
        now, asked = self._clock(), self._asked.get(asker) or deque()
        while asked and now - asked[0] >= self._window:
            asked.popleft()
        if len(asked) >= self._most:
            return Turn.WARN if first_time(self._warned, asker, True) else Turn.SILENCE
        asked.append(now)
        self._asked[asker] = asked
        if len(asked) < self._most:
            self._warned.pop(asker, None)
        return Turn.ANSWER

    def let_go(self) -> None:
        """Who has not asked for a while is not known any more."""
        self._asked.expire()
        self._warned.expire()

    def give_back(self, asker: Hashable, turn: Turn) -> None:
        """As if this turn had not been taken."""
        if turn is Turn.WARN:
            self._warned.pop(asker, None)
        elif turn is Turn.ANSWER and (asked := self._asked.get(asker)):
            asked.pop()
