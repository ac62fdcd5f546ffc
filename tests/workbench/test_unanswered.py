"""Questions in vain: asked again of the present base, the same question in other words is one group, and the nearest is near."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.service import Service
from bot.store.base import MissKind, UnansweredQuestion
from bot.workbench.asked_again import Asked, AskedAgain, Near
from bot.workbench.unanswered import Look, Section, look
from bot.workbench.unanswered_page import as_json, as_text, hint
from tests.workbench.bases import library, library_service

NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
ALL = tuple(Section)
_numbers = count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return library_service(library(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="module")
def again(service: Service) -> AskedAgain:
    return AskedAgain(service)


def asked(
    text: str,
    lang: str = "en",
    kind: MissKind = MissKind.DECLINED,
    nearest: str | None = None,
    days: int = 0,
    note: str = "",
) -> UnansweredQuestion:
    return UnansweredQuestion(text, lang, nearest, NOW - timedelta(days=days), kind, note, next(_numbers))


def words(text: str, **frequent: float) -> Mapping[str, float]:
    return {word: frequent.get(word, 5.0) for word in text.split()}


def in_vain(lang: str, text: str) -> Asked:
    """What nothing is known of: for what depends on the words alone."""
    small = dict.fromkeys(["the", "is", "there", "in", "of", "how", "many", "were"], 1.0)
    return Asked(MissKind.DECLINED, (), (), (), words(text, **small))


def test_slips_order_and_small_words_do_not_part_what_belongs_together() -> None:
    texts = ["is there wifi in the hall", "wifi in hall", "in the hall is there wifi", "is there wifi in the hal"]
    [one] = look([asked(text, days=day) for day, text in enumerate(texts)], in_vain).groups
    assert (one.count, one.first, one.last) == (4, date(2025, 11, 21), date(2025, 11, 24))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("what happened in 2022", "what happened in 2023"),
        ("how many judges were dismissed", "how many judges were trained"),
        ("weather", "weather in paris tomorrow morning"),
    ],
)
def test_other_numbers_and_other_words_are_other_questions(first: str, second: str) -> None:
    assert len(look([asked(first), asked(second)], in_vain).groups) == 2


def test_questions_that_ask_for_a_time_and_for_a_place_are_two() -> None:
    def ask(lang: str, text: str) -> Asked:
        form = text.split()[0]
        return Asked(MissKind.DECLINED, (), (), (), words(text, when=0.5, where=0.5), form=form)

    texts = ["when did the director study here", "where did the director study here"]
    assert len(look([asked(text) for text in texts], ask).groups) == 2
    assert len(look([asked(text) for text in texts], in_vain).groups) == 1


def test_one_question_in_two_languages_is_one_group(again: AskedAgain) -> None:
    questions = [asked("student visa price"), asked("цена студенческой визы", "ru")]
    evidence = {lang: again(lang, one.text).evidence for lang, one in zip(("en", "ru"), questions, strict=True)}

    def ask(lang: str, text: str) -> Asked:
        return Asked(MissKind.DECLINED, (), (), (), words(text), evidence[lang])

    [one] = look(questions, ask).groups
    assert {wording.lang for wording in one.wordings} == {"en", "ru"}
    other = asked("есть ли штраф", "ru")
    evidence["ru"] = again("ru", other.text).evidence
    assert len(look([questions[0], other], ask).groups) == 2


def test_the_group_keeps_the_number_of_its_oldest_question_and_is_found_by_any() -> None:
    first, second = asked("is there wifi"), asked("there is wifi")
    found = look([second, first], in_vain)
    assert found.groups[0].number == first.id
    assert found.find(second.id) is found.find(first.id) is found.groups[0]
    assert found.find(second.id + 1) is None


def test_the_most_frequent_comes_first_and_speaks_in_its_most_frequent_wording() -> None:
    often = [asked(text, days=9) for text in ("is there wifi", "wifi is there", "wifi is there")]
    groups = look([asked("may i bring a dog"), *often], in_vain).groups
    assert [one.text for one in groups] == ["wifi is there", "may i bring a dog"]


def test_what_the_base_answers_now_is_settled_and_the_rest_is_not(again: AskedAgain) -> None:
    known = asked("until when are you open", kind=MissKind.OFFERED)
    unknown = asked("quarks and zebras")
    found = look([known, unknown], again)
    assert found.settled == (known.id,)
    assert [one.ids for one in found.groups] == [(unknown.id,)]


def test_a_refusal_that_fits_is_a_kind_apart(again: AskedAgain) -> None:
    found = look([asked("library of Congress")], again)
    assert found.of(Section.VAIN) == ()
    [refused] = found.of(Section.REFUSED)
    assert refused.groups[0] == "other-libraries"
    assert as_text(found, [Section.VAIN], 9) == ""
    assert "1 refused" in hint(found, [Section.VAIN])


def test_an_answer_that_was_complained_of_stays_until_the_base_gives_another(again: AskedAgain) -> None:
    same = [asked("is there a fine", kind=kind, nearest="fines") for kind in (MissKind.DOWN, MissKind.NOT_MEANT)]
    other = asked("is there a fine", kind=MissKind.DOWN, nearest="children")
    error = asked("is there a fine", kind=MissKind.REPORTED, nearest="fines", note="there is one since May")
    found = look([*same, other, error], again)
    assert found.settled == (other.id,)
    [wrong], [reported] = found.of(Section.WRONG), found.of(Section.REPORTED)
    assert (wrong.count, wrong.about, dict(wrong.kinds)) == (2, "fines", {MissKind.DOWN: 1, MissKind.NOT_MEANT: 1})
    assert (reported.notes, reported.about) == (("there is one since May",), "fines")
    assert "fines" not in [near.entry for near in wrong.near]


def test_the_nearest_are_those_of_the_present_base_with_their_scores(again: AskedAgain) -> None:
    [one] = look([asked("may I print my fines", nearest="children")], again).groups or [None]
    if one is not None:
        assert {near.entry for near in one.near} & {"printing", "fines"}
        assert all(0 < near.score <= 1 for near in one.near)


def test_where_nothing_is_near_that_is_said() -> None:
    def ask(lang: str, text: str) -> Asked:
        near = (Near("fee", 0.31),) if "fee" in text else ()
        return Asked(MissKind.DECLINED, (), near, ("other-libraries",), words(text))

    found = look([asked("a fee for zebras"), asked("quarks", days=2)], ask)
    text = as_text(found, ALL, 9)
    assert "near: fee 0.31" in text
    assert "nothing near" in text
    assert [json.loads(line)["near"] for line in as_json(found, ALL).splitlines()] == [
        [{"entry": "fee", "score": 0.31}],
        [],
    ]


def test_what_was_set_aside_does_not_come_back_nor_with_a_word_more_or_less() -> None:
    [group] = look([asked("what is the shoe size of the director")], in_vain).groups
    marks = frozenset(group.marks)
    for text in (
        "what is the shoe size of the director",
        "the director what is shoe size of the",
        "what is the shoe size of the director please",
        "what is the size of the director",
    ):
        assert look([asked(text)], in_vain, marks).groups == (), text
    other = look([asked("what is the hat size of the director"), asked("director")], in_vain, marks)
    assert len(other.groups) == 2
    assert not any("shoe" in mark for mark in marks)


def test_an_answer_to_what_was_set_aside_may_still_be_complained_of(again: AskedAgain) -> None:
    def declined(lang: str, text: str) -> Asked:
        return Asked(MissKind.DECLINED, (), (), (), again(lang, text).words)

    [group] = look([asked("is there a fine")], declined).groups
    down = asked("is there a fine", kind=MissKind.DOWN, nearest="fines")
    assert look([down], again, frozenset(group.marks)).of(Section.WRONG)


def test_a_language_that_the_base_has_no_more_breaks_nothing(again: AskedAgain) -> None:
    found = look([asked("wie lange ist offen", "de"), asked("", kind=MissKind.REPORTED, note="x", lang="de")], again)
    assert len(found.groups) + len(found.settled) == 2


def test_texts_without_words_are_questions_too() -> None:
    assert (
        len(look([asked("???"), asked("!!")], lambda lang, text: Asked(MissKind.DECLINED, (), (), (), {})).groups) == 2
    )


def test_nothing_gives_nothing() -> None:
    assert look([], in_vain) == Look((), ())
    assert as_text(Look((), ()), ALL, 9) == hint(Look((), ()), ALL) == ""


def test_two_thousand_questions_are_grouped_within_seconds() -> None:
    terms = ["judge", "court", "torture", "vote", "rally", "term", "prison", "women", "budget", "school", "press"]
    texts = [f"{a} and {b} of the {c}" for a in terms for b in terms for c in terms][:1000]
    begin = datetime.now(UTC)
    found = look([asked(text) for text in texts * 2], in_vain)
    assert sum(one.count for one in found.groups) == 2000
    assert (datetime.now(UTC) - begin).total_seconds() < 10


def test_a_terminal_gets_no_sign_that_it_obeys(tmp_path: Path) -> None:
    found = look([asked("\x1b[31mred\u202e", note="\x07")], in_vain)
    assert "\x1b" not in as_text(found, ALL, 9)
