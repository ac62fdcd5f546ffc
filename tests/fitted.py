"""Fitted bases that all test processes of a machine share: whoever comes first fits, the others wait for it. No tests here.

`python -m tests.fitted` fits them all before the tests begin, on every core and with nobody waiting."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from bot.kb.lint.memory import Remembered
from bot.kb.model import KnowledgeBase
from bot.match.learn.guard import Guard
from bot.open.base import guard_of
from bot.open.cache import load_cached, memory_of

ROOT = Path(__file__).resolve().parents[1]
SHIPPED, PLACE = ROOT / "knowledge", ROOT / ".state" / "test"
_PATIENCE = 500  # seconds for one fit, ten times what it takes; who waits longer for it waits for ever


def cache(name: str) -> Path:
    """A folder for one base: it stays from run to run, and `bot.open` throws old fits away."""
    return PLACE / name / "cache"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within this context no other process fits into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "lock", timeout=_PATIENCE):
        yield


@lru_cache(1)
def shipped_base() -> KnowledgeBase:
    """The shipped base, which others cut down."""
    place = cache("shipped")
    with alone(place):
        return load_cached(SHIPPED, place)


def memory() -> Remembered:
    """For checks of the shipped base, and of copies of it: its ways to ask are compared once, and not by each process."""
    return memory_of(cache("shipped"))


@lru_cache(1)
def shipped_guard() -> Guard:
    """What sees danger, as the shipped base taught it: the smaller bases of the tests take it over."""
    base, place = shipped_base(), cache("shipped")
    with alone(place):
        return guard_of(base, place)


def main() -> None:
    """All of them. A fit that hangs ends the process and says where it stands."""
    from tests import conftest, small_service, telegram_desk
    from tests.delivery import base as delivery_base

    for fit in (
        shipped_guard,
        conftest.fitted_service,
        small_service.small_service,
        telegram_desk.service,
        delivery_base.fitted,
    ):
        faulthandler.dump_traceback_later(_PATIENCE, exit=True)
        fit()
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main()
