"""What a question asks besides its subject: whether it is about a time after the source was written."""

from __future__ import annotations

import pytest

from bot import languages
from bot.languages import text
from bot.match.decide.asking import Period

PERIOD = Period.of(text.words, ("still", "these days"), ("new Constitution",), 2025)


def later(question: str, period: Period = PERIOD) -> bool:
    return period.after_source(text.words(question))


@pytest.mark.parametrize(
    "question",
    [
        "Is it still so?",
        "STILL",
        "what is it like these days",
        "under the NEW constitution?",
        "in 2026",
        "2026–2030",
        "2100",
    ],
)
def test_a_word_an_expression_or_a_year_names_a_later_time(question: str) -> None:
    assert later(question)


@pytest.mark.parametrize(
    "question",
    ["Is it so?", "in 2025", "in 2024", "1999", "these are the days", "a new one, a constitution", "stillness", ""],
)
def test_a_part_of_an_expression_and_the_source_s_own_year_do_not(question: str) -> None:
    assert not later(question)


@pytest.mark.parametrize("question", ["2101", "5000 people", "20260", "259 of 2940"])
def test_a_number_too_far_away_is_no_year(question: str) -> None:
    assert not later(question)


def test_without_a_year_of_the_source_only_words_tell() -> None:
    period = Period.of(text.words, ("now",), (), None)
    assert later("and now?", period)
    assert not later("in 2026", period)


def test_without_expressions_only_years_tell() -> None:
    period = Period.of(text.words, (), (), 2025)
    assert later("in 2026", period)
    assert not later("now", period)


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "Is there still a death penalty?"),
        ("en", "How long may a president serve now?"),
        ("ru", "Сколько сейчас правит президент?"),
        ("kk", "Қазір президент неше жыл билік етеді?"),
    ],
)
def test_the_packs_know_how_people_ask_about_now(lang: str, question: str) -> None:
    period = Period.of(text.words, languages.pack(lang).now, (), 2025)
    assert later(question, period)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_every_expression_of_a_pack_is_met_in_its_own_words(lang: str) -> None:
    period = Period.of(text.words, languages.pack(lang).now, (), 2025)
    assert [one for one in languages.pack(lang).now if not later(one, period)] == []


def test_a_language_without_a_pack_has_an_empty_one() -> None:
    assert languages.pack("xx").now == ()
    assert languages.danger("xx") is None


def test_what_is_left_is_asked_about_the_present() -> None:
    """Years and words for now go, the names of changes stay: they may be what is asked about."""
    assert PERIOD.without(["is", "it", "still", "so", "in", "2026"]) == ["is", "it", "so", "in"]
    assert PERIOD.without(["these", "days", "the", "new", "constitution"]) == ["the", "new", "constitution"]
    assert PERIOD.without(["since", "2020"]) == ["since", "2020"]
