"""A new base for a bot that runs: tried in a process of its own, taken only if nothing is wrong with it."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from bot.errors import KnowledgeError
from bot.kb.listing import digest_of
from bot.kb.model import KnowledgeBase, Problem
from bot.open import child
from bot.open.base import open_service
from bot.open.last_good import LastGood
from bot.open.watch import changes, settled
from bot.service import Service

log = logging.getLogger(__name__)

# Seconds for the check of a base: the shipped one takes 30 on two cores. Without an end a check that hangs, as on a network
# disk that is away, would keep every later base from being looked at.
_PATIENCE = 1200.0
_ATTEMPTS = 3  # of a folder that changes while it is read
_LOGGED = 20  # problems that stand in the log
_NAMED = 5  # problems that stand in the report on readiness
# Seconds after which the thread that reads the new base gives way to those who ask; Python's own are 0.005.
_TURN = 0.0005
_LULL = 5.0  # seconds without a question after which the next one may take a moment, too
_MOST_OLD = 5  # bases that wait to be thrown away


class Holder(Protocol):
    """Whoever keeps the service that answers; it is exchanged while questions come in."""

    service: Service

    def idle(self) -> float:
        """For how many seconds nobody has asked."""
        ...


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of it: no problem and no failure means that the new base is in use.

    `failure` says why the base could not even be looked at: a line for the log, not for a reader. `kept` is the day of the
    last good base where that one has been answering since the start."""

    problems: tuple[Problem, ...] = ()
    failure: str = ""
    entries: int = 0
    phrases: int = 0
    kept: str = ""

    @property
    def good(self) -> bool:
        return not self.problems and not self.failure


Told = Callable[[Reloaded], Coroutine[Any, Any, None]]


class Reloader:
    """Reloads one folder into one holder; who asks while it is at it gets the result of the next round.

    `found` is what the start found, `seen` the digest of the folder by then."""

    def __init__(
        self,
        folder: Path,
        cache: Path,
        holder: Holder,
        caution: float,
        *,
        last_good: LastGood | None = None,
        found: Reloaded | None = None,
        seen: str | None = None,
        patience: float = _PATIENCE,
        encoded: bool = False,
    ) -> None:
        self._folder = folder
        self._cache = cache
        self._holder = holder
        self._caution = caution
        self._last_good = last_good or LastGood(cache.parent)
        self._seen = seen
        self._patience = patience
        self._encoded = encoded
        self._since = datetime.now(UTC)
        self._one_at_a_time = asyncio.Lock()
        self._old = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.found = found or Reloaded()

    async def reload(self, *, quiet: bool = False) -> Reloaded:
        """Wait until the folder is quiet, unless it is so already; check, fit, exchange. Never raises for what is wrong with
        the base; the old one then stays in use."""
        async with self._one_at_a_time:
            for attempt in range(_ATTEMPTS):
                if attempt or not quiet:
                    await settled(self._folder)
                found = await self._attempt()
                if found is not None:
                    return self._note(found)
            return self._note(_failed("The folder kept changing while it was read."))

    def start(self, told: Told, *, watch: bool = False) -> None:
        """From now on SIGHUP reloads, with `watch` every change of the folder, too; `told` hears what came of it. Call
        within the loop."""
        if not self.found.good:
            self._begin(told(self.found))
        if watch:
            self._begin(self._watch(told))
        with suppress(NotImplementedError, AttributeError):  # a system without SIGHUP
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: self._begin(self._tell(told)))

    async def keep(self) -> None:
        """The base in use is the last good one from now on, if nothing is wrong with it."""
        if not self.found.good:
            return
        today = datetime.now(UTC).date()
        try:
            await asyncio.to_thread(self._last_good.keep, self._folder, self._holder.service.base.digest, today)
        except (OSError, ValueError) as error:
            log.warning("The base cannot be kept for a restart (%s).", error)

    async def close(self) -> None:
        """Give up what is going on; SIGHUP means nothing to us any more, and does not end us either."""
        with suppress(NotImplementedError, AttributeError, ValueError):
            asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def note(self) -> dict[str, Any]:
        """For whoever asks whether we are ready: nothing, or since when and why the folder's base is not in use."""
        found = self.found
        if found.good:
            return {}
        shown = [str(one) for one in found.problems[:_NAMED]] or [found.failure]
        note: dict[str, Any] = {"since": self._since.isoformat(timespec="seconds"), "refused": shown}
        if more := len(found.problems) - _NAMED * bool(found.problems):
            note |= {"more": more} if more > 0 else {}
        return {"base": note | ({"in_use": f"the last good one, kept on {found.kept}"} if found.kept else {})}

    async def _tell(self, told: Told) -> None:
        await told(await self.reload())

    async def _watch(self, told: Told) -> None:
        """A change that leaves all as it was, or as it was refused, is none."""
        new = self._seen is None
        doubtful = not self.found.good  # what was refused by the rules of before may be taken by those of now
        async with aclosing(changes(self._folder)) as stirs:
            async for _ in stirs:
                await settled(self._folder)
                digest = await asyncio.to_thread(digest_of, self._folder)
                if new:
                    self._seen, new = digest, False
                if digest is None or digest != self._seen or doubtful:
                    doubtful = False
                    await told(self._back(digest) or await self.reload(quiet=True))

    def _back(self, digest: str | None) -> Reloaded | None:
        """What was in use before the folder was broken is so still."""
        base = self._holder.service.base
        if digest != base.digest or self.found.kept:
            return None
        self._seen = digest
        return self._note(Reloaded(entries=len(base.entries), phrases=_phrases(base)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A reload failed: %s", type(error).__name__, exc_info=error)

    async def _attempt(self) -> Reloaded | None:
        """None where the folder has changed between the check and the loading."""
        try:
            digest, problems = await self._tried()
        except (OSError, ValueError) as error:
            return _failed(f"The check of the base did not end well: {error}")
        self._seen = await asyncio.to_thread(digest_of, self._folder)
        if self._seen != digest:
            return None
        if problems:
            with suppress(OSError):
                await asyncio.to_thread(self._last_good.refuse, digest, problems)
            return Reloaded(tuple(problems))
        try:
            service = await asyncio.to_thread(self._built)
        except KnowledgeError:
            return None
        if service.base.digest != digest:
            return None
        self._holder.service = service
        self._begin(self._sweep())
        return Reloaded(entries=len(service.base.entries), phrases=_phrases(service.base))

    async def _tried(self) -> tuple[str | None, list[Problem]]:
        """The digest of what was looked at, and what is wrong with it. The process ends with us. ValueError where it does not
        say what it found, or not in time."""
        place = (self._folder, self._cache, self._last_good.place.parent)
        process = await child.started("bot.open.trial", *map(str, place), *([child.ENCODED] if self._encoded else []))
        assert process.stdout
        try:
            async with asyncio.timeout(self._patience):
                out = await process.stdout.read()
                await process.wait()
        except TimeoutError:
            raise ValueError(f"it takes more than {self._patience:g} s") from None
        finally:
            if process.returncode is None:  # with the processes that it has started
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        if process.returncode:
            raise ValueError(f"exit code {process.returncode}")
        report = json.loads(out)
        return report["digest"], [Problem(*problem) for problem in report["problems"]]

    def _built(self) -> Service:
        """Quick: the other process has left all of it in the cache. Those who ask meanwhile wait for no garbage to be
        looked for, now or later, and not for long until it is their turn."""
        turn = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        gc.disable()
        try:
            return open_service(self._folder, self._cache, self._caution, encoded=self._encoded)
        finally:
            gc.freeze()
            gc.enable()
            sys.setswitchinterval(turn)

    async def _sweep(self) -> None:
        """Throw old bases away when nobody asks, or when too many have gathered: all objects are looked at for that, which
        takes 0.1 s with the shipped base, and nothing else happens meanwhile."""
        self._old += 1
        if self._old > 1:
            return  # somebody waits for that moment already
        while self._holder.idle() < _LULL and self._old < _MOST_OLD:
            await asyncio.sleep(1)
        self._old = 0
        await asyncio.to_thread(_swept)

    def _note(self, found: Reloaded) -> Reloaded:
        """The log has each state once."""
        before = self.found
        self.found = found = found if found.good else replace(found, kept=before.kept)
        if found.good:
            log.info("The knowledge base in the folder is in use.")
        elif (found.problems, found.failure) != (before.problems, before.failure):
            self._since = datetime.now(UTC)
            complain(found)
        return found


def _swept() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def complain(found: Reloaded) -> None:
    """What is wrong with a base, in the log."""
    if found.failure:
        log.error("%s The base in use stays.", found.failure)
        return
    log.warning("The knowledge base has %d problem(s) and is not taken; the one in use stays.", len(found.problems))
    for problem in found.problems[:_LOGGED]:
        log.warning("%s", problem)
    if more := len(found.problems[_LOGGED:]):
        log.warning("And %d more: `reformbot check` lists them all.", more)


def _failed(reason: str) -> Reloaded:
    return Reloaded(failure=reason)


def _phrases(base: KnowledgeBase) -> int:
    texts = [text for entry in base.entries.values() for text in entry.texts.values()]
    return sum(len(text.phrases) + sum(len(gap.ask) for gap in text.gaps.values()) for text in texts)
