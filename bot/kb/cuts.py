"""Takes out of a file's values what is wrong with it, so that the rest can still be looked at. Pure."""

from __future__ import annotations

from typing import TypeAlias

from bot.kb.yaml_text import Items, Map, Value

Path: TypeAlias = tuple[str | int, ...]
Cuts: TypeAlias = "dict[str | int, Cuts | None]"  # what goes: None as a whole, else parts of it


def mark(cuts: Cuts, path: Path) -> None:
    *way, last = path
    for step in way:
        deeper = cuts.setdefault(step, {})
        if deeper is None:  # gone already, with all that is in it
            return
        cuts = deeper
    cuts[last] = None


def cut(value: Value, cuts: Cuts) -> Value:
    """A copy without the parts at the ends of `cuts`; the lines stay. All in one go: a file may have thousands."""
    if not cuts or not isinstance(value, Map | Items):
        return value
    if isinstance(value, Items):
        items = Items(value.line)
        items.lines = value.lines
        items.extend(cut(item, cuts.get(place) or {}) for place, item in enumerate(value))
        return items
    copy = Map(value.line)
    copy.lines = value.lines
    copy.update((key, cut(part, cuts.get(key) or {})) for key, part in value.items() if cuts.get(key, {}) is not None)
    return copy
