"""A store that lives as long as the process: for tests, for a chat in the terminal, and while the real one is away."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from bot.store.base import JOURNAL_KEPT, QUESTIONS_KEPT, Claim, Clock, UnansweredQuestion, utc_now
from bot.store.scrub import scrub

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The last `size` keys written, and their values."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def get(self, key: K) -> V | None:
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._size:
            self._values.popitem(last=False)

    def pop(self, key: K) -> V | None:
        return self._values.pop(key, None)

    def items(self) -> list[tuple[K, V]]:
        return list(self._values.items())


@dataclass(frozen=True, slots=True)
class _Entry:
    owner: str
    lease_until: float
    done: bool
    claimed: float


class MemoryJournal:
    """The last update ids, with the same rules as the journal in a database."""

    def __init__(self, clock: Clock, size: int) -> None:
        self._clock = clock
        self._entries: Recent[int, _Entry] = Recent(size)

    def claim(self, update_id: int, owner: str, lease: float, takeover: bool) -> Claim:
        now = self._clock().timestamp()
        entry = self._entries.get(update_id)
        if entry is not None and entry.done:
            return Claim.DONE
        if entry is not None and not takeover and entry.owner != owner and entry.lease_until > now:
            return Claim.BUSY
        self._entries.put(update_id, _Entry(owner, now + lease, False, now))
        return Claim.FRESH

    def renew(self, update_ids: Collection[int], owner: str, lease: float) -> None:
        until = self._clock().timestamp() + lease
        for update_id in update_ids:
            entry = self._entries.get(update_id)
            if entry is not None and not entry.done and entry.owner == owner:
                self._entries.put(update_id, _Entry(owner, until, False, entry.claimed))

    def finish(self, update_id: int) -> None:
        now = self._clock().timestamp()
        self._entries.put(update_id, _Entry("", now, True, now))

    def release(self, update_id: int) -> None:
        if not self.done(update_id):
            self._entries.pop(update_id)

    def done(self, update_id: int) -> bool:
        entry = self._entries.get(update_id)
        return entry is not None and entry.done

    def prune(self, before: float) -> int:
        old = [update_id for update_id, entry in self._entries.items() if entry.claimed < before]
        for update_id in old:
            self._entries.pop(update_id)
        return len(old)


class MemoryStore:
    """Fulfils `base.Store` without a database; the journal is bounded, the rest grows."""

    def __init__(self, *, clock: Clock = utc_now, journal_size: int = 100_000) -> None:
        self._clock = clock
        self._journal = MemoryJournal(clock, journal_size)
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

    async def claim(self, update_id: int, *, owner: str, lease: float, takeover: bool = False) -> Claim:
        return self._journal.claim(update_id, owner, lease, takeover)

    async def renew(self, update_ids: Collection[int], *, owner: str, lease: float) -> None:
        self._journal.renew(update_ids, owner, lease)

    async def finish(self, update_id: int) -> None:
        self._journal.finish(update_id)

    async def release(self, update_id: int) -> None:
        self._journal.release(update_id)

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
        return gone + self._journal.prune((now - JOURNAL_KEPT).timestamp())
