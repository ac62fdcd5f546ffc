"""From a folder to the knowledge base, or to the list of what is wrong with it: one judgement for all who ask."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.errors import KnowledgeError
from bot.kb.build import build
from bot.kb.files import read_files
from bot.kb.lint.cases import cases
from bot.kb.lint.causes import causes, folded
from bot.kb.lint.due import Due, due_by, overdue
from bot.kb.lint.links import links
from bot.kb.lint.memory import Remembered
from bot.kb.lint.rules import lint
from bot.kb.model import KnowledgeBase, Problem


class BrokenBase(KnowledgeError):
    """A base that cannot be used, for these problems."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [
            f"{cause}{f' (and {len(followers)} that follow)' if followers else ''}"
            for cause, followers in folded(problems)
        ]
        super().__init__("\n".join([f"The knowledge base in {folder} cannot be used:", *lines]))


def read(folder: Path, memory: Remembered | None = None) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The base, and what is wrong with its files and the links between them; no base where they do not fit together.

    It may still have what `load` refuses, as wrong figures: for who wants to see how far a base has come."""
    files = read_files(folder, (memory or Remembered()).parsed)
    loose = links(files)
    problems = sorted({*(one for one in files.problems if not one.warning), *loose})
    return (None if loose or files.missed else build(files)), problems


def check(
    folder: Path,
    today: datetime.date | None = None,
    memory: Remembered | None = None,
    labelled: Mapping[str, Sequence[str]] | None = None,
) -> list[Problem]:
    """Every problem of the folder, sorted by file and line; empty for a base in order. Those that follow from another
    name it.

    Warnings stand among them; that something is overdue is one, where `today` is given. A memory makes the next check of
    nearly the same files quick. `labelled` has the lines of files of cases, by what the files are called."""
    return _judged(folder, today, memory or Remembered(), labelled or {}, "")


def check_file(
    folder: Path, name: str, today: datetime.date | None = None, memory: Remembered | None = None
) -> list[Problem]:
    """The problems of one file, by its path inside the folder; of the rest is read what is needed to judge it."""
    return [one for one in _judged(folder, today, memory or Remembered(), {}, name) if one.file == name]


def _judged(
    folder: Path, today: datetime.date | None, memory: Remembered, labelled: Mapping[str, Sequence[str]], only: str
) -> list[Problem]:
    files = read_files(folder, memory.parsed)
    late = overdue(files, today) if today else ()
    gone = (one for name, lines in labelled.items() for one in cases(files, name, lines))
    return causes(files, {*lint(files, memory, only), *late, *gone})


def obstacles(folder: Path, memory: Remembered | None = None) -> list[Problem]:
    """What keeps a base from being taken into use while another one answers, the cause first: what cannot be read, else
    what does not fit together, else whatever `check` finds besides. No warnings.

    What hangs on a cause is not judged before that is mended, so the cause is named in a moment."""
    memory = memory or Remembered()
    files = read_files(folder, memory.parsed)
    for found in (files.problems, links(files)):
        if any(not one.warning for one in found):
            return sorted({one for one in found if not one.warning})
    return [one for one in causes(files, lint(files, memory)) if not one.warning]


def due(folder: Path, by: datetime.date) -> list[Due]:
    """What somebody should look at again by that day, the oldest first."""
    return due_by(read_files(folder), by)


def load(folder: Path, memory: Remembered | None = None) -> KnowledgeBase:
    """The base. BrokenBase, a KnowledgeError, with every problem that `check` finds but warnings, where there is any."""
    memory = memory or Remembered()
    files = read_files(folder, memory.parsed)
    problems = [one for one in causes(files, lint(files, memory)) if not one.warning]
    if problems:
        raise BrokenBase(folder, problems)
    return build(files)
