"""The first fit, in a process of its own: whoever waits for it can do something else meanwhile, and end it at any moment.

python -m bot.open.learn FOLDER CACHE [encoded]     what that process runs: the share that is done on stdout, line by line
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path

from bot.errors import KnowledgeError, ReformbotError
from bot.match.learn.crew import Step
from bot.open import child
from bot.open.base import is_learned, open_service

log = logging.getLogger(__name__)


@asynccontextmanager
async def learned(
    folder: Path, cache: Path, step: Step, stop: asyncio.Event, *, encoded: bool = False
) -> AsyncIterator[Path | None]:
    """The cache that has all of the base in it: another one, for the time of this context, where the given one cannot be
    written. None if `stop` came first. Raises ReformbotError if the process fails; a base that is broken is for `warm`
    to complain of."""
    if await asyncio.to_thread(is_learned, folder, cache, encoded=encoded):
        yield cache
        return
    with _writable(cache) as place:
        yield place if await _learn(folder, place, step, stop, encoded) else None


async def _learn(folder: Path, cache: Path, step: Step, stop: asyncio.Event, encoded: bool) -> bool:
    """Whether it came to its end."""
    process = await child.started("bot.open.learn", str(folder), str(cache), *([child.ENCODED] if encoded else []))
    waiting = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(_follow(process, step))]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            log.info("Stopped while the knowledge base was being learned.")
            return False
    finally:
        for task in waiting:
            task.cancel()
        if process.returncode is None:
            with suppress(ProcessLookupError):  # with the processes that it has started
                os.killpg(process.pid, signal.SIGKILL)
        code = await process.wait()
    if code:
        why = "; -9 means mostly that memory ran out" if code == -signal.SIGKILL else ""
        raise ReformbotError(f"The knowledge base could not be learned: the process ended with code {code}{why}.")
    return True


async def _follow(process: asyncio.subprocess.Process, step: Step) -> None:
    assert process.stdout
    async for line in process.stdout:
        step(float(line))
    await process.wait()


@contextmanager
def _writable(cache: Path) -> Iterator[Path]:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
    except OSError as error:
        log.warning("Nothing can be kept in %s (%s); each start will learn anew.", cache, error.strerror)
        with tempfile.TemporaryDirectory(prefix="reformbot-") as elsewhere:
            yield Path(elsewhere)
    else:
        yield cache


def main(folder: Path, cache: Path, *, encoded: bool) -> None:
    threading.Thread(target=_end_with_our_parent, daemon=True).start()
    with suppress(KnowledgeError):  # who waits for us reads the base as well, and says what is wrong with it
        step = partial(print, flush=True)  # read by `_follow`
        open_service(folder, cache, step=step, encoded=encoded)


def _end_with_our_parent() -> None:
    """It holds the other end of stdin, and never writes."""
    os.read(sys.stdin.fileno(), 1)
    os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), encoded=child.ENCODED in sys.argv[3:])
