"""The SQL store: migrations, addresses, several copies on one database, speed, and what stays out of errors and files."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store import migrations
from bot.store.base import MissKind, StoreBusy, StoreError, StoreUnavailable
from bot.store.connect import open_store
from bot.store.database import BUSY, SQLITE_FILE, database_address, explained, make_engine
from bot.store.inbox import Copy, TakenIn, Waiting
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.clocks import MovedClock
from tests.inbox_contract import ME, OTHER_COPY, arrives, ids, update
from tests.store_contract import TODAY, admin, language, postgres_database

pytestmark = pytest.mark.enable_socket

TAKING, HANDLING = 5, 5  # statements of one transaction


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'bot.sqlite3'}"
    url: str = request.getfixturevalue("database")
    asyncio.run(admin("DROP SCHEMA public CASCADE", url))
    asyncio.run(admin("CREATE SCHEMA public", url))
    return url


def sql_store(address: str, clock: MovedClock | None = None) -> SqlStore:
    return SqlStore(database_address(address, Path("unused")), clock=clock or MovedClock())


def copy(n: int) -> Copy:
    return Copy(42, f"copy {n}", 60.0)


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


# migrations


async def test_migrations_from_nothing_lead_to_the_tables_as_the_code_sees_them(address: str) -> None:
    store = sql_store(address)
    await store.open()
    await store.close()
    engine = make_engine(database_address(address, Path("unused")))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(migrations.current) == migrations.HEAD
    await engine.dispose()


async def test_opening_again_keeps_what_is_there(address: str) -> None:
    waiting = Waiting(2, "b", b"\x00\xff sealed", 1_773_489_600.123456, 3)
    for new in (True, False):
        store = sql_store(address)
        await store.open()
        assert await arrives(store, 1) is new
        await store.settle(ME, done=[1])
        assert (await store.put(ME, [waiting])).fresh == ({2} if new else frozenset())
        assert (await store.settle(ME, leave=["b"])).found == (waiting,)
        await store.close()


async def test_copies_that_start_at_once_do_not_clash(address: str) -> None:
    stores = [sql_store(address) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    found = await asyncio.gather(*(store.put(copy(n), [update(1)]) for n, store in enumerate(stores)))
    assert sorted(len(taken.fresh) for taken in found) == [0, 0, 0, 1]
    assert sorted(len(taken.ours) for taken in found) == [0, 0, 0, 1]
    await asyncio.gather(*(store.close() for store in stores))


async def test_what_a_dead_process_held_is_free_at_the_start_on_sqlite_but_not_at_the_stores_return(
    tmp_path: Path,
) -> None:
    """A file has one process, so what it holds when that starts is held by the dead; a server has many."""
    address = f"sqlite:///{tmp_path / SQLITE_FILE}"
    dead, store = sql_store(address), sql_store(address)
    await dead.open()
    await dead.put(ME, [update(1)])
    await dead.close()
    await store.open()
    assert ids(await store.take(OTHER_COPY)) == [1]
    await store.open()
    assert await store.take(ME) == []
    assert await store.renew(OTHER_COPY, ["a"]) == {"a"}
    await store.close()


async def test_on_a_server_a_start_takes_nothing_from_those_who_live(database: str) -> None:
    living, new = sql_store(database), sql_store(database)
    await living.open()
    await admin("TRUNCATE inbox, lanes, handled", database)
    await living.put(ME, [update(1)])
    await new.open()
    assert await new.take(OTHER_COPY) == []
    assert await living.renew(ME, ["a"]) == {"a"}
    for store in (living, new):
        await store.close()


async def test_a_database_of_the_version_before_keeps_all_but_its_journal(tmp_path: Path) -> None:
    file = tmp_path / SQLITE_FILE
    blocker = sqlite3.connect(file)
    blocker.execute("CREATE TABLE inbox (in_the_way)")
    with pytest.raises(StoreUnavailable, match="already exists"):
        await sql_store(f"sqlite:///{file}").open()
    assert blocker.execute("SELECT version_num FROM alembic_version").fetchall() == [("0004_votes_and_counts",)]
    blocker.execute("INSERT INTO journal VALUES (7, 'a', 0, 1, 0)")
    blocker.execute("INSERT INTO chats VALUES ('chat', 'kk')")
    blocker.execute("DROP TABLE inbox")
    blocker.commit()
    blocker.close()
    store = sql_store(f"sqlite:///{file}")
    await store.open()
    assert await language(store, "chat") == "kk"
    assert await arrives(store, 7)
    await store.close()


async def test_questions_of_before_keep_their_place_and_numbers_are_not_given_again(tmp_path: Path) -> None:
    file = tmp_path / SQLITE_FILE
    blocker = sqlite3.connect(file)
    blocker.execute("CREATE TABLE dismissed (in_the_way)")
    with pytest.raises(StoreUnavailable, match="already exists"):
        await sql_store(f"sqlite:///{file}").open()
    blocker.execute("INSERT INTO questions (text, lang, nearest, asker, asked) VALUES ('old', 'en', 'term', 'p', 1e9)")
    blocker.execute("DROP TABLE dismissed")
    blocker.commit()
    blocker.close()
    store = sql_store(f"sqlite:///{file}")
    await store.open()
    [question] = await store.unanswered()
    assert (question.text, question.kind, question.note, question.id) == ("old", MissKind.DECLINED, "", 1)
    await store.forget_unanswered([1])
    await store.add_unanswered("new", "en", None, "p")
    assert [one.id for one in await store.unanswered()] == [2]
    await store.close()


async def test_each_version_is_recorded_when_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that fails leaves the earlier ones in place, and is taken up by the next start."""
    file = tmp_path / SQLITE_FILE
    blocker = sqlite3.connect(file)
    blocker.execute("CREATE TABLE questions (in_the_way)")
    with pytest.raises(StoreUnavailable, match="already exists"):
        await sql_store(f"sqlite:///{file}").open()
    assert blocker.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002_chats",)]
    blocker.execute("DROP TABLE questions")
    store = sql_store(f"sqlite:///{file}")
    await store.open()
    assert await store.unanswered_count() == 0
    await store.close()
    blocker.close()


async def test_a_database_from_a_newer_program_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / SQLITE_FILE
    store = sql_store(f"sqlite:///{file}")
    await store.open()
    await store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_tomorrow'")
    with pytest.raises(StoreError, match="9999_tomorrow"):
        await store.open()


async def test_the_newest_version_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


async def test_an_opening_that_is_broken_off_holds_no_lock(address: str) -> None:
    """It may be broken off in the midst of a migration; the next one must not wait for it."""
    for n in range(10):
        opening = asyncio.create_task(sql_store(address).open())
        await asyncio.sleep(n * 0.01)
        opening.cancel()
    store = sql_store(address)
    async with asyncio.timeout(60):
        await store.open()
    assert await store.healthy()
    await store.close()


# several copies


async def test_of_several_copies_one_gets_each_update(address: str) -> None:
    stores = [sql_store(address) for _ in range(3)]
    for store in stores:
        await store.open()

    async def put(n: int, u: int) -> TakenIn:
        while True:
            with contextlib.suppress(StoreBusy):  # another transaction may take long while all connections are made
                return await stores[n].put(copy(n), [update(u, f"lane {u}")])

    found = await asyncio.gather(*(put(n, u) for u in range(40) for n in range(3)))
    assert sorted(update_id for taken in found for update_id in taken.fresh) == list(range(40))
    assert sorted(lane for taken in found for lane in taken.ours) == sorted(f"lane {n}" for n in range(40))
    taken = [await store.take(copy(n)) for n, store in enumerate(stores)]
    assert taken == [[], [], []]
    await asyncio.gather(*(store.close() for store in stores))


async def test_of_several_copies_one_takes_over_each_lane_of_one_that_stopped(address: str) -> None:
    stores = [sql_store(address) for _ in range(3)]
    for store in stores:
        await store.open()
    await stores[0].put(ME, [update(n, f"lane {n % 20}") for n in range(60)])
    await stores[0].let_go(ME)
    found = await asyncio.gather(*(store.take(copy(n)) for n, store in enumerate(stores)))
    assert sorted(update_id for taken in found for update_id in ids(taken)) == list(range(60))
    assert all(ids(taken) == sorted(ids(taken)) for taken in found)
    lanes = [{waiting.lane for waiting in taken} for taken in found]
    assert sum(map(len, lanes)) == 20
    for n, store in enumerate(stores):
        assert await store.renew(copy(n), [f"lane {m}" for m in range(20)]) == lanes[n]
    await asyncio.gather(*(store.close() for store in stores))


KILLED = """
import asyncio, sys
from pathlib import Path
from bot.store.database import database_address
from bot.store.inbox import Copy, Waiting
from bot.store.sql import SqlStore

async def work():
    me = Copy(42, "killed", 60.0)
    store = SqlStore(database_address(None, Path(sys.argv[1])))
    await store.open()
    for n in range(10**9):
        await store.put(me, [Waiting(n, "a", b"payload", 0.0)])
        print(n, flush=True)
        if n % 2:
            await store.settle(me, done=[n])

asyncio.run(work())
"""


async def test_a_kill_loses_nothing_that_was_taken_in_or_handled(tmp_path: Path) -> None:
    """What is odd was handled, what is even waits; of the last it is open whether it was."""
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 100:
                break
        process.send_signal(signal.SIGKILL)
        last = int([line, *process.stdout][-1].strip() or line)
    store = SqlStore(database_address(None, tmp_path))
    await store.open()
    taken = ids(await store.take(OTHER_COPY))
    assert [n for n in taken if n < last] == list(range(0, last, 2))
    assert set(taken) <= {*range(0, last, 2), last, last + 1}
    assert (await store.put(OTHER_COPY, [update(n) for n in range(last + 1)])).fresh == frozenset()
    await store.close()


# speed


async def test_on_sqlite_a_note_is_written_on_the_spot_unless_somebody_else_writes(tmp_path: Path) -> None:
    """Then it is not waited for: the loop would stand still."""
    store = SqlStore(database_address(None, tmp_path))
    await store.open()
    assert not store.note_at_once(ME, [1])  # nothing was written yet: to connect takes time
    await store.note(ME, [1])
    assert store.note_at_once(ME, [2])
    writing = asyncio.create_task(store.put(ME, [update(9)]))
    await asyncio.sleep(0)
    assert not store.note_at_once(ME, [3])
    await writing
    other = sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    taken = []
    for _ in range(5):  # the machine may have other work
        began = time.perf_counter()
        assert not store.note_at_once(ME, [4])
        taken.append(time.perf_counter() - began)
    assert min(taken) < BUSY / 1000 / 2
    other.execute("ROLLBACK")
    other.close()
    assert (await store.put(ME, [update(n) for n in range(1, 5)])).fresh == {3, 4}
    await store.close()


async def test_the_inbox_costs_a_few_statements_an_update_on_sqlite(tmp_path: Path) -> None:
    store = sql_store(f"sqlite:///{tmp_path / SQLITE_FILE}")
    await store.open()
    await store.put(ME, [update(0)], held=["a"])
    with statements_run(store) as taking:
        await store.put(ME, [update(1)], held=["a"])
    with statements_run(store) as handling:
        await store.settle(ME, done=[0, 1], leave=["a"])
    await store.close()
    for run, most in ((taking, TAKING), (handling, HANDLING)):
        begin, *between, end = (statement for statement in run if not statement.startswith("PRAGMA"))
        assert (begin, end) == ("BEGIN IMMEDIATE", "COMMIT")
        assert "COMMIT" not in between
        assert len(between) <= most, "\n".join(between)


@contextlib.contextmanager
def statements_run(store: SqlStore) -> Iterator[list[str]]:
    """By the connection that the inbox has for itself."""
    session = store._transactions._session
    run: list[str] = []
    session.connection.set_trace_callback(run.append)
    yield run
    session.connection.set_trace_callback(None)


async def test_pruning_much_lets_others_in_between(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = MovedClock()
    file = tmp_path / SQLITE_FILE
    store = sql_store(f"sqlite:///{file}", clock)
    await store.open()
    with sqlite3.connect(file) as connection:
        connection.executemany("INSERT INTO handled VALUES (42, ?, 0.0)", ((n,) for n in range(100_000)))
        rows = ((n, f"old {n}", b"payload", 0.0) for n in range(100_000, 120_000))
        connection.executemany("INSERT INTO inbox VALUES (42, ?, ?, ?, ?, 0, 0.0, '')", rows)
        connection.executemany("INSERT INTO lanes VALUES (42, ?, 'dead', 0.0)", ((f"old {n}",) for n in range(20_000)))
    connection.close()
    pruning = asyncio.create_task(store.prune(clock.now))
    longest = 0.0
    while not pruning.done():
        began = time.perf_counter()
        await arrives(store, 200_000)
        longest = max(longest, time.perf_counter() - began)
    assert await pruning == 140_000
    assert "20000 updates were not handled in a day" in caplog.text
    assert longest < 0.5
    await store.close()


# where it is


async def test_postgresql_can_be_reached_through_its_socket(database: str, tmp_path: Path) -> None:
    [(folder,)] = await admin("SELECT split_part(current_setting('unix_socket_directories'), ',', 1)", database)
    if not os.path.isdir(folder):
        pytest.skip("The PostgreSQL server runs on another machine; its socket is not here")
    name = database.rpartition("/")[2].partition("?")[0]
    store = sql_store(f"postgresql:///{name}?host={folder}&user=postgres")
    await store.open()
    assert await store.healthy()
    await store.close()


async def test_the_state_folder_is_made_if_it_is_not_there(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path / "a" / "b")
    assert await store.healthy()
    await store.close()
    assert (tmp_path / "a" / "b" / SQLITE_FILE).is_file()


# what stays out


async def test_no_value_of_a_statement_stands_in_an_error(database: str, tmp_path: Path) -> None:
    store = sql_store(database)
    await store.open()
    with pytest.raises(StoreError) as refusal:
        await store.add_unanswered("a private matter", "en", None, {"private": "matter"})  # type: ignore[arg-type]
    assert "private" not in f"{refusal.value!r} {refusal.value.__cause__!r}"
    assert not isinstance(refusal.value, StoreUnavailable)
    await store.close()


async def test_no_question_text_is_logged_above_debug(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    store = sql_store(address)
    await store.open()
    await store.add_unanswered("a private matter", "en", None, "person-1")
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.add_unanswered("a private matter", "en", None, "person-1")
    assert "private" not in caplog.text


async def test_an_unknown_failure_counts_as_the_stores_absence() -> None:
    assert isinstance(explained(ConnectionRefusedError("refused")), StoreUnavailable)
    assert str(explained(TimeoutError())) == "TimeoutError."


async def test_sqlite_runs_with_a_write_ahead_log_and_waits_for_locks(tmp_path: Path) -> None:
    engine = make_engine(database_address(None, tmp_path))
    async with engine.connect() as connection:
        found = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in ("journal_mode", "synchronous")
        ]
        assert found == ["wal", 1]
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar() == 800
    await engine.dispose()


async def test_counts_survive_the_end_of_the_process(address: str) -> None:
    for _ in range(2):
        store = sql_store(address)
        await store.open()
        await store.count({("asked", None, TODAY): 1})
        counts = await store.counts(TODAY)
        await store.close()
    assert counts == [(TODAY, "asked", None, 2)]
