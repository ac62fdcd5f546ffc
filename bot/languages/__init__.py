"""What holds for any FAQ in a language, one folder each: adding a language is adding a folder. Read once, never changed.

`pack(code)` has the ways to ask (`frames.yaml`); `danger(code)` what tells a cry for help (`danger.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
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
def pack(code: str) -> Pack:
    """The pack of a language; an empty one where it has none."""
    found = _read(FOLDER / code / "frames.yaml")
    return Pack(tuple(found.get("now", ())))


def danger(code: str) -> DangerPack | None:
    """What tells danger in a language, None where that is not known. Not kept: it is large, and read once a fit."""
    found = _read(danger_file(code))
    if not found:
        return None
    return DangerPack(*({key: tuple(words) for key, words in found[part].items()} for part in DangerPack.__slots__))


def danger_file(code: str) -> Path:
    return FOLDER / code / "danger.yaml"


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
