"""Quiet for all chats, for a moment, when it seems that Telegram wants it from the whole bot and not from single chats."""

from __future__ import annotations

import asyncio


class Hush:
    """Whether it is so cannot be known but by trying: `every` so many seconds one call is let through, the newest first,
    since a chat that has just come in was never told to be quiet. Its success ends the hush."""

    def __init__(self, every: float = 1.0) -> None:
        self._every = every
        self._until = 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def now(self) -> bool:
        return asyncio.get_running_loop().time() < self._until

    def begin(self, seconds: float) -> None:
        """Until all is over, or `seconds` have passed; a hush that is under way is not made longer."""
        if not self.now:
            self._until = asyncio.get_running_loop().time() + seconds
            self._arm()

    def over(self) -> None:
        """Everybody may go."""
        self._until = 0.0
        self._let_go(len(self._waiting))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def wait(self) -> None:
        """Returns when it is over, or it is one's turn to try."""
        if self.now:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn

    def _arm(self) -> None:
        loop = asyncio.get_running_loop()
        left = max(0.0, self._until - loop.time())
        self._timer = loop.call_later(min(self._every, left + 0.001), self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self.now:
            self._let_go(1)
            self._arm()
        else:
            self.over()

    def _let_go(self, number: int) -> None:
        while self._waiting and number:
            turn = self._waiting.pop()
            if not turn.done():
                turn.set_result(None)
                number -= 1
