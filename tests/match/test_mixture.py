"""Who of two languages knows which words of a message."""

from __future__ import annotations

import math

import pytest

from bot.match.decide.mixture import mixture
from tests.match.test_decision import judge


def test_each_language_reads_what_the_other_does_not_know_alone() -> None:
    (pair,) = mixture("are dogs allowed в музее", judge().matchers)
    english, russian = sorted(pair, key=lambda share: share.lang)
    assert (english.alone, russian.alone) == ("are dogs allowed", "в музее")
    assert english.text == english.alone
    assert math.isclose(english.weight**2 + russian.weight**2, 1)


@pytest.mark.parametrize("message", ["are dogs allowed", "можно ли с собакой", "qwrt zxcv", "12 34", ""])
def test_what_one_language_knows_alone_is_not_mixed(message: str) -> None:
    assert mixture(message, judge().matchers) == ()
