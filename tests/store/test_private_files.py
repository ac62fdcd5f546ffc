"""What the bot remembers lies in files that nobody else reads, and what was deleted lies in none of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.database import SQLITE_FILE, database_address
from bot.store.identity import KEY_FILE, load_key
from bot.store.sql import SqlStore
from bot.store.sqlite_files import ASIDE_KEPT, drop_asides, made_private, moved_aside
from tests.clocks import MovedClock

ASKER = "person-1"
NEVER_KEPT = "a question that somebody wants forgotten"


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def stored(folder: Path) -> int:
    """How often the text stands anywhere in the files."""
    return sum(path.read_bytes().count(NEVER_KEPT.encode()) for path in folder.iterdir())


def sqlite(folder: Path, clock: MovedClock | None = None) -> SqlStore:
    return SqlStore(database_address(None, folder), clock=clock or MovedClock())


async def test_nobody_else_reads_them_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "state"
    store = sqlite(folder)
    await store.open()
    await store.add_unanswered("anything", "en", None, ASKER)
    load_key(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert set(modes(folder)) == {SQLITE_FILE, f"{SQLITE_FILE}-wal", f"{SQLITE_FILE}-shm", KEY_FILE}
    assert set(modes(folder).values()) == {0o600}
    await store.close()


def test_what_goes_away_meanwhile_is_neither_missed_nor_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection that closes takes its files with it, also between a look at them and their closing."""
    file, log = tmp_path / SQLITE_FILE, tmp_path / f"{SQLITE_FILE}-wal"
    file.touch()
    log.touch()
    look = Path.stat

    def stat_of_the_vanishing(path: Path, **how: bool) -> os.stat_result:
        if path == log:
            log.unlink(missing_ok=True)
        return look(path, **how)

    monkeypatch.setattr(Path, "stat", stat_of_the_vanishing)
    made_private(file)
    assert [path.name for path in tmp_path.iterdir()] == [SQLITE_FILE]


async def test_what_an_older_release_left_open_is_closed(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / SQLITE_FILE)) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE other (x)")
        old.commit()
        for path in tmp_path.iterdir():
            path.chmod(0o644)
        store = sqlite(tmp_path)
        await store.open()
        assert set(modes(tmp_path).values()) == {0o600}
        await store.close()


def test_a_key_that_others_could_read_is_closed_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = load_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o666)
    with caplog.at_level(logging.WARNING):
        assert load_key(tmp_path) == key
    assert "could be read by others" in caplog.text
    assert modes(tmp_path) == {KEY_FILE: 0o600}


@pytest.mark.parametrize("how", ["forget", "prune"])
async def test_what_is_deleted_is_in_no_file_while_the_bot_goes_on(tmp_path: Path, how: str) -> None:
    clock = MovedClock()
    store = sqlite(tmp_path, clock)
    await store.open()
    for number in range(50):
        await store.add_unanswered(f"{NEVER_KEPT} {number}", "en", None, ASKER)
    assert stored(tmp_path) >= 50
    clock.move(days=91)
    assert await (store.forget(ASKER) if how == "forget" else store.prune(clock.now)) == 50
    assert stored(tmp_path) == 0
    assert await store.healthy()
    await store.close()


async def test_forgetting_does_not_wait_for_who_else_reads_the_database(tmp_path: Path) -> None:
    store = sqlite(tmp_path)
    await store.open()
    await store.add_unanswered(NEVER_KEPT, "en", None, ASKER)
    with contextlib.closing(sqlite3.connect(tmp_path / SQLITE_FILE)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM questions").fetchall()
        async with asyncio.timeout(60):
            assert await store.forget(ASKER) == 1
    await store.close()


def test_a_database_set_aside_is_kept_for_a_week(tmp_path: Path) -> None:
    clock, file = MovedClock(), tmp_path / SQLITE_FILE
    for part in ("", "-wal"):
        Path(f"{file}{part}").write_bytes(b"damaged")
    aside = moved_aside(file, clock.now)
    assert sorted(path.name for path in tmp_path.iterdir()) == [aside.name, f"{aside.name}-wal"]
    drop_asides(file, clock.now + ASIDE_KEPT - timedelta(minutes=1))
    assert aside.exists()
    drop_asides(file, clock.now + ASIDE_KEPT + timedelta(minutes=1))
    assert list(tmp_path.iterdir()) == []
