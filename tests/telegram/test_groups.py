"""Groups: the bot speaks when it is spoken to, in the thread, to the message, and does not repeat itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.botapi.inject import group_chat, user
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, button, running
from tests.telegram_handled import Noting, handled

pytest_plugins = ("tests.botapi.fixtures",)

GROUP = -1001
OTHER = [{"type": "mention", "offset": 4, "length": 17}]
TERM = "How long may a president serve?"
DEATH = "Has the death penalty been abolished?"


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


def message_id(api: BotApiServer, update_id: int) -> int:
    return int(api.state.pushed[update_id].update["message"]["message_id"])


async def silence(api: BotApiServer, bot: Running, *update_ids: int) -> None:
    """Nothing is said to these updates."""
    await handled(bot, *update_ids)
    assert api.sent == []


async def test_talk_among_people_is_left_alone(api: BotApiServer, bot: Running) -> None:
    """Also with privacy mode off, when every message arrives."""
    await silence(
        api,
        bot,
        api.group_message(GROUP, 5, TERM),
        api.group_message(GROUP, 5, "/help@other_bot"),
        api.group_message(GROUP, 5, "/nonsense"),
        api.group_message(GROUP, 5, "ask @reform_test_bot2 about it", entities=OTHER),
        api.group_message(GROUP, 5, TERM, reply_to=api.message(group_chat(GROUP), user(6), "hello")),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"@reform_test_bot {TERM}",
        f"{TERM} @reform_test_bot",
        f"/ask {TERM}",
        f"/ask@reform_test_bot {TERM}",
        f"/ASK@Reform_Test_Bot {TERM}",
    ],
)
async def test_who_addresses_the_bot_gets_an_answer_to_the_message(api: BotApiServer, bot: Running, text: str) -> None:
    update_id = api.group_message(GROUP, 5, text)
    sent = await api.reply_to(update_id)
    assert TERM in sent.entity_texts("bold")
    assert sent.reply_to == message_id(api, update_id)
    reply = api.calls_of("sendMessage")[0].params["reply_parameters"]
    assert reply["allow_sending_without_reply"] is True


async def test_a_mention_by_name_counts_too(api: BotApiServer, bot: Running) -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 3, "user": api.state.bot}
    sent = await api.reply_to(api.group_message(GROUP, 5, f"Bot {TERM}", entities=[entity]))
    assert TERM in sent.entity_texts("bold")


async def test_a_reply_to_the_bot_is_a_question(api: BotApiServer, bot: Running) -> None:
    first = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}"))
    sent = await api.reply_to(api.group_message(GROUP, 5, DEATH, reply_to=first))
    assert small_base().entries["death-penalty"].text("en").question in sent.entity_texts("bold")


async def test_an_answer_stays_in_its_thread(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}", thread_id=77))
    assert sent.thread_id == 77
    await api.answer_to(api.callback(5, sent, button(sent, "More on this topic")))
    await api.wait_for(lambda: len(api.sent) == 2)
    assert api.sent[1].thread_id == 77


async def test_ask_as_a_reply_takes_the_message_replied_to(api: BotApiServer, bot: Running) -> None:
    asked = api.message(group_chat(GROUP), user(6), TERM)
    sent = await api.reply_to(api.group_message(GROUP, 5, "/ask", reply_to=asked))
    assert TERM in sent.entity_texts("bold")


async def test_the_same_answer_within_a_minute_points_to_the_first(api: BotApiServer, bot: Running) -> None:
    first = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}"))
    second = await api.reply_to(api.group_message(GROUP, 6, f"/ask {TERM}"))
    assert second.text == small_base().voice("en").say("already_answered")
    assert second.reply_to == first.message_id
    elsewhere = await api.reply_to(api.group_message(-1002, 6, f"/ask {TERM}"))
    assert TERM in elsewhere.entity_texts("bold")
    other = await api.reply_to(api.group_message(GROUP, 6, f"/ask {DEATH}"))
    assert "already" not in other.text
    bot.clock.ahead += 61
    later = await api.reply_to(api.group_message(GROUP, 6, f"/ask {TERM}"))
    assert TERM in later.entity_texts("bold")


async def test_a_group_has_a_language_of_its_own_and_keeps_it_as_a_supergroup(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.group_message(-7, 5, "/language"))
    api.state.chats[-7].admins.add(5)
    await handled(bot, api.callback(5, sent, button(sent, "Русский")))
    assert await bot.chosen(-7) == "ru"
    assert await bot.chosen(5) is None
    first, second = api.migrate(-7, -1007)
    await handled(bot, first)
    await handled(bot, second)
    assert await bot.chosen(-1007) == "ru"
    sent = await api.reply_to(api.group_message(-1007, 5, "/help@reform_test_bot"))
    assert sent.text == small_base().voice("ru").say("help")


async def test_an_answer_to_a_group_that_moved_meanwhile_goes_to_its_new_id(api: BotApiServer, bot: Running) -> None:
    await bot.store.set_language(bot.desk.chat(-7), "kk")
    api.group_message(-7, 5, "hello everybody")
    api.state.add_chat(-1007, "supergroup")
    api.state.chats[-7].migrated_to = -1007
    api.group_message(-7, 5, "/help")
    await api.wait_for(lambda: api.sent_to(-1007))
    assert api.sent[0].text == small_base().voice("kk").say("help")
    assert await bot.chosen(-1007) == "kk"


async def test_startgroup_links_and_greetings_by_command(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.group_message(GROUP, 5, "/start@reform_test_bot death-penalty"))
    assert small_base().entries["death-penalty"].text("en").question in sent.entity_texts("bold")


async def test_other_bots_channels_and_our_own_inline_results_are_left_alone(api: BotApiServer, bot: Running) -> None:
    text = f"/ask {TERM}"
    robot = {"id": 99, "is_bot": True, "first_name": "Robot"}
    channel = {"id": -1009, "type": "channel", "title": "Channel"}
    api.push({"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": text}})
    await silence(
        api,
        bot,
        api.push({"message": api.message(group_chat(GROUP), robot, text)}),
        api.group_message(GROUP, 5, text, via_bot=api.state.bot),
        api.group_message(GROUP, 5, text, is_automatic_forward=True),
        api.group_message(GROUP, 5, "", new_chat_members=[user(8)]),
    )


async def test_anonymous_admins_are_people(api: BotApiServer, bot: Running) -> None:
    sender = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    sent = await api.reply_to(api.push({"message": api.message(group_chat(GROUP), sender, f"/ask {TERM}")}))
    assert TERM in sent.entity_texts("bold")


async def test_stickers_are_not_commented_on_in_groups(api: BotApiServer, bot: Running) -> None:
    first = await api.reply_to(api.group_message(GROUP, 5, f"/ask {TERM}"))
    voice = {"file_id": "f", "file_unique_id": "u", "duration": 3}
    update_id = api.group_message(GROUP, 5, "", reply_to=first, voice=voice)
    await handled(bot, update_id)
    assert len(api.sent) == 1


async def test_a_reply_to_a_message_deleted_meanwhile_still_goes_out(api: BotApiServer, bot: Running) -> None:
    message = api.message(group_chat(GROUP), user(5), f"/ask {TERM}")
    update_id = api.push({"message": message})
    del api.state.messages[(GROUP, message["message_id"])]
    sent = await api.reply_to(update_id)
    assert sent.reply_to is None


async def test_a_guest_gets_exactly_one_reply(api: BotApiServer, bot: Running) -> None:
    for text, expected in (
        (f"@reform_test_bot {TERM}", TERM),
        ("@reform_test_bot", "words"),
        ("@reform_test_bot hello", "Hello"),
    ):
        answer = await api.answer_to(api.guest_message(-1005, 5, text))
        assert expected in answer.params["result"]["input_message_content"]["message_text"]
        urls = [b["url"] for row in answer.params["result"]["reply_markup"]["inline_keyboard"] for b in row]
        assert all(url.startswith("https://t.me/reform_test_bot") for url in urls)
    assert api.sent == []
    assert len(api.calls_of("answerGuestQuery")) == 3
