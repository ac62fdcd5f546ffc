"""A store that lives as long as the process, with the same rules as the one in a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.store.base import (
    COUNTS_KEPT,
    JOURNAL_KEPT,
    QUESTIONS_KEPT,
    Clock,
    Counted,
    MissKind,
    UnansweredQuestion,
    Watch,
    utc_now,
)
from bot.store.scrub import scrub
from tests.memory_inbox import MemoryInbox


class MemoryStore(MemoryInbox):
    """Fulfils `base.Store` without a database; the journal is bounded, the rest grows."""

    def __init__(self, *, clock: Clock = utc_now, journal_size: int = 100_000) -> None:
        super().__init__(clock, journal_size)
        self._languages: dict[str, str] = {}
        self._questions: list[tuple[str, UnansweredQuestion, str | None]] = []
        self._number = 0
        self._dismissed: set[str] = set()
        self._watches: dict[tuple[str, str], tuple[Watch, datetime]] = {}
        self._votes: dict[tuple[str, str, str], tuple[int, date]] = {}
        self._marks: dict[tuple[str, str], str] = {}
        self._counts: Counter[tuple[date, str, str | None]] = Counter()

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def healthy(self) -> bool:
        return True

    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        return {chat: self._languages[chat] for chat in chats if chat in self._languages}

    async def set_language(self, chat: str, lang: str | None) -> None:
        if lang is None:
            self._languages.pop(chat, None)
        else:
            self._languages[chat] = lang

    async def move_chat(self, old: str, new: str) -> None:
        if old in self._languages:
            self._languages[new] = self._languages.pop(old)

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
        if not (clean or remark):
            return
        self._number += 1
        question = UnansweredQuestion(clean, lang, nearest, asked or self._clock(), kind, remark, self._number)
        for place, (_, before, key) in enumerate(self._questions):
            if reply is not None and key == reply:
                self._questions[place] = (asker, replace(question, id=before.id), reply)
                return
        self._questions.append((asker, question, reply))

    async def drop_unanswered(self, reply: str, kind: MissKind) -> None:
        self._questions = [row for row in self._questions if (row[2], row[1].kind) != (reply, kind)]

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        # Of two asked at the same moment, the one written later is the newer.
        newest = sorted(enumerate(self._questions), key=lambda row: (row[1][1].asked, row[0]), reverse=True)
        return [question for _, (_, question, _) in newest[offset : offset + limit]]

    async def unanswered_count(self) -> int:
        return len(self._questions)

    async def forget_unanswered(self, ids: Collection[int]) -> int:
        kept = [row for row in self._questions if row[1].id not in ids]
        gone, self._questions = len(self._questions) - len(kept), kept
        return gone

    async def dismiss(self, marks: Collection[str]) -> None:
        self._dismissed |= set(marks)

    async def dismissed(self) -> frozenset[str]:
        return frozenset(self._dismissed)

    async def add_watch(self, watch: Watch, asked: datetime | None = None) -> None:
        self._watches[watch.asker, watch.question] = (watch, asked or self._clock())

    async def watches(self) -> list[Watch]:
        rows = sorted(self._watches.values(), key=lambda row: (row[1], row[0].asker, row[0].question))
        return [watch for watch, _ in rows]

    async def take_watch(self, watch: Watch) -> bool:
        return self._watches.pop((watch.asker, watch.question), None) is not None

    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        if value:
            self._votes[asker, message, entry] = (value, self._clock().date())
        else:
            self._votes.pop((asker, message, entry), None)

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for (_, _, entry), (value, day) in self._votes.items():
            if day >= since:
                up, down = found.get(entry, (0, 0))
                found[entry] = (up + (value > 0), down + (value < 0))
        return found

    async def count(self, more: Mapping[Counted, int]) -> None:
        for (kind, entry, day), n in more.items():
            self._counts[day, kind, entry] += n

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        rows = [(day, kind, entry, n) for (day, kind, entry), n in self._counts.items() if day >= since]
        return sorted(rows, key=lambda row: (row[0], row[1], row[2] or ""))

    async def mark(self, owner: str, kind: str, value: str | None) -> bool:
        before = self._marks.pop((owner, kind), None)
        if value is not None:
            self._marks[owner, kind] = value
        return before != value

    async def marks(self, kind: str) -> dict[str, str]:
        return {owner: value for (owner, of), value in self._marks.items() if of == kind}

    async def forget(self, asker: str) -> int:
        questions = [row for row in self._questions if row[0] != asker]
        votes = {key: vote for key, vote in self._votes.items() if key[0] != asker}
        gone = len(self._questions) - len(questions) + len(self._votes) - len(votes)
        gone += self._languages.pop(asker, None) is not None
        gone += len(mine := [key for key in self._marks if key[0] == asker])
        for key in mine:
            del self._marks[key]
        theirs = [key for key in self._watches if key[0] == asker]
        for key in theirs:
            del self._watches[key]
        gone += len(theirs)
        self._questions, self._votes = questions, votes
        return gone

    async def prune(self, now: datetime) -> int:
        kept = [row for row in self._questions if row[1].asked >= now - QUESTIONS_KEPT]
        gone = len(self._questions) - len(kept)
        self._questions = kept
        late = [key for key, (_, asked) in self._watches.items() if asked < now - QUESTIONS_KEPT]
        for key in late:
            del self._watches[key]
        old = [key for key, (_, day) in self._votes.items() if day < (now - QUESTIONS_KEPT).date()]
        for key in old:
            del self._votes[key]
        past = [key for key in self._counts if key[0] < (now - COUNTS_KEPT).date()]
        for counted in past:
            del self._counts[counted]
        gone += len(old) + len(past)
        return gone + len(late) + self.drop_before((now - JOURNAL_KEPT).timestamp())
