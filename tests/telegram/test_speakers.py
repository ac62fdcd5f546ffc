"""Who asks: a person, or a chat that speaks; whose words a question is; and what each may have forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import NoneOfThese, written
from tests.botapi.faults import refusal
from tests.botapi.inject import group_chat, user
from tests.botapi.inject_kinds import ANONYMOUS, CHANNEL_BOT
from tests.botapi.server import BotApiServer
from tests.small_service import hesitant_service, small_base
from tests.telegram_bot import Running, button, running
from tests.telegram_handled import Noting, handled

pytest_plugins = ("tests.botapi.fixtures",)

GROUP, CHANNEL = -1002000000001, -1003000000001
TERM = "How long may a president serve?"
DEATH = "Has the death penalty been abolished?"
CUP = "Who won the football cup in 1998?"
LONG_AGO = date(2020, 1, 1)
EN = small_base().voice("en")


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


async def noted(bot: Running) -> list[str]:
    """The questions without an answer that are kept."""
    await bot.settled()
    return sorted(question.text for question in await bot.store.unanswered())


async def test_who_writes_as_a_channel_is_answered(api: BotApiServer, bot: Running) -> None:
    [update_id] = api.push_input("channel-as-sender")
    sent = await api.reply_to(update_id)
    assert small_base().entries["death-penalty"].text("en").question in sent.entity_texts("bold")


async def test_anonymous_admins_of_thirty_groups_do_not_share_one_limit(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=2):
        asked = [api.anonymous_admin(GROUP - number, f"/ask {TERM}") for number in range(30)]
        for update_id in asked:
            assert TERM in (await api.reply_to(update_id)).text


async def test_those_of_one_group_do(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=2) as bot:
        for text in (TERM, DEATH, "Is torture a crime?"):
            await handled(bot, api.anonymous_admin(GROUP, f"/ask {text}"))
        assert [sent.text == EN.say("too_fast") for sent in api.sent] == [False, False, True]


async def test_a_channel_and_the_people_beside_it_have_limits_of_their_own(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=1):
        await api.reply_to(api.channel_sender(GROUP, CHANNEL, f"/ask {TERM}"))
        other = await api.reply_to(api.channel_sender(GROUP, CHANNEL - 1, f"/ask {DEATH}"))
        assert other.text != EN.say("too_fast")
        again = await api.reply_to(api.channel_sender(GROUP, CHANNEL, f"/ask {DEATH}"))
        assert again.text == EN.say("too_fast")
        elsewhere = await api.reply_to(api.channel_sender(GROUP - 1, CHANNEL, f"/ask {TERM}"))
        assert TERM in elsewhere.entity_texts("bold")


@pytest.mark.parametrize("account", [ANONYMOUS, CHANNEL_BOT], ids=["anonymous admin", "channel"])
async def test_a_chat_that_speaks_is_spoken_to_in_the_language_of_the_group(
    api: BotApiServer, bot: Running, account: dict[str, object]
) -> None:
    """Whatever language its account may have: that belongs to nobody."""
    await bot.store.set_language(bot.desk.chat(GROUP), "kk")
    for group, lang in ((GROUP, "kk"), (GROUP - 1, "en")):
        chat = group_chat(group)
        sender = {"sender_chat": chat, "from": account | {"language_code": "ru"}}
        sent = await api.reply_to(api.push({"message": api.message(chat, user(1), "/help", **sender)}))
        assert sent.text == small_base().voice(lang).say("help")


async def test_forget_by_a_member_leaves_the_group_s_language_and_the_others_questions(
    api: BotApiServer, bot: Running
) -> None:
    await bot.store.set_language(bot.desk.chat(GROUP), "ru")
    await api.reply_to(api.group_message(GROUP, 5, f"/ask {CUP}"))
    await api.reply_to(api.group_message(GROUP, 6, "/ask Who won the chess cup in 1999?"))
    assert len(await noted(bot)) == 2
    said = await api.reply_to(api.group_message(GROUP, 5, "/forget"))
    assert said.text == small_base().voice("ru").say("forget_done_group")
    assert await noted(bot) == ["Who won the chess cup in 1999?"]
    assert await bot.chosen(GROUP) == "ru"
    again = await api.reply_to(api.group_message(GROUP, 5, "/forget"))
    assert again.text == small_base().voice("ru").say("forget_nothing_group")


async def test_forget_by_a_member_leaves_what_others_just_talked_of(api: BotApiServer, bot: Running) -> None:
    """Their questions can still be edited, and taken up again."""
    mine, theirs = (api.group_message(GROUP, who, f"/ask {TERM}", thread_id=who) for who in (5, 6))
    await api.reply_to(theirs)
    await handled(bot, api.group_message(GROUP, 5, "/forget"))
    memory = bot.desk.memory
    given = {update_id: memory.given.get((GROUP, message_id(api, update_id))) for update_id in (mine, theirs)}
    assert given[mine] is None
    assert given[theirs] is not None
    kept = memory.turns.get((GROUP, 6))
    assert memory.turns.get((GROUP, 5)) is None
    assert kept is not None
    assert kept.entry == "presidential-term"


def message_id(api: BotApiServer, update_id: int) -> int:
    return int(api.state.pushed[update_id].update["message"]["message_id"])


async def test_the_group_s_language_is_reset_under_language(api: BotApiServer, bot: Running) -> None:
    await bot.store.set_language(bot.desk.chat(GROUP), "ru")
    sent = await api.reply_to(api.anonymous_admin(GROUP, "/language"))
    api.state.chats[GROUP].admins.add(5)
    await api.answer_to(api.callback(5, sent, button(sent, small_base().voice("ru").say("language_auto"))))
    assert await bot.chosen(GROUP) is None


@pytest.mark.parametrize("lang", small_base().languages)
async def test_only_admins_set_the_language_of_a_group_and_others_are_told(
    api: BotApiServer, bot: Running, lang: str
) -> None:
    voice = small_base().voice(lang)
    await bot.store.set_language(bot.desk.chat(GROUP), lang)
    sent = await api.reply_to(api.group_message(GROUP, 6, "/language"))
    api.state.chats[GROUP].admins.add(5)
    answer = await api.answer_to(api.callback(6, sent, button(sent, voice.say("language_auto"))))
    assert (answer.params["text"], answer.params["show_alert"]) == (voice.say("language_admins"), True)
    assert await bot.chosen(GROUP) == lang
    assert api.edits == []
    await api.answer_to(api.callback(5, sent, button(sent, voice.say("language_auto"))))
    assert await bot.chosen(GROUP) is None


async def test_where_telegram_does_not_tell_the_admins_anybody_sets_the_language(
    api: BotApiServer, bot: Running
) -> None:
    api.faults.on("getChatAdministrators", refusal("CHAT_ADMIN_REQUIRED"))
    sent = await api.reply_to(api.group_message(GROUP, 6, "/language"))
    await api.answer_to(api.callback(6, sent, button(sent, "Русский")))
    assert await bot.chosen(GROUP) == "ru"


async def test_forget_by_an_anonymous_admin_reaches_that_group_alone(api: BotApiServer, bot: Running) -> None:
    await api.reply_to(api.anonymous_admin(GROUP, f"/ask {CUP}"))
    await api.reply_to(api.anonymous_admin(GROUP - 1, "/ask Who won the chess cup in 1999?"))
    await noted(bot)
    assert (await api.reply_to(api.anonymous_admin(GROUP, "/forget"))).text == EN.say("forget_done_group")
    assert await noted(bot) == ["Who won the chess cup in 1999?"]


async def test_forget_in_private_takes_everything_along(api: BotApiServer, bot: Running) -> None:
    await bot.store.set_language(bot.desk.chat(5), "ru")
    await api.reply_to(api.private_message(5, CUP))
    await noted(bot)
    await api.reply_to(api.private_message(5, "/forget"))
    assert await noted(bot) == []
    assert await bot.chosen(5) is None
    assert len(bot.desk.memory.given) == 0


async def test_what_is_asked_in_somebody_s_words_is_kept_under_their_name(api: BotApiServer, bot: Running) -> None:
    """Else whoever wrote them could not have them forgotten."""
    said = api.message(group_chat(GROUP), user(6), CUP)
    await api.reply_to(api.group_message(GROUP, 5, "/ask", reply_to=said))
    assert await noted(bot) == [CUP]
    await api.reply_to(api.group_message(GROUP, 5, "/forget"))
    assert await noted(bot) == [CUP]
    await api.reply_to(api.group_message(GROUP, 6, "/forget"))
    assert await noted(bot) == []


async def test_none_of_these_keeps_a_question_under_the_name_of_who_asked_it(api: BotApiServer) -> None:
    service, question = hesitant_service(), "judges or president"
    async with running(api, store=Noting(), service=service) as bot:
        sent = await api.reply_to(api.group_message(GROUP, 5, f"/ask {question}"))
        await api.answer_to(api.callback(6, sent, written(NoneOfThese("en"))))
        assert await noted(bot) == [question]
        await api.reply_to(api.group_message(GROUP, 5, "/forget"))
        assert await noted(bot) == []
