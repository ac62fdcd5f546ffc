"""The digest: to the admins who want it, one a week, whichever copy sends it; never twice, and not to others."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot

from bot.channels.telegram.looks import weekly
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.digest import Digest
from bot.store.base import StoreUnavailable
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.telegram.test_admin import Away, told
from tests.telegram_desk import ADMIN, LANGUAGES, desk, running, service

pytest_plugins = ("tests.botapi.fixtures",)

MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
OTHER = 79


class Now:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.time = MONDAY - timedelta(days=4)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


async def switched(digest: Digest, word: str, admin: int = ADMIN) -> str:
    return (await digest.asked(admin, "en", word)).text


async def a_week(made: Desk) -> None:
    """Ten questions, six of them answered; three in vain; and some of another week."""
    day = MONDAY.date() - timedelta(days=3)
    await made.store.count({("asked", None, day): 10, ("answered", "presidential-term", day): 6})
    await made.store.count({("declined", None, day): 2, ("refused", None, day): 3})
    await made.store.count({("asked", None, day - timedelta(days=9)): 99, ("asked", None, MONDAY.date()): 99})
    for text, hours in (("who will be next", 80), ("who will be next?", 70), ("why <so>", 60), ("too old", 24 * 9)):
        await made.store.add_unanswered(text, "en", None, "somebody", MONDAY - timedelta(hours=hours))


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_it_tells_of_the_week_before_and_of_no_other_day(lang: str) -> None:
    made = desk()
    await a_week(made)
    serving = copy(service())
    serving.base = replace(serving.base, check_by=("2026-11-01", "2026-11-29", "2026-11-30"))
    found = await weekly.read(made.store, serving, MONDAY)
    vain = sum(one.count for one in found.vain)
    assert (found.asked, found.share, vain, found.overdue, found.refused) == (10, 0.75, 3, 2, 3)
    text = weekly.text(found, serving.base.voice(lang))
    title, _, *figures = text.split("\n\n")[0].split("\n") + text.split("\n\n")[1].split("\n")
    assert "23–29" in title
    assert [line.rpartition(": ")[2].replace("\xa0", "") for line in figures] == ["75%", "3", "2", "3"]
    assert text.index("2 × who will be next") < text.index("1 × why &lt;so&gt;")


async def test_a_week_without_a_question_has_no_share() -> None:
    made = desk()
    text = weekly.text(await weekly.read(made.store, made.service, MONDAY), made.base.voice("en"))
    assert "Answered: –" in text
    assert made.base.voice("en").say("digest_top") not in text


async def test_who_wants_it_gets_the_next_one_and_once(api: BotApiServer, now: Now) -> None:
    made = desk(admins=(ADMIN, OTHER))
    for admin in (ADMIN, OTHER):
        api.state.add_chat(admin)
    async with running(api, made) as bot:
        copies = [Digest(made, bot.bot, now) for _ in range(2)]
        await switched(copies[0], "on")
        for time in (now.time, MONDAY - timedelta(minutes=1), MONDAY, MONDAY + timedelta(days=6)):
            now.time = time
            for digest in copies:
                await digest.send_due()
        assert [sent.chat_id for sent in api.sent] == [ADMIN]
        now.time = MONDAY + timedelta(days=7)
        await Digest(made, bot.bot, now).send_due()  # after a restart
        await Digest(made, bot.bot, now).send_due()
    assert ["23–29" in api.sent[0].text, len(api.sent)] == [True, 2]


async def test_it_comes_later_where_nobody_was_there_in_time(api: BotApiServer, now: Now) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    async with running(api, made) as bot:
        digest = Digest(made, bot.bot, now)
        await switched(digest, "on")
        now.time = MONDAY + timedelta(days=2)
        await digest.send_due()
    assert "23–29" in api.sent[0].text


async def test_who_wants_it_no_more_gets_none(api: BotApiServer, now: Now) -> None:
    made = desk()
    api.state.add_chat(ADMIN)
    async with running(api, made) as bot:
        digest = Digest(made, bot.bot, now)
        await switched(digest, "on")
        await switched(digest, " OFF ")
        now.time = MONDAY
        await digest.send_due()
    assert api.sent == []
    assert await made.store.marks("digest") == {}


async def test_what_could_not_be_sent_is_sent_the_next_time(now: Now) -> None:
    class Broken(MemoryStore):
        broken = True

        async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[object]:  # type: ignore[override]
            if self.broken:
                raise StoreUnavailable("away")
            return []

    store = Broken()
    made = desk(store)
    digest = Digest(made, Bot("1:a"), now)
    await switched(digest, "on")
    before, now.time = await store.marks("digest_week"), MONDAY
    with pytest.raises(StoreUnavailable):
        await digest.send_due()
    assert await store.marks("digest_week") == before


async def test_the_command_says_what_comes_and_when(api: BotApiServer) -> None:
    made = desk()
    voice = made.base.voice("en")
    async with running(api, made):
        [shown] = await told(api, "/digest")
        [on] = await told(api, "/digest on")
        [again] = await told(api, "/digest")
        [off] = await told(api, "/digest off")
    assert shown.text.endswith(voice.say("digest_off", time="06:00"))
    assert "\n\nQuestions: 0\n" in shown.text
    assert again.text.endswith(on.text)
    assert (on.text, off.text) == (voice.say("digest_on", time="06:00"), voice.say("digest_off", time="06:00"))


async def test_forget_takes_the_wish_away_too(api: BotApiServer) -> None:
    made = desk()
    async with running(api, made):
        await told(api, "/digest on")
        await told(api, "/forget")
    assert await made.store.marks("digest") == {}


async def test_a_store_that_is_away_is_named(api: BotApiServer) -> None:
    async with running(api, desk(Away())):
        [sent] = await told(api, "/digest on")
    assert sent.text == service().base.voice("en").say("report_gone")


async def test_one_admin_who_left_keeps_no_other_from_it(api: BotApiServer, now: Now) -> None:
    made = desk(admins=(ADMIN, OTHER))
    api.block(ADMIN)
    api.state.add_chat(OTHER)
    async with running(api, made) as bot:
        digest = Digest(made, bot.bot, now)
        for admin in (ADMIN, OTHER):
            await switched(digest, "on", admin)
        now.time = MONDAY
        await digest.send_due()
    assert [sent.chat_id for sent in api.sent] == [OTHER]
