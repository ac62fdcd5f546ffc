"""Keeps the bot answering while its store is away: a backlog of writes, and a watch for the return."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import date, datetime

from bot.store.backlog import Settling, Write
from bot.store.base import Clock, Store, StoreError, StoreUnavailable, UnansweredQuestion, utc_now
from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting
from bot.store.presence import Presence
from bot.store.recent import Recent
from bot.store.scrub import scrub

log = logging.getLogger(__name__)


class ResilientStore(Presence):
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
        super().__init__(inner, patience=patience, open_patience=open_patience, retry=retry, backlog_size=backlog_size)
        self._clock = clock
        self._languages: Recent[str, str | None] = Recent(remembered)

    async def _write(self, call: Callable[[Store], Awaitable[object]], asker: str | None = None) -> None:
        try:
            await self._insist(call)
        except StoreUnavailable:
            self._backlog.add(Write(call, asker))
        except StoreError as error:
            log.error("A write is left out: %s", error)

    # inbox: taking in and taking out fail while the store is away, what was handled is written on its return

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        try:
            return await self._ask_in_a_row(lambda s: s.put(me, updates, held=held))
        except StoreUnavailable:
            raise
        except StoreError as error:
            log.error("The store refuses %d updates, which are handled without it: %s", len(updates), error)
            raise

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        return await self._ask(lambda s: s.take(me, limit=limit))

    async def note(self, me: Copy, done: Collection[int]) -> None:
        """Nothing is kept of it while the store is away: the `settle` that follows says the same, and is."""
        try:
            await self._insist(lambda s: s.note(me, done))
        except StoreUnavailable:
            pass
        except StoreError as error:
            log.error("What was handled cannot be noted: %s", error)

    async def settle(
        self,
        me: Copy,
        *,
        done: Collection[int] = (),
        later: Collection[Later] = (),
        lanes: Collection[str] = (),
        leave: Collection[str] = (),
    ) -> Settled:
        """Nothing is given while the store is away: what waits in a lane is found again once its lease has run out."""
        call = Settling(me, tuple(done), tuple(later), frozenset(lanes), frozenset(leave))
        try:
            return await self._insist(call)
        except StoreUnavailable:
            self._backlog.add(Write(call, settles=call))
        except StoreError as error:
            log.error("A write is left out: %s", error)
        return Settled()

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
