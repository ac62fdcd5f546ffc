"""Fitted bases that all test processes of a machine share: whoever comes first fits, the others wait for it. No tests here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from bot.kb.model import KnowledgeBase
from bot.match.learn.danger import Guard
from bot.open.base import guard_of
from bot.open.cache import load_cached

ROOT = Path(__file__).resolve().parents[1]
SHIPPED, PLACE = ROOT / "knowledge", ROOT / ".state" / "test"


def cache(name: str) -> Path:
    """A folder for one base: it stays from run to run, and `bot.open` throws old fits away."""
    return PLACE / name / "cache"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within this context no other process fits into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "lock"):
        yield


@lru_cache(1)
def shipped_base() -> KnowledgeBase:
    """The shipped base, which others cut down."""
    place = cache("shipped")
    with alone(place):
        return load_cached(SHIPPED, place)


@lru_cache(1)
def shipped_guard() -> Guard:
    """What sees danger, as the shipped base taught it: the smaller bases of the tests take it over."""
    base, place = shipped_base(), cache("shipped")
    with alone(place):
        return guard_of(base, place)
