"""What holds for any FAQ in a language, one folder each: adding a language is adding a folder. Read once, never changed.

`pack(code)` has the ways to ask (`frames.yaml`); `danger(code)` what tells a cry for help (`danger.yaml`); `traits` what the
language is to the matcher; `packs` where a pack lies; `personal` by which words personal data are known. What readers see and
ask is read with the base (`bot.kb`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.languages.packs import Packs

SHIPPED = Packs()
DANGER = "danger.yaml"
Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Pack:
    """`now`: the expressions that ask about the present."""

    now: tuple[str, ...] = ()


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
    return Pack(tuple(found.get("now", ())))


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
