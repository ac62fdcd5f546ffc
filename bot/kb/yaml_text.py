"""One YAML file as plain values: every scalar stays text, every key and item knows its line. Reads no disk.

YAML's traps are refused rather than guessed at: repeated keys, anchors and aliases, tags, several documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from bot.kb.model import Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
MAX_NODES = 200_000

Value: TypeAlias = "str | Map | Items | None"
Path: TypeAlias = tuple[str | int, ...]
Cuts: TypeAlias = "dict[str | int, Cuts | None]"  # what goes: None as a whole, else parts of it

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Map(dict[str, Value]):
    """A mapping; `lines` holds the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Value]):
    """A list; `lines` holds the line of each item."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.lines: list[int] = []


def line_of(value: Value, path: tuple[str | int, ...]) -> int:
    """The line of the deepest part of `path` that exists."""
    line = value.line if isinstance(value, Map | Items) else 1
    for step in path:
        if isinstance(value, Map) and step in value:
            line, value = value.lines[str(step)], value[str(step)]
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            line, value = value.lines[step], value[step]
        else:
            break
    return line


def without(value: Value, paths: Iterable[Path]) -> Value:
    """A copy without the parts at these paths; the lines stay. All in one go: there may be thousands of them."""
    cuts: Cuts = {}
    for path in sorted(filter(None, paths), key=len):
        _mark(cuts, path)
    return _cut(value, cuts)


def _mark(cuts: Cuts, path: Path) -> None:
    *way, last = path
    for step in way:
        deeper = cuts.setdefault(step, {})
        if deeper is None:  # gone already, with all that is in it
            return
        cuts = deeper
    cuts[last] = None


def _cut(value: Value, cuts: Cuts) -> Value:
    if not cuts or not isinstance(value, Map | Items):
        return value
    if isinstance(value, Items):
        items = Items(value.line)
        items.lines = value.lines
        items.extend(_cut(item, cuts.get(place) or {}) for place, item in enumerate(value))
        return items
    copy = Map(value.line)
    copy.lines = value.lines
    copy.update((key, _cut(part, cuts.get(key) or {})) for key, part in value.items() if cuts.get(key, {}) is not None)
    return copy


def read_yaml(data: bytes, name: str, loader: Any = LOADER) -> tuple[Value, list[Problem]]:
    """The value of a file and its problems; the value is None where the file cannot be judged any further."""
    if len(data) > MAX_BYTES:
        return None, [Problem(name, 1, "too-large", f"more than {MAX_BYTES:,} bytes; split the file")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Problem(name, line, "not-text", "not UTF-8; save the file as UTF-8")]
    if found := _NOT_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return None, [Problem(name, line, "not-text", f"control character U+{ord(found[0]):04X}; take it out")]
    return _Reader(name, loader).read(text)


def line_of_event(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def line_of_error(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else 1


class _Stop(Exception):
    """The rest of the file is not worth reading."""


class _Reader:
    """Puts the parser's events together, without recursion."""

    def __init__(self, name: str, loader: Any) -> None:
        self._name = name
        self._loader = loader
        self._problems: list[Problem] = []
        self._root: Value = None
        self._stack: list[Map | Items] = []
        self._keys: list[str | None] = []
        self._nodes = 0
        self._documents = 0
        self._broken = False

    def read(self, text: str) -> tuple[Value, list[Problem]]:
        try:
            for event in self._events(text):
                self._take(event)
        except _Stop:
            self._broken = True
        return (None if self._broken else self._root), self._problems

    def _events(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=self._loader)
        except yaml.YAMLError as error:
            what = ", ".join(filter(None, (getattr(error, "context", ""), getattr(error, "problem", ""))))
            self._fail(line_of_error(error), "yaml-syntax", f"{what}; check quotes, colons and indentation here")

    def _problem(self, line: int, rule: str, text: str) -> None:
        self._problems.append(Problem(self._name, line, rule, text))

    def _fail(self, line: int, rule: str, text: str) -> None:
        self._problem(line, rule, text)
        self._broken = True

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, NodeEvent):
            self._node(event, line_of_event(event))
        elif isinstance(event, CollectionEndEvent):
            self._stack.pop()
            self._keys.pop()
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fail(line_of_event(event), "yaml-feature", "a second document (---); keep one in a file")
                raise _Stop

    def _node(self, event: NodeEvent, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._fail(line, "too-large", f"more than {MAX_NODES:,} values; split the file")
            raise _Stop
        if event.anchor is not None:
            self._anchor(event, line)
        if tag := getattr(event, "tag", None):
            self._fail(line, "yaml-feature", f"a tag ({tag}); write plain text")
        if isinstance(event, ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, SequenceStartEvent):
            self._open(Items(line), line)
        elif isinstance(event, MappingStartEvent):
            self._open(Map(line), line)
        else:
            self._add(None, line)

    def _anchor(self, event: NodeEvent, line: int) -> None:
        sign = "*" if isinstance(event, AliasEvent) else "&"
        self._fail(line, "yaml-feature", f"an anchor or alias ({sign}{event.anchor}); quote it or write it out")

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        text = self._text(str(event.value), line)
        plain = not event.style
        if self._awaits_key():
            self._key(text, line)
        else:
            self._add(None if plain and text in _NOTHING else text, line)

    def _text(self, text: str, line: int) -> str:
        """Without what YAML can write by its number: a terminal obeys it, and no reader sees it."""
        if found := _NOT_TEXT.search(text):
            self._problem(line, "not-text", f"control character U+{ord(found[0]):04X}; take it out")
            return _NOT_TEXT.sub("·", text)
        return text

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1], Map) and self._keys[-1] is None

    def _key(self, key: str, line: int) -> None:
        mapping = self._stack[-1]
        assert isinstance(mapping, Map)
        if not key:
            self._problem(line, "wrong-type", "an empty key; name it or take it out")
        if key in mapping:
            self._problem(line, "repeated-key", f'"{key}" stands at line {mapping.lines[key]} already; keep one')
        else:
            mapping.lines[key] = line
        self._keys[-1] = key

    def _open(self, value: Map | Items, line: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._fail(line, "too-large", f"nested more than {MAX_DEPTH} deep; the format needs far less")
            raise _Stop
        if self._awaits_key():
            self._fail(line, "wrong-type", "a list or mapping as a key; a key is one word")
            raise _Stop
        self._add(value, line)
        self._stack.append(value)
        self._keys.append(None)

    def _add(self, value: Value, line: int) -> None:
        """Puts a value in its place; of two with one key the first stays."""
        if not self._stack:
            self._root = value
            return
        parent = self._stack[-1]
        if isinstance(parent, Items):
            parent.append(value)
            parent.lines.append(line)
        elif self._keys[-1] is not None:
            parent.setdefault(self._keys[-1], value)
            self._keys[-1] = None
