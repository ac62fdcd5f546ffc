"""DATABASE_URL as people write it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.errors import SettingsError
from bot.store.database import database_address, make_engine
from bot.store.postgresql import Dialer
from tests.botapi.driver import free_port
from tests.store_contract import postgres_database


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (None, "sqlite+aiosqlite:////state/bot.sqlite3"),
        ("", "sqlite+aiosqlite:////state/bot.sqlite3"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("postgres://u:p@h:6432/d", "postgresql+asyncpg://u:p@h:6432/d"),
        ("postgresql://h/d?sslmode=require&channel_binding=prefer", "postgresql+asyncpg://h/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql:///d?host=/run/pg&user=u", "postgresql+asyncpg:///d?host=%2Frun%2Fpg&user=u"),
        ("postgresql://u@%2Frun%2Fpg/d", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg"),
        ("postgresql://h/d?ssl=true", "postgresql+asyncpg://h/d?sslmode=require"),
        ("postgresql://u:p@a:1,b:2/d?sslmode=", "postgresql+asyncpg://u:p@/d?host=a%3A1%2Cb%3A2"),
        ("postgresql://[::1]:5432,[::2]/d", "postgresql+asyncpg:///d?host=%5B%3A%3A1%5D%3A5432%2C%5B%3A%3A2%5D"),
        ("postgresql://a,b?user=u", "postgresql+asyncpg:///?host=a%2Cb&user=u"),
        ("postgresql://[::1]:5432/d", "postgresql+asyncpg://[::1]:5432/d"),
    ],
)
def test_addresses_as_people_write_them_are_understood(given: str | None, made: str) -> None:
    url = database_address(given, Path("/state"))
    assert url.render_as_string(hide_password=False) == made


@pytest.mark.parametrize("given", ["mysql://u:secret@h/d", "nonsense secret", "redis://secret"])
def test_a_wrong_address_is_refused_without_repeating_its_password(given: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refusal:
        database_address(given, Path("/state"))
    assert "secret" not in str(refusal.value)


ROOTS = "/etc/ssl/certs/ca-certificates.crt"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("nonsense=1", "nonsense is not known here"),
        ("connection_limit=1&pgbouncer=true", "connection_limit is not known here"),
        ("sslmode=verify", "sslmode is one of disable"),
        ("sslmode=verify-full", "needs sslrootcert"),
        ("sslmode=verify-full&sslrootcert=system", "the path of a file"),
        ("sslmode=verify-full&sslrootcert=/nowhere/ca.crt", "cannot be read: /nowhere/ca.crt"),
        ("sslrootcert=/etc/passwd", "holds no certificate"),
        ("sslcert=/etc/passwd", "holds no certificate with its key"),
        ("sslkey=/nowhere/key", "sslkey names a file"),
        ("connect_timeout=soon", "connect_timeout is a whole number"),
        ("keepalives_idle=-1", "keepalives_idle is a whole number"),
        ("target_session_attrs=standby", "since the bot writes"),
        ("pgbouncer=perhaps", "pgbouncer is true or false"),
        ("channel_binding=maybe", "channel_binding is disable"),
        ("sslmode=require&channel_binding=require", "channel_binding cannot be require"),
        ("gssencmode=require", "gssencmode cannot be require"),
        ("port=1&port=2", "port stands twice"),
        ("host=a,b&port=1,2,3", "as many as hosts"),
        ("host=a:99999,b", "ports from 1 to 65535"),
        ("host=a b", "a host or a port is wrong"),
    ],
)
def test_a_word_that_cannot_work_is_refused_at_the_start(words: str, hint: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refusal:
        database_address(f"postgresql://u:secret@h/d?{words}", Path("/state"))
    assert hint in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:secret@h:99999999/d",
        "postgresql://u:secret@h:x/d",
        "postgresql://u:secret@a:1,b:x/d",
        "postgresql://u:secret@a,,b/d",
        "sqlite+aiosqlite://:memory:",
        "sqlite:///:memory:",
        "sqlite://",
        "postgresql://[::1:5432/d",
    ],
)
def test_no_wrong_address_ends_in_anything_but_a_sentence(address: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refusal:
        database_address(address, Path("/state"))
    assert "secret" not in str(refusal.value)


# What the words do


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


async def asked(address: str, question: str) -> object:
    """What the server answers over a connection made from the address."""
    engine = make_engine(database_address(address, Path("unused")))
    try:
        async with engine.connect() as connection:
            return (await connection.execute(text(question))).scalar()
    finally:
        await engine.dispose()


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("words", "question", "answer"),
    [
        ("application_name=the-bot", "SHOW application_name", "the-bot"),
        ("options=-c%20search_path%3Dpg_catalog", "SHOW search_path", "pg_catalog"),
        ("connect_timeout=2&sslmode=prefer&gssencmode=prefer&channel_binding=prefer", "SELECT 1", 1),
        ("target_session_attrs=read-write", "SELECT 2", 2),
        ("sslmode=disable&keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3", "SELECT 3", 3),
        (f"sslrootcert={ROOTS}&sslmode=prefer", "SELECT 4", 4),
    ],
)
async def test_the_words_of_libpq_work(database: str, words: str, question: str, answer: object) -> None:
    assert await asked(f"{database}?{words}", question) == answer


@pytest.mark.enable_socket
async def test_keepalives_reach_the_socket(database: str) -> None:
    url = database_address(f"{database}?keepalives_idle=31&sslmode=disable", Path("unused"))
    connection = await Dialer(url, pooled=False)()
    found = connection._transport.get_extra_info("socket")
    assert found.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 31
    assert found.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    await connection.close()


@pytest.mark.enable_socket
async def test_of_two_hosts_the_one_that_answers_is_taken_and_asked_first_from_then_on(database: str) -> None:
    """The first takes connections and says nothing, which costs a time-out, but only once."""
    url = make_url(database)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosts = f"127.0.0.1:{silent.getsockname()[1]},{url.host}:{url.port or 5432}"
        address = f"postgresql://{url.username}@{hosts}/{url.database}?connect_timeout=1"
        dialer = Dialer(database_address(address, Path("unused")), pooled=False)
        started = time.monotonic()
        await (await dialer()).close()
        assert 0.9 < time.monotonic() - started < 3
        started = time.monotonic()
        await (await dialer()).close()
        assert time.monotonic() - started < 0.9


@pytest.mark.enable_socket
async def test_hosts_that_are_all_away_say_so(tmp_path: Path) -> None:
    address = f"postgresql://u@127.0.0.1:{free_port()},127.0.0.1:{free_port()}/d"
    with pytest.raises(ConnectionRefusedError):
        await Dialer(database_address(address, tmp_path), pooled=False)()
