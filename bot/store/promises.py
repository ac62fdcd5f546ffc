"""Whom to forget as soon as the store is back: written down, so that a restart forgets nothing of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from pathlib import Path

from bot.atomic import new_file, own_folder

log = logging.getLogger(__name__)

FILE = "forget.pending"
_KEY = re.compile(r"[a-z]+-[0-9a-f]{32}")


class Promises:
    """Keys of people, one a line; the file is there only while one is owed. Without a path nothing is written down."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def owed(self) -> list[str]:
        """In the order in which they were given."""
        try:
            text = self._path.read_text(encoding="ascii", errors="replace") if self._path else ""
        except FileNotFoundError:
            return []
        except OSError as error:
            log.error("Whom to forget cannot be read in %s: %s", self._path, error.strerror)
            return []
        return [line for line in text.splitlines() if _KEY.fullmatch(line)]

    def write(self, owed: Collection[str]) -> None:
        """These, and no others."""
        if self._path is None:
            return
        try:
            if not owed:
                self._path.unlink(missing_ok=True)
                return
            own_folder(self._path.parent)
            with new_file(self._path) as file:
                file.write("".join(f"{one}\n" for one in owed).encode())
        except OSError as error:
            log.error("Whom to forget is not written down (%s): it is known until the bot stops.", error.strerror)
