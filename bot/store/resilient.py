"""Keeps the bot answering while its store is away: a backlog of writes, and a watch for the return."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import uuid4

from cachetools import LRUCache

from bot.store.backlog import Settling, Write
from bot.store.base import (
    Clock,
    Counted,
    MissKind,
    Store,
    StoreError,
    StoreUnavailable,
    UnansweredQuestion,
    Watch,
    utc_now,
)
from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting
from bot.store.presence import Presence
from bot.store.promises import Promises
from bot.store.scrub import scrub

log = logging.getLogger(__name__)


class ResilientStore(Presence):
    """Fulfils `base.Store` over another store, and does not fail when that one does.

    `patience` is the longest that one call waits, in seconds; once the store counts as lost, no call waits at all.
    `retry` is the first and the longest pause between two attempts to get it back. Reports (unanswered, dismissed,
    watches, votes, counts), what maintainers do with them, and what has to be known of the inbox are the exception: they raise `StoreUnavailable`, since an empty report would
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
        promises: Promises | None = None,
    ) -> None:
        super().__init__(
            inner,
            patience=patience,
            open_patience=open_patience,
            retry=retry,
            backlog_size=backlog_size,
            promises=promises,
        )
        self._clock = clock
        self._languages: LRUCache[str, str | None] = LRUCache(remembered)

    async def _write(
        self,
        call: Callable[[Store], Awaitable[object]],
        asker: str | None = None,
        *,
        later: Callable[[], Callable[[Store], Awaitable[object]]] | None = None,
    ) -> None:
        """`later` makes of it what may wait. What somebody meanwhile asked to forget does not."""
        forgot = self._backlog.forgot(asker) if asker else 0
        try:
            await self._insist(call)
        except StoreUnavailable:
            if asker and self._backlog.forgot(asker) != forgot:
                return
            self._backlog.add(Write(later() if later else call, asker))
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

    def note_at_once(self, me: Copy, done: Collection[int]) -> bool:
        return self._up and self._inner.note_at_once(me, done)

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

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        """While the store is away: what this process has last read or written."""
        try:
            found = await self._ask(lambda s: s.languages(chats))
        except StoreError:
            return {chat: lang for chat in chats if (lang := self._languages.get(chat))}
        for chat in chats:
            self._languages[chat] = found.get(chat)
        return found

    async def set_language(self, chat: str, lang: str | None) -> None:
        self._languages[chat] = lang
        await self._write(lambda s: s.set_language(chat, lang), chat)

    async def move_chat(self, old: str, new: str) -> None:
        if old in self._languages:
            self._languages[new] = self._languages.pop(old)
        await self._write(lambda s: s.move_chat(old, new))

    # questions, thumbs, counts

    async def add_unanswered(
        self,
        text: str,
        lang: str,
        nearest: str | None,
        asker: str,
        asked: datetime | None = None,
        *,
        kind: MissKind = MissKind.DECLINED,
        note: str = "",
        reply: str | None = None,
    ) -> None:
        at = asked or self._clock()
        once = reply or f"once-{uuid4().hex}"  # a busy store may have written what it is asked to write again

        def add(words: str, remark: str) -> Callable[[Store], Awaitable[object]]:
            return lambda s: s.add_unanswered(words, lang, nearest, asker, at, kind=kind, note=remark, reply=once)

        # The store itself scrubs what it writes; what waits for it is scrubbed here.
        await self._write(add(text, note), asker, later=lambda: add(scrub(text), scrub(note)))

    async def drop_unanswered(self, reply: str, kind: MissKind) -> None:
        await self._write(lambda s: s.drop_unanswered(reply, kind))

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        return await self._ask(lambda s: s.unanswered(limit=limit, offset=offset))

    async def unanswered_count(self) -> int:
        return await self._ask(lambda s: s.unanswered_count())

    async def forget_unanswered(self, ids: Collection[int]) -> int:
        return await self._ask(lambda s: s.forget_unanswered(ids))

    async def dismiss(self, marks: Collection[str]) -> None:
        await self._ask(lambda s: s.dismiss(marks))

    async def dismissed(self) -> frozenset[str]:
        return await self._ask(lambda s: s.dismissed())

    # who waits for an answer

    async def add_watch(self, watch: Watch, asked: datetime | None = None) -> None:
        at = asked or self._clock()
        await self._write(lambda s: s.add_watch(watch, at), watch.asker)

    async def watches(self) -> list[Watch]:
        return await self._ask(lambda s: s.watches())

    async def take_watch(self, watch: Watch) -> bool:
        return await self._ask(lambda s: s.take_watch(watch))

    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        await self._write(lambda s: s.vote(entry, asker, message, value), asker)

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        return await self._ask(lambda s: s.votes(since))

    async def count(self, more: Mapping[Counted, int]) -> None:
        await self._write(lambda s: s.count(more))

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        return await self._ask(lambda s: s.counts(since))

    # marks: who asks has to know, so nothing is kept for later

    async def mark(self, owner: str, kind: str, value: str | None) -> bool:
        return await self._ask(lambda s: s.mark(owner, kind, value))

    async def marks(self, kind: str) -> dict[str, str]:
        return await self._ask(lambda s: s.marks(kind))

    # deleting

    async def forget(self, asker: str) -> int | None:
        """While the store is away: what waits goes at once, the rest on its return, before any other write."""
        self._languages.pop(asker, None)
        try:
            return await self._ask(lambda s: s.forget(asker))
        except StoreError:
            self._backlog.forget(asker)
            return None

    async def prune(self, now: datetime) -> int:
        try:
            # Nobody waits for this one, and much to delete may rightly take longer than an answer may.
            return await self._ask(lambda s: s.prune(now), patience=60)
        except StoreError:
            return 0
