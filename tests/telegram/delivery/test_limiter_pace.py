"""The limits as arithmetic: a clock that the test turns, no waiting."""

from __future__ import annotations

import pytest

from bot.channels.telegram.delivery.backoff import Backoff
from bot.channels.telegram.delivery.pace import Both, Burst, Floods, Pace, Recently, Window


def departures(pace: Pace, count: int) -> list[float]:
    """When `count` messages go that all want to go at once."""
    now, found = 1000.0, []
    for _ in range(count):
        now += pace.wait(now)
        pace.take(now)
        found.append(round(now - 1000.0, 3))
    return found


def test_a_window_never_holds_more_than_its_count() -> None:
    assert departures(Window(2, 10.0), 5) == [0, 0, 10, 10, 20]


def test_a_chat_gets_a_burst_and_then_one_a_second() -> None:
    assert departures(Burst(1.0, 3), 5) == [0, 0, 0, 1, 2]


def test_a_rest_earns_a_new_burst() -> None:
    pace = Burst(1.0, 3)
    departures(pace, 3)
    waits = []
    for _ in range(4):
        waits.append(pace.wait(1010.0))
        pace.take(1010.0)
    assert waits == [0, 0, 0, 1]


def test_a_group_gets_twenty_a_minute() -> None:
    times = departures(Both(Burst(1.0, 3), Window(20, 60.0)), 41)
    assert all(sum(start <= time < start + 60 for time in times) <= 20 for start in times)
    assert times[-1] <= 121


def test_a_flood_is_obeyed_by_its_chat_alone() -> None:
    floods = Floods()
    assert floods.hold(1, 100.0, 5.0, surprising=True) == 0
    assert floods.wait(1, 102.0) == pytest.approx(3.0)
    assert floods.wait(2, 102.0) == 0
    assert floods.wait(1, 105.0) == 0


def test_floods_that_surprise_in_several_chats_on_end_concern_the_whole_bot_for_the_shortest_of_them() -> None:
    floods = Floods(chats_for_all=3)
    held = [floods.hold(chat, 100.0, 10.0 * chat, surprising=True) for chat in (2, 1, 3)]
    assert held == [0, 0, pytest.approx(10.0)]


def test_floods_of_chats_that_got_much_concern_nobody_else() -> None:
    floods = Floods(chats_for_all=2)
    assert [floods.hold(chat, 100.0, 5.0, surprising=False) for chat in range(9)] == [0] * 9


def test_a_success_between_floods_shows_that_they_concern_their_chats() -> None:
    floods = Floods(chats_for_all=2)
    floods.hold(1, 100.0, 5.0, surprising=True)
    floods.succeeded()
    assert floods.hold(2, 100.0, 5.0, surprising=True) == 0


def test_floods_do_not_fill_the_memory() -> None:
    floods = Floods(chats_for_all=10**9, remembered=10)
    for chat in range(100):
        floods.hold(chat, 100.0, 5.0, surprising=False)
    assert len(floods._until) == 10


@pytest.mark.parametrize(
    ("times", "near"),
    [([], False), ([99, 99], False), ([97, 98, 99], True), ([50, 60, 70], False), ([*range(41, 71, 2)], True)],
)
def test_a_chat_is_near_its_limit_after_a_few_messages_in_seconds_or_many_in_a_minute(
    times: list[float], near: bool
) -> None:
    recently = Recently()
    for moment in times:
        recently.note(moment)
    assert recently.near(100.0) is near


def test_pauses_grow_to_a_limit_and_vary() -> None:
    backoff = Backoff(1.0, 8.0)
    pauses = [backoff.next() for _ in range(50)]
    assert all(0.5 * limit <= pause <= limit for pause, limit in zip(pauses, [1, 2, 4, 8, 8, 8], strict=False))
    assert len(set(pauses[4:])) > 1
    backoff.reset()
    assert backoff.next() <= 1.0
