"""Rules for what was corrected after it was published: of an entry that there is, really made, and said in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.answers import numbers
from bot.kb.lint.links import bad_ids, keys
from bot.kb.lint.text import is_blank, is_day
from bot.kb.model import Problem
from bot.kb.shapes import TranslatedCorrection, TranslatedEntry
from bot.kb.source_file import File

_TEXTS = ("old", "new", "why")


def corrections(files: Files) -> Iterator[Problem]:
    """Those of the primary language, which names entry and day."""
    file = files.corrections
    for key, item in file.content.items() if file else ():
        assert file
        yield from bad_ids(file, [key], key)
        if not is_day(item.date):
            yield file.problem("bad-date", f'"{item.date}" is no date; write a day, as 2026-11-28', key, "date")
        if not _is_entry(files, item.entry):
            text = f'no entry "{item.entry}"; correct the id, or take the correction out with its entry'
            yield file.warning("unknown-entry", text, key, "entry")
        yield from _texts(file, key, item, _entry(files, item.entry))


def corrected(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    """Those of another language: the same ones, with the same numbers."""
    name = f"{language.code}/corrections.yaml"
    if name in files.missed or f"{files.primary}/corrections.yaml" in files.missed:
        return
    first = files.corrections.content if files.corrections else {}
    own = language.corrections.content if language.corrections else {}
    for key in own.keys() - first.keys():
        assert language.corrections
        text = f'no "{key}" in {files.primary}/corrections.yaml; add it there, or take it out'
        yield language.corrections.warning("unknown-correction", text, key)
    for key, item in first.items():
        assert files.corrections
        place = files.corrections.place(key)
        if key not in own:
            yield Problem(name, 1, "untranslated", f"{key} ({place}) is not translated; write it", warning=True)
        elif language.corrections:
            yield from _texts(language.corrections, key, own[key], _translation(language, item.entry))
            for part in ("old", "new"):
                yield from _same_numbers(language.corrections, key, part, getattr(item, part), own[key], place)


def _texts(file: File[Any], key: str, item: TranslatedCorrection, entry: TranslatedEntry | None) -> Iterator[Problem]:
    blank = [part for part in _TEXTS if is_blank(getattr(item, part))]
    for part in blank:
        yield file.problem("empty-text", f"{key} > {part} has no word; write it", key, part)
    if blank:
        return
    if _plain(item.old) == _plain(item.new):
        yield file.problem("correction-of-nothing", f"{key}: old and new are the same; write what it said", key, "old")
    elif entry and _still_says(entry, item):
        text = f'{key}: "{item.old[:60]}" still stands in "{entry.question}"; correct the entry, or this'
        yield file.problem("correction-not-made", text, key, "old")


def _still_says(entry: TranslatedEntry, item: TranslatedCorrection) -> bool:
    """Whether the entry has what is old; where the new holds the old ("seven years" after "seven") nobody can tell."""
    old = _plain(item.old)
    return old not in _plain(item.new) and any(old in _plain(text) for text in _said(entry))


def _same_numbers(
    file: File[Any], key: str, part: str, theirs: str, item: TranslatedCorrection, place: str
) -> Iterator[Problem]:
    wanted, got = sorted(numbers(theirs)), sorted(numbers(getattr(item, part)))
    if wanted != got:
        here, there = (", ".join(found) or "none" for found in (got, wanted))
        text = f"numbers in {key} > {part}: {here} here, but {there} at {place}; correct one"
        yield file.problem("numbers-differ", text, key, part)


def _said(entry: TranslatedEntry) -> Iterator[str]:
    """All that readers are told under it."""
    yield from (entry.question, entry.answer)
    yield from (gap.say for gap in entry.gaps.values())
    yield from (context.text for context in entry.context)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_entry(files: Files, entry: str) -> bool:
    """Also one that cannot be read: that is said elsewhere."""
    whole = all(not name.startswith(f"{files.primary}/") or name.count("/") > 1 for name in files.missed)
    return not whole or any(entry in keys(file.raw, "entries") for file in files.topics.values())


def _entry(files: Files, entry: str) -> TranslatedEntry | None:
    return _found([file.content.entries for file in files.topics.values()], entry)


def _translation(language: LanguageFiles, entry: str) -> TranslatedEntry | None:
    return _found([file.content.entries for file in language.topics.values()], entry)


def _found(topics: list[Any], entry: str) -> TranslatedEntry | None:
    known: Iterator[Mapping[str, TranslatedEntry]] = iter(topics)
    return next((entries[entry] for entries in known if entry in entries), None)
