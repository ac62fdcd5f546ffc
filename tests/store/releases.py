"""What a release leaves in its state folder, kept as text: `python -m tests.store.releases NAME` writes that of the present code.

Once a release is out its folder is not written again: what it holds is what people have. No tests here."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from bot.store.base import MissKind, Watch
from bot.store.connect import open_store
from bot.store.database import SQLITE_FILE
from bot.store.identity import KEY_FILE, chat_key, message_key, person_key
from bot.store.inbox import Copy, Waiting
from bot.store.sealing import Envelope, Seal

FOLDER = Path(__file__).parents[1] / "data" / "releases"
KEY = b"tests: this key guards nothing!!"
BOT, PERSON, GROUP, MESSAGE, UPDATE = 4242, 5, -1002000000001, 17, 700_001
WHEN = datetime(2026, 11, 29, 7, tzinfo=UTC)
QUESTION, NOTE, WAITS = "may the president be elected twice", "the year is wrong", b'{"update_id": 700001}'

me = person_key(KEY, PERSON)


async def fill(folder: Path) -> None:
    """All that a bot may remember, once each."""
    (folder / KEY_FILE).write_text(KEY.hex() + "\n")
    store = await open_store(None, folder, clock=lambda: WHEN)
    await store.set_language(me, "kk")
    await store.set_language(chat_key(KEY, GROUP), "ru")
    await store.vote("presidential-term", me, message_key(KEY, GROUP, MESSAGE), 1)
    await store.add_unanswered(QUESTION, "en", "presidential-term", me, WHEN, kind=MissKind.REPORTED, note=NOTE)
    await store.add_watch(Watch(me, "question-1", Envelope(KEY).close("question-1", QUESTION.encode())), WHEN)
    await store.mark(me, "digest", "on")
    await store.dismiss(["set-aside"])
    await store.count({("asked", None, WHEN.date()): 3})
    seal, copy = Seal(KEY, BOT), Copy(BOT, "a process that is no more")
    waiting = Waiting(UPDATE, seal.name("chat 5"), seal.close(UPDATE, WAITS), WHEN.timestamp())
    await store.put(copy, [waiting])
    await store.settle(copy, done=[UPDATE - 1])
    await store.close()


def write(name: str) -> None:
    target = FOLDER / name
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        with closing(sqlite3.connect(Path(folder) / SQLITE_FILE)) as connection:
            (target / "bot.sql").write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
        shutil.copy(Path(folder) / KEY_FILE, target / KEY_FILE)


def left_by(name: str, folder: Path) -> Path:
    """The state folder as that release left it."""
    folder.mkdir(mode=0o700)
    shutil.copy(FOLDER / name / KEY_FILE, folder / KEY_FILE)
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as connection:
        connection.executescript((FOLDER / name / "bot.sql").read_text(encoding="utf-8"))
    return folder


def today() -> date:
    return WHEN.date()


if __name__ == "__main__":
    write(sys.argv[1])
