"""How a question may have been typed: as it stands, on the other keyboard, in Latin letters."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.packs import traits
from bot.match.words.language import Language
from bot.match.words.reading import How, Reader, Reading
from bot.match.words.repair import Repairer

PHRASES = {
    "en": ["death penalty", "is there an ombudsman", "how long may a president serve", "259"],
    "ru": ["смертная казнь отменена", "есть ли омбудсмен", "сколько лет правит президент", "259"],
    "kk": ["өлім жазасы қалай жойылды", "президент неше жыл билік етеді", "259"],
}


def reader(lang: str) -> Reader:
    language = Language(traits(lang))
    counts = Counter(word for phrase in PHRASES[lang] for word in language.words(phrase))
    return Reader(language, Repairer(counts))


READERS = {lang: reader(lang) for lang in PHRASES}


def read(lang: str, question: str) -> Reading:
    return READERS[lang].read(question)


@pytest.mark.parametrize(
    ("lang", "typed", "how", "words"),
    [
        ("en", "death penalty", How.TYPED, "death penalty"),
        ("en", "вуфер зутфден", How.OTHER_KEYBOARD, "death penalty"),
        ("ru", "смертная казнь", How.TYPED, "смертная казнь"),
        ("ru", "cvthnyfz rfpym", How.OTHER_KEYBOARD, "смертная казнь"),
        ("ru", "jv,elcvty", How.OTHER_KEYBOARD, "омбудсмен"),
        ("ru", "smertnaya kazn", How.OTHER_LETTERS, "смертная казнь"),
        ("kk", "өлім жазасы", How.TYPED, "олим жазасы"),
        ("kk", "олим жазасы калай", How.TYPED, "олим жазасы калай"),
        ("kk", "olim zhazasy", How.OTHER_LETTERS, "олим жазасы"),
        ("kk", "ءولىم جازاسى", How.OTHER_LETTERS, "олим жазасы"),
    ],
)
def test_the_reading_in_which_the_phrases_know_most_wins(lang: str, typed: str, how: How, words: str) -> None:
    found = read(lang, typed)
    assert (found.how, " ".join(found.words)) == (how, words)


def test_as_typed_wins_where_another_reading_knows_hardly_more() -> None:
    assert read("ru", "what is this").how is How.TYPED


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_number_is_read_as_typed_in_every_language(lang: str) -> None:
    found = read(lang, "259")
    assert (found.how, found.words, found.share) == (How.TYPED, ("259",), 1.0)


def test_share_is_the_part_of_the_letters_that_is_known() -> None:
    assert read("en", "death penalty").share == 1.0
    assert read("en", "zebra okapi").share == 0.0
    assert read("en", "death zebra").share == pytest.approx(0.5)


def test_numbers_beside_words_do_not_count() -> None:
    assert read("en", "death 999").share == 1.0
    assert read("en", "999").share == 0.0


def test_a_repaired_word_counts_less_than_a_known_one() -> None:
    assert 0 < read("en", "deth").share < read("en", "death").share


def test_known_and_missed_words_are_told() -> None:
    found = read("en", "death zebra penalty")
    assert (found.known, found.missed) == (("death", "penalty"), ("zebra",))


def test_no_words_are_a_reading_too() -> None:
    found = read("en", "?!")
    assert (found.words, found.share) == ((), 0.0)


@given(st.text(max_size=120), st.sampled_from(sorted(PHRASES)))
def test_any_text_is_read(question: str, lang: str) -> None:
    found = read(lang, question)
    assert 0.0 <= found.share <= 1.0
    assert len(found.words) == len(found.trust) == len(found.known) + len(found.missed)
