"""What Telegram shows before anybody writes: set once, in each language and scope, and only where it differs."""

from __future__ import annotations

import json

import pytest

from tests.botapi import faults
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import running

pytest_plugins = ("tests.botapi.fixtures",)

ADMIN = 77


def commands(api: BotApiServer, scope: dict[str, object], language: str) -> dict[str, str]:
    found = api.state.commands[json.dumps(scope, sort_keys=True), language]
    return {command["command"]: command["description"] for command in found}


async def published(api: BotApiServer) -> None:
    """The profile is asked for last."""
    await api.wait_for(lambda: api.counters.requests.get("getMyName", 0) % 4 == 0 and api.calls_of("getMyName"))
    last = len(api.calls)
    while True:
        await api.state.next_change(0.2)
        if len(api.calls) == last:
            return
        last = len(api.calls)


@pytest.mark.parametrize("language", ["", "en", "ru", "kk"])
async def test_commands_stand_in_every_language_and_scope(api: BotApiServer, language: str) -> None:
    api.state.add_chat(ADMIN)
    async with running(api, admin_ids=(ADMIN,)):
        await published(api)
    voice = small_base().voice(language or "en")
    private = commands(api, {"type": "all_private_chats"}, language)
    group = commands(api, {"type": "all_group_chats"}, language)
    admin = commands(api, {"type": "chat", "chat_id": ADMIN}, language)
    assert private["help"] == voice.commands["help"]
    assert small_base().topics["justice"].text(voice.lang).command in private["justice"]
    assert "ask" in group
    assert "forget" not in group
    assert set(admin) - set(private) == {"stats", "unanswered", "reload", "digest"}
    assert "news" not in private  # the base has none


async def test_name_and_descriptions_stand_in_every_language(api: BotApiServer) -> None:
    async with running(api):
        await published(api)
    for what in ("name", "description", "short_description"):
        for lang in ("ru", "kk", ""):
            assert api.state.profile[what, lang] == small_base().voice(lang or "en").profile[what]


async def test_a_second_start_sets_nothing(api: BotApiServer) -> None:
    async with running(api):
        await published(api)
    before = {name: count for name, count in api.counters.requests.items() if name.startswith("setMy")}
    async with running(api):
        await published(api)
    after = {name: count for name, count in api.counters.requests.items() if name.startswith("setMy")}
    assert after == before


async def test_a_refusal_is_logged_and_the_rest_goes_on(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    api.faults.on("getMyDescription", faults.chat_not_found(), times=1)
    async with running(api):
        await published(api)
    assert api.state.profile["name", "ru"] == small_base().voice("ru").profile["name"]
    assert "The description for everybody could not be set: Chat not found" in caplog.text
    assert api.violations == []


async def test_an_admin_who_never_wrote_is_counted_in_one_line(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot may write to nobody who has not written to it: it would try in vain, in each language."""
    api.state.add_chat(ADMIN)
    async with running(api, admin_ids=(ADMIN, ADMIN + 1)):
        await published(api)
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [line for line in said if "admin" in line.lower()] == said
    assert len(said) == 1
    assert said[0].startswith("1 of 2 in ADMIN_IDS have not written to the bot")


async def test_hours_of_quiet_for_names_hold_nothing_else_up(api: BotApiServer) -> None:
    """Telegram limits changes of the name strictly."""
    api.faults.on("setMyName", faults.flood(9999), times=99)
    async with running(api):
        await api.wait_for(lambda: ("short_description", "kk") in api.state.profile)
        sent = await api.reply_to(api.private_message(5, "/help"))
        assert sent.text == small_base().voice("en").say("help")
