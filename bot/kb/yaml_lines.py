"""The lines of a YAML file at which the parser stumbled: where they begin, and whether they are keys, items or texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_KEY = re.compile(r"(?P<before>[ ]*(?:- +)*)(?P<key>[^\s\"'\[{#:][^:#]*):(?:[ \t]+(?P<value>\S.*)|[ \t]*)$")
_GLUED = re.compile(r"[ ]*(?:- +)*(?P<key>[A-Za-z0-9_/-]+):(?!//)[^\s:]")
_BLOCK = re.compile(r"(?::|-)[ \t]+[|>][-+]?[ \t]*$")


@dataclass(frozen=True, slots=True)
class Slip:
    """`line` and `column` from 1 on; column 0 where it says nothing."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Stumble:
    """The lines of a file, and what the parser says: its words, and its places from 0 on."""

    text: str
    lines: list[str]
    said: str
    line: int
    column: int
    began: int
    began_column: int
    loader: Any

    def at(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""

    def above(self, line: int) -> int:
        """The nearest line above that has something in it; -1 for none."""
        return next((one for one in range(line - 1, -1, -1) if _written(self.lines[one])), -1)


def _written(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def looks_like_yaml(line: str) -> bool:
    return bool(re.match(r"[ ]*(?:- |[\w/-]+:(?:\s|$))", line))


def colon(at: Stumble) -> Slip | None:
    """Two colons in a line, or one in a text that goes on: the second is taken for that of a key."""
    if "mapping values" not in at.said:
        return None
    line, above = at.at(at.line), at.above(at.line)
    hint = "a colon inside the text; put the whole text in quotes"
    if _KEY.match(line[: at.column] + " ") or re.match(r"[ ]*(?:- +)*[^\s:#\"'][^:]*:\s+\S", line[: at.column]):
        return Slip(at.line + 1, at.column + 1, hint)
    if (glued := _glued(at, above)) is not None:
        return glued
    key = line[: at.column].strip()
    up = _KEY.match(at.at(above))
    if not up and above >= 0 and _indent(at.at(above)) == _indent(line):
        return _no_colon(above, at.at(above))
    if up and _indent(line) > _indent(at.at(above)) and " " not in key:
        return _too_deep(at, at.line, above)
    return Slip(at.line + 1, at.column + 1, hint)


def _too_deep(at: Stumble, line: int, above: int) -> Slip:
    here, there = _indent(at.at(line)), _indent(at.at(above))
    text = f"{here} spaces at the beginning, but {there} in the line above; begin both at the same place; a text that goes on stands in quotes"
    return Slip(line + 1, here + 1, text)


def _glued(at: Stumble, line: int) -> Slip | None:
    found = _GLUED.match(at.at(line))
    if not found:
        return None
    return Slip(line + 1, found.end(), f'no space behind "{found["key"]}:"; write one')


def _no_colon(number: int, line: str) -> Slip:
    text = f'"{line.strip()[:30]}" has no colon; a key ends in one, and a text that goes on is indented deeper than its key'
    return Slip(number + 1, _indent(line) + 1, text)


def simple_key(at: Stumble) -> Slip | None:
    """A line that is no key, no item and no text that goes on."""
    if "find expected ':'" not in at.said:
        return None
    line, above = at.at(at.began), at.above(at.began)
    if (glued := _glued(at, at.began)) is not None:
        return glued
    if _BLOCK.search(at.at(above)):
        text = "the text below > or | must be indented deeper than the line with that sign"
        return Slip(at.began + 1, _indent(line) + 1, text)
    if at.at(above).lstrip().startswith("- ") and _indent(at.at(above)) <= _indent(line):
        return _no_dash(at.began, line)
    return _no_colon(at.began, line)


def _no_dash(number: int, line: str) -> Slip:
    return Slip(
        number + 1, _indent(line) + 1, "the line above begins with - and this one does not; each item begins with -"
    )


def indentation(at: Stumble) -> Slip | None:
    """A line that begins where no other does, or an item among keys."""
    line = at.at(at.line)
    if "expected" not in at.said or at.column != _indent(line):
        return None
    levels, above = list(_levels(at)), at.at(at.above(at.line))
    if line.lstrip().startswith("- ") and not looks_like_yaml(above) and _indent(above) == _indent(line):
        text = "this line does not begin with - and the one below does; each item begins with - "
        return Slip(at.above(at.line) + 1, _indent(above) + 1, text.rstrip())
    if line.lstrip().startswith("- ") and at.column in levels:
        text = "this line begins with - and the lines above do not; write - before each item, or before none"
        return Slip(at.line + 1, at.column + 1, text)
    if levels and at.column in levels:
        return None
    wanted = " or ".join(str(level) for level in levels) or "0"
    text = f"{at.column} spaces at the beginning; what belongs together begins at the same place, here after {wanted}"
    return Slip(at.line + 1, at.column + 1, text)


def _levels(at: Stumble) -> Iterator[int]:
    """Where the lines above begin that this one may stand under, the outermost first."""
    found: list[int] = []
    for line in filter(_written, at.lines[: at.line]):
        indent = _indent(line)
        while found and found[-1] > indent:
            found.pop()
        if (not found or found[-1] < indent) and looks_like_yaml(line):
            found.append(indent)
    yield from found
