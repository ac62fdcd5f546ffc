"""A store that lives as long as the process: for tests, for a chat in the terminal, and while the real one is away."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from bot.store.base import JOURNAL_KEPT, QUESTIONS_KEPT, Clock, UnansweredQuestion, utc_now
from bot.store.memory_inbox import MemoryInbox
from bot.store.scrub import scrub


class MemoryStore(MemoryInbox):
    """Fulfils `base.Store` without a database; the journal is bounded, the rest grows."""

    def __init__(self, *, clock: Clock = utc_now, journal_size: int = 100_000) -> None:
        super().__init__(clock, journal_size)
        self._languages: dict[str, str] = {}
        self._questions: list[tuple[str, UnansweredQuestion]] = []
        self._votes: dict[tuple[str, str, str], tuple[int, date]] = {}
        self._counts: Counter[tuple[date, str, str | None]] = Counter()

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def healthy(self) -> bool:
        return True

    async def language(self, chat: str) -> str | None:
        return self._languages.get(chat)

    async def set_language(self, chat: str, lang: str | None) -> None:
        if lang is None:
            self._languages.pop(chat, None)
        else:
            self._languages[chat] = lang

    async def move_chat(self, old: str, new: str) -> None:
        if old in self._languages:
            self._languages[new] = self._languages.pop(old)

    async def add_unanswered(
        self, text: str, lang: str, nearest: str | None, asker: str, asked: datetime | None = None
    ) -> None:
        if clean := scrub(text):
            question = UnansweredQuestion(clean, lang, nearest, asked or self._clock())
            self._questions.append((asker, question))

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        # Of two asked at the same moment, the one written later is the newer.
        newest = sorted(enumerate(self._questions), key=lambda row: (row[1][1].asked, row[0]), reverse=True)
        return [question for _, (_, question) in newest[offset : offset + limit]]

    async def unanswered_count(self) -> int:
        return len(self._questions)

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

    async def count(self, kind: str, entry: str | None, day: date, n: int = 1) -> None:
        self._counts[day, kind, entry] += n

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        rows = [(day, kind, entry, n) for (day, kind, entry), n in self._counts.items() if day >= since]
        return sorted(rows, key=lambda row: (row[0], row[1], row[2] or ""))

    async def forget(self, asker: str) -> int:
        questions = [row for row in self._questions if row[0] != asker]
        votes = {key: vote for key, vote in self._votes.items() if key[0] != asker}
        gone = len(self._questions) - len(questions) + len(self._votes) - len(votes)
        gone += self._languages.pop(asker, None) is not None
        self._questions, self._votes = questions, votes
        return gone

    async def prune(self, now: datetime) -> int:
        kept = [row for row in self._questions if row[1].asked >= now - QUESTIONS_KEPT]
        gone = len(self._questions) - len(kept)
        self._questions = kept
        return gone + self.drop_before((now - JOURNAL_KEPT).timestamp())
