"""A base's file over the pack's of the same kind: what the base writes takes the place of what the pack says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.kb.model import Problem
from bot.kb.source_file import File
from bot.kb.yaml_text import Items, Map, Value

MORE = "more"  # the key of a group under which phrases are added to the pack's
_FORMS = ("doubted", "again")  # keys of other forms of `say`: who says it anew does not get those of the pack


@dataclass(frozen=True, slots=True)
class Layered(File[Any]):
    """Both as one. A problem stands where its part was written: in the base's file, or else in the pack's."""

    over: File[Any]
    under: File[Any]

    def line(self, *path: str | int) -> int:
        return self._home(path).line(*path)

    def place(self, *path: str | int) -> str:
        return self._home(path).place(*path)

    def shipped(self, *path: str | int) -> bool:
        return self._home(path).shipped(*path)

    def shipped_items(self, size: int, *path: str | int) -> list[bool]:
        if all(_depth(file.raw, path) == len(path) for file in (self.over, self.under)):
            return [self.shipped(*path, place) for place in range(size)]
        return [self.shipped(*path)] * size  # where one of both has no such list, all of it is the other's

    def problem(self, rule: str, text: str, *path: str | int, about: str = "") -> Problem:
        return self._home(path).problem(rule, text, *path, about=about)

    def _home(self, path: tuple[str | int, ...]) -> File[Any]:
        return self.under if _depth(self.over.raw, path) < _depth(self.under.raw, path) else self.over


def merged(under: Value, over: Value) -> Value:
    """Mappings are merged key by key; `null` takes a key out, and all else is replaced, `say` with its other forms."""
    if not isinstance(under, Map) or not isinstance(over, Map):
        return over
    found = Map(over.line)
    for key, (value, line) in _pairs(under, over):
        found[key], found.lines[key] = value, line
        found.columns[key] = (over if key in over else under).columns.get(key, 0)
    if isinstance(under.get("phrases"), Items) and isinstance(over.get(MORE), Items) and "phrases" not in over:
        found["phrases"] = _joined(under["phrases"], found.pop(MORE))
    return found


def _pairs(under: Map, over: Map) -> Iterator[tuple[str, tuple[Value, int]]]:
    for key, value in under.items():
        if key not in over and not (key in _FORMS and "say" in over):
            yield key, (value, under.lines[key])
        elif over.get(key) is not None:
            yield key, (merged(value, over[key]), over.lines[key])
    for key, value in over.items():
        if key not in under:
            yield key, (value, over.lines[key])


def _joined(first: Any, second: Any) -> Items:
    both = Items(first.line)
    both.extend([*first, *second])
    both.lines = [*first.lines, *second.lines]
    both.columns = [*first.columns, *second.columns]
    return both


def _depth(value: Value, path: tuple[str | int, ...]) -> int:
    """How many steps of the path exist."""
    for depth, step in enumerate(path):
        if isinstance(value, Map) and step in value:
            value = value[str(step)]
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return depth
    return len(path)
