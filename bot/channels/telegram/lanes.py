"""Jobs in lanes: in order within a lane, lanes side by side. Knows nothing of Telegram."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from contextvars import ContextVar
from typing import Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """At most `limit` jobs at a time, one of each lane. A job that takes longer than `slow_after` seconds no longer
    counts towards the limit, nor does one that called `step_aside`, so that slow chats do not take all the places; its
    lane waits for it nevertheless."""

    def __init__(self, limit: int = 16, slow_after: float = 2.0) -> None:
        self._limit = limit
        self._slow_after = slow_after
        self._lanes: dict[Hashable, deque[tuple[Callable[[], Awaitable[T]], asyncio.Future[T]]]] = {}
        self._ready: deque[Hashable] = deque()
        self._counting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, lane: Hashable, job: Callable[[], Awaitable[T]]) -> asyncio.Future[T]:
        """The job's result, once it had its turn. Cancelling the future does not stop the job."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        jobs = self._lanes.get(lane)
        if jobs is None:
            jobs = self._lanes[lane] = deque()
            self._ready.append(lane)
        jobs.append((job, future))
        self._start()
        return future

    def waiting(self, lane: Hashable) -> int:
        """How many jobs of the lane have not begun."""
        return len(self._lanes.get(lane, ()))

    def drop_waiting(self, result: T) -> None:
        """Settle all the jobs that have not begun with this result."""
        for jobs in self._lanes.values():
            for _, future in jobs:
                if not future.done():
                    future.set_result(result)
            jobs.clear()
        self._ready.clear()

    async def drain(self, seconds: float) -> None:
        """Wait for the running jobs, then cancel those that are left and wait a little for their end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1.0)

    def _start(self) -> None:
        while self._ready and self._counting < self._limit:
            lane = self._ready.popleft()
            job, future = self._lanes[lane].popleft()
            self._counting += 1
            task = asyncio.create_task(self._run(lane, job, future))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, lane: Hashable, job: Callable[[], Awaitable[T]], future: asyncio.Future[T]) -> None:
        place = _Place(self._give_back)
        _current.set(place)
        timer = asyncio.get_running_loop().call_later(self._slow_after, place.leave)
        try:
            result = await job()
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as error:  # it goes to whoever awaits the future
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(result)
        finally:
            timer.cancel()
            if self._lanes[lane]:
                self._ready.append(lane)
            else:
                del self._lanes[lane]
            place.leave()

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
    """To be called by a job before it waits for something other than its own work."""
    if (place := _current.get()) is not None:
        place.leave()
