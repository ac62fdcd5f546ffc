"""A dry run shows where old and new differ, however far into a text that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.workbench.exchange.report import of_plan
from bot.workbench.exchange.sides import places
from tests.workbench.test_import import CARD, base, faq, imported, plan_of

__all__ = ["base"]  # the fixture

LONG = " ".join(f"word{number}" for number in range(60))


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("It costs 5 pounds.", "It costs 6 pounds.", [("It costs 5 pounds.", "It costs 6 pounds.")]),
        (LONG, LONG.replace("word50", "other"), [
            ("… word46 word47 word48 word49 word50 word51 word52 word53 word54 …",
             "… word46 word47 word48 word49 other word51 word52 word53 word54 …"),
        ]),
        (LONG, LONG + " and more", [("… word56 word57 word58 word59", "… word56 word57 word58 word59 and more")]),
        ("First.\n\nSecond.", "First.\nSecond.", [("First. ¶  ¶ Second.", "First. ¶ Second.")]),
        ("5\u00a0pounds", "5 pounds", [("5␣pounds", "5 pounds")]),
        ("the same", "the same", []),
    ],
)  # fmt: skip
def test_the_words_that_differ_stand_with_some_around_them(old: str, new: str, wanted: list[tuple[str, str]]) -> None:
    assert list(places(old, new)) == wanted


def test_two_places_that_are_far_apart_are_shown_apart() -> None:
    new = LONG.replace("word5 ", "five ").replace("word50", "fifty")
    assert [("five" in theirs, "fifty" in theirs) for _, theirs in places(LONG, new)] == [(True, False), (False, True)]


def test_a_change_far_into_an_answer_is_seen_on_both_sides(base: Path) -> None:
    imported(base, faq((CARD[0], LONG)))
    plan = plan_of(base, faq((CARD[0], LONG.replace("word50", "other"))))
    _, ours, theirs = of_plan(plan)
    assert ours.startswith("            - answer: … word46")
    assert "word50" in ours
    assert "other" in theirs
    many = LONG
    for number in range(0, 60, 10):
        many = many.replace(f"word{number} ", "x ")
    *_, last = of_plan(plan_of(base, faq((CARD[0], many))))
    assert last == "            and 1 more place(s) of answer"
