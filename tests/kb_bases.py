"""Knowledge folders for the tests: a small base without a problem, to be copied and edited."""

from __future__ import annotations

import shutil
from pathlib import Path

BROKEN = Path(__file__).parent / "broken"
SMALL_BASE = BROKEN / "_base"
SHIPPED = Path(__file__).parents[1] / "knowledge"


def small_base(folder: Path) -> Path:
    """A copy of the small base inside `folder`."""
    return Path(shutil.copytree(SMALL_BASE, folder / "knowledge"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces the one place where `old` stands."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
