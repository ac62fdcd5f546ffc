"""Where a message that asks two things is cut, and what speaks for it. The toy museum again."""

from __future__ import annotations

from functools import partial

import pytest

from bot.match.decide.cuts import SIGNALS, TwoAnswers, _halves, between, owner_of, pairs
from tests.match.test_decision import judge

JOINING = ("and", "and also", "n")


@pytest.mark.parametrize(
    ("message", "cut"),
    [
        ("opening times and dogs", ("opening times", "dogs", "word")),
        ("opening times, and also dogs", ("opening times", "dogs", "word")),
        ("opening times - and dogs", ("opening times", "dogs", "word")),
        ("opening times n dogs", ("opening times", "dogs", "word")),
        ("opening times, dogs", ("opening times", "dogs", "comma")),
        ("opening times + dogs", ("opening times", "dogs", "mark")),
        ("opening times / dogs", ("opening times", "dogs", "mark")),
        ("opening times — dogs", ("opening times", "dogs", "mark")),
        ("Opening times. Dogs", ("Opening times", "Dogs", "end")),
        ("Opening times?\nDogs", ("Opening times", "Dogs", "end")),
    ],
)
def test_a_message_may_be_cut_where_a_word_or_a_sign_joins_two_things(message: str, cut: tuple[str, str, str]) -> None:
    (found,) = _halves(message, between(JOINING))
    assert (found.left, found.right, found.sign) == cut


@pytest.mark.parametrize("message", ["24/7", "one-off", "brandy", "and dogs", "dogs,", "3,5 euros", "", " , "])
def test_nothing_is_cut_within_a_word_or_where_a_half_is_missing(message: str) -> None:
    assert list(_halves(message, between(JOINING))) == []


def likeliest(message: str) -> TwoAnswers | None:
    decide = partial(judge().decide, preferred="en")
    return max(pairs(judge(), decide(message), decide), key=lambda pair: pair.probability, default=None)


def test_two_answers_are_likelier_where_each_half_is_sure_of_another() -> None:
    found = likeliest("when do you open and are dogs allowed")
    assert found is not None
    assert [owner_of(one) for one in found.verdicts] == ["hours", "dogs"]
    assert found.probability > 0.5


def test_what_has_one_answer_is_no_pair() -> None:
    assert likeliest("opening times and closing time") is None


def test_each_signal_has_its_place() -> None:
    found = likeliest("when do you open, are dogs allowed")
    assert found is not None
    told = dict(zip(SIGNALS, found.signals, strict=True))
    assert (told["comma"], told["word"], told["led"], told["among"], told["one"]) == (1.0, 0.0, 0.0, 1.0, 1.0)
    assert told["first"] > 0
    assert told["second"] > 0
