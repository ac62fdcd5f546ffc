"""What is said of another place only to compare with is told from what is asked about it."""

from __future__ import annotations

import pytest

from bot.languages.packs import traits
from bot.match.decide.contrast import Contrast
from bot.match.words.language import Language

LANGUAGE = Language(traits("en"), names={"foreign": ["norway", "norwegians", "oslo"]})
CONTRAST = Contrast(LANGUAGE, ["here", "our", "back home"], ["Bergamo"])


@pytest.mark.parametrize(
    ("question", "whole", "last"),
    [
        ("In Norway dogs swim. And here?", "in dogs swim and here", "and here"),
        ("dogs swim in oslo, how is it in Bergamo", "dogs swim in how is it in bergamo", "how is it in bergamo"),
        ("norwegians swim and our dogs too", "swim and our dogs too", "and our dogs too"),
    ],
)
def test_what_is_asked_of_our_place_has_no_names_of_others(question: str, whole: str, last: str) -> None:
    assert CONTRAST.asked_here(question) == (whole, last)


@pytest.mark.parametrize(
    "question",
    [
        "do dogs swim here",
        "do dogs swim in Norway",
        "do dogs swim here or in Norway",
        "here dogs swim. And in Norway?",
        "In Norway dogs swim. And cats?",
        "",
    ],
)
def test_nothing_is_compared_without_two_places_ours_last(question: str) -> None:
    assert CONTRAST.asked_here(question) == ()


def test_our_own_place_is_known_by_its_name_or_by_what_we_call_it() -> None:
    assert CONTRAST.is_ours(LANGUAGE.words("are dogs allowed back home"))
    assert CONTRAST.is_ours(LANGUAGE.words("the dogs of Bergamo"))
    assert not CONTRAST.is_ours(LANGUAGE.words("the dogs of Oslo"))
