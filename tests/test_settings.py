"""Settings come from the environment, say what is wrong with them, and keep secrets to themselves."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from pydantic import ValidationError
from pytest_socket import SocketConnectBlockedError

from bot.errors import SettingsError
from bot.settings import SHIPPED, Settings, read_settings


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "1, 22")
    monkeypatch.setenv("SEND_RATE", "0")
    settings = read_settings()
    assert (settings.admin_ids, settings.send_rate) == ((1, 22), 0)


def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    assert read_settings().telegram_bot_token is None


def test_each_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUTION", "7")
    monkeypatch.setenv("BOT_MODE", "carrier pigeon")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "CAUTION" in str(caught.value)
    assert "BOT_MODE" in str(caught.value)


def test_a_webhook_needs_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:" + "a" * 35)
    monkeypatch.setenv("BOT_MODE", "webhook")
    with pytest.raises(SettingsError, match="WEBHOOK_URL"):
        read_settings()


def test_the_token_hides_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:hidden-part")
    assert "hidden-part" not in repr(read_settings())


def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "hunter2")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


def test_without_anything_set_the_defaults_hold() -> None:
    settings = read_settings()
    assert settings.telegram_bot_token is None
    assert (settings.bot_mode, settings.knowledge_dir, settings.state_dir) == ("polling", SHIPPED, Path(".state"))
    assert settings.cache_dir == Path(".state/cache")


def test_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\nASK_RATE=3\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASK_RATE", "5")
    assert (read_settings().log_level, read_settings().ask_rate) == ("DEBUG", 5)


def test_what_the_command_was_given_wins_over_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", "/elsewhere")
    assert read_settings(knowledge_dir=tmp_path).knowledge_dir == tmp_path


def test_settings_do_not_change_while_the_bot_runs() -> None:
    with pytest.raises(ValidationError):
        read_settings().caution = 0.9  # type: ignore[misc]


@pytest.mark.parametrize("name", ["WEBHOOK_URL", "WEBHOOK_SECRET", "DATABASE_URL", "IDENTITY_SECRET", "ADMIN_IDS"])
def test_an_empty_value_is_no_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    assert not getattr(read_settings(), name.lower())


@pytest.mark.parametrize(
    ("name", "value"),
    [("SEND_RATE", "-1"), ("ASK_RATE", "many"), ("CAUTION", "-0.1"), ("LOG_LEVEL", "LOUD"), ("LOG_FORMAT", "xml")],
)
def test_a_value_out_of_range_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as caught:
        read_settings()
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "123456:hunter2hunter2"),
        ("WEBHOOK_SECRET", "hunter2" * 3),
        ("IDENTITY_SECRET", "hunter2" * 5),
        ("TELEGRAM_PROXY", "http://me:hunter2@proxy:3128"),
        ("DATABASE_URL", "postgresql://me:hunter2@db/bot"),
    ],
)
def test_no_secret_shows_itself(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    settings = read_settings()
    if name == "DATABASE_URL":
        assert "hunter2" not in repr(settings) + str(settings)
        return
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


# The guards of `conftest`: what no test may reach


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_no_test_connects_beyond_this_machine(address: tuple[str, int]) -> None:
    """Both addresses are set aside for documentation: nobody would answer anyway."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one, pytest.warns(match="connect"), pytest.raises(SocketConnectBlockedError):
        one.connect(address)


@pytest.mark.enable_socket
def test_the_mark_for_databases_opens_no_door_to_the_net() -> None:
    with socket.socket() as one, pytest.warns(match="connect"), pytest.raises(SocketConnectBlockedError):
        one.connect(("192.0.2.1", 80))


def test_names_beyond_this_machine_do_not_resolve() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("api.telegram.org", 443)
    assert socket.getaddrinfo("127.0.0.1", 80)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_the_real_environment_home_and_env_file_are_out_of_reach() -> None:
    assert [name for name in Settings.model_fields if name.upper() in os.environ] == []
    assert list(Path.home().glob(".*rc")) == []
    assert not Path(".env").exists()
    assert not (Path.cwd() / "pyproject.toml").exists()


@pytest.mark.parametrize(("name", "default"), [("KNOWLEDGE_DIR", SHIPPED), ("STATE_DIR", Path(".state"))])
def test_an_empty_folder_is_the_default_and_not_the_current_one(
    name: str, default: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "")
    assert getattr(read_settings(), name.lower()) == default
