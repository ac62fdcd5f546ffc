"""Ids made from questions and titles: short, in plain letters, the same each time; and those that a slip may have meant. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from anyascii import anyascii

from bot import commands
from bot.kb.ids import is_id, is_topic

_LONGEST, _LONGEST_TOPIC = 48, 32  # as `bot.kb.ids` has it
_CLAUSE = re.compile(r"[,;:.!?…/]+(?:\s|$)|\s[/–—-]+\s")
_WORDS = 3  # fewer name too little


def entry_id(question: str, taken: Collection[str], light: Collection[str] = ()) -> str:
    """As many of its words as fit, joined by hyphens; a number behind it where that id is taken. `light` are words that any
    question has, as the language's rules write them: where not all fit, they go first."""
    return _free(_words(question, "-", _LONGEST, light) or "entry", "-", taken)


def topic_id(title: str, taken: Collection[str], light: Collection[str] = ()) -> str:
    """A slash command made of a title."""
    return _free(_words(title, "_", _LONGEST_TOPIC, light) or "topic", "_", {*taken, *commands.ALL})


def alike(wanted: str, names: Iterable[str]) -> str:
    """Which names may have been meant, as the end of a sentence; empty where none is near."""
    near = difflib.get_close_matches(wanted, list(names), 3, 0.5)
    return f"; perhaps {' or '.join(near)}" if near else ""


def _words(text: str, by: str, most: int, light: Collection[str]) -> str:
    """All words, else all but the light ones, else those of its first clauses, else the first ones, as far as they fit."""
    passing = {_plain(word) for word in light}
    clauses = [re.findall("[a-z0-9]+", _plain(clause)) for clause in _CLAUSE.split(text)]
    for many in range(len(clauses), 0, -1):
        found = [word for clause in clauses[:many] for word in clause]
        telling = [word for word in found if word not in passing]
        for some in (found, telling):
            if some and len(by.join(some)) <= most and (many == len(clauses) or len(some) >= _WORDS):
                return by.join(some)
    found = telling or found
    while found and len(by.join(found)) > most:
        found.pop() if len(found) > 1 else found.__setitem__(0, found[0][:most])
    return by.join(found)


def _plain(text: str) -> str:
    return re.sub("['’`]", "", anyascii(text).casefold())


def _free(name: str, by: str, taken: Collection[str]) -> str:
    number, found, most = 1, name, _LONGEST_TOPIC if by == "_" else _LONGEST
    while found in taken:
        number += 1
        behind = f"{by}{number}"
        found = name[: most - len(behind)].rstrip(by) + behind
    assert is_topic(found) if by == "_" else is_id(found), found
    return found
