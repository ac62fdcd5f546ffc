"""Where each text of a base stands, by the three names that a table of translations gives it, in every language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PLACE = "{}"
_VOICE = ("sentences", "sections", "commands", "profile", "languages", "small_talk")
Trees = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """`name` is the file's, with {} for the language; `path` leads to the text in it. `first` is the file of the primary
    language, where that is another."""

    file: str
    id: str
    part: str
    name: str
    path: tuple[str | int, ...]
    is_list: bool = False
    first: tuple[str, str] = ("", "")

    def home(self, lang: str) -> tuple[str, tuple[str | int, ...]]:
        code, name = self.first
        return (name if name and lang == code else self.name.replace(_PLACE, lang)), self.path

    def value(self, trees: Trees, lang: str) -> str | list[str] | None:
        name, path = self.home(lang)
        found = at(trees.get(name), *path)
        if self.is_list:
            return [str(item) for item in found] if isinstance(found, list) else None
        return found if isinstance(found, str) else None


def at(tree: Any, *path: str | int) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        if isinstance(step, int):
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def slots(trees: Trees, primary: str, languages: Sequence[str]) -> Iterator[Slot]:
    """Every text that at least one language has, in reading order; each once."""
    seen = dict.fromkeys(_all(trees, primary, list(dict.fromkeys([primary, *languages]))))
    yield from (one for one in seen if one.part != "short" or any(one.value(trees, lang) for lang in languages))


def _all(trees: Trees, primary: str, languages: Sequence[str]) -> Iterator[Slot]:
    topics = [
        name.split("/")[1].removesuffix(".yaml")
        for name, tree in trees.items()
        if name.startswith(f"{primary}/") and name.count("/") == 1 and at(tree, "entries") is not None
    ]
    for topic in topics:
        yield from _topic(trees, primary, topic)
    for name, keys in (("refusals", ("say", "phrases", "more")), ("changes", ("text", "ask"))):
        for group in _keys(trees, languages, f"{_PLACE}/{name}.yaml"):
            for key in keys:
                slot = Slot(name, group, key, f"{_PLACE}/{name}.yaml", (group, key), key not in ("say", "text"))
                if any(slot.value(trees, lang) is not None for lang in languages):
                    yield slot
    yield from _voice(trees, languages)
    for kind in _keys(trees, languages, f"{_PLACE}/phrases/smalltalk.yaml"):
        yield Slot("smalltalk", kind, "phrases", f"{_PLACE}/phrases/smalltalk.yaml", (kind,), True)
    for source in at(trees.get("sources.yaml")) or ():
        if source != "primary":
            first = (primary, "sources.yaml")
            yield Slot("sources", source, "publisher", f"{_PLACE}/sources.yaml", (source, "publisher"), first=first)


def _topic(trees: Trees, primary: str, topic: str) -> Iterator[Slot]:
    name, phrases = f"{_PLACE}/{topic}.yaml", f"{_PLACE}/phrases/{topic}.yaml"
    for key in ("title", "command"):
        yield Slot(topic, "", key, name, ("topic", key))
    tree = trees[f"{primary}/{topic}.yaml"]
    for entry in at(tree, "entries") or ():
        path = ("entries", entry)
        for key in ("question", "short", "answer"):
            yield Slot(topic, entry, key, name, (*path, key))
        if at(tree, *path, "figures"):
            yield Slot(topic, entry, "figures", name, (*path, "figures"), True)
        gaps = list(at(tree, *path, "gaps") or ())
        for gap in gaps:
            yield Slot(topic, entry, f"gaps/{gap}/say", name, (*path, "gaps", gap, "say"))
            yield Slot(topic, entry, f"gaps/{gap}/ask", name, (*path, "gaps", gap, "ask"), True)
        for number in range(len(at(tree, *path, "context") or ())):
            yield Slot(topic, entry, f"context/{number + 1}", name, (*path, "context", number, "text"))
        yield Slot(topic, entry, "phrases", phrases, (entry,), True)
        for gap in gaps:
            yield Slot(topic, entry, f"phrases/{gap}", phrases, (f"{entry}/{gap}",), True)


def _voice(trees: Trees, languages: Sequence[str]) -> Iterator[Slot]:
    name = f"{_PLACE}/voice.yaml"
    for section in _VOICE:
        for key in _keys(trees, languages, name, section):
            path: tuple[str, ...] = (section, key, "say") if section == "small_talk" else (section, key)
            slot = Slot("voice", section, key, name, path)
            if any(slot.value(trees, lang) is not None for lang in languages):
                yield slot
    if any(at(trees.get(name.replace(_PLACE, lang)), "danger", "say") for lang in languages):
        yield Slot("voice", "danger", "say", name, ("danger", "say"))
    for key in _keys(trees, languages, name, "contact"):
        yield Slot("voice", "contact", key, name, ("contact", key))


def _keys(trees: Trees, languages: Sequence[str], name: str, *path: str) -> list[str]:
    """The keys of any language, those of the first one first."""
    found = (at(trees.get(name.replace(_PLACE, lang)), *path) for lang in languages)
    return list(dict.fromkeys(key for one in found if isinstance(one, Mapping) for key in one))
