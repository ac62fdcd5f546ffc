"""The inbox in SQLite or PostgreSQL: each call is one transaction. Whoever changes a lane holds the lock on its row; whoever
locks several does so in the order of their names, or two copies might wait for each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.store.inbox import Copy, Later, TakenIn, Waiting
from bot.store.inbox_statements import InboxStatements

T = TypeVar("T")

_PORTION = 500  # values in one statement


class SqlInbox(ABC):
    """For a store that can run a function of a connection as one transaction."""

    def __init__(self, dialect: str) -> None:
        self._inbox = InboxStatements(dialect)

    @abstractmethod
    async def _transact(self, work: Callable[[Connection], T], *, durable: bool = False) -> T: ...

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

    def _put(self, me: Copy, updates: list[Waiting], held: frozenset[str], connection: Connection) -> TakenIn:
        who, by_id = self._who(me), {update.update_id: update for update in updates}
        wanted = sorted({update.lane for update in updates})
        ours = self._hold(connection, who, wanted)
        known = self._among(connection, self._inbox.known, who, list(by_id))
        fresh = [update for update_id, update in sorted(by_id.items()) if update_id not in known]
        if fresh:
            connection.execute(self._inbox.insert, [_row(me, update) for update in fresh])
        ids = frozenset(update.update_id for update in fresh)
        waiting = self._waiting(connection, who, sorted(ours - held))
        return TakenIn(ids, ours, tuple(found for found in waiting if found.update_id not in ids))

    def _take(self, me: Copy, limit: int, connection: Connection) -> list[Waiting]:
        who = self._who(me)
        free = connection.execute(self._inbox.free, who | {"limit": limit}).scalars().all()
        return self._waiting(connection, who, sorted(self._hold(connection, who, sorted(free))))

    def _settle(
        self, me: Copy, done: list[int], later: list[Later], leave: list[str], connection: Connection
    ) -> list[Waiting]:
        who = self._who(me)
        for lanes in _portions(leave):
            connection.execute(self._inbox.lock, who | {"lanes": lanes})
        if done:
            connection.execute(self._inbox.journal, [who | {"id": update_id} for update_id in done])
        for ids in _portions(done):
            connection.execute(self._inbox.delete, who | {"ids": ids})
        if later:
            rows = [{"id": one.update_id, "failed": one.tries, "pause": one.pause} for one in later]
            connection.execute(self._inbox.put_off, [who | row for row in rows])
        left = self._waiting(connection, who, leave)
        kept = {waiting.lane for waiting in left}
        for lanes in _portions([lane for lane in leave if lane not in kept]):
            connection.execute(self._inbox.leave, who | {"lanes": lanes})
        return left

    def _renew(self, me: Copy, lanes: list[str], connection: Connection) -> frozenset[str]:
        who, ours = self._who(me), frozenset[str]()
        for portion in _portions(lanes):
            connection.execute(self._inbox.lock, who | {"lanes": portion})
            ours |= frozenset(connection.execute(self._inbox.renew, who | {"lanes": portion}).scalars())
        return ours

    def _let_go(self, me: Copy, connection: Connection) -> None:
        connection.execute(self._inbox.lock_ours, self._who(me))
        connection.execute(self._inbox.let_go, self._who(me))

    def _hold(self, connection: Connection, who: dict[str, Any], lanes: list[str]) -> frozenset[str]:
        if not lanes:
            return frozenset()
        connection.execute(self._inbox.hold, [who | {"lane": lane} for lane in lanes])
        return self._among(connection, self._inbox.ours, who, lanes)

    def _waiting(self, connection: Connection, who: dict[str, Any], lanes: list[str]) -> list[Waiting]:
        """What waits in those of the lanes that are ours, in order."""
        found: list[Waiting] = []
        for portion in _portions(lanes):
            rows = connection.execute(self._inbox.waiting, who | {"lanes": portion})
            found += [Waiting(r.update_id, r.lane, r.payload, r.asked, r.tries, max(0.0, r.pause)) for r in rows]
        return sorted(found, key=lambda waiting: waiting.update_id)

    @staticmethod
    def _among(connection: Connection, statement: Any, who: dict[str, Any], values: list[Any]) -> frozenset[Any]:
        found: frozenset[Any] = frozenset()
        for portion in _portions(values):
            found |= frozenset(connection.execute(statement, who | {"among": portion}).scalars())
        return found


def _row(me: Copy, update: Waiting) -> dict[str, Any]:
    values = {"bot": me.bot, "update_id": update.update_id, "lane": update.lane, "payload": update.payload}
    return values | {"asked": update.asked, "tries": update.tries, "not_before": 0.0}


def _portions(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[start : start + _PORTION] for start in range(0, len(values), _PORTION))
