"""Numbers that a question claims against those that an entry gives."""

from __future__ import annotations

import pytest

from bot.match.decide.claims import Claim, Count, Stance, Unit, counts, held, tells

NAMED = {"two": 2, "five": 5, "seven": 7, "twenty": 20, "hundred": 100, "thousand": 1000}


def read(words: str) -> list[Count]:
    """Numbers with the word behind them, but for a few that tell nothing; most entries have years and terms."""
    return counts(words.split(), NAMED, unit)


def unit(word: str) -> Unit:
    return Unit() if word in ("of", "in") else Unit(word, telling=word not in ("year", "years", "terms"))


@pytest.mark.parametrize(
    ("claimed", "given", "found"),
    [
        ("30", "30", Claim(Stance.SAYS, 30)),
        ("40", "30", Claim(Stance.DIFFERS, 40, 30)),
        ("40", "30 of 20", Claim(Stance.DIFFERS, 40)),
        ("40", "", Claim(Stance.SILENT, 40)),
        ("2021", "30", Claim(Stance.SILENT, 2021)),
        ("2021", "30 of 2022", Claim(Stance.DIFFERS, 2021, 2022)),
        ("30 of 40", "30", Claim(Stance.SILENT, 40)),
        ("259 of 290", "259 of 294", Claim(Stance.DIFFERS, 290, 294)),
    ],
)
def test_the_first_number_that_is_not_given_decides(claimed: str, given: str, found: Claim) -> None:
    assert held(read(claimed), read(given)) == found


@pytest.mark.parametrize(
    ("claimed", "given", "found"),
    [
        ("two terms of five years", "in 2022 of seven years", Claim(Stance.DIFFERS, 5, 7)),
        ("2013 talks", "50 talks in 2013", Claim(Stance.DIFFERS, 2013, 50)),
        ("five years", "seven year", Claim(Stance.DIFFERS, 5, 7)),
        ("two terms", "seven years", Claim(Stance.SILENT, 2)),
        ("249 wishes", "259 of 294 wishes", Claim(Stance.DIFFERS, 249)),
        ("259 of 294 wishes", "259 of 294 wishes", Claim(Stance.SAYS, 259)),
        ("259 wishes", "259 of 294 wishes", None),
        ("294 wishes", "259 of 294 wishes", None),
        ("294", "259 of 294 wishes", None),
        ("144 states", "144 session", None),
    ],
)
def test_what_counts_the_same_is_held_against_that(claimed: str, given: str, found: Claim | None) -> None:
    assert held(read(claimed), read(given)) == found


@pytest.mark.parametrize(
    ("claim", "asks", "least", "told"),
    [
        (Claim(Stance.SAYS, 7), True, False, True),
        (Claim(Stance.SAYS, 7), False, False, False),
        (Claim(Stance.DIFFERS, 80, 100), False, True, True),
        (Claim(Stance.DIFFERS, 149, 100), True, True, False),
        (Claim(Stance.DIFFERS, 149, 100), False, False, True),
        (Claim(Stance.DIFFERS, 149), False, True, False),
        (Claim(Stance.SILENT, 2), False, True, True),
    ],
)
def test_a_number_is_confirmed_to_who_asks_and_more_than_the_least_is_no_other(
    claim: Claim, asks: bool, least: bool, told: bool
) -> None:
    assert tells(claim, asks=asks, least=least) is told


def test_without_a_number_nothing_is_claimed() -> None:
    assert held([], [Count(30)]) is None


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("seven of 259", [7, 259]),
        ("twenty five", [25]),
        ("twenty twenty", [20, 20]),
        ("five hundred twenty seven", [527]),
        ("two thousand five hundred", [2500]),
        ("5 thousand", [5000]),
        ("2022 seven", [2022, 7]),
        ("thousand reasons", []),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(words: str, numbers: list[int]) -> None:
    assert [one.number for one in read(words)] == numbers
