"""Addresses and secrets are looked at when settings are read: what is valid works, what is not gets a sentence."""

from __future__ import annotations

import pytest

from bot.addresses import Listen, listen_address
from bot.errors import SettingsError
from bot.settings import read_settings
from tests.test_cli import here

OWN_SERVER = "http://127.0.0.1:8081"


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    """What the settings say against these values; empty if nothing."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    try:
        read_settings()
    except SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("localhost:1", "localhost", 1),
        ("0.0.0.0:65535", "0.0.0.0", 65535),
        (":8080", "", 8080),
        ("[::1]:8080", "::1", 8080),
        ("[::]:80", "::", 80),
        ("[0:0::1]:80", "::1", 80),
        ("bot_1.intern.example:8080", "bot_1.intern.example", 8080),
    ],
)
def test_addresses_to_listen_on(given: str, host: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert listen_address(given) == Listen(host, port)
    assert listen_address(str(listen_address(given))) == Listen(host, port)
    for name in ("WEBHOOK_LISTEN", "HEALTH_LISTEN"):
        assert read(monkeypatch, **{name: given}) == ""


@pytest.mark.parametrize("name", ["WEBHOOK_LISTEN", "HEALTH_LISTEN"])
@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("localhost:", "1 to 65535"),
        ("127.0.0.1:99999", "1 to 65535"),
        ("127.0.0.1:0", "1 to 65535"),
        ("127.0.0.1:-1", "1 to 65535"),
        ("127.0.0.1:٨٠", "1 to 65535"),
        ("127.0.0.1:" + "9" * 5000, "1 to 65535"),
        ("8080", "host:port"),
        ("localhost", "host:port"),
        ("unix:/run/bot.sock", "host:port"),
        ("http://127.0.0.1:8080", "host:port"),
        ("::1:8080", "brackets"),
        ("[::g]:8080", "LISTEN"),
        ("[127.0.0.1]:8080", "LISTEN"),
        ("-host-:80", "host:port"),
        ("a b:80", "host:port"),
    ],
)
def test_no_address_to_listen_on(name: str, given: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = read(monkeypatch, **{name: given})
    assert name in said
    assert hint in said


@pytest.mark.parametrize(
    "given",
    [
        "https://bot.example.org/hook",
        "https://bot.example.org",
        "https://bot.example.org:8443/hook?copy=1",
        "https://xn--80ak6aa92e.com/h%20k",
        "https://[2001:db8::1]:443/hook",
        " https://bot.example.org/hook ",
    ],
)
def test_where_telegram_can_deliver_to(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, WEBHOOK_URL=given) == ""


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("bot.example.org/hook", "https://"),
        ("http://bot.example.org/hook", "https only"),
        ("ftp://bot.example.org/hook", "https only"),
        ("https:///hook", "no host"),
        ("https://", "no host"),
        ("https://bot.example.org:99999/hook", "port"),
        ("https://bot.example.org:x/hook", "port"),
        ("https://bot.example.org:8080/hook", "8443"),
        ("https://user:hunter2@bot.example.org/hook", "user"),
        ("https://bot.example.org/hook#part", "#"),
        ("https://bot.example.org/ho ok", "spaces"),
        ("https://бот.example.org/hook", "xn--"),
        ("https://bot.example.org/{update}", "path"),
        ("https://[::1/hook", "host"),
        ("javascript:alert(1)", "scheme"),
    ],
)
def test_where_telegram_cannot_deliver_to(given: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = read(monkeypatch, WEBHOOK_URL=given)
    assert "WEBHOOK_URL" in said
    assert hint in said
    assert "hunter2" not in said


def test_a_server_of_ones_own_delivers_by_http_and_to_any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, TELEGRAM_BASE_URL=OWN_SERVER, WEBHOOK_URL="http://127.0.0.1:8080/hook") == ""


@pytest.mark.parametrize("given", ["api.telegram.org", "https://", "file:///etc/passwd", "https://x/?y", "https://x:y"])
def test_no_address_of_a_server(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TELEGRAM_BASE_URL" in read(monkeypatch, TELEGRAM_BASE_URL=given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("WEBHOOK_SECRET", "hunter2"),
        ("WEBHOOK_SECRET", "hunter2hunter2 hunter2"),
        ("WEBHOOK_SECRET", "hunter2hunter2hunter2é"),
        ("WEBHOOK_SECRET", "hunter2" * 40),
        ("IDENTITY_SECRET", "a"),
        ("IDENTITY_SECRET", "hunter2hunter2"),
        ("IDENTITY_SECRET", "hunter2" + " " * 40),
        ("TELEGRAM_BOT_TOKEN", "hunter2"),
        ("TELEGRAM_BOT_TOKEN", "123456:hunter2 hunter2"),
        ("TELEGRAM_BOT_TOKEN", "123456:hunter2/../hunter2"),
    ],
)
def test_a_weak_or_broken_secret_is_refused_and_not_repeated(
    name: str, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = read(monkeypatch, **{name: given})
    assert name in said
    assert "hunter2" not in said


def test_a_short_secret_is_told_how_to_get_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "secrets.token_urlsafe(32)" in read(monkeypatch, IDENTITY_SECRET="short")
    assert "at least 32 characters" in read(monkeypatch, IDENTITY_SECRET="short")
    assert "at least 16 characters" in read(monkeypatch, WEBHOOK_SECRET="short")


@pytest.mark.parametrize("given", ["-100123", "0", "1;2", "12 34", str(2**60), "me", "1.5"])
def test_admins_are_people(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ADMIN_IDS" in read(monkeypatch, ADMIN_IDS=given)


def test_commas_and_spaces_between_admins_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", " 1,, 22 ,")
    assert read_settings().admin_ids == (1, 22)


@pytest.mark.parametrize("given", ["nan", "inf", "1e999"])
def test_a_rate_is_a_number(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SEND_RATE" in read(monkeypatch, SEND_RATE=given)


def test_an_empty_line_of_env_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = read_settings()
    for name in type(bare).model_fields:
        if name not in ("bot_mode", "reload", "log_level", "log_format"):
            monkeypatch.setenv(name.upper(), " ")
    assert read_settings() == bare


def test_health_beside_the_webhook_needs_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    hook = {"BOT_MODE": "webhook", "WEBHOOK_URL": "https://bot.example.org/hook", "WEBHOOK_LISTEN": "127.0.0.1:8080"}
    assert "HEALTH_LISTEN" in read(monkeypatch, **hook, HEALTH_LISTEN="127.0.0.1:8080")


# The proxy


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://127.0.0.1:3128"}, "http://127.0.0.1:3128"),
        ({"https_proxy": "127.0.0.1:3128"}, "http://127.0.0.1:3128"),
        ({"HTTP_PROXY": "http://127.0.0.1:3128"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost,.telegram.org"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org"}, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "TELEGRAM_PROXY": "https://u:w@own:2"}, "https://u:w@own:2"),
        ({"HTTPS_PROXY": "socks5://p:1", "TELEGRAM_PROXY": "http://own:2"}, "http://own:2"),
        ({"HTTP_PROXY": "http://p:1", "TELEGRAM_BASE_URL": OWN_SERVER}, "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "TELEGRAM_BASE_URL": OWN_SERVER, "NO_PROXY": "127.0.0.1"}, None),
    ],
)
def test_the_way_to_telegram(environment: dict[str, str], found: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = read_settings().proxy
    assert (proxy and proxy.get_secret_value()) == found


@pytest.mark.parametrize("name", ["TELEGRAM_PROXY", "HTTPS_PROXY"])
@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("socks5://me:hunter2@proxy:1080", "socks proxies are not supported, only http:// and https://"),
        ("ftp://me:hunter2@proxy:1080", "no address of a proxy"),
        ("http://me:hunter2@proxy:99999", "port"),
        ("http://me:hunter2@", "no host"),
        ("http://me:hunter2@proxy/x", "no address of a proxy"),
    ],
)
def test_what_is_no_proxy_is_said_without_its_password(
    name: str, given: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = read(monkeypatch, **{name: given})
    assert name in said
    assert hint in said
    assert "hunter2" not in said


# The command


@pytest.mark.parametrize(
    "environment",
    [
        {"WEBHOOK_LISTEN": "localhost:"},
        {"WEBHOOK_LISTEN": "8080"},
        {"WEBHOOK_URL": "bot.example.org/hook"},
        {"IDENTITY_SECRET": "a"},
        {"ADMIN_IDS": "-5"},
        {"DATABASE_URL": "postgresql://u:hunter2@h:99999999/d"},
        {"DATABASE_URL": "sqlite+aiosqlite://:memory:"},
        {"DATABASE_URL": "postgresql://u:hunter2@db1:x,db2:y/d"},
        {"DATABASE_URL": "postgresql://u:hunter2@h/d?nonsense=1"},
        {"TELEGRAM_PROXY": "socks5://u:hunter2@h:1"},
    ],
)
def test_no_setting_ends_as_a_bug(environment: dict[str, str]) -> None:
    """What a process makes of one stands in test_cli.py."""
    ours = {"TELEGRAM_BOT_TOKEN": "123456:" + "a" * 35, "TELEGRAM_BASE_URL": "http://127.0.0.1:9"}
    done = here("run", **ours | environment)
    assert done.returncode == 1
    assert next(iter(environment)) in done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_env_file_in_another_encoding_is_said(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    with open(".env", "wb") as file:
        file.write("ADMIN_IDS=1 # früher 2\n".encode("latin-1"))
    assert ".env cannot be read" in read(monkeypatch)
