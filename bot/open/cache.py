"""What a start keeps for the next one: the parsed base as JSON, the fitted one beside it. Losing it costs time, nothing else.

One folder for each base and code: whatever could make another answer of the same files gives it another name."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import bot.kb
import bot.languages
import bot.match
from bot.atomic import new_file
from bot.kb.listing import digest_of
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.open.freeze import from_document, to_document

_KEPT = 3  # bases that stay in the cache
_ROOMS = (bot.kb, bot.languages, bot.match)  # what reads a base and what learns it, with their data


def place_of(cache: Path, digest: str) -> Path:
    """The folder of the base with this digest, as this very code makes it."""
    return cache / f"base-{code_version()}-{digest[:16]}"


@lru_cache(1)
def code_version() -> str:
    """Changes with every line of the code that reads and learns a base, with its tables and with the language packs."""
    return version_of([Path(room.__file__).parent for room in _ROOMS if room.__file__])


def version_of(folders: list[Path]) -> str:
    """12 hexadecimal digits over names and bytes of all files but compiled ones."""
    found = hashlib.sha256()
    for path, name in _files(folders):
        data = path.read_bytes()
        found.update(b"%s\0%d\0" % (name.encode(), len(data)))
        found.update(data)
    return found.hexdigest()[:12]


def _files(folders: list[Path]) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path, path.relative_to(folder.parent).as_posix()


def load_cached(folder: Path, cache: Path) -> KnowledgeBase:
    """As `load`, from the cache where it holds this very content. A damaged or unwritable cache is passed over."""
    digest = digest_of(folder)
    base = _from_cache(place_of(cache, digest), digest) if digest else None
    if base is None:
        base = load(folder)
        with contextlib.suppress(OSError):
            _keep(base, place_of(cache, base.digest))
    return base


def _from_cache(place: Path, digest: str) -> KnowledgeBase | None:
    try:
        document = json.loads((place / "base.json").read_bytes())
        return from_document(document) if document["digest"] == digest else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _keep(base: KnowledgeBase, place: Path) -> None:
    text = json.dumps(to_document(base), ensure_ascii=False, separators=(",", ":"))
    with new_file(place / "base.json") as file:
        file.write(text.encode())
    _forget_old(place)


def _forget_old(place: Path) -> None:
    others = sorted(place.parent.glob("base-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        for path in sorted(old.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        old.rmdir()
