"""What any file of questions and answers comes down to, before it meets a base. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.characters import TRAP

_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000 ]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Record:
    """A question with its answer. `place` is where it stands in its file, in words; `group` the heading above it."""

    question: str
    answer: str
    place: str
    group: str = ""
    id: str = ""
    short: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a file that cannot be used: where, what is wrong, what to do."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file was published, against which its links are resolved, and the language that is wanted of it; empty where
    that is not known."""

    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FaqFile:
    """What stands in a file. `how` says in words as what it was read, `language` what it says of itself, `heading` what stands
    above all of its questions, `notes` what else its reader should know."""

    records: tuple[Record, ...]
    misfits: tuple[Misfit, ...]
    how: str
    language: str = ""
    heading: str = ""
    notes: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """One line, without what nobody sees."""
    return " ".join(tidy_lines(text).split())


def tidy_lines(text: str) -> str:
    """The same, its lines kept; of empty ones one at a time."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    lines = (TRAP.sub("", _SPACES.sub(" ", line)).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
