"""One file of a base, changed: its text, and what that is to say afterwards. Pure: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import KnowledgeError
from bot.kb.yaml_text import Items, Map, Value, read_yaml
from bot.workbench.editing.scalars import Tree
from bot.workbench.editing.yaml_text import Changes, Path

_BOM = "\ufeff"


@dataclass(slots=True)
class DraftFile:
    """A text as it is read, what it began with (None: no file), what is changed in it, and what it then holds."""

    name: str
    before: bytes | None
    changes: Changes
    expected: Any
    windows: bool = False
    marked: bool = False

    @classmethod
    def of(cls, data: bytes | None, name: str) -> DraftFile:
        """KnowledgeError for a file that cannot be read: nobody knows then what a change of it would do."""
        value, problems = read_yaml(data or b"", name)
        if broken := [str(one) for one in problems if not one.warning]:
            raise KnowledgeError("\n".join([f"{name} has to be put right first:", *broken]))
        text = (data or b"").decode("utf-8")
        windows, marked = 0 < text.count("\n") == text.count("\r\n"), text.startswith(_BOM)
        text = text.removeprefix(_BOM)
        changes = Changes(text.replace("\r\n", "\n") if windows else text)
        return cls(name, data, changes, _copied(value), windows, marked)

    def at(self, *path: str) -> Any:
        """What stands there, the changes with it; None for nothing."""
        found = self.expected
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def has(self, *path: str) -> bool:
        """Whether the key stands there, with a value or with none."""
        home = self.at(*path[:-1])
        return isinstance(home, Mapping) and path[-1] in home

    def put(self, path: Path, value: Tree) -> None:
        """Sets a text, a list or a mapping."""
        self.changes.put(path, value)
        self.expected = _with(self.expected, path, value)

    def append(self, path: Sequence[str], items: Sequence[str]) -> None:
        """Items at the end of the list at the path, those that it lacks; the list and the way to it are made.

        KnowledgeError where something else than a list stands there."""
        place = next((at for at in range(1, len(path)) if not self._leads_on(path[:at])), len(path))
        found = self.at(*path[:place])
        if place < len(path) or not (found is None or _is_list_of_texts(found)):
            what = "list of texts" if place == len(path) else "mapping"
            raise KnowledgeError(f"{self.name}: {' > '.join(path[:place])} is no {what}; write it as one first.")
        if new := [item for item in dict.fromkeys(items) if item not in (found or ())]:
            self.put(tuple(path), [*(found or ()), *new])

    def lines(self, path: Path, lines: Sequence[str]) -> None:
        """Adds lines of YAML, comments among them, to the mapping at the path."""
        self.changes.lines(path, lines)
        value, problems = read_yaml("\n".join(lines).encode(), self.name)
        assert not problems, problems
        for key, part in value.items() if isinstance(value, Map) else ():
            self.expected = _with(self.expected, (*path, key), _copied(part))

    def done(self) -> bytes:
        """KnowledgeError where the text would not say what it should."""
        text = self.changes.done()
        value, problems = read_yaml(text.encode(), self.name)
        if _copied(value) != self.expected or any(not one.warning for one in problems):
            raise KnowledgeError(f"{self.name} is written in a way that no program can add to; change it by hand.")
        text = text.replace("\n", "\r\n") if self.windows else text
        return ((_BOM if self.marked else "") + text).encode()

    def _leads_on(self, path: Sequence[str]) -> bool:
        return self.at(*path) is None or isinstance(self.at(*path), Mapping)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _copied(value: Value) -> Any:
    if isinstance(value, Map):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, Items) else value


def _with(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return {key: _plain(part) for key, part in value.items()} if isinstance(value, Mapping) else _plain(value)
    step, *rest = path
    if isinstance(step, int):
        return [_with(part, tuple(rest), value) if at == step else part for at, part in enumerate(tree)]
    inside = dict(tree or {})
    inside[step] = _with(inside.get(step), tuple(rest), value)
    return inside


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value if isinstance(value, str) or value is None else [_plain(part) for part in value]
