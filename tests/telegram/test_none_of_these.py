"""Typed words that nothing offered was meant: the question is noted as by the button."""

from __future__ import annotations

import pytest

from bot.store.base import MissKind
from tests.botapi.server import BotApiServer
from tests.small_service import hesitant_service, small_base
from tests.telegram_bot import running

pytest_plugins = ("tests.botapi.fixtures",)

QUESTION = "judges or president"
EN = small_base().voice("en")


@pytest.mark.parametrize("refusal", ["none of these", "not what I asked", "это не то", "бұлар емес"])
async def test_who_types_that_none_is_meant_has_the_question_noted_as_by_the_button(
    api: BotApiServer, refusal: str
) -> None:
    async with running(api, service=hesitant_service()) as bot:
        await api.reply_to(api.private_message(5, QUESTION))
        said = await api.reply_to(api.private_message(5, refusal))
        assert said.text in [small_base().voice(lang).say("none_noted") for lang in ("en", "ru", "kk")]
        again = await api.reply_to(api.private_message(5, "none of these"))
        assert again.text != EN.say("none_noted")
        await bot.settled()
        found = [one.text for one in await bot.store.unanswered() if one.kind is MissKind.NONE]
        assert found == [QUESTION]


async def test_after_another_reply_none_of_these_notes_nothing(api: BotApiServer) -> None:
    async with running(api, service=hesitant_service()) as bot:
        await api.reply_to(api.private_message(5, QUESTION))
        await api.reply_to(api.private_message(5, "Рақмет"))
        await api.reply_to(api.private_message(5, "none of these"))
        await bot.settled()
        assert MissKind.NONE not in [one.kind for one in await bot.store.unanswered()]
