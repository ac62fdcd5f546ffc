"""The text of one YAML file with some values changed or added, and every other byte as it was: comments, quotes, order.

What stands where is read from PyYAML's marks. A library that loads a file and writes it anew (ruamel.yaml) keeps comments
too, but sets lines and lists its own way: 4,460 lines of the shipped base would change with the first edit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from bot.errors import KnowledgeError
from bot.kb.yaml_text import LOADER
from bot.workbench.editing.scalars import STEP, Tree, item_lines, lines_of, scalar

Path = tuple[str | int, ...]
_COMMENT = re.compile(r"( *)#.*\n")


@dataclass(slots=True)
class Changes:
    """Changes of one text. All places are those of the text as it was read, so they may come in any order."""

    text: str
    _spans: list[tuple[int, int, str]] = field(default_factory=list)
    _added: dict[Path, dict[str, Tree]] = field(default_factory=dict)
    _root: yaml.Node | None = None

    def __post_init__(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"
        self._root = yaml.compose(self.text, Loader=LOADER)

    def put(self, path: Path, value: Tree) -> None:
        """Sets what stands at the path; what does not stand there yet is added behind its neighbours."""
        node, rest = self._way(path)
        if rest:
            self._add(path, rest, value)
        elif isinstance(value, str) and isinstance(node, yaml.ScalarNode):
            self._replace(node, value)
        elif isinstance(node, yaml.SequenceNode) and not isinstance(value, str | Mapping) and node.value:
            self._list(node, value)
        elif isinstance(node, yaml.SequenceNode) and not isinstance(value, str | Mapping) and self._in_flow(node):
            self._spans.append((node.start_mark.index, node.end_mark.index, _flow(value)))
        elif value and not isinstance(value, str) and node is not None and self._is_vacant(node, value):
            self._fill(path, node, _lines(value))
        else:
            self._anew(path, value)

    def lines(self, path: Path, lines: Sequence[str]) -> None:
        """Puts lines, written from column 0, at the end of the mapping at the path; comments may be among them."""
        node, rest = self._way(path)
        if node is not None and not rest and _is_empty(node) and not self._in_flow(node):
            self._fill(path, node, lines, opened=any(line and not line.startswith("#") for line in lines))
            return
        if rest or not (node is None or _is_block(node)):
            raise KnowledgeError(f"{' > '.join(map(str, path))} is no mapping of lines; write it so, one key a line.")
        column = node.value[0][0].start_mark.column if node is not None else 0
        place = self._behind(node, column) if node is not None else len(self.text)
        self._spans.append((place, place, "".join(" " * column * bool(line) + line + "\n" for line in lines)))

    def done(self) -> str:
        for path, added in self._added.items():
            self._add_keys(path, added)
        text = self.text
        for start, end, new in [one for _, one in sorted(enumerate(self._spans), key=_from_behind)]:
            text = text[:start] + new + text[end:]
        return text

    def _way(self, path: Path) -> tuple[yaml.Node | None, Path]:
        """The deepest node of the path, and what of the path is not there."""
        node = self._root
        for depth, step in enumerate(path):
            inside = _child(node, step)
            if inside is None:
                return node, path[depth:]
            node = inside
        return node, ()

    def _add(self, path: Path, rest: Path, value: Tree) -> None:
        home = path[: len(path) - len(rest)]
        inside = self._added.setdefault(home, {})
        for step in rest[:-1]:
            deeper = inside.setdefault(str(step), {})
            assert isinstance(deeper, dict), path
            inside = deeper
        inside[str(rest[-1])] = value

    def _replace(self, node: yaml.ScalarNode, value: str) -> None:
        if node.value == value and (node.style or value):
            return
        column = _indent(self.text, node.start_mark.index) + STEP
        gap = " " if node.start_mark.index and self.text[node.start_mark.index - 1] in ":-" else ""
        new = scalar(value, node.style or None, column, flow=self._in_flow(node))
        self._spans.append((node.start_mark.index, _end(node, self.text), gap + new))

    def _in_flow(self, node: yaml.Node) -> bool:
        """Whether brackets stand around it."""
        return any(
            one.flow_style and one.start_mark.index < node.start_mark.index < one.end_mark.index
            for one in _collections(self._root)
        )

    def _list(self, node: yaml.SequenceNode, value: Sequence[Tree]) -> None:
        old, new = [item.value for item in node.value], list(value)
        if not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            raise KnowledgeError("only lists of texts can be changed")
        for kind, first, last, begin, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            pairs = min(last - first, end - begin)
            for place in range(pairs):
                self._replace(node.value[first + place], str(new[begin + place]))
            if last - first > pairs:
                self._take(node, first + pairs, last)
            if end - begin > pairs:
                self._insert(node, first + pairs, [str(one) for one in new[begin + pairs : end]])

    def _take(self, node: yaml.SequenceNode, first: int, last: int) -> None:
        items = node.value
        if first == 0 and last == len(items):
            self._spans.append((node.start_mark.index, _end(node, self.text), "[]"))
        elif not node.flow_style:
            for item in items[first:last]:
                start = self.text.rindex("\n", 0, item.start_mark.index) + 1
                self._spans.append((start, self._line_after(_end(item, self.text)), ""))
        elif first:
            self._spans.append((_end(items[first - 1], self.text), _end(items[last - 1], self.text), ""))
        else:
            self._spans.append((items[0].start_mark.index, items[last].start_mark.index, ""))

    def _insert(self, node: yaml.SequenceNode, place: int, new: Sequence[str]) -> None:
        style = node.value[max(0, place - 1)].style or None
        if node.flow_style:
            texts = [scalar(one, style, 0, flow=True) for one in new]
            at = _end(node.value[place - 1], self.text) if place else node.value[0].start_mark.index
            self._spans.append((at, at, ", " + ", ".join(texts) if place else ", ".join(texts) + ", "))
            return
        first = node.value[0].start_mark.index
        column = self.text.rindex("-", 0, first) - (self.text.rfind("\n", 0, first) + 1)
        written = [" " * column + "- " + scalar(one, style, column + STEP) + "\n" for one in new]
        at = self._line_after(_end(node.value[place - 1], self.text)) if place else self._line_start(first)
        self._spans.append((at, at, "".join(written)))

    def _anew(self, path: Path, value: Tree) -> None:
        """Key and value, where one kind of value takes the place of another."""
        home, _ = self._way(path[:-1])
        assert isinstance(home, yaml.MappingNode), path
        key, old = next((key, old) for key, old in home.value if key.value == path[-1])
        if home.flow_style:
            raise KnowledgeError(f"{' > '.join(map(str, path))} stands in braces; write it on lines of its own first")
        lines = lines_of(key.value, value, key.start_mark.column)
        self._spans.append((key.start_mark.index, _end(old, self.text, key), "\n".join(lines).lstrip()))

    def _is_vacant(self, node: yaml.Node, value: Tree) -> bool:
        """Whether nothing stands there yet, and lines can stand below it."""
        kind = yaml.MappingNode if isinstance(value, Mapping) else yaml.SequenceNode
        nothing = isinstance(node, yaml.ScalarNode) and not node.style and node.tag == "tag:yaml.org,2002:null"
        return (nothing or (isinstance(node, kind) and not node.value)) and not self._in_flow(node)

    def _fill(self, path: Path, node: yaml.Node, lines: Sequence[str], *, opened: bool = True) -> None:
        """Lines below an empty value, whose brackets go where there is something among them; a comment behind it stays."""
        home, _ = self._way(path[:-1])
        column = next((key.start_mark.column for key, old in _pairs(home) if old is node), -STEP) + STEP
        if opened:
            start = len(self.text[: node.start_mark.index].rstrip(" "))
            self._spans.append((start, node.end_mark.index, ""))
        at = self._line_after(node.end_mark.index)
        self._spans.append((at, at, "".join(" " * column * bool(line) + line + "\n" for line in lines)))

    def _add_keys(self, path: Path, added: Mapping[str, Tree]) -> None:
        node, _ = self._way(path)
        if path and node is not None and self._is_vacant(node, added):
            self._fill(path, node, _lines(added))
        elif isinstance(node, yaml.MappingNode) and node.flow_style:
            at = node.end_mark.index - 1
            self._spans.append((at, at, (", " if node.value else "") + _flow(added)[1:-1]))
        elif isinstance(node, yaml.MappingNode):
            column = node.value[0][0].start_mark.column
            at = self._behind(node, column)
            lines = [line for key, value in added.items() for line in lines_of(key, value, column)]
            self._spans.append((at, at, "\n".join(lines) + "\n"))
        elif node is None or not path:  # a file of comments alone
            lines = [line for key, value in added.items() for line in lines_of(key, value, 0)]
            self._spans.append((len(self.text), len(self.text), "\n".join(lines) + "\n"))
        else:
            self._anew(path, added)

    def _behind(self, node: yaml.Node, column: int) -> int:
        """The end of a mapping of lines, with the comments that hang on it or on its last part."""
        place = self._line_after(_end(node, self.text))
        while found := _COMMENT.match(self.text, place):
            if len(found[1]) < column:
                break
            place = found.end()
        return place

    def _line_after(self, place: int) -> int:
        return self.text.index("\n", place) + 1

    def _line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1


def _from_behind(one: tuple[int, tuple[int, int, str]]) -> tuple[int, int]:
    """The last place first; of several at one place, the last that came first, so that they stand in their order."""
    return (-one[1][0], -one[0])


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and node.flow_style is True and not node.value


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _end(node: yaml.Node, text: str, key: yaml.Node | None = None) -> int:
    """Where its last sign stands: the marks of a block lie behind the comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        last, value = node.value[-1]
        return _end(value, text, last)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _end(node.value[-1], text)
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return node.start_mark.index + len(text[node.start_mark.index : end].rstrip())
    return end


def _collections(node: yaml.Node | None) -> list[yaml.CollectionNode]:
    found: list[yaml.CollectionNode] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, yaml.MappingNode):
            found.append(one)
            waiting += [value for _, value in one.value]
        elif isinstance(one, yaml.SequenceNode):
            found.append(one)
            waiting += one.value
    return found


def _indent(text: str, place: int) -> int:
    """The column at which the line of a place begins."""
    line = text[text.rfind("\n", 0, place) + 1 :]
    return len(line) - len(line.lstrip(" "))


def _lines(value: Tree) -> list[str]:
    """Of a list or a mapping, from column 0."""
    if isinstance(value, Mapping):
        return [line for key, part in value.items() for line in lines_of(key, part, 0)]
    return [line for item in value for line in item_lines(item, 0)]


def _flow(value: Tree) -> str:
    if isinstance(value, str):
        return scalar(value, None, 0, flow=True)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(_flow(part) for part in value) + "]"
