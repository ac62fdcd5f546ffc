"""How a text is written in YAML: in the style of what it replaces where that can hold it, else in quotes or as a block."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

Tree: TypeAlias = str | Sequence["Tree"] | Mapping[str, "Tree"]

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
STEP = 2  # columns by which what is inside stands further right
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "\x7f\x85\u2028\u2029\ufeff"}


def scalar(text: str, style: str | None, column: int, *, flow: bool = False) -> str:
    """`style` is PyYAML's: None (plain), `'`, `"`, `|` or `>`. `column` is where the lines of a block begin."""
    if style == "'" and "\n" not in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style is None and is_plain(text):
        return text
    if not flow and style in (None, "|", ">", '"') and (style == "|" or "\n" in text) and _fits_block(text):
        return _block(text, column)
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPED)


def is_plain(text: str) -> bool:
    """Whether it is the same text without quotes, to any reader of YAML, in a block as in brackets; or a date."""
    if _DATE.fullmatch(text):
        return True
    try:
        return text.isprintable() and yaml.safe_load(f"a: [{text}]") == {"a": [text]}
    except (yaml.YAMLError, ValueError):
        return False


def _fits_block(text: str) -> bool:
    lines = text.split("\n")
    whole = all(line.isprintable() for line in lines)
    return whole and bool(lines[0]) and not lines[0].startswith(" ") and not text.endswith(("\n\n", " "))


def _block(text: str, column: int) -> str:
    keep = "" if text.endswith("\n") else "-"
    lines = (" " * column + line if line else "" for line in text.removesuffix("\n").split("\n"))
    return "\n".join([f"|{keep}", *lines])


def lines_of(key: str, value: Tree, column: int) -> list[str]:
    """`key: value` as lines of block style; lists are dashes below the key."""
    start = " " * column + (key if is_plain(key) else json.dumps(key, ensure_ascii=False)) + ":"
    inner = column + STEP
    if isinstance(value, str):
        return f"{start} {scalar(value, _wished(value), inner)}".split("\n")
    if not value:
        return [f"{start} {'{}' if isinstance(value, Mapping) else '[]'}"]
    if isinstance(value, Mapping):
        return [start, *(line for inside, part in value.items() for line in lines_of(inside, part, inner))]
    return [start, *(line for item in value for line in item_lines(item, inner))]


def item_lines(item: Tree, column: int) -> list[str]:
    """An item of a list, its dash at the column."""
    if isinstance(item, Mapping):
        inside = [line for key, part in item.items() for line in lines_of(key, part, column + STEP)]
        return [" " * column + "- " + inside[0].lstrip(), *inside[1:]]
    assert isinstance(item, str)
    return (" " * column + "- " + scalar(item, '"', column + STEP)).split("\n")


def _wished(text: str) -> str | None:
    """Words that a machine reads stand plain, sentences in quotes."""
    return None if " " not in text and "\n" not in text else '"'
