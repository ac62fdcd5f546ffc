"""/news, and the line on the last correction: there where a base has any, and not a word of them elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.kb.model import Correction, CorrectionText
from bot.service import Service
from tests.botapi.server import BotApiServer
from tests.small_service import small_base, small_service
from tests.telegram.test_private import TERM
from tests.telegram.test_profile import commands, published
from tests.telegram_bot import running

pytest_plugins = ("tests.botapi.fixtures",)

TEXT = CorrectionText("five years", "seven years", "It was copied wrongly.")
CORRECTION = Correction("term", "presidential-term", "2026-08-03", {"en": TEXT})
ASKER = 5


def corrected() -> Service:
    return Service(replace(small_base(), corrections=(CORRECTION,)), small_service().judge.matchers)


@pytest.mark.parametrize("lang", TERM)
async def test_what_was_corrected_is_told_when_asked_for(api: BotApiServer, lang: str) -> None:
    async with running(api, service=corrected()):
        news = await api.reply_to(api.private_message(ASKER, "/news", lang))
    title, question, told = [line for line in news.text.split("\n") if line]
    assert title == small_base().voice(lang).say("news_corrected")
    assert question == small_base().entries["presidential-term"].text(lang).question
    assert [part in told for part in ("2026", TEXT.old, TEXT.new, TEXT.why)] == [True] * 4


async def test_the_last_correction_stands_below_its_answer(api: BotApiServer) -> None:
    async with running(api, service=corrected()):
        answer = await api.reply_to(api.private_message(ASKER, TERM["en"]))
    assert answer.text.endswith("Corrected on 3 August 2026: It was copied wrongly.")


async def test_the_command_is_listed_where_there_are_news(api: BotApiServer) -> None:
    async with running(api, service=corrected()):
        await published(api)
        shown = await api.reply_to(api.private_message(ASKER, "/help"))
    for scope in ("all_private_chats", "all_group_chats"):
        assert commands(api, {"type": scope}, "en")["news"] == small_base().voice("en").commands["news"]
    assert shown.text.endswith(small_base().voice("en").say("help_news"))


async def test_a_base_without_takes_the_command_for_a_question(api: BotApiServer) -> None:
    voice = small_base().voice("en")
    async with running(api):
        asked = await api.reply_to(api.private_message(ASKER, "/news"))
        shown = await api.reply_to(api.private_message(ASKER, "/help"))
    assert voice.say("news_corrected") not in asked.text
    assert shown.text == voice.say("help")
