"""What is known of the update in hand, for the parts that do not see it: was anything sent, and when was it asked.

The gate keeps few updates at a time between "Telegram has the answer" and "the journal knows": a kill doubles those.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from contextvars import ContextVar

from bot import metrics

LATE = 600.0  # seconds
_ENOUGH = 20  # answers that tell how far Telegram is: where it takes 200 ms they have come after two seconds


class Gate:
    """At most `limit` holders at a time, in order of arrival; 0: no gate. Where Telegram is far, that would be less than
    `rate` a second: then it is as many as are on the way at that rate, reckoned from the quickest of the last answers,
    since the others have waited for something else. Of a few answers, the first of a start on a busy machine, even the quickest
    has: they tell nothing of the way. Who is inside for `stuck` seconds no longer counts."""

    def __init__(self, limit: int = 2, rate: float = 30.0, stuck: float = 2.0) -> None:
        self._least = limit
        self._rate = rate
        self._stuck = stuck
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._answers: deque[float] = deque(maxlen=50)

    @property
    def limit(self) -> int:
        way = min(self._answers) if len(self._answers) >= _ENOUGH else 0.0
        return max(self._least, math.ceil(self._rate * way))

    async def enter(self) -> Ticket:
        if self._least and self._inside >= self.limit:
            await self._queue()  # whoever leaves hands a place over
        else:
            self._inside += 1
        return Ticket(self, self._stuck)

    async def _queue(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            raise

    def answered(self, seconds: float) -> None:
        """What Telegram took to accept a message."""
        self._answers.append(seconds)

    def leave(self) -> None:
        self._inside -= 1
        while self._waiting and self._inside < self.limit:
            place = self._waiting.popleft()
            if not place.done():
                self._inside += 1
                place.set_result(None)


class Ticket:
    """One place within a gate. Leaving twice is leaving once."""

    def __init__(self, gate: Gate, stuck: float) -> None:
        self._gate: Gate | None = gate
        self._began = time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(stuck, self.leave)

    def answered(self) -> None:
        if self._gate is not None:
            self._gate.answered(time.monotonic() - self._began)

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

    def accepted(self) -> None:
        """Telegram has a message of this update."""
        if self._ticket is not None and not self.sent:
            self._ticket.answered()
            metrics.ANSWERING.observe(max(0.0, time.time() - self.asked))
        self.sent = True

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
