"""A new base for a bot that runs: checked and fitted in a process of its own, taken only if nothing is wrong with it.

python -m bot.open.reload FOLDER CACHE     what that process runs: `{"digest": …, "problems": […]}` on stdout
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.errors import KnowledgeError
from bot.kb.listing import digest_of
from bot.kb.load import check
from bot.kb.model import KnowledgeBase, Problem
from bot.open.base import open_service
from bot.service import Service

log = logging.getLogger(__name__)

_NICE = 10  # the fit must not take the processor from those who ask
_ATTEMPTS = 3  # of a folder that changes while it is read


class Holder(Protocol):
    """Whoever keeps the service that answers; it is exchanged while questions come in."""

    service: Service


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of it: no problem and no failure means that the new base is in use.

    `failure` says why the base could not even be looked at: a line for the log, not for a reader."""

    problems: tuple[Problem, ...] = ()
    failure: str = ""
    entries: int = 0
    phrases: int = 0

    @property
    def good(self) -> bool:
        return not self.problems and not self.failure


Told = Callable[[Reloaded], Awaitable[None]]


class Reloader:
    """Reloads one folder into one holder; who asks while it is at it gets the result of the next round."""

    def __init__(self, folder: Path, cache: Path, holder: Holder, caution: float) -> None:
        self._folder = folder
        self._cache = cache
        self._holder = holder
        self._caution = caution
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def reload(self) -> Reloaded:
        """Check, fit, exchange. Never raises for what is wrong with the base; the old one then stays in use."""
        async with self._one_at_a_time:
            for _ in range(_ATTEMPTS):
                found = await self._attempt()
                if found is not None:
                    return found
        return Reloaded(failure="The folder kept changing while it was read.")

    def on_hangup(self, told: Told) -> None:
        """From now on SIGHUP reloads, and `told` hears what came of it. Call within the loop."""

        async def work() -> None:
            await told(await self.reload())

        def start() -> None:
            task = asyncio.get_running_loop().create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._ended)

        with suppress(NotImplementedError, AttributeError):  # a system without SIGHUP
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, start)

    async def close(self) -> None:
        """Give up what is going on; SIGHUP means nothing to us any more, and does not end us either."""
        with suppress(NotImplementedError, AttributeError, ValueError):
            asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A reload failed: %s", type(error).__name__, exc_info=error)

    async def _attempt(self) -> Reloaded | None:
        """None where the folder has changed between the check and the loading."""
        try:
            digest, problems = await _checked(self._folder, self._cache)
        except (OSError, ValueError) as error:
            return _failed(f"The check of the base did not end well: {error}")
        if problems:
            log.warning("The knowledge base has %d problems and was not reloaded.", len(problems))
            return Reloaded(tuple(problems))
        try:
            service = await asyncio.to_thread(self._built)
        except KnowledgeError:
            return None
        if service.base.digest != digest:
            return None
        self._holder.service = service
        log.info("The knowledge base was reloaded.")
        return Reloaded(entries=len(service.base.entries), phrases=_phrases(service.base))

    def _built(self) -> Service:
        """Quick: the other process has left all of it in the cache."""
        return open_service(self._folder, self._cache, self._caution)


def _failed(reason: str) -> Reloaded:
    log.error("%s", reason)
    return Reloaded(failure=reason)


def _phrases(base: KnowledgeBase) -> int:
    texts = [text for entry in base.entries.values() for text in entry.texts.values()]
    return sum(len(text.phrases) + sum(len(gap.ask) for gap in text.gaps.values()) for text in texts)


async def _checked(folder: Path, cache: Path) -> tuple[str | None, list[Problem]]:
    """Run `main` in a process of its own, which ends with us. ValueError where it does not say what it found."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.open.reload", str(folder), str(cache),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:  # with the processes that it has started
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise ValueError(f"exit code {process.returncode}")
    report = json.loads(out)
    return report["digest"], [Problem(*problem) for problem in report["problems"]]


def main(folder: Path, cache: Path) -> str:
    """Check, and fit into the cache if nothing is wrong."""
    digest, problems = digest_of(folder), [one for one in check(folder) if not one.warning]
    if not problems:
        with suppress(KnowledgeError):  # it has just changed; who asked will find out and ask again
            open_service(folder, cache)
    found = [[one.file, one.line, one.rule, one.text] for one in problems]
    return json.dumps({"digest": digest, "problems": found})


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    sys.stdout.write(main(Path(sys.argv[1]), Path(sys.argv[2])))
