"""What the bot keeps in mind between two messages: for ten minutes, per person and chat, within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.handling import Gate
from bot.channels.telegram.talk.desk import Memory
from bot.channels.telegram.talk.memory import Rate, Turn, first_time
from bot.service import Outcome, Service
from bot.turns import Said, State
from tests.botapi.server import BotApiServer
from tests.small_service import small_base, small_service
from tests.telegram_bot import button, running

pytest_plugins = ("tests.botapi.fixtures",)

TERM = "How long may a president serve?"


class Listening(Service):
    """Notes with which earlier entry it was asked."""

    def __init__(self) -> None:
        super().__init__(small_base(), small_service().judge.matchers)
        self.heard: list[str | None] = []

    def ask(self, question: str, preferred: str | None = None, previous: str | None = None, **more: Any) -> Outcome:
        self.heard.append(previous)
        return super().ask(question, preferred)


async def ask(api: BotApiServer, person: int, text: str, group: int | None = None) -> None:
    update_id = api.group_message(group, person, f"/ask {text}") if group else api.private_message(person, text)
    await api.confirmed(update_id)


async def test_the_entry_answered_last_goes_along_for_ten_minutes(api: BotApiServer) -> None:
    service = Listening()
    async with running(api, service=service) as bot:
        await ask(api, 5, TERM)
        await ask(api, 5, "and who is bound by it?")
        await ask(api, 6, TERM)
        bot.clock.ahead += 601
        await ask(api, 5, TERM)
    assert service.heard[0] is None
    assert service.heard[1] == "presidential-term"
    assert service.heard[2:] == [None, None]


async def test_what_a_button_showed_is_the_entry_answered_last(api: BotApiServer) -> None:
    service = Listening()
    async with running(api, service=service):
        sent = await api.reply_to(api.private_message(5, TERM))
        await api.reply_to(api.callback(5, sent, button(sent, "political system")))
        await ask(api, 5, "and then?")
    assert service.heard == [None, "political-system"]


async def test_in_a_group_each_person_has_a_thread_of_thought(api: BotApiServer) -> None:
    service = Listening()
    async with running(api, service=service):
        await ask(api, 5, TERM, group=-1001)
        await ask(api, 6, "and then?", group=-1001)
        await ask(api, 5, "and then?", group=-1001)
        await ask(api, 5, "and then?")
    assert service.heard == [None, "presidential-term"]  # the others are asked back: about what?


async def test_forget_and_blocking_end_a_conversation(api: BotApiServer) -> None:
    service = Listening()
    async with running(api, service=service):
        await ask(api, 5, TERM)
        await ask(api, 5, "/forget")
        await ask(api, 5, TERM)
        await api.confirmed(api.block(5))
        await api.confirmed(api.unblock(5))
        await ask(api, 5, TERM)
    assert service.heard == [None, None, None]


async def test_an_entry_that_is_no_more_is_not_followed_up(api: BotApiServer) -> None:
    service = Listening()
    async with running(api, service=service) as bot:
        bot.desk.memory.turns[(5, 5)] = State((Said("gone"),))
        await ask(api, 5, TERM)
    assert service.heard == [None]


def test_memory_is_bounded_in_number_and_time() -> None:
    now = [0.0]
    memory = Memory(clock=lambda: now[0])
    for number in range(20_000):
        memory.told_not_text[number] = True
    assert len(memory.told_not_text) <= 10_000
    assert not first_time(memory.told_not_text, 19_999, True)
    now[0] = 60.0
    assert first_time(memory.told_not_text, 19_999, True)


def test_one_chat_is_forgotten_and_no_other() -> None:
    memory = Memory()
    for chat in (1, 2):
        memory.seen[chat, 7] = chat
        memory.turns[chat, 5] = State((Said("entry"),))
    memory.forget_chat(1)
    assert (list(memory.seen), list(memory.turns)) == ([(2, 7)], [(2, 5)])


@pytest.mark.parametrize("most", [1, 3])
def test_the_first_question_too_many_is_told_then_there_is_silence(most: int) -> None:
    now = [0.0]
    rate = Rate(most, clock=lambda: now[0])
    assert [rate.turn(5) for _ in range(most)] == [Turn.ANSWER] * most
    assert [rate.turn(5) for _ in range(3)] == [Turn.WARN, Turn.SILENCE, Turn.SILENCE]
    assert rate.turn(6) is Turn.ANSWER
    now[0] = 60.0
    assert [rate.turn(5) for _ in range(most + 2)] == [Turn.ANSWER] * most + [Turn.WARN, Turn.SILENCE]


def test_an_update_keeps_its_turn_over_all_its_tries() -> None:
    memory = Memory(2)
    for update_id in range(4):
        handling.begin(handling.Handling(update_id, Gate(), (5, update_id)))
        turns = {memory.turn(5) for _ in range(10)}
        assert turns == {[Turn.ANSWER, Turn.ANSWER, Turn.WARN, Turn.SILENCE][update_id]}


def test_no_limit_is_no_limit() -> None:
    rate = Rate(0)
    assert {rate.turn(5) for _ in range(1000)} == {Turn.ANSWER}


def test_rates_are_kept_for_as_many_as_are_remembered() -> None:
    rate = Rate(1, remembered=10)
    for asker in range(1000):
        rate.turn(asker)
        rate.turn(asker)
    assert len(rate._asked) <= 10
