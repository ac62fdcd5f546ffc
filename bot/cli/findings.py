"""Findings of check as text: lines for people, JSON for programs, annotations for GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.kb.lint.causes import folded
from bot.kb.model import Problem, one_line


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a folder; `outside` names files of findings that do not stand in it."""

    folder: Path
    problems: list[Problem]
    outside: frozenset[str] = frozenset()

    @property
    def warnings(self) -> int:
        return sum(one.warning for one in self.problems)

    @property
    def errors(self) -> int:
        return len(self.problems) - self.warnings

    def path(self, file: str) -> str:
        """As a shell here would name it."""
        if file == "." or file in self.outside:
            return str(self.folder) if file == "." else file
        return f"{self.folder}/{file}"


def as_lines(found: Checked, every: bool) -> Iterator[str]:
    """A line each, causes first, what follows from them counted, or listed below them."""
    for problem, followers in folded(found.problems):
        after = f" (follows from {found.path(problem.follows)})" if problem.follows else ""
        yield _line(found, problem) + after
        for one in followers if every else ():
            yield f"  follows: {_line(found, one)}"
        if followers and not every:
            yield f"  … and {len(followers)} that follow{'s' * (len(followers) == 1)} from it (--all lists them)"


def _line(found: Checked, problem: Problem) -> str:
    warning = "warning: " * problem.warning
    place = found.path(problem.file) + f":{problem.line}" * (problem.file != ".")
    after = "" if problem.file != "." else ":"
    return one_line(f"{place}{after} [{problem.rule}] {warning}{problem.text}")


def as_json(found: Checked) -> list[str]:
    return [json.dumps([_object(found, one) for one in found.problems], ensure_ascii=False, indent=1)]


def _object(found: Checked, problem: Problem) -> dict[str, Any]:
    """`column` is null where it is not known, `follows` where it follows from nothing."""
    name = problem.follows
    return {
        "file": found.path(problem.file),
        "line": problem.line,
        "column": problem.column or None,
        "rule": problem.rule,
        "severity": "warning" if problem.warning else "error",
        "text": one_line(problem.text),
        "follows": found.path(name) if name else None,
    }


def as_github(found: Checked) -> Iterator[str]:
    """Workflow commands: a page shows each beside its line. Those that follow are counted in their cause."""
    for problem, followers in folded(found.problems):
        kind = "warning" if problem.warning else "error"
        column = f",col={problem.column}" * bool(problem.column)
        more = f" (and {len(followers)} that follow)" * bool(followers)
        place = f"file={_property(found.path(problem.file))},line={problem.line}{column}"
        yield f"::{kind} {place},title={_property(problem.rule)}::{_data(problem.text + more)}"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
