"""The base at a start: that of the folder, or, where the folder is broken, the last good one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.kb.listing import digest_of
from bot.kb.load import obstacles
from bot.kb.model import Problem
from bot.match.learn.crew import Step
from bot.open.cache import memory_of
from bot.open.last_good import Kept, LastGood
from bot.open.learn import learned
from bot.open.reload import Reloaded, complain
from bot.service import Service

log = logging.getLogger(__name__)

Make = Callable[[Path, Path], Service]  # from the folder of a base and the cache that holds it


@dataclass(frozen=True, slots=True)
class Opened:
    """`found` is what is wrong with the folder where it is not its base that answers; `seen` is the folder's digest."""

    service: Service
    found: Reloaded
    seen: str | None


class Opening:
    """Opens a folder once. `make` reads what has been learned by then; `step` hears how far that is."""

    def __init__(
        self, folder: Path, cache: Path, last_good: LastGood, make: Make, step: Step, *, encoded: bool = False
    ) -> None:
        self._folder = folder
        self._cache = cache
        self._last_good = last_good
        self._make = make
        self._step = step
        self._encoded = encoded

    async def run(self, stop: asyncio.Event) -> Opened | None:
        """None if `stop` came first. KnowledgeError where the folder is broken and no good base is kept."""
        refused, kept = await asyncio.to_thread(self._refused), await asyncio.to_thread(self._last_good.find)
        if refused and kept:
            return await self._instead(kept, refused, stop)
        try:
            service = await self._open(self._folder, stop)
        except KnowledgeError as error:
            if kept is None:
                raise
            problems = tuple(await asyncio.to_thread(obstacles, self._folder, memory_of(self._cache)))
            return await self._instead(kept, problems, stop, error)
        return Opened(service, Reloaded(), service.base.digest) if service else None

    async def _instead(
        self, kept: Kept, problems: tuple[Problem, ...], stop: asyncio.Event, why: KnowledgeError | None = None
    ) -> Opened | None:
        try:
            service = await self._open(kept.folder, stop)
        except KnowledgeError as error:  # the kept one is of no use: all is as if there were none
            log.warning("The last good base cannot be used either: %s", error)
            if why is not None:
                raise why from None
            service = await self._open(self._folder, stop)
            return Opened(service, Reloaded(), service.base.digest) if service else None
        if service is None:
            return None
        found = Reloaded(problems, kept=kept.day)
        complain(found)
        log.warning("The last good base answers, kept on %s.", kept.day)
        return Opened(service, found, await asyncio.to_thread(digest_of, self._folder))

    async def _open(self, folder: Path, stop: asyncio.Event) -> Service | None:
        async with learned(folder, self._cache, self._step, stop, encoded=self._encoded) as cache:
            return None if cache is None else await asyncio.to_thread(self._make, folder, cache)

    def _refused(self) -> tuple[Problem, ...]:
        return self._last_good.refused(digest_of(self._folder))
