"""One normal form for phrases and questions: what people type differently without meaning anything different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match.words import text

ANY = st.text(max_size=200)
CYRILLIC = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі ", max_size=60)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("How LONG?", "how long"),
        ("  how\tlong\n\n", "how long"),
        ("ещё Ёлка", "еще елка"),
        ("ＤＥＡＴＨ ｐｅｎａｌｔｙ", "death penalty"),
        ("Straße", "strasse"),
        ("don't don’t dont", "dont dont dont"),
        ("1,500 rallies", "1500 rallies"),
        ("1 500 митингов", "1500 митингов"),
        ("1\u00a0500 и 1\u202f500", "1500 и 1500"),
        ("1.500.000", "1500000"),
        ("the 144th session", "the 144 session"),
        ("144-я сессия", "144 сессия"),
        ("144-ші сессия", "144 сессия"),
        ("30%", "30 percent"),
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
    assert text.normalise(typed) == read


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
    assert text.words(typed) == [meant]


@pytest.mark.parametrize("word", ["казнь", "death", "қазақ", "жаза", "2022"])
def test_a_word_of_one_script_stays_as_it_is(word: str) -> None:
    assert text.words(word) == [word]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jv,elcvty", "омбудсмен"), ("cvthnyfz rfpym", "смертная казнь"), ("вуфер зутфден", "death penalty")],
)
def test_the_same_keys_on_the_other_keyboard(typed: str, meant: str) -> None:
    assert text.swap_layout(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("smertnaya kazn", "смертная казн"), ("zhaza", "жаза"), ("shariat", "шариат"), ("yurist", "юрист")],
)
def test_latin_letters_are_read_as_cyrillic(typed: str, meant: str) -> None:
    assert text.to_cyrillic(typed) == meant


def test_kazakh_letters_fold_to_those_of_every_keyboard() -> None:
    assert text.fold_kazakh("қалай өлім жазасы ұғым һәм") == "калай олим жазасы угым хам"


@pytest.mark.parametrize(
    ("sample", "answer"), [("смерть", True), ("death", False), ("смерть ok", True), ("123", False), ("", False)]
)
def test_the_script_is_that_of_most_letters(sample: str, answer: bool) -> None:
    assert text.is_cyrillic(sample) is answer


def test_what_a_person_sees_is_kept_readable_when_cleaned() -> None:
    assert text.clean(" <b>Is</b>  it\u200b true? https://a.b ") == "Is it true?"


@given(ANY)
def test_no_text_breaks_it(sample: str) -> None:
    for change in (text.clean, text.normalise, text.swap_layout, text.to_cyrillic, text.strip_invisible, text.words):
        change(sample)


@given(ANY)
def test_normalising_twice_changes_nothing(sample: str) -> None:
    once = text.normalise(sample)
    assert text.normalise(once) == once


@given(ANY)
def test_words_hold_letters_or_digits_only(sample: str) -> None:
    for word in text.words(sample):
        assert word
        assert word.isdecimal() or not any(c.isspace() or c.isdecimal() or c == "_" for c in word)


@given(CYRILLIC)
def test_case_never_matters(sample: str) -> None:
    assert text.normalise(sample.upper()) == text.normalise(sample)


@given(CYRILLIC)
def test_the_other_keyboard_and_back_is_the_same_text(sample: str) -> None:
    plain = "".join(c for c in sample if c not in "әғқңөұүһі")
    if any(c.isalpha() for c in plain):
        assert text.swap_layout(text.swap_layout(plain)) == plain


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
    assert "usa" in text.words(asked)


@pytest.mark.parametrize("asked", ["tell us", "Us too", "TELL US", "please let US know", "tell US please"])
def test_the_pronoun_is_not_the_states(asked: str) -> None:
    assert "us" in text.words(asked)
    assert "usa" not in text.words(asked)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jala jabu", "жала жабу"), ("jasady", "жасады"), ("qazir", "казир"), ("zhaqsy", "жаксы")],
)
def test_in_kazakh_a_latin_j_is_one_letter(typed: str, meant: str) -> None:
    assert text.to_cyrillic(typed, kazakh=True) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ءولىم جازاسى جويىلدى ما؟", "өлім жазасы жойылды ма?"),
        ("حالىقارالىق شارت", "халықаралық шарт"),
        ("كىم", "кім"),
        ("ادام قۇقىعى", "адам құқығы"),
    ],
)
def test_kazakh_in_arabic_letters_is_read(typed: str, meant: str) -> None:
    assert text.is_arabic(typed)
    assert text.from_arabic(typed) == meant
    assert not text.is_arabic(meant)
