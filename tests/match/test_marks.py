"""Stress marks and other signs above letters, as dictionaries and Wikipedia write them, change no answer."""

from __future__ import annotations

import unicodedata

import pytest

from bot.languages import text
from bot.languages.packs import traits
from bot.service import Service

STRESSED = [
    "Кто такой Тока́ев?",
    "Когда создан Конституцио́нный суд?",
    "омбудсме́н",
    "вы́боры аки́мов",
    "кво́ты для же́нщин",
    "сме́ртная казнь",
    "Отменена́ ли сме́ртная казнь в Казахста́не?",
    "ско́лько сро́ков мо́жет быть президе́нтом оди́н челове́к",
    "клевета́ — э́то преступле́ние?",
    "Как зарегистри́ровать па́ртию?",
    "ми́рные собра́ния",
    "что тако́е НПМ и кто рассле́дует пы́тки",
    "дома́шнее наси́лие",
]


def plain(question: str) -> str:
    return question.replace("\u0301", "")


@pytest.mark.parametrize("question", STRESSED)
def test_a_question_with_stress_marks_is_answered_as_without(service: Service, question: str) -> None:
    assert "\u0301" in question
    marked, bare = service.ask(question, "ru"), service.ask(plain(question), "ru")
    assert marked.reply == bare.reply
    assert marked.score == pytest.approx(bare.score)


@pytest.mark.parametrize(
    "question", ["Is the death penalty abolished?", "how long can the president rule", "DEFAMATION"]
)
@pytest.mark.parametrize(("letter", "typed"), [("i", "ı"), ("I", "İ"), ("i", "i\u0307")])
def test_the_letter_i_of_a_turkish_keyboard_changes_no_answer(
    service: Service, question: str, letter: str, typed: str
) -> None:
    assert service.ask(question.replace(letter, typed)).entries == service.ask(question).entries != ()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Тока́ев", "токаев"),
        ("акѝмов", "акимов"),  # a grave accent becomes one with и
        ("кáзнь", "казнь"),  # a Latin letter with an accent, as keyboards have it
        ("вы́боры аки́мов", "выборы акимов"),
        ("d\u0332e\u0332a\u0332t\u0332h\u0332", "death"),
        ("d\u0336e\u0336a\u0336t\u0336h\u0336", "death"),
        ("İSTANBUL", "istanbul"),
        ("café", "café"),
    ],
)
def test_a_mark_is_no_end_of_a_word(typed: str, read: str) -> None:
    assert text.words(typed, text.Rules.of(traits("ru"))) == read.split()


@pytest.mark.parametrize("word", ["ещё", "йод", "їжак", "Ўзбекистан", "naïve", "señor"])
def test_a_letter_that_is_written_with_a_mark_stays_that_letter(word: str) -> None:
    assert text.words(unicodedata.normalize("NFD", word)) == text.words(word)
    assert len(text.words(word)) == 1


def test_marks_by_the_thousand_leave_the_letter() -> None:
    assert text.words("a" + "\u0301" * 4000 + "b") == ["áb"]
