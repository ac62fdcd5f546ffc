"""The machine-readable Bot API: methods and types with their fields. Owns loading and trimming; checks nothing."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent.parent / "data" / "telegram-bot-api.json"
_CONST = re.compile(r"(?:always [\"“](\w+)[\"”]|must be (\w+)$)")
_CONST_FIELDS = frozenset({"type", "status", "source"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `const` is the only value it may have (the discriminator of a union), or None."""

    name: str
    types: tuple[str, ...]
    required: bool
    const: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A method or a type; `subtypes` is non-empty for unions, `returns` for methods."""

    name: str
    fields: Mapping[str, Field]
    subtypes: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Api:
    """The whole description."""

    version: str
    methods: Mapping[str, Shape]
    types: Mapping[str, Shape]


@cache
def load(path: Path = PATH) -> Api:
    """Read the trimmed description; raises KeyError on a file of another shape."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Api(raw["version"], _shapes(raw["methods"]), _shapes(raw["types"]))


def _shapes(raw: dict[str, Any]) -> dict[str, Shape]:
    return {name: _shape(name, body) for name, body in raw.items()}


def _shape(name: str, body: dict[str, Any]) -> Shape:
    fields = {
        entry["name"]: Field(entry["name"], tuple(entry["types"]), entry["required"], entry.get("const"))
        for entry in body.get("fields", ())
    }
    return Shape(name, fields, tuple(body.get("subtypes", ())), tuple(body.get("returns", ())))


def trim(raw: dict[str, Any]) -> dict[str, Any]:
    """Drop the prose of the published file; keep the fixed value of a discriminator as `const`."""
    return {
        "version": raw["version"],
        "methods": {name: _trim_shape(body) for name, body in raw["methods"].items()},
        "types": {name: _trim_shape(body) for name, body in raw["types"].items()},
    }


def _trim_shape(body: dict[str, Any]) -> dict[str, Any]:
    kept = {key: body[key] for key in ("returns", "subtypes") if body.get(key)}
    if body.get("fields"):
        kept["fields"] = [_trim_field(field) for field in body["fields"]]
    return kept


def _trim_field(field: dict[str, Any]) -> dict[str, Any]:
    kept = {key: field[key] for key in ("name", "types", "required")}
    found = _CONST.search(field["description"]) if field["name"] in _CONST_FIELDS else None
    if found:
        kept["const"] = found.group(1) or found.group(2)
    return kept


def dump(trimmed: dict[str, Any]) -> str:
    """One line per method and type, so that a new version makes a readable diff."""
    parts = [f'{{"version": {json.dumps(trimmed["version"])}']
    for section in ("methods", "types"):
        lines = [f"{json.dumps(name)}: {json.dumps(body)}" for name, body in trimmed[section].items()]
        parts.append(f'"{section}": {{\n' + ",\n".join(lines) + "\n}")
    return ",\n".join(parts) + "}\n"


def main() -> None:
    """`python -m tests.botapi.description SOURCE`: write the trimmed copy of a newly published file."""
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    PATH.write_text(dump(trim(source)), encoding="utf-8")


if __name__ == "__main__":
    main()
