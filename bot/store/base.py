"""What the bot remembers between two updates, as one narrow contract; `sql` fulfils it, nothing here does I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from bot.errors import ReformbotError
from bot.store.inbox import Inbox

Clock = Callable[[], datetime]

# Telegram redelivers an update for 24 hours; an hour more for clocks that differ.
JOURNAL_KEPT = timedelta(hours=25)
QUESTIONS_KEPT = timedelta(days=90)


def utc_now() -> datetime:
    return datetime.now(UTC)


class StoreError(ReformbotError):
    """The store refuses this one call; other calls may well succeed."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or cannot write: no call would succeed now."""


class StoreBusy(StoreUnavailable):
    """The store had no time for this one call, or others were in its way: it may well succeed in a moment."""


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A scrubbed question that got no answer. `nearest` is the entry id that came closest."""

    text: str
    lang: str
    nearest: str | None
    asked: datetime


class Store(Inbox, Protocol):
    """Beside the inbox: what is kept for good. Chats and people are named by keyed hashes (`identity.chat_key`), never by Telegram's own ids."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def healthy(self) -> bool: ...

    # settings of a chat
    async def language(self, chat: str) -> str | None: ...
    async def set_language(self, chat: str, lang: str | None) -> None: ...
    async def move_chat(self, old: str, new: str) -> None:
        """A group became a supergroup: its settings go along, over what `new` may have."""
        ...

    # questions in vain
    async def add_unanswered(
        self, text: str, lang: str, nearest: str | None, asker: str, asked: datetime | None = None
    ) -> None:
        """`text` is scrubbed before it is written; one that is then empty is not. `asked` is now if not given."""
        ...

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        """Newest first."""
        ...

    async def unanswered_count(self) -> int: ...

    # thumbs: one vote per person and answer
    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        """Above 0 is a thumb up, below 0 down, 0 withdraws; a later vote replaces the former. `message` is a key, too."""
        ...

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        """Entry id -> (thumbs up, thumbs down)."""
        ...

    # counts per kind, entry and day; kind is asked | answered | offered | declined | small_talk | chosen
    async def count(self, kind: str, entry: str | None, day: date, n: int = 1) -> None: ...
    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]: ...

    async def forget(self, asker: str) -> int:
        """Delete all that belongs to the asker (settings, questions, votes); the number of rows deleted.

        A private chat has the key of its person (`identity.chat_key`), so its settings go as well.
        """
        ...

    async def prune(self, now: datetime) -> int:
        """Delete what is older than 25 hours in journal and inbox, and questions older than 90 days; the number of rows
        deleted."""
        ...
