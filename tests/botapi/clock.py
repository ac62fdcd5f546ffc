"""The server's time, which tests can move forward. Sleeping and waiting take their own time all the same."""

from __future__ import annotations

import time


class Clock:
    """`ahead` is by how many seconds the server is ahead of this machine."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        """For spans."""
        return time.monotonic() + self.ahead

    def wall(self) -> float:
        """For dates: seconds since 1970."""
        return time.time() + self.ahead
