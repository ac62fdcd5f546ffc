"""From a folder to the knowledge base, or to the list of what is wrong with it."""

from __future__ import annotations

import datetime
from pathlib import Path

from bot.errors import KnowledgeError
from bot.kb.build import build
from bot.kb.files import read_files
from bot.kb.lint.due import Due, due_by, overdue
from bot.kb.lint.links import links
from bot.kb.lint.rules import lint
from bot.kb.model import KnowledgeBase, Problem


def read(folder: Path) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The base, and what is wrong with its files and the links between them; no base where they do not fit together.

    What `check` adds (phrases, figures, translations) does not keep a base from working and is not looked at here.
    """
    files = read_files(folder)
    loose = links(files)
    problems = sorted([*files.problems, *loose])
    return (None if loose or files.missed else build(files)), problems


def check(folder: Path, today: datetime.date | None = None) -> list[Problem]:
    """Every problem of the folder, sorted by file and line; empty for a base in order.

    Warnings stand among them; that something is overdue is one, where `today` is given."""
    files = read_files(folder)
    late = overdue(files, today) if today else ()
    return sorted({*lint(files), *late})


def due(folder: Path, by: datetime.date) -> list[Due]:
    """What somebody should look at again by that day, the oldest first."""
    return due_by(read_files(folder), by)


def load(folder: Path) -> KnowledgeBase:
    """The base. KnowledgeError, with every problem that `read` finds, where there is any."""
    base, problems = read(folder)
    if base is None or problems:
        raise KnowledgeError("\n".join([f"The knowledge base in {folder} cannot be used:", *map(str, problems)]))
    return base
