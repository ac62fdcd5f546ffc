"""The end of the process: what still goes on is cancelled, more than once if need be, and not waited for without end.

A task may outlive one cancellation, as of a driver that waits, shielded, for a thread that is gone; `asyncio.run` cancels once
and waits for ever."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)

_TRIES = 3
_PATIENCE = 1.0  # seconds after each cancellation


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do the work, then end all other tasks of the loop. The process ends here if some of them do not: all that may not be
    lost is written by then."""
    try:
        await work
    finally:
        stubborn = await _cancel_the_rest()
        if stubborn:
            log.error("The bot ends although this still goes on: %s", ", ".join(sorted(map(_name, stubborn))))
            logging.shutdown()
            os._exit(0 if sys.exc_info()[0] is None else 1)


async def _cancel_the_rest() -> set[asyncio.Task[Any]]:
    """Those that live on."""
    me = asyncio.current_task()
    for _ in range(_TRIES):
        rest = {task for task in asyncio.all_tasks() if task is not me}
        if not rest:
            break
        for task in rest:
            task.cancel()
        await asyncio.wait(rest, timeout=_PATIENCE)
    return {task for task in asyncio.all_tasks() if task is not me}


def _name(task: asyncio.Task[Any]) -> str:
    return getattr(task.get_coro(), "__qualname__", task.get_name())
