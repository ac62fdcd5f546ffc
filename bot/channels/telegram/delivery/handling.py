"""What is known of the update in hand, for the parts that do not see it: was anything sent, what went wrong.

The gate keeps few updates at a time between "Telegram has the answer" and "the journal knows": a kill doubles those.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextvars import ContextVar

LATE = 600.0  # seconds


class Gate:
    """At most `limit` holders at a time, in order of arrival. A holder counts for `grace` seconds and no longer: however
    slow Telegram and the journal are, `limit / grace` holders a second pass, 40, and Telegram takes 30. `limit` 0: no
    gate."""

    def __init__(self, limit: int = 2, grace: float = 0.05) -> None:
        self._limit = limit
        self._grace = grace
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> Ticket:
        if self._limit and self._inside >= self._limit:
            await self._queue()  # whoever leaves hands the place over
        else:
            self._inside += 1
        return Ticket(self, self._grace)

    async def _queue(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._inside -= 1


class Ticket:
    """One place within a gate. Leaving twice is leaving once."""

    def __init__(self, gate: Gate, grace: float) -> None:
        self._gate: Gate | None = gate
        self._timer = asyncio.get_running_loop().call_later(grace, self.leave)

    def leave(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            self._timer.cancel()
            gate.leave()


class Handling:
    """One update in hand, over all its tries. `sent`: something left for good that another try would send again.
    `message`: chat and message id, if it brought a message. `asked` is when, in seconds since 1970. `once` is for what
    must not happen anew with each try."""

    def __init__(
        self, update_id: int, gate: Gate, message: tuple[int, int] | None = None, asked: float | None = None
    ) -> None:
        self.update_id = update_id
        self.message = message
        self.asked = time.time() if asked is None else asked
        self.sent = False
        self.unsure = 0  # sends whose fate is not known
        self.error: Exception | None = None
        self.once: dict[str, object] = {}
        self._gate = gate
        self._ticket: Ticket | None = None

    @property
    def late(self) -> bool:
        """Whether the answer comes so late that it has to be said."""
        return time.time() - self.asked > LATE

    async def before_send(self) -> None:
        """Take a place within the gate; one is enough for all the messages of an update."""
        if self._ticket is None:
            self._ticket = await self._gate.enter()

    def send_failed(self) -> None:
        """Give the place back, unless an earlier message of this update keeps it."""
        if not self.sent:
            self.leave()

    def leave(self) -> None:
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.leave()


_current: ContextVar[Handling | None] = ContextVar("handling", default=None)


def current() -> Handling | None:
    """The update that this code runs for; None outside the intake."""
    return _current.get()


def is_late() -> bool:
    """Whether what is being answered was asked so long ago that it has to be said."""
    update = _current.get()
    return update is not None and update.late


def begin(handling: Handling) -> None:
    """From here on in this task: each update has a task of its own, so nothing has to be put back."""
    _current.set(handling)
