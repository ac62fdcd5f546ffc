"""The statements of `sql_inbox`, written once for both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    Float,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    extract,
    func,
    insert,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.statements import listed
from bot.store.tables import handled, inbox, lanes

_BOT: Any = bindparam("of_bot", type_=inbox.c.bot.type)
_ME: Any = bindparam("me", type_=lanes.c.owner.type)


class InboxStatements:
    """Built once for a dialect. The time is the database's own where the database is a server, else it is given."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._server = dialect == "postgresql"
        self._insert: Any = postgresql.insert if self._server else sqlite.insert
        clock = cast(extract("epoch", func.clock_timestamp()), Float(53))
        self._now: Any = clock if self._server else bindparam("now", type_=Float(53))
        self._until: Any = self._now + bindparam("lease", type_=Float(53))
        mine = lanes.c.bot == _BOT, lanes.c.owner == _ME
        these = listed(dialect, lanes.c.lane, "lanes")
        self.hold = self._hold()
        self.ours = select(lanes.c.lane).where(*mine, these)
        self.known = union_all(
            select(inbox.c.update_id).where(self._in_inbox("ids")),
            select(handled.c.update_id).where(handled.c.bot == _BOT, listed(dialect, handled.c.update_id, "ids")),
        )
        self.insert = insert(inbox)
        self.free = self._free()
        self.waiting = self._waiting(select(lanes.c.lane).where(*mine, these))
        self.brought = self.waiting.where(inbox.c.owner != _ME)
        self.own = update(inbox).where(self._in_inbox("ids"), inbox.c.owner != _ME).values(owner=_ME)
        self.noted = self._noted(these=listed(dialect, inbox.c.lane, "lanes"))
        self.lock = select(lanes.c.lane).where(lanes.c.bot == _BOT, these).order_by(lanes.c.lane).with_for_update()
        self.journal = self._journal()
        self.delete = delete(inbox).where(self._in_inbox("ids"))
        self.put_off = self._put_off()
        self.leave = delete(lanes).where(*mine, these)
        self.renew = update(lanes).where(*mine, these).values(lease_until=self._until).returning(lanes.c.lane)
        self.let_go = delete(lanes).where(*mine)
        self.orphan = delete(lanes)
        self.lock_ours = select(lanes.c.lane).where(*mine).order_by(lanes.c.lane).with_for_update()

    def _in_inbox(self, name: str) -> Any:
        return and_(inbox.c.bot == _BOT, listed(self._dialect, inbox.c.update_id, name))

    def _hold(self) -> Any:
        """Locks the lane's row, whether or not it changes hands."""
        new = self._insert(lanes).values(bot=_BOT, lane=bindparam("lane"), owner=_ME, lease_until=self._until)
        ours_or_free = or_(lanes.c.owner == new.excluded.owner, lanes.c.lease_until <= self._now)
        return new.on_conflict_do_update(
            index_elements=list(lanes.primary_key),
            set_={"owner": new.excluded.owner, "lease_until": new.excluded.lease_until},
            where=ours_or_free,
        )

    def _free(self) -> Any:
        same = lanes.c.bot == inbox.c.bot, lanes.c.lane == inbox.c.lane
        held = exists().where(*same, lanes.c.lease_until > self._now)
        found = select(inbox.c.lane).where(inbox.c.bot == _BOT, ~held).group_by(inbox.c.lane)
        return found.order_by(func.min(inbox.c.update_id)).limit(bindparam("limit"))

    def _waiting(self, ours: Any) -> Any:
        pause = (inbox.c.not_before - self._now).label("pause")
        columns = (inbox.c.update_id, inbox.c.lane, inbox.c.payload, inbox.c.asked, inbox.c.tries, pause)
        found = select(*columns).where(inbox.c.bot == _BOT, inbox.c.lane.in_(ours), ~_is_noted())
        return found.order_by(inbox.c.update_id)

    @staticmethod
    def _noted(these: Any) -> Any:
        """What its copy had handled, but not taken out, when it was killed."""
        return delete(inbox).where(inbox.c.bot == _BOT, these, _is_noted())

    def _journal(self) -> Any:
        """For a list of ids, in order: else two copies that note the same might wait for each other."""
        if self._server:
            ids: Any = func.unnest(bindparam("ids", type_=ARRAY(handled.c.update_id.type)))
            rows = select(_BOT, ids, bindparam("now", type_=Float(53)))
        else:
            each = func.json_each(bindparam("ids")).table_valued("value")
            # Without a condition SQLite would read "ON CONFLICT" as a part of the join.
            rows = select(_BOT, each.c.value, bindparam("now", type_=Float(53))).where(true())
        new = self._insert(handled).from_select(["bot", "update_id", "at"], rows)
        return new.on_conflict_do_nothing(index_elements=list(handled.primary_key))

    def _put_off(self) -> Any:
        ours = exists().where(lanes.c.bot == _BOT, lanes.c.owner == _ME, lanes.c.lane == inbox.c.lane)
        return (
            update(inbox)
            .where(inbox.c.bot == _BOT, inbox.c.update_id == bindparam("id"), ours)
            .values(tries=bindparam("failed"), not_before=self._now + bindparam("pause", type_=Float(53)))
        )


def _is_noted() -> Any:
    return exists().where(handled.c.bot == inbox.c.bot, handled.c.update_id == inbox.c.update_id)
