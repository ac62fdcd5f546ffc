"""Adds to the YAML of a base without touching what stands there: only new lines, comments and quotes as they were.

ruamel.yaml says where things stand, and afterwards whether the text holds what was there and what is new, and no more.
Pure: texts in, texts out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from bot.errors import ReformbotError

_STEP = 2  # spaces of an indent, in a file that has none yet


class EditError(ReformbotError):
    """A file in which there is no place for what is to be added."""


def with_items(text: str, path: Sequence[str], items: Sequence[str], name: str = "the file") -> str:
    """The text with items at the end of the list at `path`; keys that are missing are added, the list as well.

    EditError where something else stands there. An item that the list has already is not added again."""
    found = values(text, name)
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    new = [item for item in dict.fromkeys(items) if not (isinstance(found, list) and item in found)]
    if not new:
        return text
    root = _node(text, name)
    parent, left = _descend(root, list(path))
    into = partial(_with_key, left=left) if left else _appended
    changed = into(text, parent, items=new, path=path, name=name)
    wanted = _added(values(text, name), list(path), new)
    if values(changed, name) != wanted:
        raise EditError(f"{name}: {' > '.join(path)} cannot be added to by a program; write it yourself.")
    return changed


def with_entry(text: str, path: Sequence[str], lines: Sequence[str], name: str = "the file") -> str:
    """The text with a block of lines, indented from 0, at the end of the mapping at `path`."""
    parent, left = _descend(_node(text, name), list(path))
    if left or not isinstance(parent, MappingNode) or parent.flow_style:
        raise EditError(f"{name}: {' > '.join(path)} is no list of keys, one a line; write the entry yourself.")
    margin = " " * parent.value[0][0].start_mark.column
    changed = _after(text, _end_of(parent), [margin + line if line else line for line in lines])
    before, after = values(text, name), values(changed, name)
    for key in path:
        before, after = before[key], after[key]
    if {key: after.get(key) for key in before} != dict(before) or len(after) <= len(before):
        raise EditError(f"{name}: the entry cannot be added by a program; write it yourself.")
    return changed


def quoted(text: str) -> str:
    """JSON's quotes are YAML's too."""
    return json.dumps(text, ensure_ascii=False)


def _node(text: str, name: str) -> Node | None:
    try:
        found: Node | None = YAML().compose(text)
    except YAMLError as error:
        raise EditError(f"{name}: no YAML that can be read ({_first_line(error)}).") from None
    return found


def values(text: str, name: str) -> Any:
    """What the text holds; scalars are text, as the base reads them."""
    return _plain(_node(text, name)) or {}


def _plain(node: Node | None) -> Any:
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node is None else node.value


def _first_line(error: YAMLError) -> str:
    return " ".join(str(error).split())[:160]


def _added(values: Any, path: list[str], items: list[str]) -> Any:
    if not path:
        return [*(values or []), *items]
    rest = values.get(path[0]) if isinstance(values, Mapping) else None
    return {**(values if isinstance(values, Mapping) else {}), path[0]: _added(rest, path[1:], items)}


def _descend(node: Node | None, path: list[str]) -> tuple[Node | None, list[str]]:
    """The last node on the way, and the keys that are not there."""
    while path and isinstance(node, MappingNode):
        found = [value for key, value in node.value if key.value == path[0]]
        if not found:
            break
        node, path = found[0], path[1:]
    return node, path


def _appended(text: str, node: Node | None, items: list[str], path: Sequence[str], name: str) -> str:
    if not isinstance(node, SequenceNode):
        raise EditError(f"{name}: {' > '.join(path)} is no list; write it as one.")
    if node.flow_style:
        end = node.end_mark.index - 1  # the bracket
        before = text[:end].rstrip()
        joint = "" if before.endswith(("[", ",")) else ","
        added = ", ".join(map(quoted, items))
        return f"{before}{joint}{'' if before.endswith('[') else ' '}{added}{text[end:]}"
    margin = " " * node.start_mark.column
    return _after(text, _end_of(node), [f"{margin}- {quoted(item)}" for item in items])


def _with_key(text: str, node: Node | None, left: list[str], items: list[str], path: Sequence[str], name: str) -> str:
    if node is not None and not (isinstance(node, MappingNode) and not node.flow_style):
        raise EditError(f"{name}: {' > '.join(path)} has no place here; write it yourself.")
    margin = node.value[0][0].start_mark.column if isinstance(node, MappingNode) else 0
    lines = []
    for depth, key in enumerate(left):
        lines.append(" " * (margin + _STEP * depth) + f"{_key(key)}:")
    lines += [" " * (margin + _STEP * len(left)) + f"- {quoted(item)}" for item in items]
    return _after(text, _end_of(node) if node is not None else len(text), lines)


def _key(key: str) -> str:
    return key if all(part.isalnum() for part in key.replace("/", "-").split("-")) else quoted(key)


def _end_of(node: Node) -> int:
    """Where its last value ends: a block's own end lies behind the comments that follow it."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, MappingNode) else last
    return int(node.end_mark.index)


def _after(text: str, index: int, lines: Sequence[str]) -> str:
    """The lines behind the one in which the text's place `index` lies, or ends."""
    if index and text[index - 1] == "\n":  # a block scalar ends with its line
        head, tail = text[:index], text[index:]
    else:
        end = text.find("\n", index)
        end = len(text) if end < 0 else end + 1
        head, tail = text[:end], text[end:]
    if head and not head.endswith("\n"):
        head += "\n"
    return f"{head}{chr(10).join(lines)}\n{tail}"
