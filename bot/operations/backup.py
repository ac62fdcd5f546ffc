"""Keeps what the bot remembers in one file, while it runs, and brings it back, into SQLite or PostgreSQL.

The file is a gzipped tar: `manifest.json`, the database as a SQLite file whatever it was, and the identity key unless that
is a setting. Without its key a database names no chat, so the two are kept together, and the file has mode 600."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import tarfile
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import URL

from bot.atomic import new_file
from bot.errors import ReformbotError, UsageError
from bot.operations import rows
from bot.operations.versions import version_of
from bot.settings import Settings
from bot.store import migrations
from bot.store.database import SQLITE_FILE, database_address, sqlite_file
from bot.store.identity import KEY_FILE, key_of

_MANIFEST, _FORMAT = "manifest.json", 1
_PARTS = (SQLITE_FILE, KEY_FILE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `made` is in seconds since 1970; `digests` are SHA-256 of the other parts;
    `key` tells whether a key is the one that goes with it, and gives nothing of it away."""

    format: int
    program: str
    made: float
    schema: str | None
    key: str
    digests: dict[str, str]


async def save(settings: Settings, target: Path) -> Manifest:
    """Write the backup. UsageError where there is nothing to keep or something stands in the place; the bot may run."""
    if target.exists():
        raise UsageError(f"{target} is there already: a backup replaces no file.")
    if not target.parent.is_dir():  # as where a disk is not mounted: made, it would be on another one
        raise UsageError(f"{target.parent} is no folder: make it, or name another.")
    url, key = database_address(settings.database_url, settings.state_dir), _key(settings)
    source = sqlite_file(url)
    if key is None or (source is not None and not source.exists()):
        raise UsageError(f"{settings.state_dir} holds nothing to keep: the bot has not run there.")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        await _copy_out(url, folder / SQLITE_FILE)
        if settings.identity_secret is None:
            (folder / KEY_FILE).write_bytes((settings.state_dir / KEY_FILE).read_bytes())
        manifest = Manifest(
            _FORMAT,
            version_of("reformbot") or "unknown",
            time.time(),
            _schema(folder / SQLITE_FILE),
            _shown(key),
            _digests(folder),
        )
        (folder / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        with new_file(target) as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name)
    return manifest


async def bring_back(settings: Settings, source: Path) -> Manifest:
    """Put everything back where there is nothing yet. UsageError says what is wrong with the file or in the way."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        manifest = _unpacked(source, folder)
        _check_key(settings, manifest, folder)
        url = database_address(settings.database_url, settings.state_dir)
        target = sqlite_file(url)
        if target is None:
            await rows.copy_in(folder / SQLITE_FILE, url)
        elif any(target.parent.glob(f"{target.name}*")):
            raise UsageError(f"{target} is there already: stop the bot and move it aside, with its -wal and -shm.")
        else:
            _place(folder / SQLITE_FILE, target)
        if (folder / KEY_FILE).exists() and settings.identity_secret is None:
            _place(folder / KEY_FILE, settings.state_dir / KEY_FILE)
    return manifest


async def _copy_out(url: URL, target: Path) -> None:
    source = sqlite_file(url)
    if source is None:
        await rows.copy_out(url, target)
        return
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it
    except sqlite3.Error as error:
        raise ReformbotError(f"{source} cannot be copied: {error}. reformbot doctor looks closer.") from None


def _unpacked(source: Path, folder: Path) -> Manifest:
    """The parts, each checked against its digest."""
    if not source.is_file():
        raise UsageError(f"{source} is no file.")
    try:
        with tarfile.open(source, "r:gz") as archive:
            for name in (_MANIFEST, *_PARTS):
                with suppress(KeyError):
                    member = archive.extractfile(name)
                    if member is not None:
                        (folder / name).write_bytes(member.read())
        manifest = Manifest(**json.loads((folder / _MANIFEST).read_text(encoding="utf-8")))
    except (OSError, tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise UsageError(
            f"{source} is no backup of this bot, or only a part of one ({type(error).__name__})."
        ) from None
    if manifest.format != _FORMAT or (manifest.schema is not None and manifest.schema not in migrations.known()):
        raise UsageError(
            f"{source} was made by reformbot {manifest.program}, which is newer: install that one, and restore with it."
        )
    if _digests(folder) != manifest.digests:
        raise UsageError(f"{source} is damaged: a part of it is not what was written.")
    return manifest


def _check_key(settings: Settings, manifest: Manifest, folder: Path) -> None:
    """The key that will be used has to be the one that named the chats in the database."""
    if settings.identity_secret is None and not (folder / KEY_FILE).exists():
        raise UsageError("This backup belongs to an IDENTITY_SECRET, which is kept outside of it: set that first.")
    there = _key(settings)
    if there is not None and _shown(there) != manifest.key:
        where = "IDENTITY_SECRET" if settings.identity_secret else str(settings.state_dir / KEY_FILE)
        raise UsageError(f"{where} is another key than that of the backup: with it, no chat would be found again.")


def _place(part: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with new_file(target) as file:
        file.write(part.read_bytes())


def _key(settings: Settings) -> bytes | None:
    """The key as it is; None where there is none yet."""
    secret = settings.identity_secret
    return key_of(settings.state_dir, secret.get_secret_value() if secret else None)


def _shown(key: bytes) -> str:
    return hmac.digest(key, b"which key a backup belongs to", hashlib.sha256).hex()[:16]


def _digests(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _PARTS if (folder / name).exists()
    }


def _schema(file: Path) -> str | None:
    with closing(sqlite3.connect(file)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return str(found[0]) if found else None
