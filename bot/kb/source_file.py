"""A file of the base that could be read: typed content that still knows its lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from bot.kb.model import Problem
from bot.kb.yaml_text import Value, line_of, place_of

PACKS = "bot/"  # how the names of files begin that are the program's own
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class File(Generic[T_co]):
    """`name` is its path inside the folder, `raw` everything that stands in it."""

    name: str
    raw: Value
    content: T_co

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    def line(self, *path: str | int) -> int:
        return line_of(self.raw, path)

    def place(self, *path: str | int) -> str:
        return f"{self.name}:{self.line(*path)}"

    def shipped(self, *path: str | int) -> bool:
        """Whether what is at `path` stands in a pack of the program's, where whoever writes a base cannot mend it."""
        return self.name.startswith(PACKS)

    def shipped_items(self, size: int, *path: str | int) -> list[bool]:
        """The same for each of the items of the list at `path`."""
        return [self.shipped(*path)] * size

    def problem(self, rule: str, text: str, *path: str | int, about: str = "") -> Problem:
        """A problem at `path` (keys and places, from the top of the file)."""
        line, column = place_of(self.raw, path)
        return Problem(self.name, line, rule, text, column=column, about=about)

    def warning(self, rule: str, text: str, *path: str | int, about: str = "") -> Problem:
        """The same for what keeps nothing from working."""
        return replace(self.problem(rule, text, *path, about=about), warning=True)
