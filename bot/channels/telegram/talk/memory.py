"""What is kept in memory between updates: bounded in number and in time, gone after a restart."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from enum import Enum
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Seconds = Callable[[], float]


class Recent(Generic[K, V]):
    """The last `most` values, each for `lifetime` seconds from when it was put."""

    def __init__(self, lifetime: float, most: int = 10_000, clock: Seconds = time.monotonic) -> None:
        self._lifetime = lifetime
        self._most = most
        self._clock = clock
        self._values: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def put(self, key: K, value: V) -> None:
        self._values[key] = (self._clock() + self._lifetime, value)
        self._values.move_to_end(key)
        while len(self._values) > self._most or self._oldest_is_over():
            self._values.popitem(last=False)

    def get(self, key: K) -> V | None:
        found = self._values.get(key)
        if found is None:
            return None
        until, value = found
        if self._clock() < until:
            return value
        del self._values[key]
        return None

    def pop(self, key: K) -> V | None:
        value = self.get(key)
        self._values.pop(key, None)
        return value

    def first_time(self, key: K, value: V) -> bool:
        """Whether nothing is known under this key; then the value is."""
        if self.get(key) is not None:
            return False
        self.put(key, value)
        return True

    def forget(self, what: Callable[[K, V], bool]) -> None:
        for key in [key for key, (_, value) in self._values.items() if what(key, value)]:
            del self._values[key]

    def _oldest_is_over(self) -> bool:
        """All live equally long, so they end in the order in which they were put."""
        until, _ = next(iter(self._values.values()))
        return until <= self._clock()


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
        self._asked: Recent[Hashable, deque[float]] = Recent(window, remembered, clock)
        self._warned: Recent[Hashable, bool] = Recent(window, remembered, clock)

    def turn(self, asker: Hashable) -> Turn:
        """Take a turn. One that is not answered does not count, so patience is rewarded."""
        if self._most <= 0:
            return Turn.ANSWER
        now, asked = self._clock(), self._asked.get(asker) or deque()
        while asked and now - asked[0] >= self._window:
            asked.popleft()
        if len(asked) >= self._most:
            return Turn.WARN if self._warned.first_time(asker, True) else Turn.SILENCE
        asked.append(now)
        self._asked.put(asker, asked)
        if len(asked) < self._most:
            self._warned.pop(asker)
        return Turn.ANSWER
