"""Settings come from the environment, say what is wrong with them, and keep secrets to themselves."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import read_settings


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
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:secret")
    assert "secret" not in repr(read_settings())


def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "hunter2")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)
