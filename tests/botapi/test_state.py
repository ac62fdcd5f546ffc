"""What the server remembers, seen through python-telegram-bot's own Bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputTextMessageContent,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)

PNG = b"\x89PNG\r\n\x1a\n and so on"
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
ARTICLE = InlineQueryResultArticle("1", "Title", InputTextMessageContent("<b>x</b>", parse_mode="HTML"))


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Bot]:
    made = Bot(api.token, base_url=f"{api.base_url}/bot", base_file_url=f"{api.base_url}/file/bot")
    async with made:
        yield made


async def test_a_reply_is_recorded_as_its_reader_sees_it(api: BotApiServer, bot: Bot) -> None:
    """Text after entities, buttons and the message replied to."""
    update_id = api.private_message(5, "How long?")
    [update] = await bot.get_updates()
    assert update.message
    target = ReplyParameters(update.message.message_id)
    await bot.send_message(5, "<b>Seven</b> &lt;years", "HTML", reply_markup=KEYBOARD, reply_parameters=target)
    sent = await api.reply_to(update_id)
    assert sent.text == "Seven <years"
    assert sent.entity_texts("bold") == ["Seven"]
    assert [button["callback_data"] for button in sent.buttons] == ["yes"]
    assert sent.reply_to == update.message.message_id


async def test_edits_need_a_message_of_the_bot_that_changes(api: BotApiServer, bot: Bot) -> None:
    asked = api.private_message(5, "hello")
    sent = await bot.send_message(5, "one")
    edited = await bot.edit_message_text("two", 5, sent.message_id, reply_markup=KEYBOARD)
    assert getattr(edited, "text", None) == "two"
    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_text("two", 5, sent.message_id, reply_markup=KEYBOARD)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await bot.edit_message_text("two", 5, 999_999)
    with pytest.raises(BadRequest, match="essage can't be edited"):
        await bot.edit_message_text("mine", 5, api.state.pushed[asked].update["message"]["message_id"])
    await bot.edit_message_reply_markup(5, sent.message_id)
    assert [(edit.text, len(edit.buttons)) for edit in api.edits] == [("two", 1), ("two", 0)]
    assert [sent.text for sent in api.sent] == ["one"]


async def test_a_deleted_message_is_gone(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    sent = await bot.send_message(5, "one")
    assert await bot.delete_message(5, sent.message_id)
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await bot.delete_message(5, sent.message_id)
    with pytest.raises(BadRequest, match="essage to be replied not found"):
        await bot.send_message(5, "two", reply_parameters=ReplyParameters(sent.message_id))
    target = ReplyParameters(sent.message_id, allow_sending_without_reply=True)
    assert (await bot.send_message(5, "two", reply_parameters=target)).reply_to_message is None


async def test_a_quote_has_to_stand_in_the_message(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "How long is a term?")
    [update] = await bot.get_updates()
    assert update.message
    await bot.send_message(5, "x", reply_parameters=ReplyParameters(update.message.message_id, quote="a term"))
    with pytest.raises(BadRequest, match="Quote_text_invalid"):
        await bot.send_message(5, "x", reply_parameters=ReplyParameters(update.message.message_id, quote="a year"))


async def test_chats_are_unknown_until_they_write(api: BotApiServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(6, "hello")
    api.private_message(6, "hello")
    assert await bot.send_chat_action(6, "typing")
    assert (await bot.get_chat(6)).type == "private"


async def test_who_blocked_the_bot_gets_nothing_until_unblocked(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    api.block(5)
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(5, "hello")
    api.unblock(5)
    await bot.send_message(5, "hello")
    kinds = [u.my_chat_member.new_chat_member.status for u in await bot.get_updates() if u.my_chat_member]
    assert kinds == ["kicked", "member"]


async def test_a_group_that_grew_up_answers_with_its_new_id(api: BotApiServer, bot: Bot) -> None:
    api.group_message(-7, 5, "/ask@reform_test_bot how long?", thread_id=None)
    api.migrate(-7, -1007)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-7, "hello")
    assert caught.value.new_chat_id == -1007
    await bot.send_message(-1007, "hello")
    updates = await bot.get_updates()
    assert [u.message.migrate_to_chat_id for u in updates if u.message][1] == -1007
    await bot.leave_chat(-1007)
    with pytest.raises(Forbidden):
        await bot.send_message(-1007, "hello")


async def test_a_callback_is_answered_once_and_in_time(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    sent = await bot.send_message(5, "Sure?", reply_markup=KEYBOARD)
    update_id = api.callback(5, api.sent[0], "yes")
    query = (await bot.get_updates(offset=update_id))[0].callback_query
    assert query
    assert query.data == "yes"
    assert query.message
    assert query.message.message_id == sent.message_id
    await query.answer("Done")
    assert (await api.answer_to(update_id)).params["text"] == "Done"
    late = api.callback(5, api.sent[0], "yes")
    late_query = (await bot.get_updates(offset=late))[0].callback_query
    clock = api.state.clock
    api.state.clock = lambda: clock() + 200
    assert late_query
    for again in (query, late_query):
        with pytest.raises(BadRequest, match="Query is too old"):
            await again.answer()


async def test_the_message_of_a_callback_may_be_gone(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    sent = await bot.send_message(5, "Sure?", reply_markup=KEYBOARD)
    await bot.delete_message(5, sent.message_id)
    update_id = api.callback(5, api.sent[0], "yes")
    query = (await bot.get_updates(offset=update_id))[0].callback_query
    assert query
    assert query.message
    assert not query.message.is_accessible


async def test_inline_and_guest_queries_are_answered(api: BotApiServer, bot: Bot) -> None:
    inline_id = api.inline_query(5, "term", language_code="ru")
    guest_id = api.guest_message(-1009, 5, "@reform_test_bot how long?")
    inline, guest = await bot.get_updates()
    assert inline.inline_query
    assert guest.guest_message
    assert guest.guest_message.guest_query_id
    await inline.inline_query.answer([ARTICLE], cache_time=10)
    sent = await bot.answer_guest_query(guest.guest_message.guest_query_id, ARTICLE)
    assert await bot.edit_message_text("later", inline_message_id=sent.inline_message_id)
    assert len((await api.answer_to(inline_id)).params["results"]) == 1
    assert (await api.answer_to(guest_id)).params["result"]["id"] == "1"
    api.chosen_inline_result(5, "1", "term", inline_message_id="inline-1")
    api.callback(5, "inline-1", "more")
    chosen, pressed = await bot.get_updates(offset=guest_id + 1)
    assert chosen.chosen_inline_result
    assert pressed.callback_query
    await pressed.callback_query.edit_message_text("more")
    assert api.state.inline_messages["inline-1"] == {"text": "more"}


async def test_photos_are_uploaded_sent_again_and_fetched(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    first = await bot.send_photo(5, PNG, caption="<i>chart</i>", parse_mode="HTML")
    await bot.send_photo(5, first.photo[-1].file_id)
    await bot.send_photo(5, InputFile(PNG, attach=True))
    await bot.send_document(5, b"text", filename="a.txt")
    assert (api.sent[0].text, api.sent[0].entity_texts("italic")) == ("chart", ["chart"])
    file = await bot.get_file(first.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == PNG
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(5, b"no picture")
    await bot.edit_message_caption(5, first.message_id, caption="new")
    assert api.edits[0].text == "new"


async def test_commands_and_profile_are_kept_by_scope_and_language(api: BotApiServer, bot: Bot) -> None:
    api.private_message(5, "hello")
    scope = BotCommandScopeChat(5)
    await bot.set_my_commands([("ask", "Ask")])
    await bot.set_my_commands([("ask", "Спросить")], scope=scope, language_code="ru")
    assert [c.description for c in await bot.get_my_commands(scope=scope, language_code="ru")] == ["Спросить"]
    assert await bot.get_my_commands(language_code="ru") == ()
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    await bot.set_my_name("Имя", language_code="ru")
    await bot.set_my_description("What it does")
    await bot.set_my_short_description("Short", language_code="kk")
    assert (await bot.get_my_name(language_code="ru")).name == "Имя"
    assert (await bot.get_my_name()).name == "Test bot"
    assert (await bot.get_my_description(language_code="ru")).description == "What it does"
    assert (await bot.get_my_short_description()).short_description == ""


async def test_the_bots_abilities_can_be_chosen() -> None:
    async with (
        BotApiServer(username="other_bot", can_read_all_group_messages=True, supports_inline_queries=False) as server,
        Bot(server.token, base_url=f"{server.base_url}/bot") as bot,
    ):
        me = await bot.get_me()
        assert (me.username, me.can_read_all_group_messages, me.supports_inline_queries) == ("other_bot", True, False)


async def test_a_wrong_token_is_refused(api: BotApiServer) -> None:
    with pytest.raises(InvalidToken):
        await Bot("1:wrong", base_url=f"{api.base_url}/bot").initialize()


async def test_a_wrong_call_of_a_library_is_a_violation(api: BotApiServer, bot: Bot) -> None:
    """The fixture would fail this test if the violations were not cleared."""
    api.private_message(5, "hello")
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(5, "1 <2> 3", parse_mode="HTML")
    assert len(api.violations) == 1
    assert api.sent == []
    api.violations.clear()


async def test_waiting_in_vain_tells_what_is_known(api: BotApiServer) -> None:
    update_id = api.private_message(5, "hello")
    with pytest.raises(TimeoutError, match="0 sent, 1 updates unconfirmed"):
        await api.reply_to(update_id, timeout=0.05)
    async with aiohttp.ClientSession() as client:
        await client.get(f"{api.base_url}/bot{api.token}/getMe")
    assert [call.method for call in api.calls] == ["getMe"]
