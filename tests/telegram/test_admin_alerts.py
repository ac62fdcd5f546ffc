"""Admins hear of a broken base or store: in their language, each state once, none forgotten for another's sake."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.channels.telegram.talk.alerts import Alerts
from bot.kb.model import Problem
from bot.open.reload import Reloaded
from bot.store.base import utc_now
from tests.botapi.server import BotApiServer
from tests.kb_bases import edit, fitted_soon, small_base
from tests.telegram.test_admin import Away, Bot, at_work
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


def refused(*texts: str, **more: str) -> Reloaded:
    return Reloaded(tuple(Problem("en/a.yaml", 3, "some-rule", text) for text in texts or ("a < b & c",)), **more)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_an_alert_is_in_the_admin_s_language(api: BotApiServer, lang: str) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    await made.store.set_language(made.chat(ADMIN), lang)
    async with running(api, made) as running_bot:
        await Alerts(made, running_bot.bot).base(refused())
    [sent] = api.sent
    assert sent.text.startswith(say(lang, "alert_base"))
    assert sent.entity_texts("pre") == ["en/a.yaml:3 [some-rule] a < b & c"]


async def test_a_state_of_the_base_is_told_once_whatever_copy_sees_it_and_counted_once(api: BotApiServer) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    async with running(api, made) as running_bot:
        copies = [Alerts(made, running_bot.bot) for _ in range(2)]
        for found in (refused("one"), refused("two"), Reloaded(entries=2, phrases=9), Reloaded(entries=2)):
            for alerts in (*copies, *copies):
                await alerts.base(found)
        await made.tally.write()
    mended = service().base.voice("en").say("reload_ok", entries=2, phrases=9)
    assert [sent.text.splitlines()[0] for sent in api.sent] == [say("en", "alert_base")] * 2 + [mended]
    assert [n for _, kind, _, n in await made.store.counts(utc_now().date()) if kind == "refused"] == [2]


async def test_the_same_mistake_made_again_is_told_again(api: BotApiServer) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    async with running(api, made) as running_bot:
        alerts = Alerts(made, running_bot.bot)
        for found in (refused(), Reloaded(), refused()):
            await alerts.base(found)
    assert len(api.sent) == 3


async def test_while_the_store_is_away_each_copy_tells_for_itself(api: BotApiServer) -> None:
    made = desk(Away())
    api.state.add_chat(ADMIN)
    async with running(api, made) as running_bot:
        alerts = Alerts(made, running_bot.bot, patience=(0.0,))
        for found in (Reloaded(), refused(), refused(), Reloaded()):
            await alerts.base(found)
    assert len(api.sent) == 2


async def test_a_restart_with_the_last_good_base_names_its_day(api: BotApiServer) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    async with running(api, made) as running_bot:
        await Alerts(made, running_bot.bot).base(refused("a", kept="2026-11-28"))
    voice = service().base.voice("en")
    assert api.sent[0].text.startswith(voice.say("alert_kept", date="28 November 2026"))


async def test_a_lost_store_is_told_at_most_once_an_hour(api: BotApiServer) -> None:
    made, clock = desk(), Clock()
    api.state.add_chat(ADMIN)
    async with running(api, made) as running_bot:
        alerts = Alerts(made, running_bot.bot, clock)
        for moved in (0, 0, HOUR - 1, 1):
            clock.now += moved
            await alerts.broken_store()
    assert [sent.text for sent in api.sent] == [say("en", "alert_store")] * 2


async def test_one_admin_who_left_keeps_no_other_from_being_told(api: BotApiServer) -> None:
    made = desk(admins=(ADMIN, OTHER))
    api.block(ADMIN)
    api.state.add_chat(OTHER)
    async with running(api, made) as running_bot:
        alerts = Alerts(made, running_bot.bot)
        await alerts.broken_store()
    assert [sent.chat_id for sent in api.sent] == [OTHER]


async def test_the_watch_tells_of_a_store_that_is_away(api: BotApiServer, tmp_path: Path) -> None:
    made = desk(Away())
    api.state.add_chat(ADMIN)
    async with at_work(api, made, tmp_path) as bot:
        bot.admin.start()
        await api.wait_for(lambda: api.sent)
        await bot.admin.close()
    assert api.sent[0].text == say("en", "alert_store")


async def hung_up(api: BotApiServer, folder: Path) -> Bot:
    """A bot that got SIGHUP, after it has dealt with it."""
    made = desk()
    api.state.add_chat(ADMIN)
    async with at_work(api, made, folder) as bot:
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
