"""What is repeated and what is not, and that nobody calls against a running retry_after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram import handling
from bot.channels.telegram.arrivals import Arrivals
from bot.channels.telegram.failures import NoAnswer, NotSent, ServerTrouble, SlowAnswer, TornAnswer
from bot.channels.telegram.limiter import PoliteLimiter
from tests.botapi import faults
from tests.botapi.server import BotApiServer
from tests.test_intake_bot import running

pytest_plugins = ("tests.botapi.fixtures",)


class Telegram:
    """Fails as told, call after call, then succeeds; notes the calls."""

    def __init__(self, *failures: TelegramError) -> None:
        self.failures = list(failures)
        self.calls: list[tuple[str, Any, float]] = []
        self.under_way: dict[Any, int] = {}
        self.lookup: TelegramError = BadRequest("message to edit not found")

    async def post(self, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
        chat = data.get("chat_id")
        self.calls.append((endpoint, chat, time.monotonic()))
        self.under_way[chat] = self.under_way.get(chat, 0) + 1
        assert self.under_way[chat] == 1 or chat is None
        await asyncio.sleep(0.001)
        self.under_way[chat] -= 1
        if self.failures:
            raise self.failures.pop(0)
        return {"message_id": 1}

    async def through(self, limiter: PoliteLimiter, endpoint: str = "sendMessage", chat: Any = 5) -> Any:
        data: dict[str, Any] = {} if chat is None else {"chat_id": chat, "text": "hello"}
        return await limiter.process_request(self.post, (endpoint, data), {}, endpoint, data, None)


SENDS_REPEATED: list[Callable[[], TelegramError]] = [
    lambda: NotSent("refused"),
    lambda: ServerTrouble("502"),
    lambda: NoAnswer("reset"),
]


@pytest.mark.parametrize("failure", SENDS_REPEATED)
async def test_a_send_is_repeated_when_it_was_not_accepted_or_nobody_knows(failure: Any) -> None:
    telegram, limiter = Telegram(failure()), PoliteLimiter(0)
    assert await telegram.through(limiter) == {"message_id": 1}
    assert len(telegram.calls) == 2


@pytest.mark.parametrize("failure", [SlowAnswer("slow"), TornAnswer("half"), BadRequest("no"), NetworkError("else")])
async def test_a_send_is_not_repeated_when_it_has_most_probably_arrived_or_never_will(failure: TelegramError) -> None:
    telegram = Telegram(failure)
    with pytest.raises(type(failure)):
        await telegram.through(PoliteLimiter(0))
    assert len(telegram.calls) == 1


async def test_repeats_of_unsure_sends_can_be_switched_off_and_are_counted() -> None:
    telegram, limiter = Telegram(NoAnswer("reset")), PoliteLimiter(0, repeat_unsure=0)
    with pytest.raises(NoAnswer):
        await telegram.through(limiter)
    limiter = PoliteLimiter(0)
    await Telegram(NoAnswer("reset"), NoAnswer("reset")).through(limiter)
    assert limiter.counts["repeated_unsure"] == 2


@pytest.mark.parametrize("endpoint", ["editMessageText", "answerCallbackQuery", "getMe", "setMyCommands"])
async def test_calls_that_do_no_harm_twice_are_repeated_even_after_a_timeout(endpoint: str) -> None:
    telegram = Telegram(SlowAnswer("slow"))
    await telegram.through(PoliteLimiter(0), endpoint, None)
    assert len(telegram.calls) == 2


async def test_repeats_have_an_end() -> None:
    telegram = Telegram(*[ServerTrouble("500") for _ in range(20)])
    with pytest.raises(ServerTrouble):
        await telegram.through(PoliteLimiter(0, tries=3))
    assert len(telegram.calls) == 3


async def test_a_wait_beyond_patience_is_not_waited_for() -> None:
    telegram = Telegram(RetryAfter(300))
    with pytest.raises(RetryAfter):
        await telegram.through(PoliteLimiter(0))
    assert len(telegram.calls) == 1


async def test_one_chat_waits_for_its_retry_after_and_the_others_do_not() -> None:
    limiter, flooded, fine = PoliteLimiter(0), Telegram(RetryAfter(1)), Telegram()
    begin = time.monotonic()
    first = asyncio.create_task(flooded.through(limiter))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(flooded.through(limiter))
    await fine.through(limiter, chat=6)
    assert time.monotonic() - begin < 0.5
    await asyncio.gather(first, second)
    assert [moment - begin >= 1.0 for _, _, moment in flooded.calls] == [False, True, True]


async def test_a_chat_action_neither_waits_in_the_queue_nor_is_repeated() -> None:
    telegram = Telegram(NotSent("refused"))
    with pytest.raises(NotSent):
        await telegram.through(PoliteLimiter(0), "sendChatAction")
    assert len(telegram.calls) == 1


async def test_messages_of_a_chat_keep_their_order_and_its_pace() -> None:
    telegram, limiter = Telegram(), PoliteLimiter(30, burst=3)
    begin = time.monotonic()
    await asyncio.gather(*[telegram.through(limiter) for _ in range(4)])
    assert time.monotonic() - begin >= 1.0
    assert telegram.calls[2][2] - begin < 0.5


async def test_the_whole_bot_keeps_the_rate() -> None:
    telegram, limiter = Telegram(), PoliteLimiter(20)
    begin = time.monotonic()
    await asyncio.gather(*[telegram.through(limiter, chat=chat) for chat in range(1, 31)])
    assert sum(moment - begin < 1.0 for _, _, moment in telegram.calls) == 20


async def test_memory_is_bounded() -> None:
    arrivals = Arrivals(remembered=10)
    for chat in range(100):
        arrivals.saw(-1_000_000_000_001 - chat, 5)
    arrivals.saw("@name", 5)
    assert len(arrivals._newest) == 10
    telegram, limiter = Telegram(), PoliteLimiter(0, remembered=10)
    for chat in range(100):
        await telegram.through(limiter, chat=chat)
    assert len(limiter._chats) == 10


async def test_whether_a_text_arrived_is_looked_up_before_it_is_sent_again() -> None:
    """Ids 11 and 12 belong to others; 13 is the text whose answer was lost."""

    class Lossy(Telegram):
        async def post(self, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
            self.calls.append((endpoint, data.get("message_id"), 0.0))
            if endpoint == "sendMessage":
                raise TornAnswer("half")
            raise BadRequest("message is not modified" if data["message_id"] == 13 else "message to edit not found")

    handling.begin(handling.Handling(1, handling.Gate(), (5, 10)))
    telegram, limiter = Lossy(), PoliteLimiter(0)
    found = await telegram.through(limiter)
    assert (found["message_id"], found["chat"]["id"], found["text"]) == (13, 5, "hello")
    assert [message_id for _, message_id, _ in telegram.calls] == [None, 11, 12, 13]
    assert limiter.counts["found"] == 1
    telegram.calls.clear()
    with pytest.raises(TornAnswer):
        await telegram.through(limiter, chat=6)
    assert len(telegram.calls) == 1


async def test_a_text_that_is_not_found_is_sent_again() -> None:
    class Lossy(Telegram):
        async def post(self, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
            if endpoint == "editMessageText":
                raise self.lookup
            return await super().post(endpoint, data)

    for lookup in (BadRequest("message to edit not found"), NotSent("refused")):
        handling.begin(handling.Handling(1, handling.Gate(), (5, 10)))
        telegram = Lossy(NoAnswer("reset"))
        telegram.lookup = lookup
        assert await telegram.through(PoliteLimiter(0)) == {"message_id": 1}
        assert len(telegram.calls) == 2


async def test_an_update_counts_as_answered_only_if_something_left() -> None:
    cases: list[tuple[list[TelegramError], bool]]
    cases = [([], True), ([BadRequest("no")], False), ([SlowAnswer("slow")], True)]
    for failures, sent in cases:
        update = handling.Handling(1, handling.Gate())
        handling.begin(update)
        telegram = Telegram(*failures)
        await asyncio.gather(telegram.through(PoliteLimiter(0)), return_exceptions=True)
        assert update.sent is sent
        update.leave()


@pytest.mark.parametrize(
    "fault",
    [
        faults.flood(1),
        faults.server_error(),
        faults.bad_gateway(),
        faults.reset_before(),
        faults.reset_after(),
        faults.half_json(),
        faults.half_json(accepted=True),
    ],
    ids=["429", "500", "502", "reset before", "reset after", "half not accepted", "half accepted"],
)
async def test_no_answer_is_lost_or_doubled_when_a_tenth_of_the_sends_fail(
    api: BotApiServer, fault: faults.Fault
) -> None:
    """80 questions, each from a chat of its own."""
    rule = api.faults.on("sendMessage", fault, probability=0.1)
    async with running(api):
        for user in range(1000, 1080):
            api.private_message(user, f"question {user}")
            await asyncio.sleep(0.005)
        await api.wait_for(lambda: len({sent.chat_id for sent in api.sent}) == 80, 20)
        await api.wait_for(lambda: not api.unconfirmed, 5)
    assert rule.hits > 2
    assert len(api.sent) == 80
    assert api.flood_violations == []


async def test_a_slow_answer_is_waited_for_or_taken_for_sent(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.slow(0.5), times=1)
    async with running(api):
        api.private_message(1000, "hello")
        await api.confirmed(api.private_message(1001, "hello"))
        await api.wait_for(lambda: not api.unconfirmed)
    assert len(api.sent) == 2
