"""Guards for every test: no network beyond this machine, no real environment, no real home, no `.env`. And the shipped base."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from bot.kb.model import KnowledgeBase
from bot.match.decide.matcher import Matcher
from bot.open.base import open_base
from bot.service import Service
from bot.settings import Settings
from tests.delivery.runs import SWITCH
from tests.fitted import PLACE, SHIPPED, alone, cache, shipped_guard
from tests.kb_bases import shared_memory

ROOT = Path(__file__).resolve().parents[1]
CACHE = cache("shipped")
STATE = CACHE.parent  # a STATE_DIR for commands whose cache is warm once `shipped` was asked for
LOCAL = ["127.0.0.1", "::1", "localhost"]
PREFIXES = ("TELEGRAM_", "BOT_", "WEBHOOK_")
_resolve = socket.getaddrinfo

Base = tuple[KnowledgeBase, dict[str, Matcher]]


@lru_cache
def _within_tests(path: Path) -> str:
    return path.relative_to(ROOT / "tests").as_posix()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no core is left with one of them at the end: real time, then many questions, then the rest."""
    for item in items:
        if _within_tests(item.path).startswith("delivery/"):
            item.add_marker("delivery")
            if os.environ.get(SWITCH):
                item.add_marker(pytest.mark.timeout(0))  # an outage at full size is long on purpose
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("delivery", "gate")])


def pytest_collection_finish() -> None:
    """All that was read so far stays: to look through it for garbage would take a tenth of the time, again and again."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
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
        patch.setenv("MPLCONFIGDIR", str(PLACE / "matplotlib"))  # it looks for all fonts of the machine once
        patch.setenv("LOKY_MAX_CPU_COUNT", "1")  # the test processes fill the cores already
        patch.setattr(socket, "getaddrinfo", _resolve_here)
        patch.setattr(os, "nice", lambda _by: 0)  # who gives way once, here, gives way in all the tests that follow
        for reader in (
            "bot.kb.load",
            "bot.kb.lint.memory",
            "bot.workbench.editing.draft",
            "bot.workbench.trial",
        ):  # packs are the same in all bases of a process
            patch.setattr(f"{reader}.Remembered", shared_memory)
        patch.chdir(folder)
        yield


def _real_settings() -> list[str]:
    known = {name.upper() for name in Settings.model_fields}
    return [name for name in os.environ if name.upper() in known or name.upper().startswith(PREFIXES)]


@pytest.fixture(scope="session")
def shipped() -> Base:
    """The shipped base and its matchers. Fitting takes half a minute or more, once after each change; then the cache has it."""
    return fitted_base()


@pytest.fixture(scope="session")
def service() -> Service:
    return fitted_service()


@lru_cache(1)
def fitted_base() -> Base:
    with alone(CACHE):
        return open_base(SHIPPED, CACHE)


@lru_cache(1)
def fitted_service() -> Service:
    return Service(*fitted_base(), guard=shipped_guard())
