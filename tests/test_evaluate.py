"""Labelled questions are judged and counted as the report says."""

from __future__ import annotations

import json

import pytest

from bot.errors import UsageError
from bot.evaluate import Case, as_text, evaluate, judge, read_cases
from bot.evaluation_page import as_html
from tests.small_service import small_service


def case(question: str, *expect: str, kind: str = "plain", **more: bool) -> Case:
    return Case(question[:12], "en", question, expect, kind, **more)


@pytest.mark.parametrize(
    ("question", "expect", "outcome"),
    [
        ("Is there a death penalty in Kazakhstan?", ("death-penalty",), "hit"),
        ("Is there a death penalty in Kazakhstan?", ("court-access",), "wrong"),
        ("Is there a death penalty in Kazakhstan?", (), "false"),
        ("hello", (), "held"),
        ("hello", ("death-penalty",), "missed"),
        ("...", (), "held"),
    ],
)
def test_each_outcome_has_its_name(question: str, expect: tuple[str, ...], outcome: str) -> None:
    assert judge(case(question, *expect), small_service().ask(question)).outcome == outcome


def test_shares_are_of_the_group_and_calibration_is_between_nought_and_one() -> None:
    asked = [
        case("Is there a death penalty in Kazakhstan?", "death-penalty"),
        case("hello", "death-penalty"),
        case("good morning", kind="oos-near"),
    ]
    report = evaluate(small_service().ask, asked)
    assert report.tallies["en", "in"].percent("hit") == 50
    assert report.tallies["en", "near"].percent("held") == 100
    assert 0 <= report.calibration_error <= 1
    assert json.loads(report.as_json())["misses"][0]["outcome"] == "missed"
    assert "lang" in as_text(report)
    assert "<table" in as_html(report)


def test_a_bad_line_is_named() -> None:
    with pytest.raises(UsageError, match=r"cases:2"):
        read_cases(['{"id": 1, "lang": "en", "q": "x", "expect": [], "kind": "junk"}', "{}"])


def test_silent_questions_count_as_gaps_without_a_label() -> None:
    line = '{"id": 1, "lang": "en", "q": "x", "expect": ["a"], "kind": "silent"}'
    assert read_cases([line, ""])[0].gap is True
