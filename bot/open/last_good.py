"""The last good base, kept in the state folder: a copy of its files, for a restart that finds the folder broken.

last-good/kept.json       which copy it is: digest, day
last-good/<digest>/       the files
last-good/refused.json    the content of the folder that was refused last, and why"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from bot.atomic import new_file, new_folder
from bot.kb.listing import digest_of
from bot.kb.model import Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """`day` is when it was kept (YYYY-MM-DD)."""

    folder: Path
    day: str
    digest: str


class LastGood:
    """Finds and keeps. What cannot be read counts as not there."""

    def __init__(self, state_dir: Path) -> None:
        self.place = state_dir / "last-good"

    def find(self) -> Kept | None:
        found = self._read("kept.json")
        try:
            kept = Kept(self.place / found["folder"], str(found["day"]), str(found["digest"]))
        except (LookupError, TypeError):
            return None
        return kept if kept.folder.is_dir() else None

    def keep(self, folder: Path, digest: str, day: datetime.date) -> None:
        """A copy of the folder in place of the one before; nothing where it is kept already. OSError where it cannot be
        written, ValueError where the folder has another content by now."""
        known = self.find()
        if known is None or known.digest != digest:
            name = digest[:16]
            with new_folder(self.place / name) as draft:
                shutil.copytree(folder, draft, ignore=_hidden, dirs_exist_ok=True)
                if digest_of(draft) != digest:
                    raise ValueError("the folder has changed meanwhile")
            self._write("kept.json", {"folder": name, "day": day.isoformat(), "digest": digest})
            self._tidy(name)
        (self.place / "refused.json").unlink(missing_ok=True)

    def refuse(self, digest: str | None, problems: Sequence[Problem]) -> None:
        """Remembers that this content was refused, so that a restart does not take what a reload did not."""
        self._write("refused.json", {"digest": digest, "problems": [astuple(one) for one in problems]})

    def refused(self, digest: str | None) -> tuple[Problem, ...]:
        """Why this content was refused; empty where it was not."""
        found = self._read("refused.json")
        try:
            return tuple(Problem(*one) for one in found["problems"]) if digest and found["digest"] == digest else ()
        except (LookupError, TypeError):
            return ()

    def _tidy(self, name: str) -> None:
        for old in self.place.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    def _read(self, name: str) -> Any:
        try:
            return json.loads((self.place / name).read_bytes())
        except (OSError, ValueError):
            return {}

    def _write(self, name: str, content: Any) -> None:
        with new_file(self.place / name) as file:
            file.write(json.dumps(content, ensure_ascii=False).encode())


def _hidden(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".")]
