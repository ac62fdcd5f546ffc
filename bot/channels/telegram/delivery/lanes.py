"""Work in lanes: in order within a lane, lanes side by side. Knows nothing of Telegram."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class _Lane(Generic[T]):
    """Its items, the first of which is in hand, rests until `timer`, or waits for its turn."""

    __slots__ = ("in_hand", "items", "timer")

    def __init__(self) -> None:
        self.items: deque[T] = deque()
        self.in_hand = False
        self.timer: asyncio.TimerHandle | None = None


class Lanes(Generic[T]):
    """`work` does one item; it gives None, or the seconds after which the same item is to be done again, before all
    others of its lane. At most `limit` items at a time, one of each lane, those of the smallest `place` first. One that takes longer than `slow_after`
    seconds no longer counts, nor does one that called `step_aside`, nor a lane that rests: who waits takes no place."""

    def __init__(
        self,
        work: Callable[[T], Awaitable[float | None]],
        *,
        place: Callable[[T], int] = lambda _: 0,
        limit: int = 16,
        slow_after: float = 2.0,
    ) -> None:
        self._work = work
        self._place = place
        self._limit = limit
        self._slow_after = slow_after
        self._lanes: dict[str, _Lane[T]] = {}
        self._ready: deque[str] = deque()
        self._counting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def __contains__(self, lane: str) -> bool:
        return lane in self._lanes

    def names(self) -> set[str]:
        """The lanes in which something is to be done."""
        return set(self._lanes)

    def add(self, lane: str, item: T, pause: float = 0.0) -> None:
        """`pause` counts only if the lane was empty: else the item waits for those before it. What has a smaller place
        than others that are there goes before them, but not before what is in hand."""
        found = self._lanes.get(lane)
        if found is None:
            found = self._lanes[lane] = _Lane()
            self._rest(lane, found, pause)
        at, first = len(found.items), int(found.in_hand)
        while at > first and self._place(found.items[at - 1]) > self._place(item):
            at -= 1
        found.items.insert(at, item)
        self._start()

    def behind(self, lane: str) -> int:
        """How many items wait behind the first one."""
        found = self._lanes.get(lane)
        return len(found.items) - 1 if found else 0

    def hurry(self, lanes: Iterable[str]) -> None:
        """Let these rest no longer."""
        for lane in lanes:
            found = self._lanes.get(lane)
            if found is not None and found.timer is not None:
                self._wake(lane)

    def drop(self, lane: str) -> list[T]:
        """Take away what has not begun."""
        found = self._lanes.get(lane)
        if found is None:
            return []
        first = [found.items.popleft()] if found.in_hand else []
        dropped = list(found.items)
        found.items = deque(first)
        if not first:
            self._forget(lane, found)
        return dropped

    def close(self) -> list[T]:
        """Begin nothing more; what has not begun."""
        self._closed = True
        return [item for lane in list(self._lanes) for item in self.drop(lane)]

    async def drain(self, seconds: float) -> None:
        """Wait for what is in hand, then cancel what is left and wait a little for its end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1.0)

    def _start(self) -> None:
        while self._ready and self._counting < self._limit and not self._closed:
            name = self._ready.popleft()
            lane = self._lanes[name]
            lane.in_hand = True
            self._counting += 1
            task = asyncio.create_task(self._run(name, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, name: str, lane: _Lane[T]) -> None:
        place = _Place(self._give_back)
        _current.set(place)
        timer = asyncio.get_running_loop().call_later(self._slow_after, place.leave)
        pause: float | None = None
        try:
            pause = await self._work(lane.items[0])
        except Exception as error:  # a lane must not stand still for a fault of ours
            log.error("Work in a lane failed: %s", type(error).__name__, exc_info=error)
        finally:
            timer.cancel()
            lane.in_hand = False
            if pause is None:
                lane.items.popleft()
            if lane.items:
                self._rest(name, lane, pause or 0.0)
            else:
                del self._lanes[name]
            place.leave()
            # Not left to the place: it may have been given back long ago.
            self._start()

    def _rest(self, name: str, lane: _Lane[T], seconds: float) -> None:
        if seconds > 0:
            lane.timer = asyncio.get_running_loop().call_later(seconds, self._wake, name)
        else:
            self._ready.append(name)

    def _wake(self, name: str) -> None:
        lane = self._lanes[name]
        if lane.timer is not None:
            lane.timer.cancel()
            lane.timer = None
            self._ready.append(name)
            self._start()

    def _forget(self, name: str, lane: _Lane[T]) -> None:
        if lane.timer is not None:
            lane.timer.cancel()
        elif name in self._ready:
            self._ready.remove(name)
        del self._lanes[name]

    def _give_back(self) -> None:
        self._counting -= 1
        self._start()


class _Place:
    """A place within the limit, given back once."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back: Callable[[], None] | None = give_back

    def leave(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()


_current: ContextVar[_Place | None] = ContextVar("place", default=None)


def step_aside() -> None:
    """To be called by work before it waits for something other than itself."""
    if (place := _current.get()) is not None:
        place.leave()
