"""Refusals of daily life: mended where that is possible, else put into words; never a traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot, ReplyParameters
from telegram.error import BadRequest

from bot.channels.telegram.delivery.failures import SlowAnswer
from bot.channels.telegram.delivery.sending import Delivery, Sender, plain
from bot.channels.telegram.delivery.transport import AiohttpRequest
from tests.botapi import faults
from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Bot]:
    request = AiohttpRequest()
    api.state.add_chat(5)
    async with Bot(api.token, base_url=f"{api.base_url}/bot", request=request, get_updates_request=request) as made:
        yield made


async def test_a_message_that_goes_out_gives_its_result(api: BotApiServer, bot: Bot) -> None:
    sent = await Sender().deliver(bot.send_message, chat_id=5, text="hello")
    assert sent.delivery is Delivery.SENT
    assert sent.result.message_id == api.sent[0].message_id


async def test_a_message_to_a_user_who_left_is_given_up(api: BotApiServer, bot: Bot) -> None:
    api.block(5)
    sent = await Sender().deliver(bot.send_message, chat_id=5, text="hello")
    assert sent.delivery is Delivery.LEFT


async def test_a_chat_that_is_not_there_is_gone(bot: Bot) -> None:
    sent = await Sender().deliver(bot.send_message, chat_id=404, text="hello")
    assert sent.delivery is Delivery.GONE


async def test_a_group_with_a_new_id_gets_its_message_there(api: BotApiServer, bot: Bot) -> None:
    moved: list[tuple[int, int]] = []

    async def note(old: int, new: int) -> None:
        moved.append((old, new))

    update_id = api.group_message(-7, 5, "hello")
    message_id = api.state.pushed[update_id].update["message"]["message_id"]
    api.migrate(-7, -1007)
    sent = await Sender(on_migrated=note).deliver(
        bot.send_message, chat_id=-7, text="hello", reply_parameters=ReplyParameters(message_id)
    )
    assert sent.delivery is Delivery.SENT
    assert [message.chat_id for message in api.sent] == [-1007]
    assert moved == [(-7, -1007)]


async def test_an_edit_that_changes_nothing_is_fine_and_no_news(
    api: BotApiServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    message = (await Sender().deliver(bot.send_message, chat_id=5, text="hello")).result
    sent = await Sender().deliver(bot.edit_message_text, text="hello", chat_id=5, message_id=message.message_id)
    assert sent.delivery is Delivery.UNCHANGED
    assert "no effect" not in caplog.text


async def test_a_query_answered_too_late_is_fine(bot: Bot) -> None:
    sent = await Sender().deliver(bot.answer_callback_query, callback_query_id="long-gone")
    assert sent.delivery is Delivery.EXPIRED


async def test_an_edit_of_a_deleted_message_is_gone(bot: Bot) -> None:
    sent = await Sender().deliver(bot.edit_message_text, text="hello", chat_id=5, message_id=99)
    assert sent.delivery is Delivery.GONE


async def test_markup_that_telegram_cannot_read_goes_out_as_plain_text(api: BotApiServer, bot: Bot) -> None:
    sent = await Sender().deliver(bot.send_message, chat_id=5, text="<b>Seven</b> years &lt; <i>ten", parse_mode="HTML")
    assert sent.delivery is Delivery.SENT
    assert api.sent[0].text == "Seven years < ten"
    api.violations.clear()


async def test_a_reply_to_a_deleted_message_goes_out_without_it(api: BotApiServer, bot: Bot) -> None:
    sent = await Sender().deliver(bot.send_message, chat_id=5, text="hello", reply_parameters=ReplyParameters(77))
    assert sent.delivery is Delivery.SENT
    assert api.sent[0].reply_to is None


async def test_an_answer_lost_on_the_way_is_unsure_and_not_repeated() -> None:
    calls = []

    async def method(**arguments: object) -> None:
        calls.append(arguments)
        raise SlowAnswer("slow")

    assert (await Sender().deliver(method, chat_id=5)).delivery is Delivery.UNSURE
    assert len(calls) == 1


async def test_a_fault_of_ours_is_raised(api: BotApiServer, bot: Bot) -> None:
    with pytest.raises(BadRequest):
        await Sender().deliver(bot.send_message, chat_id=5, text="x" * 5000)
    api.violations.clear()


async def test_a_remedy_is_tried_once() -> None:
    calls = []

    async def method(**arguments: object) -> None:
        calls.append(arguments)
        raise BadRequest("Can't parse entities: unclosed tag")

    with pytest.raises(BadRequest):
        await Sender().deliver(method, chat_id=5, text="<b>hello", parse_mode="HTML")
    assert [call["text"] for call in calls] == ["<b>hello", "hello"]


async def test_a_group_that_moves_twice_is_not_followed_forever(api: BotApiServer, bot: Bot) -> None:
    api.faults.on("sendMessage", faults.migrated(-1008), times=1)
    api.state.add_chat(-1008, "supergroup")
    sent = await Sender().deliver(bot.send_message, chat_id=-7, text="hello")
    assert sent.delivery is Delivery.SENT
    api.faults.on("sendMessage", faults.migrated(-1008), times=2)
    with pytest.raises(Exception, match="migrated"):
        await Sender().deliver(bot.send_message, chat_id=-7, text="hello")


def test_plain_text_keeps_what_only_looks_like_a_tag() -> None:
    assert plain("1 < 2, <b>bold</b>, <a href='x'>a link</a>, 3 > 2, &lt;b&gt; &amp;amp;") == (
        "1 < 2, bold, a link, 3 > 2, <b> &amp;"
    )
