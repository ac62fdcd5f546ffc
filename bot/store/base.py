"""What the bot remembers between two updates, as one narrow contract; `sql` fulfils it, nothing here does I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol


class Claim(Enum):
    """What the journal says of an update id."""

    FRESH = "fresh"  # ours now: handle it, then `finish`
    DONE = "done"  # answered already: confirm it, do nothing
    BUSY = "busy"  # another copy is at it and its lease runs: ask again later


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A scrubbed question that got no answer. `nearest` is the entry id that came closest."""

    text: str
    lang: str
    nearest: str | None
    asked: datetime


class Store(Protocol):
    """Chats and people are named by keyed hashes (`identity.chat_key`), never by Telegram's own ids."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def healthy(self) -> bool: ...

    # journal of updates
    async def claim(self, update_id: int, *, owner: str, lease: float, takeover: bool = False) -> Claim:
        """Reserve an update for `lease` seconds. `takeover` ignores a running lease of another owner."""
        ...

    async def finish(self, update_id: int) -> None: ...
    async def release(self, update_id: int) -> None: ...

    # settings of a chat
    async def language(self, chat: str) -> str | None: ...
    async def set_language(self, chat: str, lang: str | None) -> None: ...
    async def move_chat(self, old: str, new: str) -> None: ...

    # questions in vain
    async def add_unanswered(self, text: str, lang: str, nearest: str | None, asker: str) -> None:
        """`text` is scrubbed before it is written."""
        ...

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]: ...

    # thumbs: one vote per person and answer
    async def vote(self, entry: str, asker: str, message: str, value: int) -> None: ...
    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        """Entry id -> (thumbs up, thumbs down)."""
        ...

    # counts per kind, entry and day; kind is asked | answered | offered | declined | small_talk | chosen
    async def count(self, kind: str, entry: str | None, day: date) -> None: ...
    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]: ...

    async def forget(self, asker: str) -> int:
        """Delete all that belongs to the asker (settings, questions, votes); the number of rows deleted."""
        ...

    async def prune(self, now: datetime) -> int:
        """Delete journal rows older than 25 hours and questions older than 90 days; the number of rows deleted."""
        ...
