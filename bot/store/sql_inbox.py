"""The inbox in SQLite or PostgreSQL: each call is one transaction. Whoever changes a lane holds the lock on its row; whoever
locks several does so in the order of their names, or two copies might wait for each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, TypeVar

from bot.store.inbox import Copy, Later, TakenIn, Waiting
from bot.store.inbox_statements import InboxStatements
from bot.store.transactions import Session, Work

T = TypeVar("T")


class SqlInbox(ABC):
    """For a store that can run a function of a connection as one transaction."""

    def __init__(self, dialect: str) -> None:
        self._inbox = InboxStatements(dialect)
        self._server = dialect == "postgresql"  # else there is one writer at a time anyway

    @abstractmethod
    async def _transact(self, work: Work[T], *, durable: bool = False) -> T: ...

    @abstractmethod
    def _now(self) -> float:
        """The clock of SQLite's only process; PostgreSQL's own is used where there is one."""

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        if not updates:
            return TakenIn(frozenset(), frozenset(), ())
        return await self._transact(partial(self._put, me, list(updates), frozenset(held)), durable=True)

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        return await self._transact(partial(self._take, me, limit))

    async def settle(
        self, me: Copy, *, done: Collection[int] = (), later: Collection[Later] = (), leave: Collection[str] = ()
    ) -> list[Waiting]:
        return await self._transact(partial(self._settle, me, sorted(done), list(later), sorted(leave)))

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        if not lanes:
            return frozenset()
        return await self._transact(partial(self._renew, me, sorted(lanes)))

    async def let_go(self, me: Copy) -> None:
        await self._transact(partial(self._let_go, me))

    def _who(self, me: Copy) -> dict[str, Any]:
        return {"of_bot": me.bot, "me": me.owner, "lease": me.lease, "now": self._now()}

    def _put(self, me: Copy, updates: list[Waiting], held: frozenset[str], session: Session) -> TakenIn:
        who, by_id = self._who(me), {update.update_id: update for update in updates}
        ours = self._hold(session, who, sorted({update.lane for update in updates}))
        known = {update_id for (update_id,) in session.rows(self._inbox.known, who | {"ids": list(by_id)})}
        fresh = [update for update_id, update in sorted(by_id.items()) if update_id not in known]
        if fresh:
            session.many(self._inbox.insert, [_row(me, update) for update in fresh])
        ids = frozenset(update.update_id for update in fresh)
        waiting = self._waiting(session, who, sorted(ours - held))
        return TakenIn(ids, ours, tuple(found for found in waiting if found.update_id not in ids))

    def _take(self, me: Copy, limit: int, session: Session) -> list[Waiting]:
        who = self._who(me)
        free = [lane for (lane,) in session.rows(self._inbox.free, who | {"limit": limit})]
        return self._waiting(session, who, sorted(self._hold(session, who, sorted(free))))

    def _settle(
        self, me: Copy, done: list[int], later: list[Later], leave: list[str], session: Session
    ) -> list[Waiting]:
        who = self._who(me)
        if leave and self._server:
            session.rows(self._inbox.lock, who | {"lanes": leave})
        if done:
            session.many(self._inbox.journal, [who | {"id": update_id} for update_id in done])
            session.run(self._inbox.delete, who | {"ids": done})
        if later:
            rows = [{"id": one.update_id, "failed": one.tries, "pause": one.pause} for one in later]
            session.many(self._inbox.put_off, [who | row for row in rows])
        left = self._waiting(session, who, leave)
        kept = {waiting.lane for waiting in left}
        if empty := [lane for lane in leave if lane not in kept]:
            session.run(self._inbox.leave, who | {"lanes": empty})
        return left

    def _renew(self, me: Copy, lanes: list[str], session: Session) -> frozenset[str]:
        who = self._who(me) | {"lanes": lanes}
        if self._server:
            session.rows(self._inbox.lock, who)
        return frozenset(lane for (lane,) in session.rows(self._inbox.renew, who))

    def _let_go(self, me: Copy, session: Session) -> None:
        if self._server:
            session.rows(self._inbox.lock_ours, self._who(me))
        session.run(self._inbox.let_go, self._who(me))

    def _hold(self, session: Session, who: dict[str, Any], lanes: list[str]) -> frozenset[str]:
        if not lanes:
            return frozenset()
        session.many(self._inbox.hold, [who | {"lane": lane} for lane in lanes])
        return frozenset(lane for (lane,) in session.rows(self._inbox.ours, who | {"lanes": lanes}))

    def _waiting(self, session: Session, who: dict[str, Any], lanes: list[str]) -> list[Waiting]:
        """What waits in those of the lanes that are ours, in order."""
        if not lanes:
            return []
        rows = session.rows(self._inbox.waiting, who | {"lanes": lanes})
        return [Waiting(row[0], row[1], row[2], row[3], row[4], max(0.0, row[5])) for row in rows]


def _row(me: Copy, update: Waiting) -> dict[str, Any]:
    values = {"bot": me.bot, "update_id": update.update_id, "lane": update.lane, "payload": update.payload}
    return values | {"asked": update.asked, "tries": update.tries, "not_before": 0.0}
