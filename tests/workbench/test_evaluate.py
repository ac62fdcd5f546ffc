"""Labelled questions are judged and counted as the report says."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from bot.errors import UsageError
from bot.reply import Choice, Reply, ReplyKind
from bot.service import Outcome
from bot.workbench.evaluate import Case, Report, as_text, evaluate, judge, read_cases
from bot.workbench.evaluation_page import as_html
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


PENALTY, TERM = "Is there a death penalty in Kazakhstan?", "How long may a president serve?"
BOTH = f"{PENALTY} {TERM}"


def report_of(*cases: Case) -> Report:
    return evaluate(small_service().ask, cases)


@pytest.mark.parametrize(
    ("expect", "outcome"),
    [
        (("death-penalty", "presidential-term"), "hit"),
        (("death-penalty", "presidential-term", "court-access"), "hit"),
        (("death-penalty",), "wrong"),
        ((), "false"),
    ],
)
def test_two_answers_are_a_hit_only_if_both_are_expected(expect: tuple[str, ...], outcome: str) -> None:
    assert judge(case(BOTH, *expect, kind="multi"), small_service().ask(BOTH)).outcome == outcome


def test_both_answers_are_counted_where_both_are_wanted() -> None:
    wanted = ("death-penalty", "presidential-term")
    tally = report_of(
        case(BOTH, *wanted, kind="multi", both=True), case(TERM, *wanted, kind="multi", both=True)
    ).tallies
    assert tally["en", "multi"].both == (1, 2)


def test_gaps_are_counted_among_the_questions_that_ask_for_one() -> None:
    when = case("In what year did Kazakhstan end capital punishment?", "death-penalty", kind="silent", gap=True)
    plain = case(PENALTY, "death-penalty", kind="silent", gap=True)
    assert report_of(when, plain, case(TERM, "presidential-term")).tallies["en", "silent"].gaps == (1, 2)


def test_a_suggestion_of_the_right_entry_is_offered() -> None:
    choices = (Choice("defamation", "Is it a crime?"), Choice("death-penalty", "Is there one?"))
    suggested = Outcome(Reply("en", ReplyKind.SUGGEST, choices=choices))
    assert judge(case("crime?", "death-penalty"), suggested).outcome == "offered"
    assert judge(case("crime?", "court-access"), suggested).outcome == "missed"
    assert judge(case("crime?"), suggested).outcome == "held"


def test_related_questions_below_an_answer_are_no_suggestions() -> None:
    outcome = small_service().ask(PENALTY)
    below = outcome.reply.choices[0].entry
    assert judge(case(PENALTY, below), outcome).outcome == "wrong"


def test_the_language_of_the_reply_is_counted() -> None:
    wrong = Case("r", "ru", PENALTY, ("death-penalty",), "plain")
    tallies = report_of(wrong, case(TERM, "presidential-term")).tallies
    assert (tallies["ru", "in"].language_right, tallies["en", "in"].language_right) == (0, 1)
    assert tallies["all", "in"].size == 2


def test_near_and_far_are_groups_apart() -> None:
    found = report_of(case("hello", kind="oos-near"), case("hello", kind="chitchat"), case("zzz", kind="junk")).tallies
    assert (found["en", "near"].size, found["en", "far"].size) == (1, 2)


def test_tenths_and_thresholds_are_shares() -> None:
    report = report_of(case(PENALTY, "death-penalty"), case(TERM, "presidential-term"), case("hello", kind="chitchat"))
    assert sum(size for _, _, size in report.tenths) == 3
    assert all(0 <= share <= 1 for row in report.tenths for share in row[:2])
    assert all(0 <= share <= 1 for row in report.costs for share in row)
    others = [row[3] for row in report.costs]
    assert others == sorted(others, reverse=True)


def test_no_cases_are_a_report_too() -> None:
    report = report_of()
    assert (report.tallies, report.tenths, report.calibration_error) == ({}, (), 0)
    assert as_text(report)
    assert "Nothing" in as_html(report)


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "{}", '{"id": 1, "lang": "en", "q": "x", "expect": 3, "kind": "junk"}', '{"id": 1, "q": "x"}', "null"],
)
def test_every_kind_of_bad_line_is_wrong_usage(line: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.jsonl:1.*expected") as caught:
        read_cases([line], "mine.jsonl")
    assert caught.value.exit_code == 2


class Page(HTMLParser):
    """Fails where tags do not close; keeps the text, the addresses and the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if "style" not in self.open else ""


def test_the_page_stands_alone_and_shows_charts_tables_and_misses() -> None:
    miss = case("hello <b>&amp;</b>", "death-penalty")
    page = Page(as_html(report_of(case(PENALTY, "death-penalty"), miss, case(TERM))))
    assert page.links == []
    assert "script" not in page.tags
    assert page.tags.count("svg") == 2
    assert page.tags.count("polyline") == 3
    assert "hello <b>&amp;</b>" in page.text
    assert "What went wrong: 2 of 3" in page.text


def test_the_page_lists_the_surest_wrong_answers_first() -> None:
    page = as_html(report_of(case(PENALTY, "court-access"), case("hello", "death-penalty")))
    listed = page.split("What went wrong")[1]
    assert listed.index(">wrong<") < listed.index(">missed<")


def test_the_page_is_readable_by_day_and_by_night() -> None:
    assert "prefers-color-scheme: dark" in as_html(report_of())
