"""DATABASE_URL as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.store.database import database_address


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (None, "sqlite+aiosqlite:////state/bot.sqlite3"),
        ("", "sqlite+aiosqlite:////state/bot.sqlite3"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("postgres://u:p@h:6432/d", "postgresql+asyncpg://u:p@h:6432/d"),
        ("postgresql://h/d?sslmode=require&channel_binding=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql+psycopg://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql:///d?host=/run/pg&user=u", "postgresql+asyncpg:///d?host=%2Frun%2Fpg&user=u"),
        ("postgresql://u@%2Frun%2Fpg/d", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg"),
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
