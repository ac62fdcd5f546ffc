"""Bars of an evaluation: which figure each name means, and what is said of one that is missed."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.errors import UsageError
from bot.workbench.bars import missed_bars, read_bars
from bot.workbench.evaluate import Counts, Report

LANGUAGES = ("en", "ru")


def report() -> Report:
    inside = Counts(10, Counter(hit=8, offered=1, wrong=1), 9, (1, 2), (0, 0))
    near = Counts(20, Counter(held=19, false=1), 20, (0, 0), (0, 0))
    tallies = {
        ("all", "in"): inside,
        ("ru", "in"): inside,
        ("all", "near"): near,
        ("ru", "far"): near,
        ("ru", "near"): near,
    }
    return Report(tallies, 0.04, (), (), ())


def missed(*bars: str) -> list[str]:
    return list(missed_bars(read_bars(bars, LANGUAGES), report()))


@pytest.mark.parametrize(
    "bar",
    [
        "hit=80",
        "offered=90",
        "missed=0",
        "wrong=10",
        "near=5",
        "language=90",
        "gaps=50",
        "ru/hit=80",
        "calibration=0.04",
    ],
)
def test_a_bar_that_is_just_met_is_met(bar: str) -> None:
    assert missed(bar) == []


@pytest.mark.parametrize(
    ("bar", "says"),
    [
        ("hit=81", "hit 80.0 % (8 of 10 answered rightly), at least 81"),
        ("offered=91", "at least 91"),
        ("wrong=9", "wrong 10.0 % (1 of 10 answered wrongly), at most 9"),
        ("near=4.9", "near 5.0 % (1 of 20 near questions answered), at most 4.9"),
        ("ru/hit=81", "ru/hit 80.0 %"),
        ("ru/false=4", "ru/false 5.0 % (2 of 40 answered, though nothing answers them), at most 4"),
        ("calibration=0.03", "calibration error 0.040, at most 0.03"),
        ("far=3", "far: no question to measure it by"),
        ("en/hit=1", "en/hit: no question to measure it by"),
        ("both=0", "both: no question to measure it by"),
    ],
)
def test_a_bar_that_is_missed_says_by_how_much(bar: str, says: str) -> None:
    (found,) = missed(bar)
    assert says in found


def test_several_bars_stand_in_one_word_or_in_many() -> None:
    assert len(missed("hit=81, near=4", "wrong=9,gaps=50")) == 3


@pytest.mark.parametrize(
    ("bar", "says"),
    [
        ("hits=90", "there are hit, offered"),
        ("hit", "expected hit=NUMBER"),
        ("hit=much", "expected hit=NUMBER"),
        ("hit=101", "0 to 100"),
        ("hit=nan", "0 to 100"),
        ("fr/hit=90", "the base has en, ru"),
        ("ru/calibration=0.1", "unknown"),
        ("calibration=5", "0 to 1"),
    ],
)
def test_what_is_no_bar_is_wrong_usage(bar: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_bars([bar], LANGUAGES)
