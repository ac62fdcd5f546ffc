"""The updates in tests/inputs, with dates of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.botapi.model import JsonDict

FOLDER = Path(__file__).parent.parent / "inputs"
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))


def load(name: str, now: int) -> list[JsonDict]:
    """The updates of one file, without update_id; its dates are seconds from `now`."""
    updates: list[JsonDict] = _dated(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")), now)
    return updates


def _dated(value: Any, now: int) -> Any:
    if isinstance(value, list):
        return [_dated(item, now) for item in value]
    if isinstance(value, dict):
        return {key: now + item if key in ("date", "edit_date") else _dated(item, now) for key, item in value.items()}
    return value
