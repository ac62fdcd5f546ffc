"""Rules for single texts: invisible characters, lengths, dates, addresses."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator

from bot.characters import TRAP
from bot.kb.files import Files
from bot.kb.model import Problem
from bot.kb.shapes import SourcesFile
from bot.kb.source_file import File
from bot.kb.yaml_text import Items, Map, Value

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
MAX_EMOJI = 10  # code points of Unicode's longest emoji, a pair with two colours of skin
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_SYMBOLS = re.compile(
    "So( (So|Sk|Mn|Cf))*"
)  # Unicode's categories: a symbol, more of them, what colours and joins them


def traps(file: File[object]) -> Iterator[Problem]:
    for text, line in _scalars(file.raw):
        if found := TRAP.search(text):
            what = "a tab" if found[0] == "\t" else f"the invisible character U+{ord(found[0]):04X}"
            yield Problem(file.name, line, "text-trap", f'{what} in "{TRAP.sub("·", text)[:40]}"; take it out')


def _scalars(value: Value) -> Iterator[tuple[str, int]]:
    """Every text of a file with its line."""
    waiting: list[Map | Items] = [value] if isinstance(value, Map | Items) else []
    while waiting:
        part = waiting.pop()
        pairs = part.items() if isinstance(part, Map) else enumerate(part)
        for key, child in pairs:
            if isinstance(child, str):
                yield child, part.lines[key]  # type: ignore[index]  # a key for a mapping, a place for a list
            elif child is not None:
                waiting.append(child)


def emojis(files: Files) -> Iterator[Problem]:
    for file in files.topics.values():
        emoji = file.content.topic.emoji
        if not is_emoji(emoji):
            yield file.problem("bad-emoji", f'"{emoji[:20]}" is no emoji; write one', "topic", "emoji")


def sources(files: Files) -> Iterator[Problem]:
    if files.sources:
        yield from _each_source(files.sources)
    known = files.sources.content if files.sources else {}
    for file in files.topics.values():
        for entry, item in file.content.entries.items():
            path = ("entries", entry)
            if item.source in known and known[item.source].kind != "article":
                text = f'"{item.source}" is not an article; an answer comes from one, other documents are context'
                yield file.problem("source-kind", text, *path, "source")


def _each_source(file: File[SourcesFile]) -> Iterator[Problem]:
    for key, item in file.content.items():
        if item.published is not None and not is_date(item.published):
            text = f'"{item.published}" is no date; write 2025-07-10, 2025-07, 2025 or null'
            yield file.problem("bad-date", text, key, "published")
        if item.read is None and (item.kind == "context" or item.published is None):
            text = f"{key} has no date on which it was read; add `read`"
            yield file.problem("source-unread", text, key)
        if item.read is not None and not is_date(item.read):
            yield file.problem("bad-date", f'"{item.read}" is no date; write 2026-11-28 or 2026-11', key, "read")
        if item.url is not None and not URL.fullmatch(item.url):
            yield file.problem(
                "bad-url", f'"{item.url[:60]}" is no http(s) address; correct it, or write null', key, "url"
            )


def is_emoji(text: str) -> bool:
    """One emoji by its looks: symbols, and no letter, sign of markup or space among them."""
    kinds = " ".join(map(unicodedata.category, text))
    return len(text) <= MAX_EMOJI and bool(_KEYCAP.fullmatch(text) or _SYMBOLS.fullmatch(kinds))


def is_date(text: str) -> bool:
    """A day, a month or a year that exists."""
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return bool(datetime.date(year, month, day))
    except ValueError:
        return False


def is_day(text: str) -> bool:
    """A day that exists, as 2026-11-28."""
    return len(text) == len("2026-11-28") and is_date(text)


def is_blank(text: str) -> bool:
    """No letter and no digit in it."""
    return not any(c.isalnum() for c in text)
