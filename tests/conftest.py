"""Guards for every test: no network beyond this machine, no real environment, no real home, no `.env`. And the shipped base."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from bot.kb.model import KnowledgeBase
from bot.match.decide.matcher import Matcher
from bot.open.base import open_base
from bot.open.following import taught_followers
from bot.service import Service
from bot.settings import Settings
from tests.fitted import SHIPPED, alone, cache, shipped_guard

ROOT = Path(__file__).resolve().parents[1]
CACHE = cache("shipped")
STATE = CACHE.parent  # a STATE_DIR for commands whose cache is warm once `shipped` was asked for
LOCAL = ["127.0.0.1", "::1", "localhost"]
PREFIXES = ("TELEGRAM_", "BOT_", "WEBHOOK_")
_resolve = socket.getaddrinfo

Base = tuple[KnowledgeBase, dict[str, Matcher]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no core is left with one of them at the end: real time, then many questions, then the rest."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "delivery"):
            item.add_marker("delivery")
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("delivery", "gate")])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, four at most: many tests wait for something."""
    return min(4, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays with one process, for the sake of what its tests share; delivery tests share nothing."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith("tests/delivery/") else str(super()._split_scope(nodeid))

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_runtest_setup() -> None:
    """Holds for tests marked `enable_socket` too: they reach databases, and those are on this machine."""
    socket_allow_hosts(LOCAL, allow_unix_socket=True)


def _resolve_here(host: Any, *args: Any, **more: Any) -> Any:
    """As on a machine without a network: only names of this machine resolve."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in (*LOCAL, "", "0.0.0.0") or _is_number(name):
        return _resolve(host, *args, **more)
    raise socket.gaierror(socket.EAI_NONAME, f"{name}: tests resolve no names beyond this machine")


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All tests run in an empty folder with an empty home. The links let them start `python -m tests.…` from there."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in ("bot", "tests"):
        (folder / name).symlink_to(ROOT / name)
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in _real_settings():
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setattr(socket, "getaddrinfo", _resolve_here)
        patch.chdir(folder)
        yield


def _real_settings() -> list[str]:
    known = {name.upper() for name in Settings.model_fields}
    return [name for name in os.environ if name.upper() in known or name.upper().startswith(PREFIXES)]


@pytest.fixture(scope="session")
def shipped() -> Base:
    """The shipped base and its matchers. Fitting takes half a minute or more, once after each change; then the cache has it."""
    with alone(CACHE):
        return open_base(SHIPPED, CACHE)


@pytest.fixture(scope="session")
def service(shipped: Base) -> Service:
    with alone(CACHE):
        followers = taught_followers(*shipped, CACHE)
    return Service(*shipped, guard=shipped_guard(), followers=followers)
