"""Gathers what is to be written while the former is being written, or for a moment: one round trip for many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """`write` gets all that gathered, in order; `most` at a time, `pause` seconds after the first. Knows nothing of what
    it is."""

    def __init__(self, write: Callable[[list[T]], Awaitable[None]], *, most: int = 500, pause: float = 0.0) -> None:
        self._write = write
        self._most = most
        self._pause = pause
        self._gathered: list[tuple[T, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None

    async def add(self, items: Iterable[T]) -> None:
        """Returns once they are written; raises what the writing raised. Cancelling it does not take them back."""
        await asyncio.shield(self.give(items))

    def give(self, items: Iterable[T]) -> asyncio.Future[None]:
        """The same for who need not wait."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._gathered += [(item, written) for item in items]
        if self._timer is None and (self._writer is None or self._writer.done()):
            if self._pause:
                self._timer = loop.call_later(self._pause, self._begin)
            else:
                self._begin()
        return written

    async def finish(self) -> None:
        """Wait no longer for more; returns once all is written."""
        if self._timer is not None:
            self._timer.cancel()
            self._begin()
        if self._writer is not None:
            await asyncio.wait({self._writer})

    def _begin(self) -> None:
        self._timer = None
        self._writer = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._gathered:
            batch, self._gathered = self._gathered[: self._most], self._gathered[self._most :]
            await self._write_one(batch)

    async def _write_one(self, batch: list[tuple[T, asyncio.Future[None]]]) -> None:
        written = dict.fromkeys(future for _, future in batch)
        unfinished = self._gathered[0][1] if self._gathered else None
        try:
            await self._write([item for item, _ in batch])
        except Exception as error:  # it goes to whoever waits
            for future in written:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # whoever has gone does not need it
        else:
            for future in written:
                if future is not unfinished and not future.done():
                    future.set_result(None)
