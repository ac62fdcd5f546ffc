"""When a folder changes, and when it is quiet again: whatever an editor, git or a link that is turned does to it.

What watchfiles hears is a reason to look; what has changed is told by looking. So nothing is missed that the system does not
tell: a folder that goes and comes back, one that a link puts in its place, a disk that others write to."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import awatch

log = logging.getLogger(__name__)

# Seconds in which nothing happens before the folder counts as complete. Editors that write another file and rename it need
# some milliseconds; a checkout of the shipped base's 81 files took 0.3 s, with 52 ms at most between two of them, on a machine
# with six processes a processor.
QUIET = 0.3
LOOK = 1.0  # seconds between two looks where nothing was heard; one costs a millisecond
_LONGEST = 10.0  # seconds after which a folder that is never quiet is taken as it is
_STEP = 50  # ms in which what is heard is gathered
_DEPTH = 4  # of folders; links may lead round in circles

Seen = frozenset[tuple[str, int, int, int]]  # path, inode, time of the last change, size


def look(folder: Path) -> Seen | None:
    """What tells one state of the folder from another, hidden names left out; None where it is gone."""
    try:
        return frozenset(_files(folder, "", _DEPTH))
    except OSError:
        return None


async def settled(folder: Path, quiet: float = QUIET) -> None:
    """Returns once nothing has changed for `quiet` seconds, or after ten seconds of changes."""
    waited, seen = 0.0, await asyncio.to_thread(look, folder)
    while waited < _LONGEST:
        await asyncio.sleep(quiet)
        waited += quiet
        before, seen = seen, await asyncio.to_thread(look, folder)
        if seen == before:
            return


async def changes(folder: Path, every: float = LOOK) -> AsyncGenerator[None, None]:
    """Yields at once, and after each change, for ever. Whoever gets it waits with `settled` before reading."""
    stirred, seen = asyncio.Event(), await asyncio.to_thread(look, folder)
    ear = asyncio.create_task(_listen(folder, stirred, every))
    try:
        yield
        while True:
            with suppress(TimeoutError):  # `wait_for` would lose a cancellation that comes together with the event
                async with asyncio.timeout(every):
                    await stirred.wait()
            stirred.clear()
            before, seen = seen, await asyncio.to_thread(look, folder)
            if seen != before:
                yield
    finally:
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)


async def _listen(folder: Path, stirred: asyncio.Event, every: float) -> None:
    """Sets the event at whatever the system tells; begins anew when another folder has taken this one's place."""
    said = False
    while True:
        try:
            where = _identity(folder)
            heard = awatch(
                folder, watch_filter=None, debounce=4 * _STEP, step=_STEP, rust_timeout=int(every * 1000),
                yield_on_timeout=True, ignore_permission_denied=True,
            )  # fmt: skip
            async with aclosing(heard):
                async for _ in heard:
                    stirred.set()
                    if _identity(folder) != where:
                        break
        except FileNotFoundError:
            pass  # it may come back
        except (OSError, RuntimeError) as error:
            if not said:
                log.warning("The system does not tell of changes in %s (%s); it is looked at instead.", folder, error)
            said = True
        await asyncio.sleep(every)


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _files(folder: Path, inside: str, depth: int) -> Iterator[tuple[str, int, int, int]]:
    with os.scandir(folder / inside) as items:
        found = [item for item in items if not item.name.startswith(".")]
    for item in found:
        name = f"{inside}/{item.name}".lstrip("/")
        try:
            state, nested = item.stat(), item.is_dir()
        except OSError:  # gone by now, or a link that leads nowhere
            yield name, 0, 0, 0
            continue
        if not nested:
            # ctime sees what mtime does not: other rights, another file with an old date.
            yield name, state.st_ino, state.st_ctime_ns, state.st_size
            continue
        yield name, state.st_ino, 0, 0  # its own times change with hidden files, too
        if depth:
            with suppress(OSError):
                yield from _files(folder, name, depth - 1)
