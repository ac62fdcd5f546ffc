"""The statements of `sql_inbox`, written once for both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Float,
    bindparam,
    cast,
    delete,
    exists,
    extract,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import handled, inbox, lanes

_BOT: Any = bindparam("of_bot", type_=inbox.c.bot.type)
_OWNER: Any = bindparam("me", type_=lanes.c.owner.type)


class InboxStatements:
    """Built once for a dialect. `now` is the database's clock where the database is a server."""

    def __init__(self, dialect: str) -> None:
        self._insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
        server = cast(extract("epoch", func.clock_timestamp()), Float(53))
        self._now: Any = server if dialect == "postgresql" else bindparam("now", type_=Float(53))
        self._until: Any = self._now + bindparam("lease", type_=lanes.c.lease_until.type)
        self.hold = self._hold()
        self.ours = select(lanes.c.lane).where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER, _among(lanes.c.lane))
        self.known = union_all(
            select(inbox.c.update_id).where(inbox.c.bot == _BOT, _among(inbox.c.update_id)),
            select(handled.c.update_id).where(handled.c.bot == _BOT, _among(handled.c.update_id)),
        )
        self.insert = insert(inbox)
        self.free = self._free()
        self.waiting = self._waiting()
        self.lock = select(lanes.c.lane).where(lanes.c.bot == _BOT, _these()).order_by(lanes.c.lane).with_for_update()
        self.journal = self._journal()
        self.delete = delete(inbox).where(
            inbox.c.bot == _BOT, inbox.c.update_id.in_(bindparam("ids", expanding=True, type_=inbox.c.update_id.type))
        )
        self.put_off = self._put_off()
        self.leave = delete(lanes).where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER, _these())
        self.renew = (
            update(lanes)
            .where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER, _these())
            .values(lease_until=self._until)
            .returning(lanes.c.lane)
        )
        self.orphan = delete(lanes)
        self.lock_ours = (
            select(lanes.c.lane)
            .where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER)
            .order_by(lanes.c.lane)
            .with_for_update()
        )
        self.let_go = delete(lanes).where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER)

    def _hold(self) -> Any:
        """Locks the lane's row, whether or not it changes hands."""
        new = self._insert(lanes).values(bot=_BOT, lane=bindparam("lane"), owner=_OWNER, lease_until=self._until)
        ours_or_free = or_(lanes.c.owner == new.excluded.owner, lanes.c.lease_until <= self._now)
        return new.on_conflict_do_update(
            index_elements=list(lanes.primary_key),
            set_={"owner": new.excluded.owner, "lease_until": new.excluded.lease_until},
            where=ours_or_free,
        )

    def _free(self) -> Any:
        held = exists().where(
            lanes.c.bot == inbox.c.bot,
            lanes.c.lane == inbox.c.lane,
            lanes.c.lease_until > self._now,
        )
        found = select(inbox.c.lane).where(inbox.c.bot == _BOT, ~held).group_by(inbox.c.lane)
        return found.order_by(func.min(inbox.c.update_id)).limit(bindparam("limit"))

    def _waiting(self) -> Any:
        ours = select(lanes.c.lane).where(lanes.c.bot == _BOT, lanes.c.owner == _OWNER, _these())
        pause = (inbox.c.not_before - self._now).label("pause")
        columns = (inbox.c.update_id, inbox.c.lane, inbox.c.payload, inbox.c.asked, inbox.c.tries, pause)
        return select(*columns).where(inbox.c.bot == _BOT, inbox.c.lane.in_(ours))

    def _journal(self) -> Any:
        new = self._insert(handled).values(bot=_BOT, update_id=bindparam("id"), at=bindparam("now"))
        return new.on_conflict_do_nothing(index_elements=list(handled.primary_key))

    def _put_off(self) -> Any:
        return (
            update(inbox)
            .where(inbox.c.bot == _BOT, inbox.c.update_id == bindparam("id"))
            .values(tries=bindparam("failed"), not_before=self._now + bindparam("pause", type_=Float(53)))
        )


def _among(column: Any) -> Any:
    return column.in_(bindparam("among", expanding=True, type_=column.type))


def _these() -> Any:
    return lanes.c.lane.in_(bindparam("lanes", expanding=True, type_=lanes.c.lane.type))
