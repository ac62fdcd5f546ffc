"""Updates that are easily mistaken for others look in tests as they do at Telegram."""

from __future__ import annotations

import pytest
from telegram import Update

from tests.botapi import inputs
from tests.botapi.inject_kinds import ANONYMOUS, CHANNEL_BOT
from tests.botapi.model import JsonDict
from tests.botapi.server import BotApiServer
from tests.botapi.validate import default_validator

pytest_plugins = ("tests.botapi.fixtures",)

GROUP, CHANNEL = -1002000000001, -1003000000001


def body(api: BotApiServer, update_id: int, kind: str = "message") -> JsonDict:
    """The content of an update, which has to be valid by the description and readable for a library."""
    update = api.state.pushed[update_id].update
    assert default_validator().value("Update", update) == []
    assert Update.de_json(update, None)
    assert update_id in api.unconfirmed
    content: JsonDict = update[kind]
    return content


async def test_a_reaction_comes_as_an_edit_that_changes_nothing(api: BotApiServer) -> None:
    asked = api.private_message(5, "Is there a death penalty?")
    before, edit = body(api, asked), body(api, api.reacted(asked), "edited_message")
    assert {key: edit[key] for key in before} == before
    assert edit["edit_date"] >= edit["date"]


async def test_a_reaction_may_come_long_after_its_message(api: BotApiServer) -> None:
    """Even after a day: it is kept by the date of the edit."""
    asked = api.private_message(5, "hello")
    edit = body(api, api.reacted(asked, age=3 * 86_400), "edited_message")
    assert edit["edit_date"] - edit["date"] >= 3 * 86_400


async def test_an_album_is_several_messages_of_one_group(api: BotApiServer) -> None:
    photos = [body(api, update_id) for update_id in api.album(5, ["How long?", None, None])]
    assert len({photo["media_group_id"] for photo in photos}) == 1
    assert len({photo["message_id"] for photo in photos}) == 3
    assert [photo.get("caption") for photo in photos] == ["How long?", None, None]
    assert not any("text" in photo for photo in photos)


async def test_two_albums_are_told_apart_and_one_may_stand_in_a_group(api: BotApiServer) -> None:
    [first], [second] = api.album(5, [None]), api.album(5, ["/ask@reform_test_bot why"], chat_id=GROUP)
    assert body(api, first)["media_group_id"] != body(api, second)["media_group_id"]
    assert body(api, second)["chat"]["id"] == GROUP
    assert body(api, second)["caption_entities"][0]["type"] == "bot_command"


async def test_who_writes_as_a_channel_has_the_account_of_all_channels(api: BotApiServer) -> None:
    message = body(api, api.channel_sender(GROUP, CHANNEL, "/ask how long?"))
    assert (message["from"], message["sender_chat"]["id"]) == (CHANNEL_BOT, CHANNEL)
    assert (message["sender_chat"]["type"], message["chat"]["id"]) == ("channel", GROUP)


async def test_a_post_of_the_linked_channel_is_an_automatic_forward(api: BotApiServer) -> None:
    message = body(api, api.linked_channel_post(GROUP, CHANNEL, "news"))
    assert (message["from"]["id"], message["is_automatic_forward"]) == (777000, True)


async def test_anonymous_admins_of_all_groups_have_one_account(api: BotApiServer) -> None:
    """What tells them apart is sender_chat, which is the group."""
    one, other = (body(api, api.anonymous_admin(group, "/ask how long?")) for group in (GROUP, GROUP - 1))
    assert one["from"] == other["from"] == ANONYMOUS
    assert [message["sender_chat"]["id"] for message in (one, other)] == [GROUP, GROUP - 1]
    assert one["sender_chat"]["id"] == one["chat"]["id"]


async def test_a_quote_is_a_part_of_the_message_replied_to(api: BotApiServer) -> None:
    """Its position counts UTF-16 units; the message comes whole beside it."""
    said = body(api, api.group_message(GROUP, 6, "😀 One term. Seven years."))
    reply = body(api, api.quoting(GROUP, 5, "/ask", of=said, quote="Seven years."))
    assert reply["quote"] == {"text": "Seven years.", "position": 13, "is_manual": True}
    assert reply["reply_to_message"]["text"] == said["text"]
    with pytest.raises(ValueError, match="not found"):
        api.quoting(GROUP, 5, "/ask", of=said, quote="Eight years.")


async def test_a_quote_from_another_chat_comes_without_its_message(api: BotApiServer) -> None:
    reply = body(api, api.quoting_elsewhere(GROUP, 5, "/ask", quote="Seven years."))
    assert "reply_to_message" not in reply
    assert (reply["quote"]["text"], reply["external_reply"]["origin"]["type"]) == ("Seven years.", "user")


async def test_a_rich_message_has_blocks_and_no_text(api: BotApiServer) -> None:
    message = body(api, api.rich_message(5, "Hello.", "How long is a term?"))
    assert [block["text"] for block in message["rich_message"]["blocks"]] == ["Hello.", "How long is a term?"]
    assert not {"text", "caption"} & message.keys()


@pytest.mark.parametrize("name", inputs.NAMES)
async def test_the_files_are_updates_of_today(api: BotApiServer, name: str) -> None:
    for update_id in api.push_input(name):
        [kind] = api.state.pushed[update_id].update.keys() - {"update_id"}
        content = body(api, update_id, kind)
        assert 0 <= api.state.now() - int(content.get("edit_date") or content["date"]) < 5


async def test_all_files_are_described() -> None:
    described = (inputs.FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in inputs.NAMES if f"| {name} |" not in described] == []
