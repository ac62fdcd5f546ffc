"""What admins can do besides, and that nobody else learns of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.telegram.delivery.patience import AnyApplication
from bot.channels.telegram.looks import reports, stats_picture
from bot.channels.telegram.talk.admin import Admin, register_admin
from bot.channels.telegram.talk.desk import Desk
from bot.open.reload import Reloader
from bot.store.base import StoreUnavailable, UnansweredQuestion, utc_now
from bot.store.memory import MemoryStore
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.kb_bases import edit, fitted_soon, small_base
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


def registered(made: Desk, folder: Path, application: AnyApplication) -> Bot:
    reloader = Reloader(folder, folder.parent / "cache", made.holder, 0.5)
    return Bot(made, register_admin(application, made, reloader), folder)


@pytest_asyncio.fixture
async def bot(api: BotApiServer, tmp_path: Path) -> AsyncIterator[Bot]:
    folder, made = fitted_soon(small_base(tmp_path)), desk()
    async with running(api, lambda application: registered(made, folder, application)) as running_bot:
        yield running_bot


class Away(MemoryStore):
    """A store that has gone."""

    async def counts(self, since: date) -> list[tuple[date, str, str | None, int]]:
        raise StoreUnavailable("away")

    async def unanswered(self, *, limit: int = 100, offset: int = 0) -> list[UnansweredQuestion]:
        raise StoreUnavailable("away")

    async def healthy(self) -> bool:
        return False


async def some_questions(made: Desk) -> None:
    today = utc_now().date()
    for _ in range(3):
        await made.store.count("asked", None, today)
        await made.store.count("answered", "presidential-term", today)
    await made.store.count("chosen", "death-penalty", today)
    await made.store.count("declined", None, today - timedelta(days=2))
    await made.store.vote("death-penalty", "somebody", "message", 1)


async def told(api: BotApiServer, text: str, language_code: str = "en", count: int = 1) -> list[Sent]:
    return await api.replies_to(api.private_message(ADMIN, text, language_code), count, timeout=20)


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
    api: BotApiServer, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats_picture, "available", lambda: False)
    await some_questions(bot.desk)
    [sent] = await told(api, "/stats", "ru")
    assert sent.method == "sendMessage"
    assert f"{bot.say('ru', 'stats_asked')}: 3" in sent.text
    assert f"{bot.say('ru', 'stats_declined')}: 1" in sent.text
    assert bot.say("ru", "stats_top") in sent.text


async def test_without_counts_stats_say_so(api: BotApiServer, bot: Bot) -> None:
    [sent] = await told(api, "/stats")
    assert sent.text == bot.say("en", "stats_empty")


async def test_the_caption_keeps_within_the_limit(bot: Bot) -> None:
    for entry in list(bot.desk.base.entries)[:12]:
        await bot.desk.store.count("answered", entry, utc_now().date())
    for lang in LANGUAGES:
        report = await reports.stats(bot.desk.store, bot.desk.base, lang, utc_now().date())
        assert len(report.text) < 1024
        assert report.text.count("\n<b>1</b> ") == 10


async def test_counts_of_an_entry_that_is_no_more_are_shown_by_its_name(api: BotApiServer, bot: Bot) -> None:
    await bot.desk.store.count("answered", "long-gone", utc_now().date())
    [sent] = await told(api, "/stats")
    assert "1 long-gone" in sent.text


async def test_questions_in_vain_stand_in_groups_with_the_nearest_entry(api: BotApiServer, bot: Bot) -> None:
    store, now = bot.desk.store, utc_now()
    for text in ("who will be the next president", "who will be the next president?", "Who'll be the next president"):
        await store.add_unanswered(text, "en", "presidential-term", "somebody", now)
    await store.add_unanswered("<b>погода</b> в Астане", "ru", None, "somebody", now - timedelta(days=3))
    [sent] = await told(api, "/unanswered")
    bold = sent.entity_texts("bold")
    assert bold[0] == bot.say("en", "unanswered_title")
    assert bold[1].startswith("3 × ")
    assert bold[2] == "1 × <b>погода</b> в Астане"
    assert bot.desk.base.entries["presidential-term"].text("en").question in sent.text
    assert bot.say("en", "unanswered_far") in sent.text
    [code] = sent.entity_texts("code")
    assert code.startswith('presidential-term: ["')
    assert sent.buttons == []


async def test_pages_are_turned_in_place(api: BotApiServer, bot: Bot) -> None:
    for number in range(12):
        await bot.desk.store.add_unanswered(f"what is the law of {number}", "en", None, "x", utc_now())
    [sent] = await told(api, "/unanswered", "kk")
    assert bot.say("kk", "page", page=1, pages=3) in sent.text
    assert [button["text"] for button in sent.buttons] == [bot.say("kk", "next")]
    press = api.callback(ADMIN, sent, sent.buttons[0]["callback_data"], "kk")
    await api.answer_to(press)
    await api.wait_for(lambda: api.edits)
    assert bot.say("kk", "page", page=2, pages=3) in api.edits[-1].text
    assert [button["callback_data"] for button in api.edits[-1].buttons] == ["1u:0", "1u:2"]
    assert len(api.sent_to(ADMIN)) == 1


async def test_a_page_beyond_the_last_is_the_last(bot: Bot) -> None:
    for number in range(6):
        await bot.desk.store.add_unanswered(f"what is the law of {number}", "en", None, "x", utc_now())
    page = await reports.unanswered(bot.desk.store, bot.desk.base, "en", 99)
    assert bot.say("en", "page", page=2, pages=2) in page.text


async def test_without_questions_in_vain_that_is_said(api: BotApiServer, bot: Bot) -> None:
    [sent] = await told(api, "/unanswered", "ru")
    assert sent.text == bot.say("ru", "unanswered_empty")


@pytest.mark.parametrize("command", ["/stats", "/unanswered"])
async def test_a_store_that_is_away_is_named(api: BotApiServer, command: str, tmp_path: Path) -> None:
    made = desk(Away())
    async with running(api, lambda application: registered(made, tmp_path, application)) as bot:
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


@pytest.mark.parametrize("command", ["/stats", "/unanswered", "/reload"])
async def test_others_get_the_ordinary_reply(api: BotApiServer, bot: Bot, command: str) -> None:
    [stranger] = await api.replies_to(api.private_message(STRANGER, command))
    [in_group] = await api.replies_to(api.group_message(GROUP, ADMIN, f"{command}@reform_test_bot"))
    assert (stranger.text, in_group.text) == ("everybody", "everybody")
    await asyncio.sleep(0.1)
    assert len(api.sent) == 2


async def test_others_cannot_turn_the_pages(api: BotApiServer, bot: Bot) -> None:
    [sent] = await api.replies_to(api.private_message(STRANGER, "hello"))
    call = await api.answer_to(api.callback(STRANGER, sent, "1u:1"))
    assert call.params["text"] == "everybody"
    assert api.edits == []


async def test_without_admins_nobody_is_one(api: BotApiServer, tmp_path: Path) -> None:
    async with running(api, lambda application: registered(desk(admins=()), tmp_path, application)):
        [sent] = await told(api, "/stats")
    assert sent.text == "everybody"


async def test_an_edited_command_is_not_carried_out_again(api: BotApiServer, bot: Bot) -> None:
    update = api.private_message(ADMIN, "/stats")
    await api.reply_to(update)
    await api.confirmed(api.edited_message(update, "/stats"))
    assert len(api.sent) == 1


async def test_in_the_whole_bot_admins_and_others_each_get_their_reply(api: BotApiServer) -> None:
    async with whole_bot(api, admin_ids=(ADMIN,)) as bot:
        voice = bot.holder.base.voice("en")
        admin = await api.reply_to(api.private_message(ADMIN, "/unanswered"), timeout=20)
        stranger = await api.reply_to(api.private_message(STRANGER, "/unanswered"), timeout=20)
        page = await api.answer_to(api.callback(STRANGER, stranger, "1u:0"))
    assert admin.text == voice.say("unanswered_empty")
    assert voice.say("unanswered_empty") not in stranger.text
    assert page.params["text"] == voice.say("stale_button")
