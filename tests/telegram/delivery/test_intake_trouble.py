"""The intake while Telegram is what fails: what is tried again, where, for how long."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.channels.telegram.delivery import handling
from tests.moved_time import event_loop_policy  # noqa: F401 - a fixture: nothing is waited for
from tests.telegram.delivery.test_intake import Handled, handled, intake, message


@pytest.mark.parametrize("error", [NetworkError("away"), RetryAfter(1), TimeoutError()])
async def test_trouble_with_the_network_before_anything_was_sent_is_tried_again_in_its_place(error: Exception) -> None:
    order: list[int] = []

    async def fail_twice(update: Update) -> None:
        order.append(update.update_id)
        if order.count(1) < 3 and update.update_id == 1:
            raise error

    await handled(intake(fail_twice), message(1), message(2))
    assert order == [1, 1, 1, 2]


@pytest.mark.parametrize("sent", [True, False])
async def test_what_was_sent_in_part_and_what_telegram_refuses_is_not_tried_again(sent: bool) -> None:
    tries = 0

    async def fail(_: Update) -> None:
        nonlocal tries
        tries += 1
        update = handling.current()
        assert update
        update.sent = sent
        raise NetworkError("away") if sent else BadRequest("no")

    await handled(intake(fail), message(1))
    assert tries == 1


async def test_a_try_that_takes_too_long_is_broken_off_and_made_again(caplog: pytest.LogCaptureFixture) -> None:
    work = Handled(lambda _: next(seconds))
    seconds = iter([10.0, 0.0])
    await handled(intake(work, patience=0.05), message(1))
    assert work.order == [1]
    assert "TimeoutError" in caplog.text


async def test_what_nobody_waits_for_any_more_is_given_up_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: Update) -> None:
        raise NetworkError("away")

    day_old = message(1)
    day_old["message"]["date"] = int(time.time()) - 86_399
    taking = intake(fail)
    await handled(taking, day_old)
    taking.start()
    await asyncio.sleep(0.02)
    assert "1 updates could not be answered in time" in caplog.text
    await taking.stop()


async def test_whoever_was_cut_off_goes_on_as_soon_as_telegram_is_back() -> None:
    away, done = True, []

    async def handle(update: Update) -> None:
        if away:
            raise NetworkError("away")
        update_now = handling.current()
        assert update_now
        update_now.sent = True
        done.append(update.update_id)

    taking = intake(handle)
    await taking.take([message(n, chat=n) for n in range(1, 6)])
    await asyncio.sleep(2.2)  # by now they rest for a second or two
    away = False
    begin = time.monotonic()
    await handled(taking, message(6, chat=6))
    assert time.monotonic() - begin < 0.3
    assert sorted(done) == [1, 2, 3, 4, 5, 6]
