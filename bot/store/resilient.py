"""Keeps the bot answering while its store is away: a backlog of writes, and a watch for the return."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TypeVar

from bot.store.backlog import Backlog, Write
from bot.store.base import Clock, Store, StoreError, StoreUnavailable, UnansweredQuestion, utc_now
from bot.store.inbox import Copy, Later, TakenIn, Waiting
from bot.store.recent import Recent
from bot.store.scrub import scrub

log = logging.getLogger(__name__)

T = TypeVar("T")


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Like `asyncio.wait_for`, but it does not wait for the end of what it cancels: a driver may take long over that."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not done:
        task.cancel()
        # Nobody will ask for the outcome; without this asyncio would complain about that.
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise StoreUnavailable(f"No answer within {seconds:g} s.")
    if task.cancelled():
        raise StoreUnavailable("The driver gave up.")
    return task.result()


def _reason(error: Exception) -> str:
    # The text of an error from elsewhere may hold anything, a question too.
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}."


class ResilientStore:
    """Fulfils `base.Store` over another store, and does not fail when that one does.

    `patience` is the longest that one call waits, in seconds; once the store counts as lost, no call waits at all.
    `retry` is the first and the longest pause between two attempts to get it back. Reports (unanswered, votes, counts)
    and what has to be known of the inbox are the exception: they raise `StoreUnavailable`, since an empty report would
    be a false one, and an update is only then taken in when it is written.
    """

    def __init__(
        self,
        inner: Store,
        *,
        clock: Clock = utc_now,
        patience: float = 1.0,
        open_patience: float = 5.0,
        retry: tuple[float, float] = (0.5, 15.0),
        remembered: int = 100_000,
        backlog_size: int = 20_000,
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._open_patience = open_patience
        self._retry = retry
        self._pause = retry[0]
        self._languages: Recent[str, str | None] = Recent(remembered)
        self._backlog = Backlog(backlog_size)
        self._clock = clock
        self._up = False
        self._said_lost = False
        self._reason = "It has not been opened yet."
        self._returned_at = 0.0
        self._tried = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

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
        if self._backlog:
            log.warning("%d writes that waited for the store are lost.", len(self._backlog))
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
        waited = len(self._backlog)
        try:
            with suppress(StoreError):
                await within(self._patience, self._inner.close())
            await within(60, self._inner.open())
            if not await within(self._patience, self._inner.healthy()):
                raise StoreUnavailable("It does not take writes.")
            await self._catch_up()
        except Exception as error:  # whatever it is, the bot goes on and tries again
            self._reason = _reason(error)
            return False
        # No pause between the empty backlog and this line: nothing can slip in behind.
        self._up = True
        self._returned_at = asyncio.get_running_loop().time()
        if self._said_lost:
            self._said_lost = False
            log.warning("The store is back; written: %d, dropped: %d.", waited, self._backlog.take_dropped())
        return True

    async def _catch_up(self) -> None:
        while (write := self._backlog.next()) is not None:
            try:
                await within(self._patience, write.call(self._inner))
            except StoreUnavailable:
                raise
            except StoreError as error:
                log.error("A write is left out: %s", error)
            self._backlog.done(write)

    async def _ask(self, call: Callable[[Store], Awaitable[T]], patience: float | None = None) -> T:
        """The store's answer, or `StoreUnavailable` within `patience`."""
        if not self._up:
            raise StoreUnavailable(f"The store is away, try again later: {self._reason}")
        try:
            return await within(patience or self._patience, call(self._inner))
        except StoreUnavailable as error:
            self._lose(error)
            raise
        except StoreError:
            raise
        except Exception as error:
            self._lose(error)
            raise StoreUnavailable(type(error).__name__) from error

    async def _write(self, call: Callable[[Store], Awaitable[object]], asker: str | None = None) -> None:
        try:
            await self._ask(call)
        except StoreUnavailable:
            self._backlog.add(Write(call, asker))
        except StoreError as error:
            log.error("A write is left out: %s", error)

    # inbox: taking in and taking out fail while the store is away, what was handled is written on its return

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        try:
            return await self._ask(lambda s: s.put(me, updates, held=held))
        except StoreUnavailable:
            raise
        except StoreError as error:
            log.error("The store refuses %d updates, which are handled without it: %s", len(updates), error)
            raise

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        return await self._ask(lambda s: s.take(me, limit=limit))

    async def settle(
        self, me: Copy, *, done: Collection[int] = (), later: Collection[Later] = (), leave: Collection[str] = ()
    ) -> list[Waiting]:
        """Nothing is given while the store is away: what waits in a lane is found again once its lease has run out."""
        try:
            return await self._ask(lambda s: s.settle(me, done=done, later=later, leave=leave))
        except StoreUnavailable:
            self._backlog.add(Write(lambda s: s.settle(me, done=done, later=later, leave=leave)))
        except StoreError as error:
            log.error("A write is left out: %s", error)
        return []

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        return await self._ask(lambda s: s.renew(me, lanes))

    async def let_go(self, me: Copy) -> None:
        with suppress(StoreError):
            await self._ask(lambda s: s.let_go(me))

    # settings of a chat

    async def language(self, chat: str) -> str | None:
        """While the store is away: what this process has last read or written."""
        try:
            found = await self._ask(lambda s: s.language(chat))
        except StoreError:
            return self._languages.get(chat)
        self._languages.put(chat, found)
        return found

    async def set_language(self, chat: str, lang: str | None) -> None:
        self._languages.put(chat, lang)
        await self._write(lambda s: s.set_language(chat, lang), chat)

    async def move_chat(self, old: str, new: str) -> None:
        if old in self._languages:
            self._languages.put(new, self._languages.pop(old))
        await self._write(lambda s: s.move_chat(old, new))

    # questions, thumbs, counts

    async def add_unanswered(
        self, text: str, lang: str, nearest: str | None, asker: str, asked: datetime | None = None
    ) -> None:
        clean, at = scrub(text), asked or self._clock()
        await self._write(lambda s: s.add_unanswered(clean, lang, nearest, asker, at), asker)

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        return await self._ask(lambda s: s.unanswered(limit=limit, offset=offset))

    async def unanswered_count(self) -> int:
        return await self._ask(lambda s: s.unanswered_count())

    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        await self._write(lambda s: s.vote(entry, asker, message, value), asker)

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        return await self._ask(lambda s: s.votes(since))

    async def count(self, kind: str, entry: str | None, day: date, n: int = 1) -> None:
        await self._write(lambda s: s.count(kind, entry, day, n))

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        return await self._ask(lambda s: s.counts(since))

    # deleting

    async def forget(self, asker: str) -> int:
        """While the store is away: what waits goes at once, the rest on its return, before any other write."""
        self._languages.pop(asker)
        try:
            return await self._ask(lambda s: s.forget(asker))
        except StoreError:
            return self._backlog.forget(asker)

    async def prune(self, now: datetime) -> int:
        try:
            # Nobody waits for this one, and much to delete may rightly take longer than an answer may.
            return await self._ask(lambda s: s.prune(now), patience=60)
        except StoreError:
            return 0
