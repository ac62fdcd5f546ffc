"""Who updates keeps what the bot remembered; who goes back is told what to do."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.operations.at_store import database
from bot.operations.findings import Condition
from bot.settings import Settings
from bot.store import migrations
from bot.store.base import MissKind
from bot.store.connect import open_store
from bot.store.database import SQLITE_FILE
from bot.store.identity import chat_key, load_key
from bot.store.inbox import Copy
from bot.store.sealing import Envelope, Seal
from tests.inbox_contract import arrives
from tests.store import releases
from tests.store.releases import BOT, FOLDER, GROUP, NOTE, QUESTION, UPDATE, WAITS, left_by, me, today

RELEASES = sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", RELEASES)
async def test_all_that_a_release_remembered_is_there_after_the_update(name: str, tmp_path: Path) -> None:
    folder = left_by(name, tmp_path / "state")
    key = load_key(folder)
    store = await open_store(None, folder)
    group = chat_key(key, GROUP)
    assert await store.languages([me, group]) == {me: "kk", group: "ru"}
    assert await store.votes(today()) == {"presidential-term": (1, 0)}
    [question] = await store.unanswered()
    assert (question.text, question.note, question.kind) == (QUESTION, NOTE, MissKind.REPORTED)
    [watch] = await store.watches()
    assert Envelope(key).open(watch.question, watch.payload) == QUESTION.encode()
    assert await store.marks("digest") == {me: "on"}
    assert await store.dismissed() == {"set-aside"}
    assert await store.counts(today()) == [(today(), "asked", None, 3)]
    [waiting] = await store.take(Copy(BOT, "a new process"))
    assert json.loads(str(Seal(key, BOT).open(waiting.update_id, waiting.payload), "utf-8")) == json.loads(WAITS)
    assert waiting.update_id == UPDATE
    assert await store.forget(me) == 5
    await store.close()


async def test_what_was_handled_before_an_update_is_not_handled_again(tmp_path: Path) -> None:
    store = await open_store(None, left_by(RELEASES[-1], tmp_path / "state"), clock=lambda: releases.WHEN)
    assert not await arrives(store, UPDATE - 1, Copy(BOT, "a new process"))
    await store.close()


def test_every_version_of_the_database_that_people_have_is_one_that_this_program_comes_from() -> None:
    there = {
        re.findall(r"alembic_version\" VALUES\('(\w+)'", (FOLDER / name / "bot.sql").read_text())[0]
        for name in RELEASES
    }
    assert there <= migrations.known()
    assert migrations.HEAD in there, "the schema is new: python -m tests.store.releases NAME-OF-THE-NEXT-RELEASE"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """As a later release will leave it."""
    folder = left_by(RELEASES[-1], tmp_path / "state")
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_tomorrow'")
        connection.commit()
    return folder


async def test_an_older_program_says_what_to_do_and_touches_nothing(
    newer: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = await open_store(None, newer)
    assert not await store.healthy()
    await store.close()
    for part in ("9999_tomorrow", "a newer reformbot wrote it", "Install that one", "reformbot restore"):
        assert part in caplog.text
    with closing(sqlite3.connect(newer / SQLITE_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM questions").fetchone() == (1,)
    assert not list(newer.glob("*corrupt*"))


async def test_so_does_the_doctor(newer: Path) -> None:
    [found] = await database(Settings(_env_file=None, state_dir=newer))  # type: ignore[call-arg]
    assert found.state is Condition.WRONG
    assert "9999_tomorrow" in found.says
    assert "install that one, or restore a backup" in found.todo
