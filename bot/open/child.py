"""A Python of our own beside this one: it imports what this one does, and nothing that lies in the working directory."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import bot

ENCODED = "encoded"  # the last word to a process that learns with a sentence encoder


def environment() -> dict[str, str]:
    """Ours, and whatever it starts in its turn is as safe: an empty part of PYTHONPATH would be the working directory."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join([str(Path(bot.__file__).parent.parent), *filter(None, given)])
    return os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


async def started(module: str, *given: str) -> asyncio.subprocess.Process:
    """Running, with pipes for what it is told and what it says, and a group of its own with all that it starts."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", module, *given, env=environment(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
