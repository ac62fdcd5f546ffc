"""PostgreSQL's addresses in the words of libpq, checked before anything connects, and connections made from them."""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import URL, make_url

from bot.errors import SettingsError

CONNECT = 3.0  # seconds for one host; shorter than the patience of `resilient`, so that the driver names the reason
# Seconds after which the server ends the transaction of a bot that stands still or is cut off: it would lock lanes for good.
IDLE = 5
LOCKED = 700  # milliseconds for which a call waits for another's lock; shorter than the patience of `resilient`, too

_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
_DRIVERS = frozenset((*_FILES, "host", "port", "dbname", "user", "password", "sslmode", "sslpassword",
                      "ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs",
                      "application_name", "options"))  # fmt: skip
_KEEPALIVES = {
    "keepalives_idle": "TCP_KEEPIDLE",
    "keepalives_interval": "TCP_KEEPINTVL",
    "keepalives_count": "TCP_KEEPCNT",
}
_NUMBERS = ("connect_timeout", "keepalives", *_KEEPALIVES)
_OURS = frozenset((*_NUMBERS, "pgbouncer"))
_MEANINGLESS = frozenset(("channel_binding", "gssencmode"))  # the driver has neither
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_ATTRIBUTES = ("any", "read-write", "primary")
_TRUTHS = {"true": True, "1": True, "on": True, "yes": True, "false": False, "0": False, "off": False, "no": False}

_MANY = re.compile(r"(?P<scheme>[^:/]+://)(?P<who>[^/?]*@)?(?P<hosts>[^/?@]*,[^/?@]*)(?P<rest>.*)", re.DOTALL)


def split_hosts(address: str) -> str:
    """An address of several hosts with these among its words, where SQLAlchemy reads them."""
    found = _MANY.fullmatch(address)
    if not found:
        return address
    rest = found["rest"]
    return f"{found['scheme']}{found['who'] or ''}/{rest.lstrip('/')}{'&' if '?' in rest else '?'}host={found['hosts']}"


def checked(url: URL) -> URL:
    """The address with each word in its place; SettingsError for one that is not known or cannot work."""
    words = _words(url)
    host, port = url.host, url.port
    if host and unquote(host).startswith("/"):
        words.setdefault("host", unquote(host))
        host = ""
    if "ssl" in words:
        words.setdefault("sslmode", "require" if words["ssl"] in _TRUTHS else words["ssl"])
        del words["ssl"]
    for word in _MEANINGLESS & words.keys():
        if words[word] == "require":
            raise _wrong(
                word,
                "cannot be require: the driver does not have it. Leave it out, and verify the server: sslmode=verify-full",
            )
        if words[word] not in ("prefer", "disable"):
            raise _wrong(word, "is disable or prefer")
        del words[word]
    if unknown := sorted(words.keys() - _DRIVERS - _OURS):
        known = ", ".join(sorted(_DRIVERS | _OURS))
        raise _wrong(
            unknown[0], f"is not known here. Known are {known}; settings of the server: options=-c%20name%3Dvalue"
        )
    _check_values(words)
    _check_hosts(words, 1 if port is None else port)
    _check_certificates(words)
    return url.set(drivername="postgresql+asyncpg", host=host, query=words)


def behind_pooler(url: URL) -> bool | None:
    """What the address says of it; None if it says nothing."""
    given = url.query.get("pgbouncer")
    return None if given is None else _TRUTHS[str(given)]


class Dialer:
    """Opens the engine's connections. Of several hosts, the one that answered last is asked first."""

    def __init__(self, url: URL, pooled: bool) -> None:
        words = {word: str(value) for word, value in url.query.items()}
        self._hosts = _hosts(url.host, words.pop("host", ""), words.pop("port", "") or str(url.port or ""))
        if len(self._hosts) > 1:
            words.setdefault("target_session_attrs", "read-write")
        self._timeout = float(words.get("connect_timeout", 0)) or CONNECT
        self._socket = _socket_options(words)
        driver = url.set(drivername="postgresql", host=None, port=None)
        kept = {word: value for word, value in words.items() if word not in _OURS}
        self._dsn = driver.set(query=kept).render_as_string(hide_password=False)
        self._pooled = pooled

    async def __call__(self, *_: object, **__: object) -> Any:
        import asyncpg  # not everybody has it

        *others, last = self._hosts
        for place in others:
            try:
                return await self._connect(*place)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._hosts = [*(one for one in self._hosts if one != place), place]
        return await self._connect(*last)

    async def _connect(self, host: str | None, port: int | None) -> Any:
        import asyncpg

        more = {"statement_cache_size": 0, "connection_class": _pooled_connection()} if self._pooled else {}
        connection = await asyncpg.connect(self._dsn, host=host, port=port, timeout=self._timeout, **more)
        transport = getattr(connection, "_transport", None)
        found = transport.get_extra_info("socket") if transport is not None else None
        if found is not None and found.family != socket.AF_UNIX:
            for option in self._socket:
                found.setsockopt(*option)
        return connection


def _pooled_connection() -> Any:
    """A kind of connection whose transactions get their settings each: behind a pooler no setting outlasts them."""
    import asyncpg

    class Pooled(asyncpg.Connection):  # type: ignore[misc]
        async def execute(self, query: str, *args: object, **more: object) -> Any:
            if query.startswith("BEGIN"):
                # In the same message: it costs no round trip.
                query += " SET LOCAL synchronous_commit = off;"
                query += f" SET LOCAL idle_in_transaction_session_timeout = '{IDLE}s';"
                query += f" SET LOCAL lock_timeout = '{LOCKED}ms';"
            return await super().execute(query, *args, **more)

    return Pooled


async def has_pooler(url: URL) -> bool:
    """Whether something between us and the server hands its connections around, as PgBouncer does."""
    connection = await Dialer(url, pooled=True)()
    try:
        async with connection.transaction():
            return bool(await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid())
    finally:
        await connection.close(timeout=1)


def _words(url: URL) -> dict[str, str]:
    twice = [word for word, value in url.query.items() if not isinstance(value, str)]
    if twice:
        raise _wrong(twice[0], "stands twice")
    return {word: str(value) for word, value in url.query.items() if value}


def _check_values(words: Mapping[str, str]) -> None:
    for word in _NUMBERS:
        value = words.get(word, "0")
        if not (value.isascii() and value.isdigit() and int(value[:6]) < 100_000):
            raise _wrong(word, "is a whole number")
    if words.get("sslmode", "prefer") not in _MODES:
        raise _wrong("sslmode", f"is one of {', '.join(_MODES)}")
    if words.get("target_session_attrs", "any") not in _ATTRIBUTES:
        raise _wrong("target_session_attrs", f"is one of {', '.join(_ATTRIBUTES)}, since the bot writes")
    if words.get("pgbouncer", "true") not in _TRUTHS:
        raise _wrong("pgbouncer", "is true or false")


def _check_hosts(words: Mapping[str, str], port: int) -> None:
    try:
        _hosts(None, words.get("host", ""), words.get("port", str(port)))
    except ValueError:
        raise SettingsError(
            "DATABASE_URL: a host or a port is wrong: postgresql://user@db1:5432,db2:5432/name, "
            "IPv6 in brackets, ports from 1 to 65535, one port or as many as hosts."
        ) from None


def _hosts(host: str | None, hosts: str, ports: str) -> list[tuple[str | None, int | None]]:
    """Host and port of each; None where the driver is to look for itself."""
    named = [_host(one) for one in hosts.split(",")] if hosts else [(host or None, None)]
    numbers = [_port(one) for one in ports.split(",")] if ports else [None]
    if len(numbers) == 1:
        numbers *= len(named)
    return [(name, port or number) for (name, port), number in zip(named, numbers, strict=True)]


def _host(text: str) -> tuple[str, int | None]:
    if text.startswith("/"):
        return text, None
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%]+)\]|([A-Za-z0-9._-]+))(?::([^:]*))?", text)
    if not found:
        raise ValueError("no host")
    return found[1] or found[2], _port(found[3]) if found[3] else None


def _port(text: str) -> int:
    number = int(text[:6])
    if not 0 < number < 65_536:
        raise ValueError("no port")
    return number


def _check_certificates(words: Mapping[str, str]) -> None:
    if words.get("sslrootcert") == "system":
        raise _wrong("sslrootcert", "is the path of a file, on Debian /etc/ssl/certs/ca-certificates.crt")
    for word in _FILES:
        if word in words and not os.access(words[word], os.R_OK):
            raise _wrong(word, f"names a file that cannot be read: {words[word]}")
    roots = words.get("sslrootcert") or os.environ.get("PGSSLROOTCERT")
    with suppress(RuntimeError):
        roots = roots or str(Path.home() / ".postgresql" / "root.crt")
    if words.get("sslmode", "").startswith("verify") and not (roots and Path(roots).is_file()):
        raise _wrong("sslmode", "verify-… needs sslrootcert, on Debian /etc/ssl/certs/ca-certificates.crt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for word in ("sslrootcert", "sslcert"):
        try:
            if word == "sslrootcert" and word in words:
                context.load_verify_locations(words[word])
            elif word in words:
                context.load_cert_chain(words[word], words.get("sslkey"), lambda: words.get("sslpassword", ""))
        except (OSError, ValueError):  # SSLError among them
            with_key = " with its key (sslkey, sslpassword)" if word == "sslcert" else ""
            raise _wrong(word, f"holds no certificate{with_key} that can be used: {words[word]}") from None


def _socket_options(words: Mapping[str, str]) -> list[tuple[int, int, int]]:
    if words.get("keepalives") == "0":
        return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)]
    numbers = {word: int(words[word]) for word in _KEEPALIVES if int(words.get(word, 0))}
    on = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)] if numbers or "keepalives" in words else []
    names = {word: getattr(socket, _KEEPALIVES[word], None) for word in numbers}  # not every system has all
    return on + [(socket.IPPROTO_TCP, name, numbers[word]) for word, name in names.items() if name is not None]


def _wrong(word: str, what: str) -> SettingsError:
    return SettingsError(f"DATABASE_URL: {word} {what}.")


def parsed(address: str) -> URL:
    """ValueError (or SQLAlchemy's ArgumentError) for what is no address."""
    return make_url(split_hosts(address))
