"""What a question names only to set it aside, in three languages."""

from __future__ import annotations

import pytest

from bot import languages
from bot.languages.packs import traits
from bot.match.decide.exclusion import Excluder
from bot.match.words.language import Language


def excluder(code: str) -> Excluder:
    return Excluder(Language(traits(code)).words, languages.pack(code).exclusion)


@pytest.mark.parametrize(
    ("code", "question", "aside", "rest"),
    [
        ("en", "not the tram, where does the bus stop", "the tram", "where does the bus stop"),
        ("en", "I don't mean the tram, I mean the bus: when?", "the tram", "I mean the bus when"),
        ("en", "I'm not asking about trams but about buses, are they free?", "trams", "about buses are they free"),
        ("en", "When does the bus go, not the tram?", "the tram", "When does the bus go"),
        ("ru", "не трамвай, а где автобус", "трамвай", "а где автобус"),
        ("ru", "я не про трамвай, а про автобус", "трамвай", "а про автобус"),
        ("kk", "трамвай емес, автобус қайда", "трамвай", "автобус қайда"),
        ("kk", "трамвайдан басқа не жүреді", "трамвайдан", "не жүреді"),
    ],
)
def test_what_is_excluded_is_cut(code: str, question: str, aside: str, rest: str) -> None:
    cut = excluder(code).cut(question)
    assert cut is not None
    assert (aside, rest) in list(cut.shorter())


@pytest.mark.parametrize(
    ("code", "question", "rest"),
    [
        ("en", "what runs apart from the tram", "what runs"),
        ("kk", "трамвайдан басқа не жүреді", "не жүреді"),
        ("ru", "что ходит, кроме трамвая", "что ходит"),
    ],
)
def test_where_no_sign_ends_it_it_may_be_shorter(code: str, question: str, rest: str) -> None:
    cut = excluder(code).cut(question)
    assert cut is not None
    assert [left for _, left in cut.shorter()][-1] == rest


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("en", "Isn't the bus free?"),
        ("en", "Not only the tram, what else?"),
        ("en", "Do they not stop here?"),
        ("en", "not the tram"),
        ("en", ""),
        ("ru", "Не подскажете, когда автобус?"),
        ("ru", "Не ходит ли трамвай?"),
        ("kk", "Автобус тегін емес пе?"),
        ("kk", "Трамвай тегін емес деген рас па?"),
    ],
)
def test_a_no_that_sets_nothing_aside_cuts_nothing(code: str, question: str) -> None:
    assert excluder(code).cut(question) is None


def test_a_language_without_expressions_cuts_nothing() -> None:
    assert Excluder(Language(traits("en")).words, languages.pack("de").exclusion).cut("nicht A, sondern B") is None
