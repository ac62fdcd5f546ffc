"""Whatever comes in from outside: it is refused or read, and nobody else is the worse for it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.delivery import raw
from bot.channels.telegram.looks import data
from bot.channels.telegram.looks.markup import clean as shown
from bot.channels.telegram.looks.markup import escaped, split, units, visible
from bot.characters import readable
from bot.kb.yaml_text import read_yaml
from bot.languages import text
from bot.store.scrub import MAX_LENGTH, scrub
from tests.botapi.driver import SECRET
from tests.botapi.server import BotApiServer
from tests.fuzzing import fuzz, json_values, updates
from tests.telegram_bot import running

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
TERM = "How long may a president serve?"

# What is typed


@fuzz(100)
@given(st.text(max_size=300))
def test_any_text_is_tidied_and_tidied_again_is_the_same(given: str) -> None:
    for tidy in (readable, shown, text.clean):
        assert tidy(tidy(given)) == tidy(given), tidy
    assert "\n" not in readable(given)
    assert "".join(text.words(given)) is not None
    assert len(text.shortened(given, 40)) <= 40
    assert all(sentence.strip() for sentence in text.sentences(given))


@fuzz(60)
@given(st.text(max_size=400), st.integers(20, 120))
def test_any_text_is_shown_whole_in_pieces_that_telegram_takes(given: str, longest: int) -> None:
    pieces = split(escaped(given), longest)
    assert all(units(visible(piece)) <= longest for piece in pieces)
    assert "".join("".join(map(visible, pieces)).split()) == "".join(given.split())


PIECES = [
    "my name is ", "меня зовут ", "менің атым ", "John Smith", "Айгүл Серікқызы", "ул. Абая 15", "12 Abay street", "кв. 7", "born ",
    "01.02.1990", "8 701 ", "123 45 67", "900101300123", "KZ86125KZT5004100100", "a@b.kz", "@name", "t.me/x", " at ", "собака", "точка",
    ".ru", "https://", "43.238949, 76.889709", "123 ABC 02", "2022", "[email]", "[phone]", "\u200b", "🙂", "|", ",", " ", ":", "-", "é",
]  # fmt: skip
typed = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join)


@fuzz(60)
@given(typed)
def test_what_was_scrubbed_leaves_nothing_more_to_be_taken_out(given: str) -> None:
    kept = scrub(given)
    assert len(kept) <= MAX_LENGTH
    assert not re.search(r"@|\d{7,}|://", kept), kept
    assert scrub(kept) == kept


# What buttons bring


@fuzz(120)
@given(st.text(max_size=70) | st.from_regex(r"1[a-z]{1,2}:[a-z:+0-9-]{0,60}", fullmatch=True))
def test_what_a_button_brings_is_an_action_or_nothing(given: str) -> None:
    action = data.read(given)
    if action is not None:
        assert data.read(data.written(action)) == action
        assert len(data.written(action)) <= data.MOST_BYTES


# What stands in files


@fuzz(100)
@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!|>'\"#%@`,? \n\t0\u00e9", max_size=120).map(str.encode))
def test_any_file_is_yaml_or_a_list_of_what_is_wrong_with_it(given: bytes) -> None:
    value, problems = read_yaml(given, "en/a.yaml")
    assert value is not None or problems or not given.strip() or read_yaml(given, "a")[0] is None
    assert all(problem.file == "en/a.yaml" and problem.line >= 1 for problem in problems)


# What is posted


@fuzz(80)
@given(updates() | json_values)
def test_something_can_be_said_of_any_update(given: Any) -> None:
    if raw.update_id_of(given) is None:
        return
    assert raw.kind_of(given)
    assert raw.lane_of(given)
    assert 0 <= raw.kept_for(given) <= 86_400
    assert raw.asked_at(given, 1e9) <= 1e9
    raw.message_of(given)


class _Posting:
    """A bot behind its webhook, for as many bodies as there are."""

    def __init__(self, runner: asyncio.Runner, api: BotApiServer, session: aiohttp.ClientSession) -> None:
        self.run, self.api = runner.run, api
        self._session, self._ids = session, itertools.count(10_000_000)

    def numbered(self, update: Any) -> bytes:
        return json.dumps({"update_id": next(self._ids)} | update).encode()

    def post(self, body: bytes) -> int:
        async def post() -> int:
            async with self._session.post(self.api.webhook.url, data=body, headers=HEADERS) as response:
                return response.status

        return self.run(post())

    async def answers(self) -> bool:
        return TERM in (await self.api.reply_to(self.api.private_message(77, TERM))).text


@contextmanager
def posting() -> Iterator[_Posting]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def enter() -> _Posting:
            api = await BotApiServer().start()
            stack.push_async_callback(api.stop)
            await stack.enter_async_context(running(api, mode="webhook"))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            await api.wait_for(lambda: api.webhook.url)
            return _Posting(runner, api, session)

        made = runner.run(enter())
        try:
            yield made
        finally:
            runner.run(stack.aclose())


@pytest.fixture(scope="module")
def hook() -> Iterator[_Posting]:
    with posting() as made:
        yield made


@fuzz(25)
@given(body=st.binary(max_size=60) | json_values.map(json.dumps).map(str.encode))
def test_any_body_is_an_update_or_refused(hook: _Posting, body: bytes) -> None:
    assert hook.post(body) in (200, 400)


@fuzz(40)
@given(update=updates())
def test_an_update_with_something_wrong_in_it_is_taken_once(hook: _Posting, update: Any) -> None:
    assert hook.post(hook.numbered(update)) == 200


def test_and_after_all_of_that_a_question_is_answered(hook: _Posting) -> None:
    assert hook.run(hook.answers())
