"""Ids made from questions and titles: short, in plain letters, the same each time; and those that a slip may have meant. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from anyascii import anyascii

from bot import commands
from bot.kb.ids import is_id, is_topic

_LONGEST = 40  # of 48, which leaves room for a number


def entry_id(question: str, taken: Collection[str]) -> str:
    """As many of its words as fit, joined by hyphens; a number behind it where that id is taken."""
    return _free(_words(question, "-", _LONGEST) or "entry", "-", taken)


def topic_id(title: str, taken: Collection[str]) -> str:
    """A slash command made of a title."""
    return _free(_words(title, "_", 24) or "topic", "_", {*taken, *commands.ALL})


def alike(wanted: str, names: Iterable[str]) -> str:
    """Which names may have been meant, as the end of a sentence; empty where none is near."""
    near = difflib.get_close_matches(wanted, list(names), 3, 0.5)
    return f"; perhaps {' or '.join(near)}" if near else ""


def _words(text: str, by: str, most: int) -> str:
    found = re.findall("[a-z0-9]+", re.sub("['’`]", "", anyascii(text).casefold()))
    while found and len(by.join(found)) > most:
        found.pop() if len(found) > 1 else found.__setitem__(0, found[0][:most])
    return by.join(found)


def _free(name: str, by: str, taken: Collection[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}{by}{number}"
    assert is_topic(found) if by == "_" else is_id(found), found
    return found
