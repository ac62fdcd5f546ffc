"""What a new base in a language begins with, and what the columns of a table of questions are called: a pack's `start.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import yaml
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from bot.languages.packs import SHIPPED, Packs

START = "start.yaml"
_STRICT = ConfigDict(extra="forbid", defer_build=True)
_SHIPPED = Packs()


@dataclass(frozen=True, slots=True, config=_STRICT)
class StartTopic:
    id: str
    title: str
    command: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class StartEntry:
    """Of `answers` the first is taken whose places ({contact}, {url} …) are all known."""

    question: str
    answers: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Start:
    """`small_talk` is what is said in place of the pack's words; `cases` are questions to try the base on, by the entry
    that answers them, `none` for those of others; `columns` are names of columns by what stands in them; `elsewhere` is what points to another place of
    a page."""

    title: str
    publisher: str
    topic: StartTopic
    entries: dict[str, StartEntry]
    small_talk: dict[str, tuple[str, ...]]
    cases: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    elsewhere: tuple[str, ...] = ()


@cache
def start(code: str, packs: Packs = _SHIPPED) -> Start | None:
    """None for a pack without one, and where there is no pack."""
    folder = packs.folder(code)
    if folder is None or not (folder / START).is_file():
        return None
    document = yaml.load((folder / START).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: Start = TypeAdapter(Start).validate_python(document)
    return found


def starts(packs: Packs = _SHIPPED) -> Iterator[tuple[str, Start]]:
    """Of each language of the packs that has one."""
    folders = [folder for folder in (packs.own, SHIPPED) if folder and folder.is_dir()]
    for code in sorted({path.parent.name for folder in folders for path in folder.glob(f"*/{START}")}):
        found = start(code, packs)
        if found:
            yield code, found
