"""A group that the bot may not write to is left with one line; a message deleted at once was a message."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram.error import BadRequest

from bot.channels.telegram.delivery.sending import Sender
from tests.botapi import faults
from tests.botapi.errors import ApiError
from tests.botapi.server import BotApiServer
from tests.telegram_bot import Running, running
from tests.telegram_handled import Noting, handled

pytest_plugins = ("tests.botapi.fixtures",)

GROUP = -1002000000003
TERM = "How long may a president serve?"
REFUSALS = (
    "have no write access to the chat",
    "need administrator rights in the channel chat",
    "group chat was deactivated",
    "wrong direct messages topic identifier specified",
    "TOPIC_DELETED",
    "CHAT_GUEST_SEND_FORBIDDEN",
    "USER_BANNED_IN_CHANNEL",
    "CHAT_ADMIN_REQUIRED",
    "CHANNEL_PRIVATE",
    "ALLOW_PAYMENT_REQUIRED_10",
    "SOMETHING_OF_NEXT_YEAR",
)


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


def refused(words: str) -> faults.Fault:
    return faults.Fault("error", error=ApiError(400, f"Bad Request: {words}"))


@pytest.mark.parametrize("words", REFUSALS)
async def test_a_refusal_in_a_group_is_one_line_and_no_second_send(
    api: BotApiServer, bot: Running, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    api.faults.on("sendMessage", refused(words))
    await handled(bot, api.group_message(GROUP, 5, f"/ask {TERM}"))
    assert api.counters.requests["sendMessage"] == 1
    lines = [record for record in caplog.records if words.lower() in record.getMessage().lower()]
    assert [record.levelno for record in lines] == [logging.INFO]
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_other_groups_are_answered_meanwhile(api: BotApiServer, bot: Running) -> None:
    api.faults.on("sendMessage", refused("CHAT_ADMIN_REQUIRED"), when=lambda call: call.chat_id == GROUP)
    await handled(bot, api.group_message(GROUP, 5, f"/ask {TERM}"))
    assert TERM in (await api.reply_to(api.group_message(GROUP - 1, 5, f"/ask {TERM}"))).text


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [
        (GROUP, "BUTTON_DATA_INVALID"),
        (GROUP, "MESSAGE_TOO_LONG"),
        (GROUP, "ENTITIES_TOO_LONG"),
        (GROUP, "REPLY_MARKUP_TOO_LONG"),
        (GROUP, "message is too long"),
        (5, "SOMETHING_OF_NEXT_YEAR"),
        (None, "SOMETHING_OF_NEXT_YEAR"),
    ],
)
async def test_what_may_be_our_fault_is_raised(chat_id: int | None, words: str) -> None:
    async def method(**_: object) -> None:
        raise BadRequest(words)

    with pytest.raises(BadRequest):
        await Sender().deliver(method, **({"chat_id": chat_id} if chat_id else {}))


async def test_a_message_deleted_at_once_was_sent(
    api: BotApiServer, bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody in the group, a moderator's bot mostly, did not want it: no apology, no other try."""
    caplog.set_level(logging.INFO, logger="bot")
    api.faults.on("sendMessage", faults.deleted_at_once())
    await handled(bot, api.group_message(GROUP, 5, f"/ask {TERM}"))
    assert api.counters.requests["sendMessage"] == 1
    assert "A message was deleted as soon as it was sent" in [record.getMessage() for record in caplog.records]
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
