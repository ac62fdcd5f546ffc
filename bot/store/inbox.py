"""Updates that wait to be handled, as one narrow contract. They come in lanes; a copy of the bot holds a lane or does not.

The journal of what was handled belongs to it: an update that comes again is never taken in twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Copy:
    """Who works here: `owner` is new for every process, `bot` is Telegram's id (update ids are per bot), `lease` the
    seconds for which a lane is held unless that is renewed."""

    bot: int
    owner: str
    lease: float = 5.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update to be handled: after all others of its lane with a smaller id, and not within the next `pause` seconds.

    `payload` is sealed; `asked` is when it was sent, in seconds since 1970; `tries` are those that failed.
    """

    update_id: int
    lane: str
    payload: bytes
    asked: float
    tries: int = 0
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Later:
    """An update that has to wait `pause` seconds after its failure number `tries`."""

    update_id: int
    tries: int
    pause: float


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of `put`: the ids that were new, the lanes that are ours, and what waits there that we did not know of."""

    fresh: frozenset[int]
    ours: frozenset[str]
    before: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of `settle`: what the one who settled has to do next in its lanes and did not know of, in order; and those
    of the lanes that it does not hold (any more)."""

    found: tuple[Waiting, ...] = ()
    lost: frozenset[str] = frozenset()


class Inbox(Protocol):
    """Times are those of the database's clock, so that the copies' own need not agree. Each update is known to be in the
    memory of one copy at most: the one that holds its lane is given what others have put there."""

    async def healthy(self) -> bool:
        """Whether a write goes through."""
        ...

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        """Take updates in, for good once this returns, and hold their lanes unless another copy does. `held` are those
        that we know we hold. One that is there already, or was handled, is not taken in again."""
        ...

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        """Hold lanes in which something waits and that nobody holds, those that wait longest first; all that waits
        in them, in order."""
        ...

    async def note(self, me: Copy, done: Collection[int]) -> None:
        """Write what was handled into the journal, and do nothing else: it waits for nobody. `settle` is to follow."""
        ...

    def note_at_once(self, me: Copy, done: Collection[int]) -> bool:
        """The same, if it needs no waiting at all; whether it was done. If not, `note` is to be called."""
        ...

    async def settle(
        self,
        me: Copy,
        *,
        done: Collection[int] = (),
        later: Collection[Later] = (),
        lanes: Collection[str] = (),
        leave: Collection[str] = (),
    ) -> Settled:
        """Take out what was handled, with a line in the journal; put off what has to wait, if its lane is still ours.
        `lanes` are those in which these stand. Those in `leave` are given up if nothing more waits in them; else they
        stay ours, and what waits there is given."""
        ...

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        """Hold lanes for another lease; those that are still ours."""
        ...

    async def let_go(self, me: Copy) -> None:
        """Give up all lanes, so that others may go on with them at once."""
        ...
