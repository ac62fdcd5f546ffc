"""Messages that are easily mistaken for others: albums, quotes, reactions that come as edits, kinds not known yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.telegram.talk import messages
from tests.botapi.inject import group_chat, private_chat, user
from tests.botapi.inject_kinds import PHOTO
from tests.botapi.model import JsonDict
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import Running, running
from tests.telegram_handled import Noting, handled

pytest_plugins = ("tests.botapi.fixtures",)

GROUP = -1002000000002
TERM = "How long may a president serve?"
DEATH = small_base().entries["death-penalty"].text("en").question
EN = small_base().voice("en")


@pytest.fixture(autouse=True)
def all_came(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Stands for the time in which all the pictures of an album arrive."""
    found = asyncio.Event()
    monkeypatch.setattr(messages, "asyncio", SimpleNamespace(sleep=lambda _: found.wait()))
    return found


async def whole_album(all_came: asyncio.Event) -> None:
    """All is said that is said to it."""
    all_came.set()
    await asyncio.sleep(0.2)


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Running]:
    async with running(api, store=Noting()) as made:
        yield made


async def test_an_album_gets_one_answer_to_its_words(api: BotApiServer, bot: Running, all_came: asyncio.Event) -> None:
    await handled(bot, *api.push_input("album"))
    await whole_album(all_came)
    [sent] = api.sent
    assert DEATH in sent.entity_texts("bold")


@pytest.mark.parametrize("captions", [[None, None, TERM], [None, TERM, None], [None] * 9 + [TERM]])
async def test_the_words_may_come_with_any_picture(
    api: BotApiServer, bot: Running, all_came: asyncio.Event, captions: list[str | None]
) -> None:
    await handled(bot, *api.album(5, captions))
    await whole_album(all_came)
    [sent] = api.sent
    assert TERM in sent.entity_texts("bold")


async def test_an_album_without_words_is_explained_once(
    api: BotApiServer, bot: Running, all_came: asyncio.Event
) -> None:
    await handled(bot, *api.album(5, [None] * 4))
    all_came.set()
    await api.wait_for(lambda: api.sent)
    await asyncio.sleep(0.3)
    assert [sent.text for sent in api.sent] == [EN.say("not_text")]


async def test_one_album_says_nothing_about_another(api: BotApiServer, bot: Running, all_came: asyncio.Event) -> None:
    await handled(bot, *api.album(5, [TERM, None]), *api.album(5, [None, None]))
    all_came.set()
    await api.wait_for(lambda: len(api.sent) == 2)
    assert api.sent[1].text == EN.say("not_text")


async def test_an_album_of_a_group_with_a_command_is_answered_once(
    api: BotApiServer, bot: Running, all_came: asyncio.Event
) -> None:
    await handled(bot, *api.album(5, [f"/ask {TERM}", None, None], chat_id=GROUP))
    await whole_album(all_came)
    assert len(api.sent) == 1


async def test_ask_takes_the_part_that_was_quoted(api: BotApiServer, bot: Running) -> None:
    [update_id] = api.push_input("quote")
    sent = await api.reply_to(update_id)
    assert DEATH in sent.entity_texts("bold")


async def test_what_stands_beside_the_quoted_part_is_not_asked(api: BotApiServer, bot: Running) -> None:
    said = api.message(group_chat(GROUP), user(6), f"{DEATH} And {TERM}")
    sent = await api.reply_to(api.quoting(GROUP, 5, "/ask", of=said, quote=TERM))
    assert sent.entity_texts("bold")[0] == TERM
    assert DEATH not in sent.text


async def test_a_quote_from_another_chat_is_a_question_too(api: BotApiServer, bot: Running) -> None:
    sent = await api.reply_to(api.quoting_elsewhere(GROUP, 5, "/ask", quote=TERM))
    assert TERM in sent.entity_texts("bold")


async def test_words_of_one_s_own_go_before_a_quote(api: BotApiServer, bot: Running) -> None:
    said = api.message(group_chat(GROUP), user(6), f"Well. {TERM}")
    sent = await api.reply_to(api.quoting(GROUP, 5, f"/ask {DEATH}", of=said, quote=TERM))
    assert DEATH in sent.entity_texts("bold")


async def test_a_quote_that_telegram_made_is_less_than_the_message(api: BotApiServer, bot: Running) -> None:
    """It is cut somewhere; nobody picked it."""
    said = api.message(group_chat(GROUP), user(6), TERM)
    quote = {"text": "How", "position": 0}
    sent = await api.reply_to(api.group_message(GROUP, 5, "/ask", reply_to=said, quote=quote))
    assert TERM in sent.entity_texts("bold")


async def test_a_reaction_to_a_message_never_seen_is_no_edit(api: BotApiServer, bot: Running) -> None:
    """Of an hour ago, from before the bot was started."""
    await handled(bot, *api.push_input("edited-without-change"))
    assert api.sent == []


async def test_a_reaction_to_a_fresh_message_never_seen_is_no_question(api: BotApiServer, bot: Running) -> None:
    """Another copy of the bot has answered it, or this one before a restart."""
    message = api.message(private_chat(5), user(5), TERM, edit_date=api.state.now())
    await handled(bot, api.push({"edited_message": message}))
    assert api.sent == []


@pytest.mark.parametrize("later", [0, 601, 3600])
async def test_a_reaction_to_an_answered_question_is_silence(api: BotApiServer, bot: Running, later: int) -> None:
    asked = api.private_message(5, TERM)
    await handled(bot, asked)
    bot.clock.ahead += later
    await handled(bot, api.reacted(asked, age=later), api.reacted(asked, age=later))
    assert (len(api.sent), api.edits) == (1, [])


async def test_a_question_that_got_no_turn_is_not_answered_for_a_reaction(api: BotApiServer) -> None:
    async with running(api, store=Noting(), ask_rate=1) as bot:
        await handled(bot, api.private_message(5, TERM))
        late = [api.private_message(5, DEATH) for _ in range(2)]
        await handled(bot, *late)
        assert [sent.text for sent in api.sent[1:]] == [EN.say("too_fast")]
        await handled(bot, *map(api.reacted, late))
        assert len(api.sent) == 2


async def test_after_a_reaction_an_edit_is_known_to_be_one(api: BotApiServer, bot: Running) -> None:
    asked = api.private_message(5, TERM)
    await handled(bot, asked)
    await handled(bot, api.reacted(asked))
    await handled(bot, api.edited_message(asked, DEATH))
    [edit] = api.edits
    assert DEATH in edit.entity_texts("bold")


async def test_an_old_message_that_was_never_answered_is_not_too_late(api: BotApiServer, bot: Running) -> None:
    """In a group, the edit is what speaks to the bot."""
    said = api.group_message(GROUP, 5, "hello everybody")
    await handled(bot, said)
    bot.clock.ahead += 3600
    api.state.pushed[said].update["message"]["date"] -= 3600
    sent = await api.reply_to(api.edited_message(said, f"@reform_test_bot {TERM}"))
    assert TERM in sent.entity_texts("bold")


async def test_a_message_of_the_rich_editor_is_told_that_only_text_is_read(api: BotApiServer, bot: Running) -> None:
    [update_id] = api.push_input("rich-message")
    assert (await api.reply_to(update_id)).text == EN.say("not_text")
    await handled(bot, api.rich_message(802, "And this?"))
    assert len(api.sent) == 1


async def test_so_is_a_kind_that_does_not_exist_yet(api: BotApiServer, bot: Running) -> None:
    message = api.message(private_chat(5), user(5), None, hologram={"file_id": "f"})
    assert (await api.reply_to(api.push({"message": message}))).text == EN.say("not_text")


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"chat": private_chat(5), "message_id": 1, "date": 0}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"write_access_allowed": {}},
        {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🎲"}}},
        {"users_shared": {"request_id": 1, "users": [{"user_id": 6}]}},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_service_messages_are_left_alone(api: BotApiServer, bot: Running, content: JsonDict) -> None:
    await handled(bot, api.push({"message": api.message(private_chat(5), user(5), None, **content)}))
    assert api.sent == []


@pytest.mark.parametrize("content", [{"photo": [PHOTO]}, {"rich_message": {"blocks": []}}, {"hologram": {}}])
async def test_nothing_of_this_is_commented_on_in_groups(
    api: BotApiServer, bot: Running, content: dict[str, Any]
) -> None:
    await handled(bot, api.push({"message": api.message(group_chat(GROUP), user(5), None, **content)}))
    assert api.sent == []


async def test_a_slash_alone_is_no_command(api: BotApiServer, bot: Running) -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 1}]
    assert (await api.reply_to(api.private_message(5, "/", entities=entities))).text == EN.say("empty")
