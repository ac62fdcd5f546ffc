"""What a start keeps for the next one, part by part: each under a name that tells what it was made of. Losing it costs time,
nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.atomic import new_file
from bot.kb.listing import digest_of
from bot.kb.model import KnowledgeBase
from bot.open.code import version_of
from bot.open.freeze import from_document, to_document

if TYPE_CHECKING:
    from bot.kb.lint.memory import Remembered

log = logging.getLogger(__name__)

_KEPT = 2  # parts of each kind that stay in the cache
_NAMES = 50  # of what was in order: empty files
_DRAFT = 3600  # seconds after which what somebody began to write is no longer being written
_SUMS = "sums.json"
_READERS = ("bot.kb.load", "bot.open.freeze")  # what makes a base of files
_JUDGES = ("bot.kb.lint.phrases",)  # what finds ways to ask in order


def place_of(cache: Path, kind: str, *made_of: str | bytes) -> Path:
    """The place of a part: one folder a kind, one name for all that it is made of, its code too."""
    found = hashlib.sha256()
    for one in made_of:
        data = one.encode() if isinstance(one, str) else one
        found.update(b"%d\0" % len(data))
        found.update(data)
    return cache / kind / found.hexdigest()[:24]


def keep(place: Path, write: Callable[[Path], None]) -> None:
    """Writes a part that was learnt, in the room of the oldest of its kind. Where that cannot be, the next start learns it
    again."""
    try:
        write(place)
        _seal(place)
    except OSError as error:
        log.warning("What was learned could not be kept in %s (%s); the next start will learn it again.", place, error)
    else:
        _forget_old(place)


def _seal(place: Path) -> None:
    """What each file of a folder held when it was written."""
    if place.is_dir():
        sums = json.dumps(_sums(place)).encode()
        with new_file(place / _SUMS) as file:
            file.write(sums)


def _sums(place: Path) -> dict[str, int]:
    """A start waits 25 ms for those of a language; npz files have sums of their own, which their reader looks at."""
    found = (path for path in sorted(place.iterdir()) if path.name != _SUMS)
    return {path.name: 0 if path.suffix == ".npz" else zlib.crc32(path.read_bytes()) for path in found}


def sound(place: Path) -> bool:
    """Whether it is as it was written: a damaged disk may change a text and leave its size. What was not sealed, as one file
    is not, is left to its reader."""
    try:
        return bool(json.loads((place / _SUMS).read_bytes()) == _sums(place))
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False


def used(place: Path) -> None:
    """This part is in use: it is forgotten after those that are not."""
    with contextlib.suppress(OSError):
        os.utime(place)


def _forget_old(place: Path, most: int = _KEPT) -> None:
    with contextlib.suppress(OSError):
        found = [(path.stat().st_mtime, path) for path in place.parent.iterdir() if path != place]
        whole = sorted(one for one in found if not one[1].name.startswith("."))
        drafts = [one for one in found if one[1].name.startswith(".") and one[0] < time.time() - _DRAFT]
        for _, path in [*whole[: max(0, len(whole) - most + 1)], *drafts]:
            # A link is taken away itself, not what it leads to.
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def noted(place: Path) -> Any:
    """What `note` wrote there, None where there is nothing to be read."""
    try:
        found = json.loads(place.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    used(place)
    return found


def note(place: Path, content: Any) -> None:
    """Writes down what can be worked out again, in the room of the oldest. An unwritable cache is passed over."""
    with contextlib.suppress(OSError):
        with new_file(place) as file:
            file.write(json.dumps(content).encode())
        _forget_old(place, _NAMES)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Ways to ask that were found in order, by language and name: `Remembered.proven` within a cache."""

    cache: Path

    def has(self, language: str, name: str) -> bool:
        place = self._place(language, name)
        if place.exists():
            used(place)
            return True
        return False

    def add(self, language: str, name: str) -> None:
        with contextlib.suppress(OSError):
            place = self._place(language, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
            _forget_old(place, _NAMES)

    def _place(self, language: str, name: str) -> Path:
        return place_of(self.cache, f"in-order-{language}", version_of(_JUDGES), name)


def memory_of(cache: Path) -> Remembered:
    """What a command may know of a base before it reads it; no cache is made for it."""
    from bot.kb.lint.memory import Remembered

    return Remembered(InOrder(cache) if cache.is_dir() else None)


def load_cached(folder: Path, cache: Path) -> KnowledgeBase:
    """As `load`, from the cache where it holds this very content. A damaged or unwritable cache is passed over."""
    base = kept_base(folder, cache)
    if base is None:
        from bot.kb.lint.memory import Remembered  # what reads YAML takes as long to load as all else
        from bot.kb.load import load

        base = load(folder, Remembered(InOrder(cache)))
        with contextlib.suppress(OSError):
            _keep(base, _place(cache, base.digest))
    return base


def kept_base(folder: Path, cache: Path) -> KnowledgeBase | None:
    """The base of a folder as it is now, if the cache has it."""
    digest = digest_of(folder)
    return _from_cache(_place(cache, digest), digest) if digest else None


def _place(cache: Path, digest: str) -> Path:
    return place_of(cache, "base", version_of(_READERS), digest)


def _from_cache(place: Path, digest: str) -> KnowledgeBase | None:
    try:
        document = json.loads(place.read_bytes())
        base = from_document(document) if document["digest"] == digest else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    used(place)
    return base


def _keep(base: KnowledgeBase, place: Path) -> None:
    text = json.dumps(to_document(base), ensure_ascii=False, separators=(",", ":"))
    with new_file(place) as file:
        file.write(text.encode())
    _forget_old(place)
