"""What the bot remembers between two updates, as one narrow contract; `sql` fulfils it, nothing here does I/O."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.errors import ReformbotError
from bot.store.inbox import Inbox

Clock = Callable[[], datetime]
Counted = tuple[str, str | None, date]  # kind, entry, day

# Telegram redelivers an update for 24 hours; an hour more for clocks that differ.
JOURNAL_KEPT = timedelta(hours=25)
QUESTIONS_KEPT = timedelta(days=90)  # and votes, and who waits for an answer
COUNTS_KEPT = timedelta(days=400)  # so that a month can be held against the same one a year before


def utc_now() -> datetime:
    return datetime.now(UTC)


class StoreError(ReformbotError):
    """The store refuses this one call; other calls may well succeed."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or cannot write: no call would succeed now."""


class StoreBusy(StoreUnavailable):
    """The store had no time for this one call, or others were in its way: it may well succeed in a moment."""


class MissKind(StrEnum):
    """How a question did not end in an answer."""

    REFUSED = "refused"  # by a refusal group, with its own sentence
    DECLINED = "declined"
    OFFERED = "offered"  # a choice, of which nothing was taken
    NONE = "none"  # "none of these"
    NOT_MEANT = "not-meant"  # an answer, to another question than was asked
    DOWN = "down"  # an answer with a thumb down
    REPORTED = "reported"  # an answer with an error, by what the note says


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A scrubbed question that got no answer, or not the right one. `nearest` is the entry that was answered or came
    closest, or the group that refused; `note` what the asker wrote of it; `id` a number that is never given again."""

    text: str
    lang: str
    nearest: str | None
    asked: datetime
    kind: MissKind = MissKind.DECLINED
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody who waits for an answer. `question` names it by a key, `payload` is sealed."""

    asker: str
    question: str
    payload: bytes


class Records(Protocol):
    """What is kept for good, for whoever answers. Chats and people are named by keyed hashes (`identity.chat_key`), never by
    Telegram's own ids."""

    async def healthy(self) -> bool: ...

    # settings of a chat
    async def languages(self, chats: Collection[str]) -> dict[str, str]:
        """What was chosen in these chats; those in which nothing was are left out."""
        ...

    async def set_language(self, chat: str, lang: str | None) -> None: ...
    async def move_chat(self, old: str, new: str) -> None:
        """A group became a supergroup: its settings go along, over what `new` may have."""
        ...

    # questions in vain
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
        """`text` and `note` are scrubbed before they are written; where both are then empty nothing is. `asked` is now if
        not given. Under one `reply`, a key of the message, the later takes the place of the former."""
        ...

    async def drop_unanswered(self, reply: str, kind: MissKind) -> None:
        """What was said under this reply, if it was of this kind, is taken back."""
        ...

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        """Newest first."""
        ...

    async def unanswered_count(self) -> int: ...

    async def forget_unanswered(self, ids: Collection[int]) -> int:
        """Delete these questions; the number of those that were there."""
        ...

    async def dismiss(self, marks: Collection[str]) -> None:
        """Remember for good what maintainers set aside, by keys that tell nobody the question."""
        ...

    async def dismissed(self) -> frozenset[str]: ...

    # who waits for an answer
    async def add_watch(self, watch: Watch, asked: datetime | None = None) -> None:
        """Once for each person and question; a later one takes the place of the former."""
        ...

    async def watches(self) -> list[Watch]:
        """The oldest first."""
        ...

    async def take_watch(self, watch: Watch) -> bool:
        """Delete it; whether it was there. Of several copies of the bot one is told so, and speaks."""
        ...

    # thumbs: one vote per person and answer
    async def vote(self, entry: str, asker: str, message: str, value: int) -> None:
        """Above 0 is a thumb up, below 0 down, 0 withdraws; a later vote replaces the former. `message` is a key, too."""
        ...

    async def votes(self, since: date) -> dict[str, tuple[int, int]]:
        """Entry id -> (thumbs up, thumbs down)."""
        ...

    # counts per kind, entry and day; kind is asked | answered | offered | declined | small_talk | chosen | refused (a base)
    async def count(self, more: Mapping[Counted, int]) -> None: ...
    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]: ...

    # what all copies have to know: one value of each kind for an owner, a chat's key or "" for the bot as a whole
    async def mark(self, owner: str, kind: str, value: str | None) -> bool:
        """Set it, or take it away (None); whether it was another before. Of several that do the same at once, one is told
        that it was. Raises StoreUnavailable."""
        ...

    async def marks(self, kind: str) -> dict[str, str]:
        """Owner -> value."""
        ...

    async def forget(self, asker: str) -> int | None:
        """Delete all that belongs to the asker (settings, questions, votes, marks, watches); the number of rows deleted, or
        None where that has to wait for the store, and is promised.

        A private chat has the key of its person (`identity.chat_key`), so its settings go as well.
        """
        ...


class Store(Inbox, Records, Protocol):
    """Both, and what concerns both."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...

    async def prune(self, now: datetime) -> int:
        """Delete what is older than 25 hours in journal and inbox, questions, votes and watches older than 90
        days, and counts older than 400; the number of rows deleted."""
        ...
