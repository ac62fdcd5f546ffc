"""From fields and file parts on the wire to the parameters of a method. The checks stand in `validate`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.botapi.description import Field, Shape
from tests.botapi.wire import RawRequest

Problems = list[str]
Reader = Callable[[Any, str, Problems], Any]

MISSING = object()
_INTEGER = re.compile(r"-?\d{1,19}$")
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_FILE_FIELDS = frozenset({"media", "thumbnail", "cover", "photo", "sticker", "video", "animation"})


def reader(field: Field) -> Reader:
    """How the text of a form becomes a value of this field; what does not fit stays as it is, for the checks."""
    types = set(field.types)
    if types <= {"String", "InputFile"}:
        return lambda value, path, problems: value
    if types == {"Integer"} or types == {"Integer", "String"}:
        return _read_integer
    if types == {"Float"}:
        return _read_float
    return _read_boolean if types == {"Boolean"} else _read_json


def _read_integer(value: Any, path: str, problems: Problems) -> Any:
    return int(value) if isinstance(value, str) and _INTEGER.match(value) else value


def _read_float(value: Any, path: str, problems: Problems) -> Any:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _read_boolean(value: Any, path: str, problems: Problems) -> Any:
    lowered = value.lower() if isinstance(value, str) else None
    return True if lowered in _TRUE else False if lowered in _FALSE else value


def _read_json(value: Any, path: str, problems: Problems) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        problems.append(f"can't parse {path} JSON object")
        return MISSING


def attach(shape: Shape, raw: RawRequest, params: dict[str, Any], problems: Problems) -> None:
    """Put file parts in place of the parameters that name them, and find parts and names without a counterpart."""
    used = set()
    for name, field in shape.fields.items():
        part = _named_part(params.get(name), name, raw) if "InputFile" in field.types else None
        if part in raw.files:
            params[name] = raw.files[part]
            used.add(part)
        elif name in params and any(str(one).startswith(("Input", "Array of Input")) for one in field.types):
            used |= set(_attached(params[name], name))
    problems.extend(f"attach://{name} names no file part" for name in used if name not in raw.files)
    problems.extend(f"the file part {name!r} is used by nothing" for name in raw.files if name not in used)


def _named_part(value: Any, name: str, raw: RawRequest) -> str | None:
    if isinstance(value, str) and value.startswith("attach://"):
        return value.removeprefix("attach://")
    return name if name in raw.files else None


def _attached(value: Any, name: str) -> Iterable[str]:
    if isinstance(value, str) and name in _FILE_FIELDS and value.startswith("attach://"):
        yield value.removeprefix("attach://")
    elif isinstance(value, list):
        for item in value:
            yield from _attached(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _attached(item, key)
