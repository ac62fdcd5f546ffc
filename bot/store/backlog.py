"""Writes that wait in memory for the store to come back, oldest first and not without end."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.store.base import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """A call on the store, and whom it is about."""

    call: Callable[[Store], Awaitable[object]]
    asker: str | None = None
    forgets: bool = False


class Backlog:
    """`forget` is no ordinary write: it is never dropped, comes first, and takes away what waits of its person."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._writes: deque[Write] = deque()
        self._forgotten: dict[str, None] = {}
        self._dropped = 0

    def __len__(self) -> int:
        return len(self._writes) + len(self._forgotten)

    def add(self, write: Write) -> None:
        if len(self._writes) >= self._size:
            if not self._dropped:
                log.warning("More than %d writes wait for the store: the oldest are dropped from now on.", self._size)
            self._dropped += 1
            self._writes.popleft()
        self._writes.append(write)

    def forget(self, asker: str) -> int:
        """The number of waiting writes that went at once."""
        kept = deque(write for write in self._writes if write.asker != asker)
        gone = len(self._writes) - len(kept)
        self._writes = kept
        self._forgotten[asker] = None
        return gone

    def next(self) -> Write | None:
        """The write to be done first; it stays until `done`, for it may fail."""
        asker = next(iter(self._forgotten), None)
        if asker is not None:
            return Write(lambda store: store.forget(asker), asker, forgets=True)
        return self._writes[0] if self._writes else None

    def done(self, write: Write) -> None:
        if write.forgets:
            self._forgotten.pop(str(write.asker), None)
        elif self._writes and self._writes[0] is write:
            self._writes.popleft()

    def take_dropped(self) -> int:
        """How many were dropped since this was last asked."""
        dropped, self._dropped = self._dropped, 0
        return dropped
