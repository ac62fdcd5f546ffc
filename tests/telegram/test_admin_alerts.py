"""Admins hear of a broken base or store: in their language, each kind once an hour, none forgotten for another's sake."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.channels.telegram.delivery.patience import AnyApplication
from bot.channels.telegram.talk.alerts import Alerts
from bot.kb.model import Problem
from tests.botapi.server import BotApiServer
from tests.kb_bases import edit, fitted_soon, small_base
from tests.telegram.test_admin import Away, Bot, registered
from tests.telegram_desk import ADMIN, LANGUAGES, desk, running, service

pytest_plugins = ("tests.botapi.fixtures",)

OTHER = 79
HOUR = 3600.0


def say(lang: str, key: str) -> str:
    return service().base.voice(lang).say(key)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_an_alert_is_in_the_admin_s_language(api: BotApiServer, lang: str) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    await made.store.set_language(made.chat(ADMIN), lang)
    async with running(api, lambda application: Alerts(made, application.bot)) as alerts:
        await alerts.broken_base([Problem("en/a.yaml", 3, "some-rule", "a < b & c")])
    [sent] = api.sent
    assert sent.text.startswith(say(lang, "alert_base"))
    assert sent.entity_texts("pre") == ["en/a.yaml:3 [some-rule] a < b & c"]


async def test_each_kind_comes_at_most_once_an_hour(api: BotApiServer) -> None:
    made, clock = desk(), Clock()
    api.state.add_chat(ADMIN)
    async with running(api, lambda application: Alerts(made, application.bot, clock)) as alerts:
        for _ in range(3):
            await alerts.broken_base()
            await alerts.broken_store()
        clock.now += HOUR - 1
        await alerts.broken_store()
        assert [sent.text for sent in api.sent] == [say("en", "alert_base"), say("en", "alert_store")]
        clock.now += 1
        await alerts.broken_store()
    assert [sent.text for sent in api.sent[2:]] == [say("en", "alert_store")]


async def test_one_admin_who_left_keeps_no_other_from_being_told(api: BotApiServer) -> None:
    made = desk(admins=(ADMIN, OTHER))
    api.block(ADMIN)
    api.state.add_chat(OTHER)
    async with running(api, lambda application: Alerts(made, application.bot)) as alerts:
        await alerts.broken_store()
    assert [sent.chat_id for sent in api.sent] == [OTHER]


async def test_the_watch_tells_of_a_store_that_is_away(api: BotApiServer, tmp_path: Path) -> None:
    made = desk(Away())
    api.state.add_chat(ADMIN)
    async with running(api, lambda application: registered(made, tmp_path, application)) as bot:
        bot.admin.start()
        await api.wait_for(lambda: api.sent)
        await bot.admin.close()
    assert api.sent[0].text == say("en", "alert_store")


async def hung_up(api: BotApiServer, folder: Path) -> Bot:
    """A bot that got SIGHUP, after it has dealt with it."""
    made = desk()
    api.state.add_chat(ADMIN)

    def register(application: AnyApplication) -> Bot:
        return registered(made, folder, application)

    async with running(api, register) as bot:
        before = made.service
        bot.admin.start()
        os.kill(os.getpid(), signal.SIGHUP)
        while not api.sent and made.service is before:
            await asyncio.sleep(0.02)
        await bot.admin.close()
    return bot


async def test_a_hangup_reloads_without_a_word(api: BotApiServer, tmp_path: Path) -> None:
    bot = await hung_up(api, fitted_soon(small_base(tmp_path)))
    assert len(bot.desk.base.entries) == 2
    assert api.sent == []


async def test_a_hangup_with_a_broken_base_alerts_the_admins(api: BotApiServer, tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    edit(folder, "en/liberties.yaml", "related: [presidential-term]", "related: [no-such-entry]")
    bot = await hung_up(api, folder)
    assert bot.desk.service is service()
    assert api.sent[0].text.startswith(say("en", "alert_base"))
