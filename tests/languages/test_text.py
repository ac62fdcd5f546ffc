"""One normal form for phrases and questions: what people type differently without meaning anything different."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.languages import text
from bot.languages.packs import traits

ANY = st.text(max_size=200)
RULES = {code: text.Rules.of(traits(code)) for code in ("en", "ru", "kk")}
CYRILLIC = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі ", max_size=60)


def english(typed: str) -> list[str]:
    return text.words(typed, RULES["en"])


def in_all(typed: str) -> set[str]:
    return {" ".join(text.words(typed, rules)) for rules in RULES.values()}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("How LONG?", "how long"),
        ("  how\tlong\n\n", "how long"),
        ("ＤＥＡＴＨ ｐｅｎａｌｔｙ", "death penalty"),
        ("Straße", "strasse"),
        ("don't don’t dont", "dont dont dont"),
        ("1,500 rallies", "1500 rallies"),
        ("1 500 митингов", "1500 митингов"),
        ("1\u00a0500 и 1\u202f500", "1500 и 1500"),
        ("1.500.000", "1500000"),
        ("144-я сессия", "144 сессия"),
        ("144-ші сессия", "144 сессия"),
        ("covid19", "covid 19"),
        ("snake_case", "snake case"),
        ("<b>death</b> <i>penalty</i>", "death penalty"),
        ("see https://example.org/a?b=c now", "see now"),
        ("www.example.org t.me/some_bot", ""),
        ("de\u200bath pen\u00adalty", "death penalty"),
        ("\u202edeath\u202c", "death"),
        ("?!… 🙂", ""),
        ("", ""),
    ],
)
def test_what_is_typed_differently_compares_alike(typed: str, read: str) -> None:
    """In any language, and before any is known."""
    assert text.normalise(typed) == read
    assert in_all(typed) == {read}


@pytest.mark.parametrize(
    ("code", "typed", "read"),
    [
        ("ru", "ещё Ёлка", "еще елка"),
        ("kk", "ещё", "еще"),
        ("en", "the 144th session", "the 144 session"),
        ("ru", "144th", "144 th"),
        ("en", "30%", "30 percent"),
        ("ru", "30 %%", "30 percent"),
        ("en", "presıdent", "president"),
    ],
)
def test_what_counts_as_the_same_is_the_language_s(code: str, typed: str, read: str) -> None:
    assert " ".join(text.words(typed, RULES[code])) == read


@pytest.mark.parametrize("typed", ["2022", "12", "1.5", "1,50", "3,14159"])
def test_only_a_group_of_three_digits_is_a_thousand(typed: str) -> None:
    """A decimal comma stays a boundary: 1.5 is not 15."""
    assert text.words(typed) == typed.replace(",", ".").split(".")


def test_a_less_than_sign_is_not_markup() -> None:
    assert text.words("is 5 < 6 and 7 > 2") == ["is", "5", "6", "and", "7", "2"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cмертная", "смертная"), ("кaзнь", "казнь"), ("dеаth", "death"), ("pеnalty", "penalty")],
)
def test_letters_that_look_alike_take_the_script_of_their_word(typed: str, meant: str) -> None:
    """In a language of that script; to the others the word is a foreign one anyway."""
    assert in_all(typed) == {meant, typed}


@pytest.mark.parametrize("word", ["казнь", "death", "қазақ", "жаза", "2022"])
def test_a_word_of_one_script_stays_as_it_is(word: str) -> None:
    assert in_all(word) == {word}


def test_what_a_person_sees_is_kept_readable_when_cleaned() -> None:
    assert text.clean(" <b>Is</b>  it\u200b true? https://a.b ") == "Is it true?"


@given(ANY)
def test_no_text_breaks_it(sample: str) -> None:
    for change in (text.clean, text.normalise, text.words, english):
        change(sample)


@given(ANY)
def test_normalising_twice_changes_nothing(sample: str) -> None:
    """But where two numbers side by side (1/400) read as one with a blank in it."""
    once = text.normalise(sample)
    assume(not re.search(r"\d \d{3}(?!\d)", once))
    assert text.normalise(once) == once


@given(ANY)
def test_words_hold_letters_or_digits_only(sample: str) -> None:
    for word in text.words(sample):
        assert word
        assert word.isdecimal() or not any(c.isspace() or c.isdecimal() or c == "_" for c in word)


@given(CYRILLIC)
def test_case_never_matters(sample: str) -> None:
    assert text.normalise(sample.upper()) == text.normalise(sample)


@pytest.mark.parametrize(
    "asked",
    [
        "term limits for US presidents",
        "term limits for U.S. presidents",
        "USA",
        "the U.S president",
        "the U.S.citizens",
        "U.S.A rules",
    ],
)
def test_the_states_are_not_the_pronoun(asked: str) -> None:
    assert "usa" in english(asked)


@pytest.mark.parametrize("asked", ["tell us", "Us too", "TELL US", "please let US know", "tell US please"])
def test_the_pronoun_is_not_the_states(asked: str) -> None:
    assert "us" in english(asked)
    assert "usa" not in english(asked)


@pytest.mark.parametrize(
    ("long", "most", "short"),
    [("a b", 3, "a b"), ("one two three", 9, "one two…"), ("one, two", 6, "one…"), ("x" * 9, 4, "xxx…")],
)
def test_a_shortened_text_ends_with_a_whole_word_and_an_ellipsis(long: str, most: int, short: str) -> None:
    assert text.shortened(long, most) == short
