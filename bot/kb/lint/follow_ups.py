"""Rules for what people ask in few words after an answer: it has words, stands once, and is not both in the answer and beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.kb.files import LanguageFiles
from bot.kb.lint.phrases import MAX_PHRASE
from bot.kb.model import Problem
from bot.kb.shapes import FollowUpItem
from bot.kb.source_file import File
from bot.languages import text


def follow_ups(language: LanguageFiles) -> Iterator[Problem]:
    for file in language.follow_ups.values():
        for entry, item in file.content.items():
            yield from _entry(file, entry, item)


def _entry(file: File[Any], entry: str, item: FollowUpItem) -> Iterator[Problem]:
    """What leads towards an entry from another may as well be asked after its own answer."""
    held: dict[str, tuple[str, tuple[str | int, ...]]] = {}
    for key in ("within", "beyond", "towards"):
        for place, said in enumerate(getattr(item, key)):
            path = (entry, key, place)
            words = " ".join(text.words(said))
            if not words:
                yield file.problem("empty-text", f'"{said}" of {entry} > {key} has no word; take it out', *path)
            elif len(words) > MAX_PHRASE:
                yield file.problem("phrase-too-long", f"{len(words)} characters; {MAX_PHRASE} at most", *path)
            elif said.casefold() in held and (held[said.casefold()][0] == key or key == "beyond"):
                at = file.place(*held[said.casefold()][1])
                yield file.problem("repeated-phrase", f'"{said}" stands at {at} already; keep one', *path)
            held.setdefault(said.casefold(), (key, path))
