"""What holds for any FAQ in a language, one folder each: adding a language is adding a folder. Read once, never changed.

`pack(code)` has the ways to ask (`frames.yaml`); `danger(code)` what tells a cry for help (`danger.yaml`); `traits` what the
language is to the matcher; `packs` where a pack lies; `personal` by which words personal data are known; `talk` what is said
about the talk itself; `start` what a new base begins with; `text` is the one normal form in which phrases and questions are compared. What readers see and ask is read with the base (`bot.kb`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.languages.packs import Packs

SHIPPED = Packs()
DANGER = "danger.yaml"
Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How something is named only to be set aside. `opens` at the beginning of a clause and `anywhere` come before what is
    excluded, `turns` end it; `closes` ends a clause that is excluded, unless one of `closes_not_before` follows; so do
    `after_words` behind a word with one of `after_endings`. `never` only looks like it."""

    opens: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    closes_not_before: tuple[str, ...] = ()
    after_words: tuple[str, ...] = ()
    after_endings: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """Expressions by what they tell of a question. `now`: it is about the present; `questions`: what kind of thing is asked,
    `first` of these only where a clause begins; `goes_on`: a half goes on with the other's question; `wants`: something
    else is wanted than a fact; `elsewhere`: another place is meant, `here`: our own; `leads` only lead in to what is asked
    about; with `limits` a claim says more than its number, `above` that there are more; `courtesies` stand around a question and are no part of it, as
    `nods` do that are a clause of their own."""

    now: tuple[str, ...] = ()
    exclusion: Exclusion = Exclusion()
    questions: Lists = field(default_factory=dict)
    first: Lists = field(default_factory=dict)
    goes_on: tuple[str, ...] = ()
    wants: Lists = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    courtesies: tuple[str, ...] = ()
    nods: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DangerPack:
    """Sentences by kind: `cries` for help, and `others` that only look like one. `classes`: words of one sort each."""

    cries: Lists
    others: Lists
    classes: Lists


@cache
def pack(code: str, packs: Packs = SHIPPED) -> Pack:
    """The pack of a language; an empty one where it has none."""
    found = _read(packs.folder(code), "frames.yaml")
    lists = "now", "goes_on", "elsewhere", "here", "limits", "above", "leads", "courtesies", "nods"
    return Pack(
        **{name: tuple(found.get(name, ())) for name in lists},
        exclusion=_exclusion(found.get("exclusion", {})),
        questions=_lists(found.get("questions", {})),
        first=_lists(found.get("first", {})),
        wants=_lists(found.get("wants", {})),
        numbers=found.get("numbers", {}),
    )


def _exclusion(found: Mapping[str, Any]) -> Exclusion:
    return Exclusion(**{name: tuple(found.get(name, ())) for name in Exclusion.__slots__})


def _lists(found: Mapping[str, Sequence[str]]) -> Lists:
    return {name: tuple(members) for name, members in found.items()}


def danger(code: str, packs: Packs = SHIPPED) -> DangerPack | None:
    """What tells danger in a language, None where that is not known. Not kept: it is large, and read once a fit."""
    found = _read(packs.folder(code), DANGER)
    if not found:
        return None
    return DangerPack(*({key: tuple(words) for key, words in found[part].items()} for part in DangerPack.__slots__))


def danger_file(code: str, packs: Packs = SHIPPED) -> Path | None:
    folder = packs.folder(code)
    return folder / DANGER if folder and (folder / DANGER).is_file() else None


def _read(folder: Path | None, name: str) -> Mapping[str, Any]:
    if folder is None or not (folder / name).is_file():
        return {}
    return yaml.load((folder / name).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
