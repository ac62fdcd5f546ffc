"""Labelled questions are judged and counted as the report says."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from bot.reply import Choice, Reply, ReplyKind
from bot.service import Outcome
from bot.workbench.cases import Case, read_cases
from bot.workbench.evaluate import Report, evaluate, judge, reply_in_words
from bot.workbench.evaluation_page import Occasion, as_html
from bot.workbench.evaluation_text import as_text, misses
from tests.small_service import small_base, small_service


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
    assert json.loads(json.dumps(report.document()))["misses"][0]["outcome"] == "missed"
    assert "lang" in as_text(report)


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


def test_a_miss_shows_what_was_expected_beside_what_came() -> None:
    wrong, missed = case(PENALTY, "court-access"), case("hello", "death-penalty", "presidential-term")
    lines = list(misses(report_of(missed, wrong, case(TERM, "presidential-term"))))
    assert [line for line in lines if not line.startswith(" ")] == [
        f"wrong: {wrong.id} [en, plain] {PENALTY}",
        "missed: hello [en, plain] hello",
    ]
    assert lines[1] == "    expected  answer court-access"
    assert lines[2].startswith("    came      answer death-penalty; score ")
    assert lines[3].startswith("    ranked    death-penalty ")
    assert lines[5] == "    expected  answer death-penalty or presidential-term"
    assert lines[6].startswith("    came      small talk (greeting); ")


def test_nothing_in_a_file_of_cases_is_obeyed_by_a_terminal() -> None:
    report = report_of(case("hello \x1b[2J there", "death-penalty", kind="ni\x1b[31mce"))
    said = "\n".join([as_text(report), *misses(report)])
    assert "ni·[31mce" in said
    assert "\x1b" not in said


def test_a_hit_that_is_not_as_labelled_is_shown_with_what_it_lacks() -> None:
    silent = case(PENALTY, "death-penalty", kind="silent", gap=True)
    half = case(TERM, "presidential-term", "death-penalty", kind="multi", both=True)
    heads = [line for line in misses(report_of(silent, half)) if not line.startswith(" ")]
    assert heads[0].startswith("hit, but the gap is not said: ")
    assert heads[1].startswith("hit, but not all that was asked: ")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (PENALTY, "answer death-penalty"),
        (BOTH, "answer death-penalty + presidential-term"),
        ("In what year did Kazakhstan end capital punishment?", "answer death-penalty/year"),
        ("hello", "small talk (greeting)"),
        ("how much does a visa cost", "decline (visas-and-travel)"),
        ("...", "decline"),
    ],
)
def test_a_reply_in_words_tells_it_from_others(question: str, words: str) -> None:
    assert reply_in_words(small_service().ask(question)) == words


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


def page_of(*cases: Case, **more: str) -> str:
    return as_html(report_of(*cases), small_service(), Occasion("2026-11-29", "knowledge", 1, 0.35, **more))


def test_the_page_stands_alone_and_shows_charts_tables_and_misses() -> None:
    miss = case("hello <b>&amp;</b>", "death-penalty")
    page = Page(page_of(case(PENALTY, "death-penalty"), miss, case(TERM)))
    assert page.links == []
    assert "script" not in page.tags
    assert page.tags.count("svg") == 3
    assert page.tags.count("polyline") == 4  # three of costs, and English
    assert "hello <b>&amp;</b>" in page.text
    assert "What went wrong: 2 of 3" in page.text


def test_the_page_says_of_what_and_when_it_is_and_escapes_all_of_it() -> None:
    page = Page(page_of(case(PENALTY, "death-penalty"), revision="a<b> (2026)", since="+1 <hit>", advice="0.45 & more"))
    for said in (
        "2026-11-29",
        small_base().digest[:12],
        "a<b> (2026)",
        "+1 <hit>",
        "0.45 & more",
        "0.35: answers en from",
    ):
        assert said in page.text


def test_the_page_names_what_is_confused_with_the_questions() -> None:
    wrong, false = case(PENALTY, "court-access"), case(TERM)
    text = Page(page_of(wrong, false)).text
    assert f"court-access → death-penalty: 1{PENALTY} [{wrong.id}" in text
    assert f"no answer → presidential-term: 1{TERM}" in text


def test_the_page_shows_each_entry_the_weakest_first() -> None:
    table = page_of(case(PENALTY, "death-penalty"), case("hello", "court-access")).split("Outcomes by entry")[1]
    assert table.index("court-access") < table.index("death-penalty")


def test_the_page_marks_the_thresholds_of_now() -> None:
    page = page_of(case(PENALTY, "death-penalty"))
    assert f"en: from {small_service().judge.thresholds['en'].answer:.2f} on 100% covered, 100.0% right" in page


def test_the_page_shows_the_candidates_of_a_miss() -> None:
    miss = Page(page_of(case("hello", "death-penalty"))).text.split("What went wrong")[1]
    assert "expectedanswer death-penalty" in miss
    assert "camesmall talk (greeting)" in miss
    assert "(greeting)" in miss


def test_the_page_lists_the_worst_first_and_the_surest_of_them() -> None:
    listed = page_of(case("hello", "death-penalty"), case(PENALTY, "court-access")).split("What went wrong")[1]
    assert listed.index("wrong: answered wrongly") < listed.index("missed: not answered")


def test_the_page_is_readable_by_day_by_night_and_on_paper() -> None:
    page = page_of(case(PENALTY, "death-penalty"))
    assert all(
        rule in page
        for rule in ("prefers-color-scheme: dark", "@media print", "max-width: 600px", "width=device-width")
    )


def test_a_page_of_no_questions_is_a_page_too() -> None:
    assert "Nothing: no question was missed" in Page(page_of()).text
