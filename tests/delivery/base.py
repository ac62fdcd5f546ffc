"""The shipped knowledge with a few phrases of each thing: fitted in seconds, and started from the cache by every run."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.kb.listing import digest_of
from bot.open.base import open_service
from tests.fitted import alone
from tests.fitted import cache as cache_of
from tests.kb_bases import SHIPPED, fitted_soon, rewrite, shortened

CACHE = cache_of("delivery")
PLACE = CACHE.parent
PHRASES = 4  # of each entry, each refusal and each kind of small talk
REFUSALS = ("other-russia-caucasus", "visas-and-travel")


@cache
def fitted() -> Path:
    """The folder of the base; the cache holds it as it is now."""
    folder = PLACE / f"knowledge-{(digest_of(SHIPPED) or '')[:12]}-{PHRASES}"
    with alone(CACHE):
        if not folder.exists():
            os.rename(_made(Path(tempfile.mkdtemp(dir=PLACE))), folder)
        open_service(folder, CACHE)
    return folder


def state_folder(inside: Path, name: str = "state") -> Path:
    """A new STATE_DIR whose cache is warm."""
    state = inside / name
    state.mkdir()
    (state / "cache").symlink_to(CACHE, target_is_directory=True)
    return state


def _made(folder: Path) -> Path:
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    for file in folder.glob("*/phrases/*.yaml"):
        rewrite(file, lambda content: shortened(content, PHRASES))
    fitted_soon(folder, PHRASES)
    for file in folder.rglob("refusals.yaml"):
        rewrite(file, lambda found: shortened({name: found[name] for name in REFUSALS if name in found}, PHRASES))
    return folder
