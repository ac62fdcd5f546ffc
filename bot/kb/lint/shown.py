"""The texts of a base that readers see, each with its place. What stands in a pack is not the base's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.kb.files import Files, LanguageFiles
from bot.kb.source_file import File
from bot.kb.yaml_text import Items, Map, Value

_VOICE = frozenset({"sentences", "sections", "commands", "profile", "small_talk", "danger", "contact", "operator"})


@dataclass(frozen=True, slots=True)
class Shown:
    """`fills`: what the bot fills in between braces; None where it fills in nothing. `prose`: a sentence or more, by
    which a language can be told."""

    file: File[Any]
    path: tuple[str | int, ...]
    text: str
    fills: bool = False
    prose: bool = True

    @property
    def what(self) -> str:
        """How people call the place."""
        steps = [f"item {step + 1}" if isinstance(step, int) else step for step in self.path]
        return " > ".join(steps[1:] if steps[0] == "entries" else steps)


def shown(files: Files, language: LanguageFiles) -> Iterator[Shown]:
    """In one language, in the order of its files."""
    yield from _topics(files, language)
    changes: File[Any] | None = files.changes if language.code == files.primary else language.changes
    for change, item in changes.content.items() if changes else ():
        if changes:
            yield Shown(changes, (change, "text"), item.text)
    yield from _refusals(language)
    voice = language.own.get("voice")
    if voice:
        for path, text in _texts(voice.raw):
            if path and path[0] in _VOICE:
                yield Shown(voice, path, text, fills=True, prose=path[0] in ("sentences", "small_talk", "profile"))


def _topics(files: Files, language: LanguageFiles) -> Iterator[Shown]:
    topics: Mapping[str, File[Any]] = files.topics if language.code == files.primary else language.topics
    for file in topics.values():
        head = file.content.topic
        yield Shown(file, ("topic", "title"), head.title, prose=False)
        yield Shown(file, ("topic", "command"), head.command)
        for entry, item in file.content.entries.items():
            path = ("entries", entry)
            yield Shown(file, (*path, "question"), item.question)
            yield Shown(file, (*path, "short"), item.short, prose=False)
            yield Shown(file, (*path, "answer"), item.answer)
            for gap, one in item.gaps.items():
                yield Shown(file, (*path, "gaps", gap, "say"), one.say)
            for place, context in enumerate(item.context):
                yield Shown(file, (*path, "context", place, "text"), context.text)


def _refusals(language: LanguageFiles) -> Iterator[Shown]:
    file = language.own.get("refusals")
    groups: Value = file.raw if file else None
    for group, item in groups.items() if isinstance(groups, Map) else ():
        say = item.get("say") if isinstance(item, Map) else None
        if file and isinstance(say, str):
            yield Shown(file, (group, "say"), say, fills=True)


def _texts(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text with the keys above it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Map):
        for key, part in value.items():
            yield from _texts(part, (*path, key))
    elif isinstance(value, Items):
        for place, part in enumerate(value):
            yield from _texts(part, (*path, place))
