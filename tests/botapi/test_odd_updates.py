"""The odd updates are what their names say, and the server hands all of them over."""

from __future__ import annotations

import aiohttp
from telegram import Update

from tests.botapi.description import load
from tests.botapi.odd_updates import ODD, odd_updates
from tests.botapi.sample import Sampler
from tests.botapi.server import BotApiServer
from tests.botapi.validate import default_validator

pytest_plugins = ("tests.botapi.fixtures",)

MALFORMED = {
    "message without date", "message without chat", "message without message_id", "callback without chat_instance",
    "callback without from", "unknown kind of update", "unknown fields", "entity of the future", "empty message",
    "message is null", "message is a list", "text with lone surrogates", "text is null", "text is a number",
    "text is an object", "date is text", "user id is text", "language code is a number",
}  # fmt: skip


def test_exactly_the_malformed_ones_break_the_description() -> None:
    broken = {name for name, build in ODD.items() if default_validator().value("Update", {"update_id": 1} | build(5))}
    assert broken == MALFORMED


def test_there_is_a_valid_sample_of_every_kind_of_update_and_message() -> None:
    kinds = set(load().types["Update"].fields) - {"update_id"}
    assert dict(Sampler().updates()).keys() == kinds
    for name, update in [*Sampler().updates(), *Sampler().messages()]:
        assert default_validator().value("Update", {"update_id": 1} | update) == [], name


def test_the_samples_are_readable_for_a_library() -> None:
    for _, update in [*Sampler().updates(), *Sampler().messages()]:
        assert Update.de_json({"update_id": 1} | update, None)


async def test_all_of_them_are_delivered(api: BotApiServer) -> None:
    """Each to a user of its own, so that its fate can be told by chat id."""
    await _allow_all(api)
    ids = [api.push(update) for _, update in odd_updates()]
    seen: list[int] = []
    async with aiohttp.ClientSession() as client:
        while len(seen) + len(api.expired) < len(ids):
            url = f"{api.base_url}/bot{api.token}/getUpdates?offset={max(seen, default=0) + 1}"
            async with client.get(url) as answer:
                seen += [update["update_id"] for update in (await answer.json())["result"]]
    assert seen == [one for one in ids if one not in api.expired], "all but those that are dated too long ago"


async def _allow_all(api: BotApiServer) -> None:
    api.inbox.set_allowed([*load().types["Update"].fields, "telepathy"])
