"""The queue of undelivered updates and long polling on it. Delivery to a webhook stands in `webhook`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from tests.botapi.clock import Clock
from tests.botapi.errors import ApiError
from tests.botapi.model import Delivery, JsonDict
from tests.botapi.queues import left_time, queue_of

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes of one getUpdates; each update counts 50 more than it has
LONGEST_POLL = 50.0
# The same offset again, so soon after the call before began: one update only; and a short poll is made a long one.
ONE_BY_ONE, HELD = 0.5, 3.0


@dataclass(slots=True)
class Pending:
    """An update not confirmed yet: `body` is its JSON, `lane` what must stay in order, `copies` of it go out,
    `expires` the date after which nobody gets it."""

    update_id: int
    body: bytes
    lane: object
    expires: float
    copies: int = 1


class Inbox:
    """Updates in order, each kept until it is confirmed or too old."""

    def __init__(self, changed: Callable[[], None], clock: Clock) -> None:
        """`changed` is told of each change of the queue."""
        self._changed = changed
        self.clock = clock
        self.pending: dict[int, Pending] = {}
        self.expired: list[int] = []
        self.allowed: list[str] = []
        self.deliveries: list[Delivery] = []
        self.webhook_active = False
        self.conflicts = 0
        self.closing = False
        self.copies: Callable[[], int] = lambda: 1
        self._poller: object = None
        self._event = asyncio.Event()
        self._last_offset: int | None = None
        self._last_began = 0.0

    def add(self, update_id: int, update: JsonDict) -> None:
        """Queue an update, unless the bot asked not to get its kind or it is too old by its own date."""
        kinds = {key: value for key, value in update.items() if key != "update_id"}
        if any(not self._wants(kind) for kind in kinds):
            return
        now = self.clock.wall()
        body, lane = json.dumps(update).encode(), queue_of(kinds)
        self.pending[update_id] = Pending(update_id, body, lane, now + left_time(kinds, now), self.copies())
        self.drop_expired()
        self.wake()

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def drop_expired(self) -> None:
        """Forget what has waited too long; `expired` keeps the ids."""
        now = self.clock.wall()
        for update_id in [pending.update_id for pending in self.pending.values() if pending.expires <= now]:
            self.drop(update_id)

    def drop(self, update_id: int) -> None:
        """Forget an update that nobody got in time."""
        if self.pending.pop(update_id, None):
            self.expired.append(update_id)

    def wake(self) -> None:
        """Let whoever waits look at the queue again."""
        self._event.set()
        self._event = asyncio.Event()
        self._changed()

    def next_wake(self) -> asyncio.Event:
        """Set at the next change of the queue; take it before looking at the queue."""
        return self._event

    def set_allowed(self, allowed: Iterable[str] | None) -> None:
        """None keeps the former setting, an empty list means the default."""
        if allowed is not None:
            self.allowed = list(allowed)

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            for update_id in list(self.pending)[:offset]:
                del self.pending[update_id]
        for update_id in [known for known in self.pending if known < offset]:
            del self.pending[update_id]

    async def poll(self, params: JsonDict, alive: Callable[[], bool]) -> list[bytes]:
        """The updates for one getUpdates; raises ApiError 409 if a newer poll or a webhook takes over."""
        if self.webhook_active:
            raise _conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                            "webhook first")  # fmt: skip
        mine = self._poller = object()
        self.wake()
        self.set_allowed(params.get("allowed_updates"))
        limit, timeout = self._paced(params)
        self.confirm(params.get("offset", 0))
        await self._arrival(mine, time.monotonic() + timeout, alive)
        if not alive():
            return []
        found = self._that_fit(islice(self.pending.values(), limit))
        return [body for pending in found for body in self._hand_out(pending)]

    def _paced(self, params: JsonDict) -> tuple[int, float]:
        """Limit and timeout of a poll, as Telegram sets them for one that repeats the offset of the call before."""
        limit, timeout = params.get("limit", 100), min(params.get("timeout", 0), LONGEST_POLL)
        offset, now = params.get("offset", 0), self.clock.monotonic()
        if offset == self._last_offset:
            since = now - self._last_began
            limit = 1 if since < ONE_BY_ONE else limit
            timeout = HELD if since < HELD and timeout < HELD else timeout
        self._last_offset, self._last_began = offset, now
        return limit, timeout

    async def _arrival(self, mine: object, deadline: float, alive: Callable[[], bool]) -> None:
        while self._nothing_to_give() and not self.closing and (left := deadline - time.monotonic()) > 0:
            event = self._event
            try:
                await asyncio.wait_for(event.wait(), left)
            except TimeoutError:
                return
            if self.webhook_active:
                raise _conflict("terminated by setWebhook request")
            if self._poller is not mine:
                self.conflicts += alive()
                raise _conflict("terminated by other getUpdates request; make sure that only one bot instance is "
                                "running")  # fmt: skip

    def _nothing_to_give(self) -> bool:
        self.drop_expired()
        return not self.pending

    def _that_fit(self, found: Iterable[Pending]) -> Iterable[Pending]:
        left = LARGEST_ANSWER
        for pending in found:
            left -= len(pending.body) + 50
            if left <= 0:
                return
            yield pending

    def _hand_out(self, pending: Pending) -> Iterable[bytes]:
        self.deliveries.append(Delivery(pending.update_id, 200, self.clock.monotonic()))
        yield from [pending.body] * pending.copies
        pending.copies = 1


def _conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")
