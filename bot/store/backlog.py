"""Writes that wait in memory for the store to come back, oldest first and not without end."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

from cachetools import LRUCache

from bot.store.base import Store
from bot.store.inbox import Copy, Later, Settled
from bot.store.promises import Promises

log = logging.getLogger(__name__)

TOGETHER = 500  # settled in one transaction: some 50 ms
_REMEMBERED = 10_000  # whom a write under way may concern


@dataclass(frozen=True, slots=True)
class Write:
    """A call on the store, and whom it is about."""

    call: Callable[[Store], Awaitable[object]]
    asker: str | None = None
    forgets: bool = False
    settles: Settling | None = None


@dataclass(frozen=True, slots=True)
class Settling:
    """A call of `Inbox.settle`. Many are one, and there are as many as there were answers."""

    me: Copy
    done: tuple[int, ...]
    later: tuple[Later, ...]
    lanes: frozenset[str]
    leave: frozenset[str]

    def __call__(self, store: Store) -> Awaitable[Settled]:
        return store.settle(self.me, done=self.done, later=self.later, lanes=self.lanes, leave=self.leave)

    def __add__(self, other: Settling) -> Settling:
        lanes, leave = self.lanes | other.lanes, self.leave | other.leave
        return Settling(self.me, self.done + other.done, self.later + other.later, lanes, leave)


class Backlog:
    """`forget` is no ordinary write: it is never dropped, comes first, takes away what waits of its person, and is promised
    beyond the end of the process."""

    def __init__(self, size: int, promises: Promises | None = None) -> None:
        self._size = size
        self._promises = promises or Promises()
        self._writes: deque[Write] = deque()
        self._forgotten: dict[str, None] = dict.fromkeys(self._promises.owed())
        self._forgot: LRUCache[str, int] = LRUCache(_REMEMBERED)  # asker -> how often, in this process
        self._dropped = 0
        self._joined = True  # what is to be settled, since the last was added

    def __len__(self) -> int:
        return len(self._writes) + len(self._forgotten)

    def add(self, write: Write) -> None:
        if len(self._writes) >= self._size:
            if not self._dropped:
                log.warning("More than %d writes wait for the store: the oldest are dropped from now on.", self._size)
            self._dropped += 1
            self._writes.popleft()
        self._writes.append(write)
        self._joined = False

    def forget(self, asker: str) -> int:
        """The number of waiting writes that went at once."""
        kept = deque(write for write in self._writes if write.asker != asker)
        gone = len(self._writes) - len(kept)
        self._writes = kept
        self._forgotten[asker] = None
        self._forgot[asker] = self.forgot(asker) + 1
        self._promises.write(self._forgotten)
        return gone

    def forgot(self, asker: str) -> int:
        """How often it was asked for: what began before and failed since is not to be written any more."""
        return int(self._forgot.get(asker, 0))

    @property
    def owed(self) -> int:
        """How many are to be forgotten."""
        return len(self._forgotten)

    def next(self) -> Write | None:
        """The write to be done first; it stays until `done`, for it may fail."""
        asker = next(iter(self._forgotten), None)
        if asker is not None:
            return Write(lambda store: store.forget(asker), asker, forgets=True)
        self._join()
        return self._writes[0] if self._writes else None

    def _join(self) -> None:
        """Of what is to be settled, up to `TOGETHER` into one, first of all."""
        if self._joined:
            return
        self._joined = True
        settling = [write for write in self._writes if write.settles is not None][:TOGETHER]
        if len(settling) < 2:
            return
        first = settling[0].settles
        joined = [write for write in settling if write.settles and first and write.settles.me == first.me]
        together = reduce(add, [write.settles for write in joined if write.settles])
        gone = {id(write) for write in joined}
        kept = [write for write in self._writes if id(write) not in gone]
        self._writes = deque([Write(together, settles=together), *kept])

    def done(self, write: Write) -> None:
        if write.forgets:
            self._forgotten.pop(str(write.asker), None)
            self._promises.write(self._forgotten)
        elif self._writes and self._writes[0] is write:
            self._writes.popleft()
            self._joined = self._joined and write.settles is None

    def take_dropped(self) -> int:
        """How many were dropped since this was last asked."""
        dropped, self._dropped = self._dropped, 0
        return dropped
