"""What is kept for good, in SQL; a part of `sql.SqlStore`, which runs the statements."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CursorResult, Executable

from bot.store.base import Clock, Counted, MissKind, UnansweredQuestion, Watch
from bot.store.scrub import scrub
from bot.store.sql_inbox import SqlInbox
from bot.store.statements import Statements


class SqlRecords(SqlInbox):
    """Fulfils `base.Records` but for `healthy` and `forget`."""

    def __init__(self, dialect: str, clock: Clock) -> None:
        super().__init__(dialect)
        self._clock = clock
        self._sql = Statements(dialect)

    @abstractmethod
    async def _run(self, statement: Executable, **values: object) -> CursorResult[Any]: ...

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        rows = await self._quickly(self._sql.languages, chats=sorted(set(chats)))
        return {str(chat): str(lang) for chat, lang in rows}

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
        clean, remark = scrub(text), scrub(note)
        if clean or remark:
            at = (asked or self._clock()).timestamp()
            row = {"text": clean, "lang": lang, "nearest": nearest, "asker": asker, "asked": at}
            await self._quickly(self._sql.add_question, **row, kind=kind.value, note=remark, reply=reply)

    async def drop_unanswered(self, reply: str, kind: MissKind) -> None:
        await self._run(self._sql.drop_question, reply=reply, kind=kind.value)

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        return [_question(row) for row in await self._run(self._sql.questions, limit=limit, offset=offset)]

    async def unanswered_count(self) -> int:
        return int((await self._run(self._sql.question_count)).scalar_one())

    async def forget_unanswered(self, ids: Collection[int]) -> int:
        return len(await self._quickly(self._sql.forget_questions, ids=sorted(set(ids)))) if ids else 0

    async def dismiss(self, marks: Collection[str]) -> None:
        rows = [{"mark": mark, "at": self._now()} for mark in sorted(set(marks))]
        if rows:
            await self._transact(lambda session: session.many(self._sql.dismiss, rows))

    async def dismissed(self) -> frozenset[str]:
        return frozenset(str(row.mark) for row in await self._run(self._sql.dismissed))

    async def add_watch(self, watch: Watch, asked: datetime | None = None) -> None:
        at = (asked or self._clock()).timestamp()
        row = {"asker": watch.asker, "question": watch.question, "payload": watch.payload}
        await self._run(self._sql.add_watch, **row, asked=at)

    async def watches(self) -> list[Watch]:
        return [Watch(row.asker, row.question, row.payload) for row in await self._run(self._sql.watches)]

    async def take_watch(self, watch: Watch) -> bool:
        gone = await self._run(self._sql.take_watch, asker=watch.asker, question=watch.question)
        return gone.rowcount > 0

    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        key = {"entry": entry, "asker": asker, "message": message}
        if value == 0:
            await self._run(self._sql.withdraw, **key)
        else:
            await self._run(self._sql.vote, **key, value=value, day=self._clock().date())

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        rows = await self._run(self._sql.votes, since=since)
        return {row.entry: (row.up, row.down) for row in rows}

    async def count(self, more: Mapping[Counted, int]) -> None:
        rows = [{"day": day, "kind": kind, "entry": entry or "", "n": n} for (kind, entry, day), n in more.items()]
        # In order: else two copies that count the same might wait for each other.
        rows.sort(key=lambda row: (row["day"], row["kind"], row["entry"]))
        await self._transact(lambda session: session.many(self._sql.count, rows))

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        rows = await self._run(self._sql.counts, since=since)
        return [(row.day, row.kind, row.entry or None, row.n) for row in rows]

    async def mark(self, owner: str, kind: str, value: str | None) -> bool:
        if value is None:
            return (await self._run(self._sql.unmark, owner=owner, kind=kind)).rowcount > 0
        return (await self._run(self._sql.mark, owner=owner, kind=kind, value=value)).rowcount > 0

    async def marks(self, kind: str) -> dict[str, str]:
        return {row.owner: row.value for row in await self._run(self._sql.marks, kind=kind)}


def _question(row: Any) -> UnansweredQuestion:
    asked = datetime.fromtimestamp(row.asked, UTC)
    return UnansweredQuestion(row.text, row.lang, row.nearest, asked, MissKind(row.kind), row.note, row.id)
