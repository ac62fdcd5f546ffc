"""A store day by day, by a clock that is moved: what a busy bot writes into it, and what is then left there. No tests here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from bot.store.base import Watch
from bot.store.inbox import Copy, Waiting
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.clocks import MovedClock

ME = Copy(42, "copy", 60.0)
SEALED = b"." * 900  # as long as a message in a private chat, as Telegram sends it, encrypted
TEXT = "how do I get a pension if I have worked abroad for years"
IN_VAIN, VOTED, WAITS = (
    7,
    50,
    500,
)  # of so many questions one is in vain, one answer is voted on, one asker waits to be told
PEOPLE = 5_000
ENTRIES = 150  # counted each day: about as many as the shipped base has
TOGETHER = 500  # updates in one transaction


@dataclass(slots=True)
class Life:
    """`a_day` questions a day, evenly; what is too old is looked for `looks` times a day (a running bot does it each hour)."""

    store: SqlStore
    clock: MovedClock
    a_day: int
    looks: int = 24
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    async def day(self) -> None:
        today = self.clock.now.date()
        for _ in range(self.looks):
            ids = [next(self._ids) for _ in range(self.a_day // self.looks)]
            for first in range(0, len(ids), TOGETHER):
                await self._handled(ids[first : first + TOGETHER])
            await self._remembered(ids)
            self.clock.move(hours=24 / self.looks)
            await self.store.prune(self.clock.now)
        await self.store.count({("answered", f"entry-{number}", today): 1 for number in range(ENTRIES)})

    async def _handled(self, ids: Sequence[int]) -> None:
        """Taken in and settled, as `delivery` does."""
        lanes, asked = {number: _key(number % PEOPLE) for number in ids}, self.clock.now.timestamp()
        await self.store.put(ME, [Waiting(number, lane, SEALED, asked) for number, lane in lanes.items()])
        await self.store.settle(ME, done=ids, leave=frozenset(lanes.values()))

    async def _remembered(self, ids: Sequence[int]) -> None:
        for number in ids:
            who = _key(number % PEOPLE)
            if number % IN_VAIN == 0:
                await self.store.add_unanswered(TEXT, "en", "entry-1", who, reply=_key(number))
            if number % VOTED == 0:
                await self.store.vote("entry-1", who, _key(number), 1)
            if number % WAITS == 0:
                await self.store.add_watch(Watch(who, _key(number), SEALED[:200]))

    async def rows(self) -> dict[str, int]:
        """Of each table that has any."""
        found = {name: await self._count(name) for name in metadata.tables}
        return {name: rows for name, rows in found.items() if rows}

    async def _count(self, name: str) -> int:
        [[rows]] = await self.store._quickly(select(func.count()).select_from(metadata.tables[name]))
        return int(rows)


def size(file: Path) -> int:
    """Bytes of a SQLite database, with its log."""
    return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))


def _key(number: int) -> str:
    return f"{number:064x}"
