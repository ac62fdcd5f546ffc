"""The files of a SQLite database: for the bot alone to read, and set aside where they are no sound database any more."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.atomic import closed_to_others, own_file, own_folder

ASIDE_KEPT = timedelta(days=7)  # for whoever wants to save something of it; nobody's /forget reaches in there

_PARTS = ("", "-wal", "-shm")
_STAMP = "%Y%m%dT%H%M%SZ"


def made_private(file: Path) -> None:
    """The folder is there, and nobody else reads the database, whatever the umask is or was. OSError where that cannot be."""
    own_folder(file.parent)
    with suppress(PermissionError):  # another's, who lets us write: its mode is theirs to choose
        own_file(file)  # what SQLite makes beside it has its mode
        for part in _PARTS[1:]:
            with suppress(FileNotFoundError):  # SQLite takes them away at any moment
                closed_to_others(Path(f"{file}{part}"))


def moved_aside(file: Path, now: datetime) -> Path:
    """Where the database is kept from now on."""
    aside = file.with_name(f"{file.name}.corrupt-{now:{_STAMP}}")
    for part in _PARTS:
        # Another copy of the bot may have moved it first; then its new file stands there already.
        with suppress(FileNotFoundError):
            os.rename(f"{file}{part}", f"{aside}{part}")
    return aside


def drop_asides(file: Path, now: datetime) -> None:
    """Those that were moved there too long ago."""
    before = f"{file.name}.corrupt-{now - ASIDE_KEPT:{_STAMP}}"
    for aside in file.parent.glob(f"{file.name}.corrupt-*"):
        if aside.name < before:
            with suppress(OSError):  # the next time may be better
                aside.unlink()
