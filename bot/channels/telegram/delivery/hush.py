"""Quiet for all chats, for a moment, when it seems that Telegram wants it from the whole bot and not from single chats."""

from __future__ import annotations

import asyncio


class Hush:
    """Whether it is so cannot be known but by trying: every `probe` seconds one call is let through, the newest first,
    since a chat that has just come in was never told to be quiet. Its success ends the hush: whoever comes now goes at
    once, and those who waited go one every `drain` seconds, since they may be the ones who are to be quiet."""

    def __init__(self, probe: float = 1.0, drain: float = 0.05) -> None:
        self._probe = probe
        self._drain = drain
        self._until = 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def now(self) -> bool:
        return asyncio.get_running_loop().time() < self._until

    def begin(self, seconds: float) -> None:
        """Until `over`, or `seconds` have passed; one that is under way is not made longer."""
        if not self.now:
            self._until = asyncio.get_running_loop().time() + seconds
            self._arm()

    def over(self) -> None:
        if self.now:
            self._until = 0.0
            self._arm()

    async def wait(self) -> None:
        """Returns when it is over, or it is one's turn to try."""
        if self.now:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        left = self._until - loop.time()
        self._timer = loop.call_later(min(self._probe, left + 0.001) if left > 0 else self._drain, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._waiting = [turn for turn in self._waiting if not turn.done()]
        if self._waiting:
            self._waiting.pop().set_result(None)
        if self.now or self._waiting:
            self._arm()
