"""What was checked when, and should be looked at again: entries, context and changes by their dates. Pure: no clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.kb.files import Files
from bot.kb.lint.text import is_day
from bot.kb.model import Problem
from bot.kb.shapes import Dates
from bot.kb.source_file import File


@dataclass(frozen=True, slots=True)
class Dated:
    """A part of the base that has dates: where it stands, and how people call it. `item` may lack either date."""

    file: File[Any]
    path: tuple[str | int, ...]
    name: str
    item: Dates
    read: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something to look at again by a day (YYYY-MM-DD); `checked` is when that was last done, `owner` who is to do it,
    where it is known. What has no owner of its own has that of its entry."""

    by: str
    file: str
    line: int
    name: str
    checked: str | None
    owner: str | None = None


def dated(files: Files) -> Iterator[Dated]:
    """Everything that may carry dates, in reading order. Context counts as checked when its source was read."""
    known = files.sources.content if files.sources else {}
    for file in files.topics.values():
        for entry, item in file.content.entries.items():
            yield Dated(file, ("entries", entry), entry, item, owner=item.owner)
            for place, context in enumerate(item.context):
                read = known[context.source].read if context.source in known else None
                name = f"{entry} > context > {context.source}"
                owner = context.owner or item.owner
                yield Dated(file, ("entries", entry, "context", place), name, context, read, owner)
    for change, one in files.changes.content.items() if files.changes else ():
        assert files.changes
        yield Dated(files.changes, (change,), change, one, owner=one.owner)


def due_by(files: Files, day: datetime.date) -> list[Due]:
    """What should be looked at again on that day or before, the oldest first."""
    return sorted(
        (
            Due(
                by=one.item.check_by,
                file=one.file.name,
                line=one.file.line(*one.path),
                name=one.name,
                checked=one.item.checked or one.read,
                owner=one.owner,
            )
            for one in dated(files)
            if one.item.check_by and is_day(one.item.check_by) and one.item.check_by <= day.isoformat()
        ),
        key=lambda one: (one.by, one.file, one.line, one.name),
    )


def overdue(files: Files, today: datetime.date) -> Iterator[Problem]:
    """A warning for each part whose day has passed."""
    for one in due_by(files, today - datetime.timedelta(days=1)):
        checked = f", last checked on {one.checked}" if one.checked else ""
        owner = f" by {one.owner}" if one.owner else ""
        text = f"{one.name} was to be looked at{owner} by {one.by}{checked}; hold it against its sources, and set the dates"
        yield Problem(one.file, one.line, "overdue", text, warning=True)
