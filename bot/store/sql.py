"""The store in SQLite or PostgreSQL; fails with `StoreUnavailable` and leaves it to `resilient` to go on regardless."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import URL, CursorResult, Executable, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import migrations, pooler, sqlite_files, statements
from bot.store.base import (
    COUNTS_KEPT,
    JOURNAL_KEPT,
    QUESTIONS_KEPT,
    Clock,
    StoreUnavailable,
    utc_now,
)
from bot.store.database import (
    CONNECTIONS,
    CorruptDatabase,
    LockedDatabase,
    explained,
    make_engine,
    sqlite_file,
    sync_connection,
)
from bot.store.in_postgresql import InPostgresql
from bot.store.in_sqlite import InSqlite
from bot.store.sql_records import SqlRecords
from bot.store.transactions import Transactions, Work

log = logging.getLogger(__name__)

T = TypeVar("T")
P = TypeVar("P")


class SqlStore(SqlRecords):
    """`clock` dates what is written; who holds a lane until when is decided by PostgreSQL's own."""

    def __init__(self, url: URL, *, clock: Clock = utc_now) -> None:
        super().__init__(url.get_backend_name(), clock)
        self._url = url
        self._file = sqlite_file(url)
        self._file_id: tuple[int, int] | None = None
        self._suspect = False
        self._turns = self._new_turns()
        self._engine: AsyncEngine | None = None
        self._transactions: Transactions | None = None

    async def open(self) -> None:
        """Connect and migrate; a corrupt SQLite file is moved aside and a new one begun."""
        try:
            await self._open_patiently()
        except CorruptDatabase as error:
            self._move_aside(error)
            await self._open_patiently()

    async def close(self) -> None:
        engine, self._engine = self._engine, None
        transactions, self._transactions = self._transactions, None
        if transactions is not None:
            await transactions.close()
        if engine is not None:
            await engine.dispose()

    async def healthy(self) -> bool:
        """Whether a write goes through, into the file that stands in its place."""
        try:
            await self._run(self._sql.beat, beat=self._now())
        except StoreUnavailable:
            return False
        return self._file is None or self._file_id == _identity(self._file)

    async def forget(self, asker: str) -> int:
        gone = sum([(await self._run(delete)).rowcount for delete in statements.belongings(asker)])
        await self._left_nowhere(gone)
        return gone

    async def prune(self, now: datetime) -> int:
        limits = (now - JOURNAL_KEPT).timestamp(), (now - QUESTIONS_KEPT).timestamp()
        dropped = await self._delete_in_portions(statements.unhandled(limits[0]))
        if dropped:
            log.error("%d updates were not handled in a day by any copy of the bot; they are dropped.", dropped)
        outdated = statements.outdated(*limits, voted=(now - QUESTIONS_KEPT).date(), counted=(now - COUNTS_KEPT).date())
        gone = dropped + sum([await self._delete_in_portions(delete) for delete in outdated])
        await self._left_nowhere(gone)
        if self._file is not None:
            sqlite_files.drop_asides(self._file, now)
        return gone

    async def _left_nowhere(self, gone: int) -> None:
        """SQLite's log still has what was deleted; who is at it now has it emptied the next time."""
        if gone and not self._server:
            with suppress(StoreUnavailable):
                await self._run(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def _delete_in_portions(self, delete: Executable) -> int:
        """So that an answer never waits for more than one portion."""
        gone = 0
        while (rows := (await self._run(delete)).rowcount) > 0:
            gone += rows
        return gone

    async def _run(self, statement: Executable, **values: object) -> CursorResult[Any]:
        async def work() -> CursorResult[Any]:
            async with pooler.opened(self._opened(self._engine)) as connection:
                return await connection.execute(statement, values)

        return await self._twice(work)

    async def _quickly(self, statement: Executable, **values: object) -> Sequence[Any]:
        """What every question asks for: it takes a third of the time of `_run`, with SQLite a tenth."""
        return await self._twice(lambda: self._opened(self._transactions).rows(statement, values))

    async def _transact(self, work: Work[T], *, durable: bool = False) -> T:
        return await self._twice(lambda: self._opened(self._transactions).run(work, durable=durable))

    def _at_once(self, work: Work[object]) -> bool:
        return self._transactions is not None and not self._turns.locked() and self._transactions.run_at_once(work)

    async def _twice(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work; once more if the pool's connection turns out to have died since its last use."""
        for last in (False, True):
            try:
                async with self._turns:
                    return await work()
            except Exception as error:  # drivers raise what they like; `explained` sorts it
                if last or not getattr(error, "connection_invalidated", False):
                    self._suspect = isinstance(explained(error), CorruptDatabase)
                    _fail(error)
        raise AssertionError("the second try returns or fails")

    @staticmethod
    def _opened(part: P | None) -> P:
        if part is None:
            raise StoreUnavailable("The store is not open.")
        return part

    async def _open_patiently(self) -> None:
        # While one copy turns a new file into a write-ahead log, SQLite refuses the others without waiting.
        for pause in (0.05, 0.1, 0.2):
            try:
                return await self._open()
            except LockedDatabase:
                await asyncio.sleep(pause)
        return await self._open()

    async def _open(self) -> None:
        await self.close()
        try:
            pooled = await pooler.is_pooled(self._url)
            engine = make_engine(self._url, pooled=pooled)
        except Exception as error:  # as above
            _fail(error)
        try:
            if self._file is not None:
                # In a thread a migration comes to its end even if nobody waits for it any more.
                await asyncio.to_thread(self._prepare_file, self._file)
            else:
                await self._migrate(engine)
        except Exception as error:  # as above
            await engine.dispose()
            _fail(error)
        self._engine = engine
        self._transactions = InPostgresql(engine, pooled=pooled) if self._server else InSqlite(self._url)
        self._turns = self._new_turns()
        self._file_id = None if self._file is None else _identity(self._file)

    async def _migrate(self, engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            if self._url.get_backend_name() == "postgresql":
                connection = await connection.execution_options(isolation_level="READ COMMITTED")
            await connection.run_sync(migrations.upgrade)

    def _prepare_file(self, file: Path) -> None:
        sqlite_files.made_private(file)
        with sync_connection(self._url) as connection:
            # The quick check does not look into indexes: it is enough unless there was a complaint.
            check = "integrity_check" if self._suspect else "quick_check"
            finding = connection.execute(text(f"PRAGMA {check}(1)")).scalar()
            if finding != "ok":
                raise CorruptDatabase(f"The database file is corrupt: {finding}.")
            migrations.upgrade(connection)
            if self._file_id is None:
                # Nobody else has this file: what is held at the first opening is held by the dead.
                connection.execute(self._inbox.orphan)

    def _move_aside(self, error: CorruptDatabase) -> None:
        if self._file is None:
            raise error
        aside = sqlite_files.moved_aside(self._file, self._clock())
        days = sqlite_files.ASIDE_KEPT.days
        log.error("%s The file was moved to %s, for %d days, and a new one begun.", error, aside, days)

    def _new_turns(self) -> asyncio.Semaphore:
        """First come, first served; the pool alone would serve whoever asks at the right moment."""
        return asyncio.Semaphore(CONNECTIONS[self._url.get_backend_name()])

    def _now(self) -> float:
        return self._clock().timestamp()


def _fail(error: Exception) -> NoReturn:
    known = explained(error)
    # The driver's error may quote a value in its text, and a traceback would show it.
    raise known from (error if isinstance(known, StoreUnavailable) else None)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
