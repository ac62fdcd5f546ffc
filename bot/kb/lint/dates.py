"""Rules for the dates of entries, context and changes: that they are dates, and in order. What is late is `due`'s."""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.files import Files
from bot.kb.lint.due import dated
from bot.kb.lint.text import is_blank, is_date, is_day
from bot.kb.model import Problem


def dates(files: Files) -> Iterator[Problem]:
    for one in dated(files):
        for key, day in (("checked", one.item.checked), ("check_by", one.item.check_by)):
            if day is not None and not is_day(day):
                text = f'"{day}" is no date; write a day, as 2026-11-28'
                yield one.file.problem("bad-date", text, *one.path, key)
        checked, by = one.item.checked or "", one.item.check_by or ""
        if is_day(checked) and is_day(by) and by < checked:
            text = f"{one.name} is to be looked at by {one.item.check_by}, before it was checked; correct one"
            yield one.file.problem("bad-date", text, *one.path, "check_by")
    yield from _owners(files)
    for change, item in files.changes.content.items() if files.changes else ():
        if files.changes and not is_date(item.date):
            text = f'"{item.date}" is no date; write 2026-07-01, 2026-07 or 2026'
            yield files.changes.problem("bad-date", text, change, "date")
    yield from _texts(files)


def _owners(files: Files) -> Iterator[Problem]:
    """Somebody by a name. The day on which an entry was added is a day, too."""
    for one in dated(files):
        if one.item.owner is not None and is_blank(one.item.owner):
            yield one.file.problem("empty-text", f"{one.name} > owner has no word; write it", *one.path, "owner")
    for file in files.topics.values():
        for entry, item in file.content.entries.items():
            if item.added is not None and not is_day(item.added):
                text = f'"{item.added}" is no date; write a day, as 2026-11-28'
                yield file.problem("bad-date", text, "entries", entry, "added")


def _texts(files: Files) -> Iterator[Problem]:
    """A change is said in words in every language."""
    for file in (files.changes, *(language.changes for language in files.languages.values())):
        for change, item in file.content.items() if file else ():
            if file and is_blank(item.text):
                yield file.problem("empty-text", f"{change} > text has no word; write it", change, "text")
