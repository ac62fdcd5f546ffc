"""A backup made while the bot writes brings back languages, votes, questions and what waits, on an empty machine."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UsageError
from bot.operations.backup import bring_back, save
from bot.settings import Settings
from bot.store.connect import open_store
from bot.store.identity import load_key
from bot.store.resilient import ResilientStore
from tests.store_contract import postgres_database

SECRET = "the same words on every copy of the bot"


@pytest.fixture
def postgres() -> Iterator[Callable[[], str]]:
    """Two empty databases, handed out one by one."""
    with postgres_database() as one, postgres_database() as other:
        yield iter((one, other)).__next__


def settings(state: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, state_dir=state, **more)  # type: ignore[call-arg]


async def opened(given: Settings) -> ResilientStore:
    return await open_store(given.database_url, given.state_dir)


async def fill(given: Settings) -> None:
    secret = given.identity_secret
    load_key(given.state_dir, secret.get_secret_value() if secret else None)
    store = await opened(given)
    await store.set_language("chat-1", "kk")
    await store.add_unanswered("is there a metro in Almaty", "en", None, "person-1")
    await store.close()


async def held(given: Settings) -> tuple[dict[str, str], set[str]]:
    store = await opened(given)
    try:
        return await store.languages(["chat-1"]), {one.text for one in await store.unanswered()}
    finally:
        await store.close()


ALL = ({"chat-1": "kk"}, {"is there a metro in Almaty"})


async def test_from_one_machine_to_an_empty_one(tmp_path: Path) -> None:
    old, new = settings(tmp_path / "old"), settings(tmp_path / "new")
    await fill(old)
    file = tmp_path / "backup.tar.gz"
    await save(old, file)
    assert file.stat().st_mode & 0o777 == 0o600
    await bring_back(new, file)
    assert await held(new) == ALL
    assert load_key(new.state_dir) == load_key(old.state_dir)
    assert (new.state_dir / "identity.key").stat().st_mode & 0o777 == 0o600


async def test_between_the_databases_and_back(tmp_path: Path, postgres: Callable[[], str]) -> None:
    kinds = {"pg": {"database_url": postgres()}, "lite": {}, "again": {"database_url": postgres()}}
    chain = [settings(tmp_path / name, identity_secret=SECRET, **more) for name, more in kinds.items()]
    await fill(chain[0])
    for old, new in pairwise(chain):
        file = tmp_path / f"{new.state_dir.name}.tar.gz"
        await save(old, file)
        await bring_back(new, file)
        assert await held(new) == ALL
    store = await opened(chain[-1])
    await store.add_unanswered("and a second one", "en", None, "person-2")  # numbered on from the first
    await store.close()
    assert len((await held(chain[-1]))[1]) == 2


async def test_while_the_bot_writes(tmp_path: Path) -> None:
    old, new = settings(tmp_path / "old"), settings(tmp_path / "new")
    await fill(old)
    store = await opened(old)

    async def write() -> None:
        for number in range(10_000):
            await store.set_language(f"chat-w{number}", "ru")

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    await save(old, tmp_path / "backup.tar.gz")
    assert not writing.done()
    writing.cancel()
    await asyncio.wait([writing])
    await store.close()
    await bring_back(new, tmp_path / "backup.tar.gz")
    store = await opened(new)
    found = await store.languages([f"chat-w{number}" for number in range(10_000)])
    await store.close()
    assert [int(chat.removeprefix("chat-w")) for chat in sorted(found, key=len)][: len(found)]
    assert set(found) == {f"chat-w{number}" for number in range(len(found))}  # a moment, with no gap in it


async def test_nothing_is_written_over(tmp_path: Path, postgres: Callable[[], str]) -> None:
    old = settings(tmp_path / "old")
    await fill(old)
    file = tmp_path / "backup.tar.gz"
    await save(old, file)
    with pytest.raises(UsageError, match="replaces no file"):
        await save(old, file)
    with pytest.raises(UsageError, match="move it aside"):
        await bring_back(old, file)
    full = settings(tmp_path / "full", database_url=postgres(), identity_secret=SECRET)
    await fill(full)
    await save(full, tmp_path / "full.tar.gz")
    with pytest.raises(UsageError, match="holds something already"):
        await bring_back(full, tmp_path / "full.tar.gz")


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Made, it would lie on another disk than the one that is not mounted."""
    old = settings(tmp_path / "old")
    await fill(old)
    with pytest.raises(UsageError, match=f"{tmp_path / 'disk'} is no folder"):
        await save(old, tmp_path / "disk" / "backup.tar.gz")
    assert not (tmp_path / "disk").exists()
    with pytest.raises(UsageError, match="is no file"):
        await bring_back(settings(tmp_path / "new"), tmp_path / "disk" / "backup.tar.gz")


async def test_a_bot_that_has_not_run_has_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to keep"):
        await save(settings(tmp_path / "none"), tmp_path / "backup.tar.gz")


async def test_the_key_has_to_be_that_of_the_backup(tmp_path: Path) -> None:
    old = settings(tmp_path / "old", identity_secret=SECRET)
    await fill(old)
    file = tmp_path / "backup.tar.gz"
    await save(old, file)
    with pytest.raises(UsageError, match="set that first"):
        await bring_back(settings(tmp_path / "new"), file)
    with pytest.raises(UsageError, match="another key"):
        await bring_back(settings(tmp_path / "new", identity_secret="quite another word, of the same length"), file)
    assert not (tmp_path / "new").exists()


def changed(file: Path, name: str, content: Callable[[bytes], bytes]) -> Path:
    target = file.with_name("changed.tar.gz")
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            data = old.extractfile(member).read()  # type: ignore[union-attr]
            data = content(data) if member.name == name else data
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return target


async def test_damage_and_a_newer_version_are_told(tmp_path: Path) -> None:
    old, new = settings(tmp_path / "old"), settings(tmp_path / "new")
    await fill(old)
    file = tmp_path / "backup.tar.gz"
    await save(old, file)
    with pytest.raises(UsageError, match="damaged"):
        await bring_back(new, changed(file, "bot.sqlite3", lambda data: data[:-1] + b"?"))
    newer = changed(
        file, "manifest.json", lambda data: json.dumps(json.loads(data) | {"schema": "9999_to_come"}).encode()
    )
    with pytest.raises(UsageError, match="newer: install that one"):
        await bring_back(new, newer)
    half = tmp_path / "half.tar.gz"
    half.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(UsageError, match="no backup of this bot"):
        await bring_back(new, half)
    assert not (tmp_path / "new").exists()
