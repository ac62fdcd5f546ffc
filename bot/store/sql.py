"""The store in SQLite or PostgreSQL; fails with `StoreUnavailable` and leaves it to `resilient` to go on regardless."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import URL, CursorResult, Executable, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import migrations, pooler, statements
from bot.store.base import JOURNAL_KEPT, QUESTIONS_KEPT, Clock, StoreUnavailable, UnansweredQuestion, utc_now
from bot.store.database import (
    CONNECTIONS,
    CorruptDatabase,
    LockedDatabase,
    explained,
    make_engine,
    sqlite_file,
    sync_connection,
)
from bot.store.scrub import scrub
from bot.store.sql_inbox import SqlInbox
from bot.store.transactions import InPool, InSqlite, Transactions, Work

log = logging.getLogger(__name__)

T = TypeVar("T")
P = TypeVar("P")


class SqlStore(SqlInbox):
    """`clock` dates what is written; who holds a lane until when is decided by PostgreSQL's own."""

    def __init__(self, url: URL, *, clock: Clock = utc_now) -> None:
        super().__init__(url.get_backend_name())
        self._url = url
        self._file = sqlite_file(url)
        self._file_id: tuple[int, int] | None = None
        self._suspect = False
        self._turns = self._new_turns()
        self._clock = clock
        self._engine: AsyncEngine | None = None
        self._transactions: Transactions | None = None
        self._sql = statements.Statements(url.get_backend_name())

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

    async def language(self, chat: str) -> str | None:
        rows = await self._quickly(self._sql.language, chat=chat)
        return str(rows[0][0]) if rows else None

    async def set_language(self, chat: str, lang: str | None) -> None:
        if lang is None:
            await self._run(self._sql.unset_language, chat=chat)
        else:
            await self._run(self._sql.set_language, chat=chat, lang=lang)

    async def move_chat(self, old: str, new: str) -> None:
        if old != new:
            await self._run(self._sql.copy_chat, old=old, new=new)
            await self._run(self._sql.unset_language, chat=old)

    async def add_unanswered(
        self, text: str, lang: str, nearest: str | None, asker: str, asked: datetime | None = None
    ) -> None:
        if clean := scrub(text):
            at = (asked or self._clock()).timestamp()
            await self._run(self._sql.add_question, text=clean, lang=lang, nearest=nearest, asker=asker, asked=at)

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        rows = await self._run(self._sql.questions, limit=limit, offset=offset)
        return [UnansweredQuestion(r.text, r.lang, r.nearest, datetime.fromtimestamp(r.asked, UTC)) for r in rows]

    async def unanswered_count(self) -> int:
        return int((await self._run(self._sql.question_count)).scalar_one())

    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        key = {"entry": entry, "asker": asker, "message": message}
        if value == 0:
            await self._run(self._sql.withdraw, **key)
        else:
            await self._run(self._sql.vote, **key, value=value, day=self._clock().date())

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        rows = await self._run(self._sql.votes, since=since)
        return {row.entry: (row.up, row.down) for row in rows}

    async def count(self, kind: str, entry: str | None, day: date, n: int = 1) -> None:
        await self._quickly(self._sql.count, day=day, kind=kind, entry=entry or "", n=n)

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        rows = await self._run(self._sql.counts, since=since)
        return [(row.day, row.kind, row.entry or None, row.n) for row in rows]

    async def forget(self, asker: str) -> int:
        return sum([(await self._run(delete)).rowcount for delete in statements.belongings(asker)])

    async def prune(self, now: datetime) -> int:
        limits = (now - JOURNAL_KEPT).timestamp(), (now - QUESTIONS_KEPT).timestamp()
        dropped = await self._delete_in_portions(statements.unhandled(limits[0]))
        if dropped:
            log.error("%d updates were not handled in a day by any copy of the bot; they are dropped.", dropped)
        return dropped + sum([await self._delete_in_portions(delete) for delete in statements.outdated(*limits)])

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
        """What every question asks for. With SQLite it takes a tenth of the time of `_run`."""
        if self._file is not None:
            return await self._transact(lambda session: session.rows(statement, values))
        result = await self._run(statement, **values)
        return result.all() if result.returns_rows else ()

    async def _transact(self, work: Work[T], *, durable: bool = False) -> T:
        return await self._twice(lambda: self._opened(self._transactions).run(work, durable=durable))

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
            engine = make_engine(self._url, pooled=await pooler.is_pooled(self._url))
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
        self._transactions = InPool(engine) if self._file is None else InSqlite(self._url)
        self._turns = self._new_turns()
        self._file_id = None if self._file is None else _identity(self._file)

    async def _migrate(self, engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            if self._url.get_backend_name() == "postgresql":
                connection = await connection.execution_options(isolation_level="READ COMMITTED")
            await connection.run_sync(migrations.upgrade)

    def _prepare_file(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
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
        aside = self._file.with_name(f"{self._file.name}.corrupt-{self._clock():%Y%m%dT%H%M%SZ}")
        for suffix in ("", "-wal", "-shm"):
            # Another copy of the bot may have moved it first; then its new file stands there already.
            with suppress(FileNotFoundError):
                os.rename(f"{self._file}{suffix}", f"{aside}{suffix}")
        log.error("%s The file was moved to %s and a new one begun.", error, aside)

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
