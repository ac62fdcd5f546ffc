"""Numbers that a question claims against those that an entry gives."""

from __future__ import annotations

import pytest

from bot.match.decide.claims import Claim, Verdict, held, numbers


@pytest.mark.parametrize(
    ("claimed", "given", "found"),
    [
        ([30], [30], Claim(Verdict.SAYS, 30)),
        ([40], [30], Claim(Verdict.DIFFERS, 40, 30)),
        ([40], [30, 20], Claim(Verdict.DIFFERS, 40)),
        ([40], [], Claim(Verdict.SILENT, 40)),
        ([2021], [30], Claim(Verdict.SILENT, 2021)),
        ([2021], [30, 2022], Claim(Verdict.DIFFERS, 2021, 2022)),
        ([30, 40], [30], Claim(Verdict.SILENT, 40)),
        ([259, 290], [259, 294], Claim(Verdict.DIFFERS, 290, 294)),
    ],
)
def test_the_first_number_that_is_not_given_decides(claimed: list[int], given: list[int], found: Claim) -> None:
    assert held(claimed, given) == found


def test_without_a_number_nothing_is_claimed() -> None:
    assert held([], [30]) is None


def test_numbers_are_read_in_digits_and_in_words() -> None:
    assert numbers(["seven", "of", "259"], {"seven": 7}) == [7, 259]
