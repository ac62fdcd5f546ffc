"""What is read from an update before it is parsed, and how it is sealed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.delivery.raw import asked_at, bot_id_of, kept_for, kind_of, lane_of, message_of, update_id_of
from bot.store.sealing import Seal
from tests.telegram.delivery.test_intake import SEAL, message


@pytest.mark.parametrize(
    ("raw", "kind", "lane"),
    [
        (message(1, chat=5), "message", "chat 5"),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -3}}}},
            "callback_query",
            "chat 7",
        ),
        ({"update_id": 1, "inline_query": {"from": {"id": 7}}}, "inline_query", "inline 7"),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -3}, "from": {"id": 7}}}, "my_chat_member", "chat -3"),
        ({"update_id": 1, "message": [1]}, "message", "update 1"),
        ({"update_id": 1, "message": {"chat": {"id": "x"}}}, "message", "update 1"),
        ({"update_id": 1, "message": {"chat": {"id": 2**63}}}, "message", "update 1"),
        ({"update_id": 1, "Drop <table>": {}}, "nothing known", "update 1"),
        ({"update_id": 1}, "nothing known", "update 1"),
    ],
)
def test_lane_and_kind_are_found_in_whatever_comes(raw: dict[str, Any], kind: str, lane: object) -> None:
    assert (kind_of(raw), lane_of(raw)) == (kind, lane)


@pytest.mark.parametrize(
    "raw", [None, [], 5, {}, *({"update_id": one} for one in ("1", True, None, 2**63, -(2**63), 1.0))]
)
def test_what_has_no_update_id_is_no_update(raw: object) -> None:
    assert update_id_of(raw) is None


def test_the_message_of_an_update_is_known_by_its_ids() -> None:
    assert message_of(message(4, chat=5)) == (5, 4)
    assert message_of({"update_id": 1, "callback_query": {"message": message(4, chat=5)["message"]}}) == (5, 4)
    assert message_of({"update_id": 1, "message": {"chat": 5}}) is None
    assert message_of(message(4, chat=2**63)) is None
    post = {"message_id": 4, "chat": {"id": -1005, "type": "channel"}}
    assert message_of({"update_id": 1, "channel_post": post}) is None


def test_when_a_question_was_asked_is_read_from_it_where_it_can_be() -> None:
    def at(**content: Any) -> float:
        return asked_at({"update_id": 1, "message": content}, 1_000_000.0)

    assert at(date=999_000) == 999_000
    assert at(date=999_000, edit_date=999_500) == 999_500
    assert [at(date=2_000_000), at(date="x"), at(), at(date=1)] == [1_000_000, 1_000_000, 1_000_000, 913_600]
    button = {"update_id": 1, "callback_query": {"message": {"date": 1}}}
    assert asked_at(button, 1_000_000.0) == 1_000_000
    assert (kept_for(button), kept_for(message(1))) == (150, 86_400)


@pytest.mark.parametrize(("token", "bot"), [("42:abc", 42), ("abc", 0), ("", 0), ("x:y", 0)])
def test_a_bots_id_is_known_from_its_token(token: str, bot: int) -> None:
    assert bot_id_of(token) == bot


def test_a_seal_opens_what_it_closed_for_that_update_and_nothing_else() -> None:
    sealed = SEAL.close(1, b"a question")
    assert SEAL.open(1, sealed) == b"a question"
    assert b"question" not in sealed
    assert SEAL.close(1, b"a question") != sealed
    others = [SEAL.open(2, sealed), Seal(b"k" * 32, 43).open(1, sealed), Seal(b"x" * 32, 42).open(1, sealed)]
    assert [*others, SEAL.open(1, sealed[:-1]), SEAL.open(1, b"")] == [None] * 5
    assert len(SEAL.name("chat 5")) == 32
    assert SEAL.name("chat 5") != SEAL.name("chat 6")
