"""Whether a store is there: calls on it that do not wait long, and a watch for its return while it is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from bot.store.backlog import Backlog
from bot.store.base import Store, StoreBusy, StoreError, StoreUnavailable
from bot.store.promises import Promises
from bot.store.within import within

log = logging.getLogger(__name__)

T = TypeVar("T")

# More than another's standing transaction can cause, which the server ends: IDLE / LOCKED in `postgresql`.
_BUSY_IN_A_ROW = 9


def _reason(error: Exception) -> str:
    # The text of an error from elsewhere may hold anything, a question too.
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}."


class Presence:
    """A busy moment is no absence: a store that answers others is there, for a number of tries."""

    def __init__(
        self,
        inner: Store,
        *,
        patience: float,
        open_patience: float,
        retry: tuple[float, float],
        backlog_size: int,
        promises: Promises | None = None,
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._open_patience = open_patience
        self._retry = retry
        self._pause = retry[0]
        self._backlog = Backlog(backlog_size, promises)
        self._up = False
        self._said_lost = False
        self._reason = "It has not been opened yet."
        self._returned_at = 0.0
        self._tried = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._busy = 0  # calls in a row that met others in the inbox
        self._probe: asyncio.Task[bool] | None = None

    # coming and going

    async def open(self) -> None:
        """Never fails: a store that cannot be opened now is lost for the time being."""
        self._tried.clear()
        self._watch = asyncio.create_task(self._watch_for_return())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), self._open_patience)
        if not self._up:
            self._say_lost()

    async def close(self) -> None:
        """Write what waits, if that is possible at once."""
        if self._watch is not None:
            self._watch.cancel()
        if not self._up and self._backlog:
            with suppress(StoreError):
                await within(self._open_patience, self._return())
        if lost := len(self._backlog) - self._backlog.owed:
            log.warning("%d writes that waited for the store are lost.", lost)
        if self._backlog.owed:
            log.warning("%d person(s) will be forgotten at the next start with the store.", self._backlog.owed)
        self._up = False
        with suppress(Exception):
            await within(self._open_patience, self._inner.close())

    async def healthy(self) -> bool:
        if not self._up:
            return False
        try:
            if await within(self._patience, self._inner.healthy()):
                return True
            self._lose(StoreUnavailable("It does not take writes."))
        except Exception as error:  # whatever it is, the bot goes on
            self._lose(error)
        return False

    def _lose(self, error: Exception) -> None:
        if not self._up:
            return
        self._up = False
        self._reason = _reason(error)
        self._say_lost()
        # A store that goes again soon after its return is not asked more and more often.
        if asyncio.get_running_loop().time() - self._returned_at > 60:
            self._pause = self._retry[0]
        self._watch = asyncio.create_task(self._watch_for_return())

    def _say_lost(self) -> None:
        self._said_lost = True
        log.warning("The store is away: %s The bot goes on; what it would write waits in memory.", self._reason)

    async def _watch_for_return(self) -> None:
        while not await self._return():
            self._tried.set()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, self._retry[1])
        self._tried.set()

    async def _return(self) -> bool:
        """Try to open the store anew and to write what waits; whether it is back."""
        try:
            with suppress(StoreError):
                await within(self._patience, self._inner.close())
            await within(60, self._inner.open())
            # It is there: whatever fails from here on is tried again soon, and no answer waits for it.
            self._pause = self._retry[0]
            if not await within(self._open_patience, self._inner.healthy()):
                raise StoreUnavailable("It does not take writes.")
            written = await self._catch_up()
        except Exception as error:  # whatever it is, the bot goes on and tries again
            self._reason = _reason(error)
            log.debug("The store is not back: %s", self._reason)
            return False
        self._probe = None  # it may hang with the connections of before
        # No pause between the empty backlog and this line: nothing can slip in behind.
        self._up = True
        self._returned_at = asyncio.get_running_loop().time()
        if self._said_lost:
            self._said_lost = False
            log.warning("The store is back; written: %d, dropped: %d.", written, self._backlog.take_dropped())
        return True

    async def _catch_up(self) -> int:
        written = 0
        while (write := self._backlog.next()) is not None:
            try:
                await within(self._open_patience, write.call(self._inner))
            except StoreUnavailable:
                raise
            except StoreError as error:
                log.error("A write is left out: %s", error)
            self._backlog.done(write)
            written += 1
        return written

    async def _ask(self, call: Callable[[Store], Awaitable[T]], patience: float | None = None) -> T:
        """The store's answer, or `StoreUnavailable` within `patience`: `StoreBusy` if it is there and answers others."""
        if not self._up:
            raise StoreUnavailable(f"The store is away, try again later: {self._reason}")
        try:
            return await within(patience or self._patience, call(self._inner))
        except StoreBusy as error:
            if await self._answers():
                raise
            self._lose(error)
            raise StoreUnavailable(str(error)) from error
        except StoreUnavailable as error:
            self._lose(error)
            raise
        except StoreError:
            raise
        except Exception as error:
            self._lose(error)
            raise StoreUnavailable(type(error).__name__) from error

    async def _answers(self) -> bool:
        """Whether the store does anything else; many may ask at once."""
        probe = self._probe
        if probe is None or probe.done():
            probe = self._probe = asyncio.ensure_future(self._inner.healthy())
            probe.add_done_callback(lambda late: late.cancelled() or late.exception())
        # It is not broken off: SQLite's driver may never come back from that.
        await asyncio.wait({probe}, timeout=self._patience / 4)
        return probe.done() and not probe.cancelled() and probe.exception() is None and probe.result()

    async def _ask_in_a_row(self, call: Callable[[Store], Awaitable[T]]) -> T:
        """Like `_ask`, for a call that others will follow: busy for too many of them in a row, the store is away."""
        try:
            found = await self._ask(call)
        except StoreBusy as error:
            self._busy += 1
            if self._busy < _BUSY_IN_A_ROW:
                raise
            self._busy = 0
            self._lose(error)
            raise StoreUnavailable(str(error)) from error
        self._busy = 0
        return found

    async def _insist(self, call: Callable[[Store], Awaitable[T]]) -> T:
        """Like `_ask`, but while the store is busy it is asked again, and is away if that is in vain."""
        for _ in range(_BUSY_IN_A_ROW):
            try:
                return await self._ask(call)
            except StoreBusy as error:
                last = error
        self._lose(last)
        raise StoreUnavailable(str(last)) from last
