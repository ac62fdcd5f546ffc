"""What an examination found, in words that an operator can act on and paste into a bug report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum


class Condition(StrEnum):
    """`note` is worth knowing and no reason to do anything."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `todo` says what to do, where there is anything to do."""

    name: str
    state: Condition
    says: str
    todo: str = ""


def ok(name: str, says: str) -> Finding:
    return Finding(name, Condition.OK, says)


def note(name: str, says: str, todo: str = "") -> Finding:
    return Finding(name, Condition.NOTE, says, todo)


def wrong(name: str, says: str, todo: str) -> Finding:
    return Finding(name, Condition.WRONG, says, todo)


def as_text(found: Iterable[Finding], hide: Callable[[str], str]) -> str:
    """A line each, and below it what to do; `hide` takes secrets out."""
    return hide("\n".join(line for one in found for line in _lines(one)))


def as_json(found: Iterable[Finding], hide: Callable[[str], str]) -> str:
    """A list of objects: name, state, says, todo."""
    hidden = [{key: hide(str(value)) for key, value in asdict(one).items()} for one in found]
    return json.dumps(hidden, ensure_ascii=False, indent=1)


def _lines(one: Finding) -> Iterator[str]:
    yield f"{one.state:5}  {one.name:12}  {one.says}"
    if one.todo:
        yield f"{'':21}-> {one.todo}"
