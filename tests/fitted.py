"""Fitted bases that all test processes of a machine share: whoever comes first fits, the others wait for it. No tests here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

PLACE = Path(__file__).resolve().parents[1] / ".state" / "test"


def cache(name: str) -> Path:
    """A folder for one base: it stays from run to run, and `bot.open` throws old fits away."""
    return PLACE / name / "cache"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within this context no other process fits into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "lock"):
        yield
