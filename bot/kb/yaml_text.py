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

from bot.characters import NOT_YAML
from bot.kb.model import Problem
from bot.kb.yaml_words import slip, wide_indent

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
MAX_NODES = 200_000

Value: TypeAlias = "str | Map | Items | None"
Path: TypeAlias = tuple[str | int, ...]
Cuts: TypeAlias = "dict[str | int, Cuts | None]"  # what goes: None as a whole, else parts of it

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what the parser counts as one
_HASH = re.compile(r"[ \t]+(#[^\s#][^\r\n]{0,20})")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Map(dict[str, Value]):
    """A mapping; `lines` and `columns` hold the place of each key."""

    __slots__ = ("columns", "line", "lines")

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.lines: dict[str, int] = {}
        self.columns: dict[str, int] = {}


class Items(list[Value]):
    """A list; `lines` and `columns` hold the place of each item."""

    __slots__ = ("columns", "line", "lines")

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.lines: list[int] = []
        self.columns: list[int] = []


def line_of(value: Value, path: tuple[str | int, ...]) -> int:
    """The line of the deepest part of `path` that exists."""
    return place_of(value, path)[0]


def place_of(value: Value, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column of the deepest part of `path` that exists; column 0 for a file as a whole."""
    line, column = (value.line if isinstance(value, Map | Items) else 1), 0
    for step in path:
        if isinstance(value, Map) and step in value:
            line, column, value = value.lines[str(step)], value.columns.get(str(step), 0), value[str(step)]
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            line, column, value = value.lines[step], value.columns[step] if value.columns else 0, value[step]
        else:
            break
    return line, column


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
        items.lines, items.columns = value.lines, value.columns
        items.extend(_cut(item, cuts.get(place) or {}) for place, item in enumerate(value))
        return items
    copy = Map(value.line)
    copy.lines, copy.columns = value.lines, value.columns
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
    if found := NOT_YAML.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return None, [Problem(name, line, "not-text", f"control character U+{ord(found[0]):04X}; take it out")]
    if wide := wide_indent(text):
        return None, [Problem(name, wide.line, "yaml-syntax", wide.text, column=wide.column)]
    return _Reader(name, loader).read(text)


def line_of_event(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def column_of_event(event: yaml.Event) -> int:
    return event.start_mark.column + 1 if event.start_mark else 0


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
        self._lines: list[str] = []

    def read(self, text: str) -> tuple[Value, list[Problem]]:
        self._lines = _LINE_END.split(text)
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
            found = slip(text, error, self._loader)
            self._fail(found.line, "yaml-syntax", found.text, found.column)

    def _problem(self, line: int, rule: str, text: str, column: int = 0, about: str = "") -> None:
        self._problems.append(Problem(self._name, line, rule, text, column=column, about=about))

    def _fail(self, line: int, rule: str, text: str, column: int = 0) -> None:
        self._problem(line, rule, text, column)
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
            self._open(Items(line), line, column_of_event(event))
        elif isinstance(event, MappingStartEvent):
            self._open(Map(line), line, column_of_event(event))
        else:
            self._add(None, line, column_of_event(event))

    def _anchor(self, event: NodeEvent, line: int) -> None:
        sign = "*" if isinstance(event, AliasEvent) else "&"
        self._fail(line, "yaml-feature", f"an anchor or alias ({sign}{event.anchor}); quote it or write it out")

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        text, column = self._text(str(event.value), line), column_of_event(event)
        plain = not event.style
        if self._awaits_key():
            self._key(text, line, column)
            return
        if plain and text and event.end_mark:
            self._cut_off(text, event.end_mark)
        self._add(None if plain and text in _NOTHING else text, line, column)

    def _cut_off(self, text: str, end: Any) -> None:
        """A # behind a space begins a comment: whoever wrote one right before a word meant it as text."""
        found = _HASH.match(self._lines[end.line][end.column :]) if end.line < len(self._lines) else None
        if found:
            hint = f'the text ends before "{found[1]}", for a # behind a space begins a comment; put the text in quotes'
            self._problems.append(
                Problem(self._name, end.line + 1, "text-cut-off", hint, warning=True, column=end.column + 2)
            )

    def _text(self, text: str, line: int) -> str:
        """Without what YAML can write by its number: a terminal obeys it, and no reader sees it."""
        if found := NOT_YAML.search(text):
            self._problem(line, "not-text", f"control character U+{ord(found[0]):04X}; take it out")
            return NOT_YAML.sub("·", text)
        return text

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1], Map) and self._keys[-1] is None

    def _key(self, key: str, line: int, column: int) -> None:
        mapping = self._stack[-1]
        assert isinstance(mapping, Map)
        if not key:
            self._problem(line, "wrong-type", "an empty key; name it or take it out", column)
        if key in mapping:
            first = mapping.lines[key]
            text = f'"{key}" stands at line {first} already; keep one'
            self._problem(line, "repeated-key", text, column, f"line:{first}")
        else:
            mapping.lines[key], mapping.columns[key] = line, column
        self._keys[-1] = key

    def _open(self, value: Map | Items, line: int, column: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._fail(line, "too-large", f"nested more than {MAX_DEPTH} deep; the format needs far less")
            raise _Stop
        if self._awaits_key():
            self._fail(line, "wrong-type", "a list or mapping as a key; a key is one word")
            raise _Stop
        self._add(value, line, column)
        self._stack.append(value)
        self._keys.append(None)

    def _add(self, value: Value, line: int, column: int) -> None:
        """Puts a value in its place; of two with one key the first stays."""
        if not self._stack:
            self._root = value
            return
        parent = self._stack[-1]
        if isinstance(parent, Items):
            parent.append(value)
            parent.lines.append(line)
            parent.columns.append(column)
        elif self._keys[-1] is not None:
            parent.setdefault(self._keys[-1], value)
            self._keys[-1] = None
