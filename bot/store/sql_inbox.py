"""The inbox in SQLite or PostgreSQL: each call is one transaction. Whoever changes a lane holds the lock on its row; whoever
locks several does so in the order of their names, or two copies might wait for each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Executable

from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting
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
    def _at_once(self, work: Work[object]) -> bool:
        """The same without waiting, if that can be; whether it was done."""

    @abstractmethod
    async def _quickly(self, statement: Executable, **values: object) -> Sequence[Any]:
        """One statement, in a transaction of its own."""

    @abstractmethod
    def _now(self) -> float:
        """The clock of SQLite's only process; PostgreSQL's own is used where there is one."""

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        if not updates:
            return TakenIn(frozenset(), frozenset(), ())
        return await self._transact(partial(self._put, me, list(updates), frozenset(held)), durable=True)

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        return await self._transact(partial(self._take, me, limit))

    async def note(self, me: Copy, done: Collection[int]) -> None:
        if done:
            await self._quickly(self._inbox.journal, **self._noted(me, done))

    def note_at_once(self, me: Copy, done: Collection[int]) -> bool:
        values = self._noted(me, done)
        return self._at_once(lambda session: session.run(self._inbox.journal, values))

    def _noted(self, me: Copy, done: Collection[int]) -> dict[str, Any]:
        return {"of_bot": me.bot, "ids": sorted(set(done)), "now": self._now()}

    async def settle(
        self,
        me: Copy,
        *,
        done: Collection[int] = (),
        later: Collection[Later] = (),
        lanes: Collection[str] = (),
        leave: Collection[str] = (),
    ) -> Settled:
        touched = sorted({*lanes, *leave})
        return await self._transact(
            partial(self._settle, me, sorted(set(done)), list(later), touched, frozenset(leave))
        )

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
            session.many(self._inbox.insert, [_row(me, update, update.lane in ours) for update in fresh])
        ids = frozenset(update.update_id for update in fresh)
        found = self._given(session, who, ours, anew=ours - held)
        return TakenIn(ids, ours, tuple(waiting for waiting in found if waiting.update_id not in ids))

    def _take(self, me: Copy, limit: int, session: Session) -> list[Waiting]:
        who = self._who(me)
        free = [lane for (lane,) in session.rows(self._inbox.free, who | {"limit": limit})]
        ours = self._hold(session, who, sorted(free))
        if ours:
            session.run(self._inbox.noted, who | {"lanes": sorted(ours)})
        return self._given(session, who, ours, anew=ours)

    def _settle(
        self,
        me: Copy,
        done: list[int],
        later: list[Later],
        touched: list[str],
        leave: frozenset[str],
        session: Session,
    ) -> Settled:
        who = self._who(me)
        if touched and self._server:
            session.rows(self._inbox.lock, who | {"lanes": touched})
        if done:
            session.run(self._inbox.journal, who | {"ids": done})
            session.run(self._inbox.delete, who | {"ids": done})
        if later:
            rows = [{"id": one.update_id, "failed": one.tries, "pause": one.pause} for one in later]
            session.many(self._inbox.put_off, [who | row for row in rows])
        ours = self._ours(session, who, touched)
        found = self._given(session, who, ours, anew=leave & ours)
        kept = {waiting.lane for waiting in found}
        if empty := sorted((leave & ours) - kept):
            session.run(self._inbox.leave, who | {"lanes": empty})
        return Settled(tuple(found), frozenset(touched) - ours)

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
        return self._ours(session, who, lanes)

    def _ours(self, session: Session, who: dict[str, Any], lanes: list[str]) -> frozenset[str]:
        if not lanes:
            return frozenset()
        return frozenset(lane for (lane,) in session.rows(self._inbox.ours, who | {"lanes": lanes}))

    def _given(
        self, session: Session, who: dict[str, Any], lanes: frozenset[str], *, anew: frozenset[str]
    ) -> list[Waiting]:
        """Of what waits in these lanes, which are ours: all in those that are held `anew`, else what others brought."""
        found = self._waiting(session, self._inbox.waiting, who, sorted(anew))
        found += self._waiting(session, self._inbox.brought, who, sorted(lanes - anew))
        if found:
            session.run(self._inbox.own, who | {"ids": [waiting.update_id for waiting in found]})
        return sorted(found, key=lambda waiting: waiting.update_id)

    def _waiting(self, session: Session, statement: Any, who: dict[str, Any], lanes: list[str]) -> list[Waiting]:
        rows = session.rows(statement, who | {"lanes": lanes}) if lanes else []
        return [Waiting(row[0], row[1], row[2], row[3], row[4], max(0.0, row[5])) for row in rows]


def _row(me: Copy, update: Waiting, ours: bool) -> dict[str, Any]:
    values = {"bot": me.bot, "update_id": update.update_id, "lane": update.lane, "payload": update.payload}
    return values | {"asked": update.asked, "tries": update.tries, "not_before": 0.0, "owner": me.owner if ours else ""}
