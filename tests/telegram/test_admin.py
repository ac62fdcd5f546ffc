"""What admins can do besides, and that nobody else learns of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot import commands
from bot.channels.telegram.looks import reports, stats_picture
from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.desk import Desk
from bot.store.base import StoreUnavailable, UnansweredQuestion, utc_now
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.kb_bases import edit, fitted_soon, small_base
from tests.memory_store import MemoryStore
from tests.telegram_bot import running as whole_bot
from tests.telegram_desk import ADMIN, LANGUAGES, desk, running

pytest_plugins = ("tests.botapi.fixtures",)

STRANGER = 78
GROUP = -100123


class Bot:
    """A running bot with the admins' commands, over a small base of its own for reloads."""

    def __init__(self, made: Desk, admin: Admin, folder: Path) -> None:
        self.desk = made
        self.admin = admin
        self.folder = folder

    def say(self, lang: str, key: str, **values: object) -> str:
        return self.desk.base.voice(lang).say(key, **values)


@asynccontextmanager
async def at_work(api: BotApiServer, made: Desk, folder: Path) -> AsyncIterator[Bot]:
    async with running(api, made, folder) as found:
        yield Bot(made, found.admin, folder)


@pytest_asyncio.fixture
async def bot(api: BotApiServer, tmp_path: Path) -> AsyncIterator[Bot]:
    async with at_work(api, desk(), fitted_soon(small_base(tmp_path))) as found:
        yield found


class Away(MemoryStore):
    """A store that has gone."""

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        raise StoreUnavailable("away")

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        raise StoreUnavailable("away")

    async def mark(self, owner: str, kind: str, value: str | None) -> bool:
        raise StoreUnavailable("away")

    async def healthy(self) -> bool:
        return False


async def some_questions(made: Desk) -> None:
    today = utc_now().date()
    for _ in range(3):
        await made.store.count({("asked", None, today): 1})
        await made.store.count({("answered", "presidential-term", today): 1})
    await made.store.count({("chosen", "death-penalty", today): 1})
    await made.store.count({("declined", None, today - timedelta(days=2)): 1})
    await made.store.vote("death-penalty", "somebody", "message", 1)


async def told(api: BotApiServer, text: str, language_code: str = "en", count: int = 1) -> list[Sent]:
    return await api.replies_to(api.private_message(ADMIN, text, language_code), count)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_stats_are_a_picture_with_the_entries_asked_for_most(api: BotApiServer, bot: Bot, lang: str) -> None:
    await some_questions(bot.desk)
    [sent] = await told(api, "/stats", lang)
    assert sent.method == "sendPhoto"
    title, *rows = [line for line in sent.text.split("\n") if line]
    questions = [bot.desk.base.entries[name].text(lang).question for name in ("presidential-term", "death-penalty")]
    assert title == bot.say(lang, "stats_top")
    assert rows == [f"3 {questions[0]}", f"1 {questions[1]}"]


async def test_stats_are_text_where_there_is_nothing_to_draw_with(
    api: BotApiServer, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(stats_picture, "available", lambda: False)
    await some_questions(bot.desk)
    [sent] = await told(api, "/stats", "ru")
    assert sent.method == "sendMessage"
    assert f"{bot.say('ru', 'stats_asked')}: 3" in sent.text
    assert f"{bot.say('ru', 'stats_declined')}: 1" in sent.text
    assert bot.say("ru", "stats_top") in sent.text
    assert caplog.text.count("pip install 'reformbot[pictures]'") == 1


async def test_without_counts_stats_say_so(api: BotApiServer, bot: Bot) -> None:
    [sent] = await told(api, "/stats")
    assert sent.text == bot.say("en", "stats_empty")


async def test_the_caption_keeps_within_the_limit(bot: Bot) -> None:
    for entry in list(bot.desk.base.entries)[:12]:
        await bot.desk.store.count({("answered", entry, utc_now().date()): 1})
    for lang in LANGUAGES:
        report = await reports.stats(bot.desk.store, bot.desk.base, lang, utc_now().date())
        assert len(report.text) < 1024
        assert report.text.count("\n<b>1</b> ") == 10


async def test_counts_of_an_entry_that_is_no_more_are_shown_by_its_name(api: BotApiServer, bot: Bot) -> None:
    await bot.desk.store.count({("answered", "long-gone", utc_now().date()): 1})
    [sent] = await told(api, "/stats")
    assert "1 long-gone" in sent.text


async def test_without_questions_in_vain_that_is_said(api: BotApiServer, bot: Bot) -> None:
    [sent] = await told(api, "/unanswered", "ru")
    assert sent.text == bot.say("ru", "unanswered_empty")


@pytest.mark.parametrize("command", ["/stats", "/unanswered"])
async def test_a_store_that_is_away_is_named(api: BotApiServer, command: str, tmp_path: Path) -> None:
    made = desk(Away())
    async with at_work(api, made, tmp_path) as bot:
        [sent] = await told(api, command)
    assert sent.text == bot.say("en", "report_gone")


async def test_reload_takes_a_good_base(api: BotApiServer, bot: Bot) -> None:
    for lang in ("en", "ru"):
        edit(
            bot.folder,
            f"{lang}/voice.yaml",
            "reload_ok: reload_ok {entries} {phrases}",
            'reload_ok: "{entries}, {phrases}"',
        )
    before = bot.desk.service
    first, second = await told(api, "/reload", count=2)
    assert first.text == before.base.voice("en").say("reload_begun")
    assert bot.desk.service is not before
    entries = bot.desk.base.entries.values()
    phrases = [phrase for entry in entries for text in entry.texts.values() for phrase in text.phrases]
    asks = [ask for entry in entries for text in entry.texts.values() for gap in text.gaps.values() for ask in gap.ask]
    assert second.text == f"2, {len(phrases) + len(asks)}"


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_reload_leaves_a_broken_base_alone_and_lists_its_problems(api: BotApiServer, bot: Bot, lang: str) -> None:
    edit(bot.folder, "en/liberties.yaml", "related: [presidential-term]", "related: [no-such-entry]")
    before = bot.desk.service
    _, sent = await told(api, "/reload", lang, count=2)
    assert bot.desk.service is before
    assert sent.text.startswith(bot.say(lang, "reload_broken", count=1))
    [listed] = sent.entity_texts("pre")
    assert listed.startswith("en/liberties.yaml:")


async def test_only_the_first_twenty_problems_are_listed(api: BotApiServer, bot: Bot) -> None:
    entries = "".join(f"  - unheard of {number}\n" for number in range(23))
    (bot.folder / "en/phrases/liberties.yaml").write_text(f"rallies-held:\n{entries * 2}", encoding="utf-8")
    _, sent = await told(api, "/reload", count=2)
    [listed] = sent.entity_texts("pre")
    assert len(listed.split("\n")) == 20
    assert sent.text.endswith(bot.say("en", "reload_more", count=3))


@pytest.mark.parametrize("command", commands.ADMIN)
async def test_others_get_the_ordinary_reply(api: BotApiServer, bot: Bot, command: str) -> None:
    """In private it is a question of that word, in a group nothing at all."""
    [plain] = await api.replies_to(api.private_message(STRANGER + 1, command))
    [stranger] = await api.replies_to(api.private_message(STRANGER, f"/{command}"))
    assert stranger.text == plain.text
    await api.confirmed(api.group_message(GROUP, ADMIN, f"/{command}@reform_test_bot"))
    await asyncio.sleep(0.1)
    assert len(api.sent) == 2


async def test_others_cannot_turn_the_pages(api: BotApiServer, bot: Bot) -> None:
    [sent] = await api.replies_to(api.private_message(STRANGER, "hello"))
    call = await api.answer_to(api.callback(STRANGER, sent, "1u:1"))
    assert call.params["text"] == bot.say("en", "stale_button")
    assert api.edits == []


async def test_nor_can_an_admin_where_there_is_no_such_button(api: BotApiServer, bot: Bot) -> None:
    [sent] = await told(api, "hello")
    call = await api.answer_to(api.callback(ADMIN, sent, "1u:1"))
    assert call.params["text"] == bot.say("en", "stale_button")
    assert api.edits == []


async def test_without_admins_nobody_is_one(api: BotApiServer, tmp_path: Path) -> None:
    async with at_work(api, desk(admins=()), tmp_path) as bot:
        [sent] = await told(api, "/stats")
    assert sent.method == "sendMessage"
    assert sent.text != bot.say("en", "stats_empty")


async def test_an_edited_command_is_not_carried_out_again(api: BotApiServer, bot: Bot) -> None:
    update = api.private_message(ADMIN, "/stats")
    await api.reply_to(update)
    await api.confirmed(api.edited_message(update, "/stats"))
    assert len(api.sent) == 1


async def test_in_the_whole_bot_admins_and_others_each_get_their_reply(api: BotApiServer) -> None:
    async with whole_bot(api, admin_ids=(ADMIN,)) as bot:
        voice = bot.holder.base.voice("en")
        admin = await api.reply_to(api.private_message(ADMIN, "/unanswered"))
        stranger = await api.reply_to(api.private_message(STRANGER, "/unanswered"))
        page = await api.answer_to(api.callback(STRANGER, stranger, "1u:0"))
    assert admin.text == voice.say("unanswered_empty")
    assert voice.say("unanswered_empty") not in stranger.text
    assert page.params["text"] == voice.say("stale_button")
