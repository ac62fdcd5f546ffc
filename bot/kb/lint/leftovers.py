"""Rules for what a base has and does not use: left by another base, or by an entry that is gone. And one word in two groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rapidfuzz import fuzz, process

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.links import keys
from bot.kb.model import Problem
from bot.kb.source_file import File
from bot.kb.voice_keys import SENTENCES


def unused(files: Files) -> Iterator[Problem]:
    """Sources, sections and changes that nothing names. Where a file cannot be read, nobody knows."""
    if files.missed:
        return
    entries = [item for file in files.topics.values() for item in file.content.entries.values()]
    if not entries:
        return
    changes = files.changes.content if files.changes else {}
    cited = {item.source for item in entries} | {item.source for item in changes.values()}
    cited |= {context.source for item in entries for context in item.context}
    if files.sources:
        yield from _unused(files.sources, "source", cited, "no answer comes from it, and no context")
    if files.changes:
        yield from _unused(files.changes, "change", {item.as_of for item in entries}, "no entry names it in `as_of`")
    voice = files.languages[files.primary].own.get("voice") if files.primary in files.languages else None
    if voice:
        yield from _unused(voice, "section", {item.section for item in entries}, "no entry names it", "sections")


def _unused(file: File[Any], kind: str, used: set[Any], why: str, *above: str) -> Iterator[Problem]:
    for key in keys(file.raw, *above):
        if key not in used:
            text = f'the {kind} "{key}": {why}; take it out, or name it where it belongs'
            yield file.warning("unused", text, *above, key, about=f"{kind}:{key}")


def synonyms(language: LanguageFiles) -> Iterator[Problem]:
    """A word belongs to one group: the matcher knows but one that it stands for."""
    file = language.synonyms
    seen: dict[str, tuple[str, str]] = {}
    for group, members in file.content.items() if file else ():
        for place, word in enumerate(members):
            assert file
            key = " ".join(word.casefold().split())
            if key in seen:
                other, where = seen[key]
                rest = (
                    f"stands in {group} twice ({where})" if other == group else f"stands in {other} ({where}) already"
                )
                yield file.problem("synonym-clash", f'"{word}" {rest}; keep one', group, place)
            seen.setdefault(key, (group, file.place(group, place)))


def sentences(language: LanguageFiles) -> Iterator[Problem]:
    """A key that the bot never says: a slip of the pen, or of an older version."""
    file = language.own.get("voice")
    for key in keys(file.raw, "sentences") if file else ():
        if file and key not in SENTENCES:
            near = process.extractOne(key, list(SENTENCES), scorer=fuzz.ratio, score_cutoff=70)
            hint = f'did you mean "{near[0]}"?' if near else "take it out"
            yield file.problem(
                "unknown-key", f'sentences: the bot says nothing called "{key}"; {hint}', "sentences", key
            )
