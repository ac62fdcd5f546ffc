"""What is repeated and what is not, and that nobody calls against a running retry_after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.failures import (
    NoAnswer,
    NotSent,
    SentAndGone,
    ServerTrouble,
    SlowAnswer,
    TornAnswer,
    Unheard,
)
from bot.channels.telegram.delivery.limiter import PoliteLimiter
from tests.botapi import faults
from tests.botapi.server import BotApiServer
from tests.moved_time import event_loop_policy  # noqa: F401 - a fixture: the tests without a socket wait for nothing
from tests.telegram.delivery.test_intake_bot import running

pytest_plugins = ("tests.botapi.fixtures",)


class Telegram:
    """Fails as told, call after call, then succeeds; notes the calls."""

    def __init__(self, *failures: TelegramError) -> None:
        self.failures = list(failures)
        self.calls: list[tuple[str, Any, float]] = []
        self.under_way: dict[Any, int] = {}
        self.alive: list[Callable[[], dict[str, Any]]] = [lambda: {"id": 1}] * 20

    def sends(self) -> int:
        return sum(endpoint != "getMe" for endpoint, _, _ in self.calls)

    async def post(self, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
        chat = data.get("chat_id")
        self.calls.append((endpoint, chat, time.monotonic()))
        if endpoint == "getMe":
            return self.alive.pop(0)()
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
    lambda: SlowAnswer("slow"),
    lambda: TornAnswer("half"),
]


@pytest.mark.parametrize("failure", SENDS_REPEATED)
async def test_a_send_is_repeated_when_it_was_not_accepted_or_nobody_knows(failure: Any) -> None:
    telegram, limiter = Telegram(failure()), PoliteLimiter(0)
    assert await telegram.through(limiter) == {"message_id": 1}
    assert telegram.sends() == 2


@pytest.mark.parametrize("failure", [SentAndGone("deleted"), BadRequest("no"), NetworkError("else")])
async def test_a_send_is_not_repeated_when_it_has_arrived_or_never_will(failure: TelegramError) -> None:
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


def no_answer() -> dict[str, Any]:
    raise NotSent("refused")


async def test_a_send_of_unknown_fate_is_made_again_only_when_telegram_answers_something() -> None:
    telegram = Telegram(NoAnswer("reset"))
    telegram.alive[:2] = [no_answer, no_answer]
    await telegram.through(PoliteLimiter(0))
    assert [endpoint for endpoint, _, _ in telegram.calls] == ["sendMessage", "getMe", "getMe", "getMe", "sendMessage"]


async def test_where_telegram_answers_nothing_the_whole_update_is_tried_again_and_the_unknown_is_counted_on() -> None:
    update = handling.Handling(1, handling.Gate())
    handling.begin(update)
    limiter = PoliteLimiter(0, tries=3, repeat_unsure=2)
    for unsure in (1, 2):
        telegram = Telegram(NoAnswer("reset"))
        telegram.alive = [no_answer] * 9
        with pytest.raises(Unheard):
            await telegram.through(limiter)
        assert (telegram.sends(), update.unsure, update.sent) == (1, unsure, False)
    with pytest.raises(NoAnswer):
        await Telegram(NoAnswer("reset")).through(limiter)
    assert update.sent
    update.leave()


async def test_further_messages_of_an_answer_are_tried_for_longer_than_the_first() -> None:
    update = handling.Handling(1, handling.Gate())
    handling.begin(update)
    limiter = PoliteLimiter(0, tries=2, patience=0.1)
    with pytest.raises(ServerTrouble):
        await Telegram(ServerTrouble("502"), ServerTrouble("502")).through(limiter)
    await Telegram().through(limiter)
    telegram = Telegram(*[ServerTrouble("502")] * 3, RetryAfter(1))
    await telegram.through(limiter)
    assert telegram.sends() == 5
    update.leave()


@pytest.mark.parametrize("endpoint", ["editMessageText", "answerCallbackQuery", "getChat", "setMyCommands"])
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
    telegram, limiter = Telegram(), PoliteLimiter(0, remembered=10)
    for chat in range(100):
        await telegram.through(limiter, chat=chat)
    assert len(limiter._chats) == 10


async def refused(limiter: PoliteLimiter, chats: range, seconds: int) -> None:
    """Each of the chats is told to be quiet."""
    tries = [Telegram(RetryAfter(seconds)).through(limiter, chat=chat) for chat in chats]
    await asyncio.gather(*tries, return_exceptions=True)


async def test_refusals_of_many_quiet_chats_hold_up_a_newcomer_for_a_second_at_most() -> None:
    limiter, begin = PoliteLimiter(0), time.monotonic()
    await refused(limiter, range(100, 250), 60)
    waiting = [asyncio.create_task(Telegram(RetryAfter(60)).through(limiter, chat=n)) for n in range(300, 310)]
    await asyncio.sleep(0.05)
    assert limiter._hush.now
    await Telegram().through(limiter, chat=1)
    assert time.monotonic() - begin < 2.0
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_refusals_of_chats_that_got_much_hold_up_nobody_else() -> None:
    limiter = PoliteLimiter(0)
    for chat in (1, 2, 3):
        for _ in range(3):
            await Telegram().through(limiter, chat=chat)
    await refused(limiter, range(1, 4), 60)
    begin = time.monotonic()
    await Telegram().through(limiter, chat=4)
    assert time.monotonic() - begin < 0.2


async def test_a_hush_ends_with_the_shortest_wait_and_methods_are_no_chats() -> None:
    limiter = PoliteLimiter(0)
    for endpoint in ("setMyCommands", "getMyName", "setMyName"):
        with pytest.raises(RetryAfter):
            await Telegram(RetryAfter(60)).through(limiter, endpoint, None)
    assert not limiter._hush.now
    first = [Telegram(RetryAfter(seconds)).through(limiter, chat=seconds) for seconds in (1, 40, 50)]
    found = asyncio.gather(*first, return_exceptions=True)
    await asyncio.sleep(0.05)
    assert limiter._hush.now
    everybody = [asyncio.create_task(Telegram().through(limiter, chat=n)) for n in range(100, 120)]
    begin = time.monotonic()
    await asyncio.gather(*everybody)
    assert time.monotonic() - begin < 3.5
    await found


async def test_an_update_counts_as_answered_only_if_something_left() -> None:
    cases: list[tuple[list[TelegramError], bool]]
    cases = [([], True), ([BadRequest("no")], False), ([SentAndGone("deleted")], True)]
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
async def test_no_answer_is_lost_when_a_tenth_of_the_sends_fail_and_what_is_unknown_is_doubled_at_most(
    api: BotApiServer, fault: faults.Fault
) -> None:
    """80 questions, each from a chat of its own."""
    rule = api.faults.on("sendMessage", fault, probability=0.1)
    async with running(api) as bot:
        for user in range(1000, 1080):
            api.private_message(user, f"question {user}")
            await asyncio.sleep(0.005)
        await api.wait_for(lambda: len({sent.chat_id for sent in api.sent}) == 80)
        await bot.quiet()
    assert rule.hits > 2
    # Where a send was accepted and nobody heard of it, it is doubled, once for each time; else nothing is.
    assert len(api.sent) - 80 == (rule.hits if fault.accepted else 0)
    assert api.flood_violations == []


async def test_a_slow_answer_is_waited_for(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.slow(0.5), times=1)
    async with running(api) as bot:
        await api.reply_to(api.private_message(1000, "hello"))
        await api.reply_to(api.private_message(1001, "hello"))
        await bot.quiet()
    assert len(api.sent) == 2


async def test_a_message_that_was_deleted_at_once_was_sent(api: BotApiServer) -> None:
    api.faults.on("sendMessage", faults.deleted_at_once(), times=1)
    async with running(api) as bot:
        api.private_message(1000, "hello")
        await api.wait_for(lambda: api.sent)
        await bot.quiet()
        await asyncio.sleep(0.3)
    assert len(api.sent) == 1
