"""Rules for the dates of entries, context and changes: that they are dates, and in order. What is late is `due`'s."""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.due import dated
from bot.kb.files import Files
from bot.kb.lint_text import is_date
from bot.kb.model import Problem


def dates(files: Files) -> Iterator[Problem]:
    for one in dated(files):
        for key, day in (("checked", one.item.checked), ("check_by", one.item.check_by)):
            if day is not None and not is_date(day):
                text = f'"{day}" is no date; write a day, as 2026-11-28'
                yield one.file.problem("bad-date", text, *one.path, key)
        if one.item.checked and one.item.check_by and one.item.check_by < one.item.checked:
            text = f"{one.name} is to be looked at by {one.item.check_by}, before it was checked; correct one"
            yield one.file.problem("bad-date", text, *one.path, "check_by")
    for change, item in files.changes.content.items() if files.changes else ():
        if files.changes and not is_date(item.date):
            text = f'"{item.date}" is no date; write 2026-07-01, 2026-07 or 2026'
            yield files.changes.problem("bad-date", text, change, "date")
