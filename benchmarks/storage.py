"""How large the store gets: a bot that is asked much, day by day, by a clock that is moved.

python -m benchmarks.storage [--days N] [--a-day N] [--postgresql]        90 days and some more of 10,000 questions: minutes

Each question is taken into the inbox and settled, one in seven is kept as asked in vain, one answer in fifty is voted on, one
asker in five hundred waits to be told; what is too old is deleted each hour, as in a running bot. A line every ten days: the
size with its log, and the rows of each table. PostgreSQL is that of REFORMBOT_TEST_POSTGRES or on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bot.store.database import database_address
from bot.store.sql import SqlStore
from tests.clocks import MovedClock
from tests.store.life import Life, size
from tests.store_contract import admin, postgres_database

_SHOWN = 10  # days between two lines


async def live(url: str, days: int, a_day: int, measure: Callable[[], Awaitable[int]]) -> None:
    """Prints as it goes."""
    clock = MovedClock()
    store = SqlStore(database_address(url, Path()), clock=clock)
    await store.open()
    life = Life(store, clock, a_day)
    try:
        for day in range(1, days + 1):
            await life.day()
            if day % _SHOWN == 0 or day == days:
                rows = ", ".join(f"{table} {count:,}" for table, count in (await life.rows()).items())
                print(f"day {day:4}  {await measure() / 2**20:8.1f} MB  {rows}", flush=True)
    finally:
        await store.close()


async def of_file(file: Path) -> int:
    return size(file)


async def of_server(url: str) -> int:
    [row] = await admin("SELECT pg_database_size(current_database()) AS bytes", url)
    return int(row["bytes"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=110)
    parser.add_argument("--a-day", type=int, default=10_000)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        if options.postgresql:
            url = stack.enter_context(postgres_database())
            measure = partial(of_server, url)
        else:
            file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bot.sqlite3"
            url, measure = f"sqlite:///{file}", partial(of_file, file)  # type: ignore[arg-type]
        asyncio.run(live(url, options.days, options.a_day, measure))


if __name__ == "__main__":
    main()
