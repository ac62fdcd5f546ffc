"""Counts what happens and writes the sums now and then, so that the journal never queues behind a crowd of counts."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from bot.store.base import Counted, Records, StoreError, utc_now

log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between two rounds of writing; a kill loses no more than this


class Tally:
    """What was counted since the last round."""

    def __init__(self, store: Records) -> None:
        self._store = store
        self._counted: Counter[Counted] = Counter()
        self._writing = asyncio.Lock()
        self._round: asyncio.Task[None] | None = None

    def add(self, kind: str, entry: str | None = None) -> None:
        """One more; call within the loop."""
        self._counted[kind, entry, utc_now().date()] += 1
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._soon())

    async def write(self) -> None:
        """Write all there is. What the store refuses is lost: a count is not worth a failure."""
        async with self._writing:
            counted, self._counted = self._counted, Counter()
            if not counted:
                return
            try:
                await self._store.count(counted)
            except StoreError as error:
                log.warning("Counting failed: %s", type(error).__name__)

    async def _soon(self) -> None:
        while self._counted:
            await asyncio.sleep(_PAUSE)
            await self.write()

    async def close(self) -> None:
        """Write what is left, and rest."""
        if self._round is not None:
            self._round.cancel()
        await self.write()
