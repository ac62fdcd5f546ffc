"""Changes of a whole base: made to the side, judged there as `check` judges, then moved in, all or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.atomic import new_file
from bot.errors import KnowledgeError, UsageError
from bot.kb.lint.memory import Remembered
from bot.kb.load import check, read
from bot.kb.model import Problem
from bot.workbench.editing.file import DraftFile
from bot.workbench.editing.scalars import Tree
from bot.workbench.editing.yaml_text import Path as Place

# What a change in one language or file may leave to be done in another: the base works on, and `check` names it.
_LATER = {"untranslated", "gap-missing", "context-count", "figures-differ", "numbers-differ"}
_LATER |= {"refusals-differ", "voice-differs", "no-phrases", "gap-asks"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What `check` would say that it does not say today: with `broken` nothing is written, `open` is work left."""

    broken: tuple[Problem, ...]
    open: tuple[Problem, ...]


@dataclass
class Draft:
    """Changes of the base in a folder. KnowledgeError where it cannot be read as it is now."""

    folder: Path
    memory: Remembered | None = None
    files: dict[str, DraftFile] = field(default_factory=dict)
    primary: str = ""

    def __post_init__(self) -> None:
        self.memory = self.memory or Remembered()
        if not self.folder.is_dir():
            raise UsageError(f"{self.folder}: there is no such folder; reformbot init {self.folder} begins a base.")
        base, problems = read(self.folder, self.memory)
        if base is not None:
            self.primary = base.languages[0]
        else:
            raise KnowledgeError(
                "\n".join(
                    [f"The base in {self.folder} has to be put right first (reformbot check):", *map(str, problems)]
                )
            )

    def put(self, name: str, path: Place, value: Tree) -> None:
        """Sets a text, a list or a mapping in a file, which is made where it is not there."""
        self.file(name).put(path, value)

    def lines(self, name: str, path: Place, lines: Sequence[str]) -> None:
        """Adds lines of YAML, comments among them, to the mapping at the path."""
        self.file(name).lines(path, lines)

    def create(self, name: str, text: str) -> None:
        """A new file. It must not be there."""
        assert name not in self.files, name
        assert not (self.folder / name).exists(), name
        self.files[name] = DraftFile.of(text.encode(), name)
        self.files[name].before = None

    def begin_again(self) -> None:
        """Forgets all changes."""
        self.files.clear()
        for name in ("contents", "findings"):
            self.__dict__.pop(name, None)

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """The files that are other than they were."""
        done = {name: file.done() for name, file in self.files.items()}
        return {name: data for name, data in done.items() if data != self.files[name].before}

    @cached_property
    def findings(self) -> Findings:
        with tempfile.TemporaryDirectory(prefix="reformbot-") as side:
            copy = Path(side) / "base"
            shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns(".*"))
            for name, data in self.contents.items():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_bytes(data)
            _, broken = read(copy, self.memory)
            found = check(copy, memory=self.memory)
        before = {(one.file, one.rule, one.text) for one in check(self.folder, memory=self.memory)}
        new = [one for one in found if (one.file, one.rule, one.text) not in before]
        hard = {*broken, *(one for one in new if not one.warning and one.rule not in _LATER)}
        return Findings(tuple(one for one in new if one in hard), tuple(one for one in new if one not in hard))

    def write(self) -> list[str]:
        """Moves the files in, and gives their names. KnowledgeError, and no file changed, where that cannot be."""
        if self.findings.broken:
            raise KnowledgeError(
                "\n".join(["Nothing was written; put this right first:", *map(str, self.findings.broken)])
            )
        names = sorted(self.contents, key=self._order)
        for name in names:
            if _bytes(self.folder / name) != self.files[name].before:
                raise KnowledgeError(f"{self.folder / name} was changed meanwhile; nothing was written, try again.")
        written: list[str] = []
        try:
            for name in names:
                self._move(name, self.contents[name])
                written.append(name)
        except OSError as error:
            self._back(written)
            raise KnowledgeError(
                f"{self.folder / names[len(written)]}: {error.strerror}; nothing was changed."
            ) from None
        return names

    def _order(self, name: str) -> tuple[int, str]:
        """So that after each file the base can still be used: what others name comes before what names it."""
        if "/" not in name or name.startswith("languages/"):
            return 0, name
        return (3 if "/phrases/" in name else 1 if name.startswith(f"{self.primary}/") else 2), name

    def _move(self, name: str, data: bytes) -> None:
        path = self.folder / name
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with new_file(path) as file:
            file.write(data)
        path.chmod(mode)

    def _back(self, names: Sequence[str]) -> None:
        for name in reversed(names):
            before = self.files[name].before
            if before is None:
                (self.folder / name).unlink()
            else:
                self._move(name, before)

    def file(self, name: str) -> DraftFile:
        """As it is with the changes so far."""
        if name not in self.files:
            self.files[name] = DraftFile.of(_bytes(self.folder / name), name)
        return self.files[name]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
