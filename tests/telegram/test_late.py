"""An answer that comes long after its question says so and points to it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.kb.voice_keys import SENTENCES
from tests.botapi.server import BotApiServer
from tests.kb_bases import PACKS
from tests.small_service import small_base
from tests.telegram_bot import Running, running

pytest_plugins = ("tests.botapi.fixtures",)

TERM = "How long may a president serve?"


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api) as made:
        yield made


def ago(seconds: float) -> int:
    return int(time.time() - seconds)


async def test_an_answer_in_time_says_nothing_of_time(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, TERM, date=ago(590)))
    assert small_base().voice("en").say("late") not in sent.text
    assert sent.reply_to is None


@pytest.mark.parametrize(
    ("text", "lang"), [(TERM, "en"), ("Сколько лет может править президент?", "ru"), ("qwxz vbnm", "en")]
)
async def test_an_answer_after_ten_minutes_begins_with_a_word_on_the_delay_and_replies(
    api: BotApiServer, bot: Running, text: str, lang: str
) -> None:
    update_id = api.private_message(5, text, date=ago(700))
    sent = await api.reply_to(update_id)
    assert sent.text.startswith(small_base().voice(lang).say("late"))
    assert sent.reply_to == api.state.pushed[update_id].update["message"]["message_id"]


async def test_whoever_is_in_danger_reads_the_numbers_first(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.private_message(5, "my husband beats me, help me", date=ago(700)))
    say = small_base().voice("en").danger
    assert say
    assert sent.text.startswith(say.split("\n")[0][:20])
    assert small_base().voice("en").say("late") in sent.text


def test_every_language_has_the_word() -> None:
    assert "late" in SENTENCES
    for lang in ("en", "ru", "kk"):
        assert "  late: " in (PACKS / lang / "voice.yaml").read_text(encoding="utf-8")
