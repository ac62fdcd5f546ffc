"""A base on trial: checked, fitted into the cache and kept, in a process of its own; nothing of it takes the time of those
who ask.

python -m bot.open.trial FOLDER CACHE STATE [encoded]     what that process runs: `{"digest": …, "problems": […]}` on stdout"""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from bot.errors import KnowledgeError
from bot.kb.listing import digest_of
from bot.kb.load import obstacles
from bot.open.cache import memory_of
from bot.open.child import ENCODED
from bot.open.last_good import LastGood

_NICE = 10  # the fit must not take the processor from those who ask


def main(folder: Path, cache: Path, state: Path, *, encoded: bool = False) -> str:
    """Fits and keeps it if nothing is wrong."""
    digest, problems = digest_of(folder), obstacles(folder, memory_of(cache))
    if not problems and digest:
        with suppress(OSError, AttributeError):
            os.nice(_NICE)
        _fit(folder, cache, encoded)
        with suppress(OSError, ValueError):  # it works without; who asked finds out by itself that it has changed
            LastGood(state).keep(folder, digest, datetime.datetime.now(datetime.UTC).date())
    found = [[one.file, one.line, one.rule, one.text] for one in problems]
    return json.dumps({"digest": digest, "problems": found})


def _fit(folder: Path, cache: Path, encoded: bool) -> None:
    from bot.open.base import open_service  # what is broken is told without waiting for numpy

    with suppress(KnowledgeError):  # it has just changed; who asked will find out and ask again
        open_service(folder, cache, encoded=encoded)


def _end_with_our_parent() -> None:
    """It holds the other end of stdin, and never writes."""
    os.read(sys.stdin.fileno(), 1)
    os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_our_parent, daemon=True).start()
    sys.stdout.write(main(*map(Path, sys.argv[1:4]), encoded=ENCODED in sys.argv[4:]))
