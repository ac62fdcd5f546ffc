"""A base ready to answer: read, fitted or taken from the cache. The only place that knows where the cache lies."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import bot.match
from bot.kb.cache import load_cached
from bot.kb.model import KnowledgeBase
from bot.match import archive
from bot.match.fit import fit
from bot.match.index import Index, Step
from bot.match.matcher import Matcher
from bot.match.training import phrases_of

log = logging.getLogger(__name__)
_KEPT = 3  # fitted bases that stay in the cache


def open_base(folder: Path, cache: Path, step: Step = lambda share: None) -> tuple[KnowledgeBase, dict[str, Matcher]]:
    """The base of a folder and its matchers. KnowledgeError where the base is broken; an unwritable cache is no error."""
    base = load_cached(folder, cache)
    return base, matchers_of(base, cache, step)


def matchers_of(base: KnowledgeBase, cache: Path, step: Step = lambda share: None) -> dict[str, Matcher]:
    place = cache / f"index-{_code_version()}-{base.digest[:16]}"
    found = {lang: archive.load(place / lang) for lang in base.languages}
    indexes = {lang: index for lang, index in found.items() if index is not None}
    if len(indexes) < len(found):
        indexes = fit(phrases_of(base), step)
        _keep(indexes, place)
    return {lang: Matcher(index) for lang, index in indexes.items()}


def _keep(indexes: Mapping[str, Index], place: Path) -> None:
    try:
        for lang, index in indexes.items():
            archive.save(index, place / lang)
        _forget_old(place)
    except OSError as error:
        log.warning("The fitted base could not be kept in %s (%s); the next start will fit it again.", place, error)


def _forget_old(place: Path) -> None:
    others = sorted(place.parent.glob("index-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        for path in sorted(old.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        old.rmdir()


@lru_cache(1)
def _code_version() -> str:
    """Changes with every line of the matcher's code and with its tables."""
    folder = Path(bot.match.__file__).parent
    found = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), *folder.glob("tables/*")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
