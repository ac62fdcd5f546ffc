"""What people say around a question is cut at the ends of its clauses, and nothing else is."""

from __future__ import annotations

import pytest

from bot import languages
from bot.languages.packs import traits
from bot.match.decide.courtesy import NODS, Courtesies
from bot.match.words.frames import Frames
from bot.match.words.language import Language


def courtesies() -> Courtesies:
    said = {}
    for code in ("en", "ru", "kk"):
        language = Language(traits(code))
        pack = languages.pack(code)
        said[code] = language, Frames(language.words, {"courtesies": pack.courtesies, NODS: pack.nods})
    return Courtesies(said)


CUT = courtesies().cut


@pytest.mark.parametrize(
    ("lang", "message", "bare"),
    [
        ("en", "Hello! Quick question: opening hours, thanks in advance", "opening hours,"),
        ("en", "sorry to bother you what does a ticket cost thank you", "what does a ticket cost"),
        ("en", "My teacher says that dogs are let in, is that true?", "dogs are let in?"),
        ("ru", "Здравствуйте! Подскажите, пожалуйста, сколько стоит билет", "сколько стоит билет"),
        ("ru", "слышала что вход бесплатный", "вход бесплатный"),
        ("kk", "Сәлеметсіз бе, билет қанша тұрады, алдын ала рақмет", "билет қанша тұрады,"),
        ("kk", "иттер кіре алады деп естідім, рас па?", "иттер кіре алады?"),
        ("en", "Great, and since when is it so?", "and since when is it so?"),
        ("en", "Hello, are 87.15 per cent right", "are 87.15 per cent right"),
        ("en", "name, please?", "name?"),
        ("kk", "Здравствуйте, билет қанша тұрады", "билет қанша тұрады"),
    ],
)
def test_what_stands_around_a_question_is_cut(lang: str, message: str, bare: str) -> None:
    assert CUT(message, lang) == bare


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "What does a ticket cost?"),
        ("en", "Hello there!"),
        ("en", "is the museum great"),
        ("ru", "Музей супер"),
        ("en", "how do I say thank you to a guide"),  # in the middle it may be what is asked
        ("ru", "Спасибо, до свидания!"),
        ("kk", "Рақмет"),
        ("en", ""),
    ],
)
def test_nothing_is_cut_where_there_is_nothing_around_or_nothing_else(lang: str, message: str) -> None:
    assert CUT(message, lang) is None


def test_no_courtesy_is_a_word_that_joins_a_question_to_what_was_said_before() -> None:
    packs = {code: languages.pack(code).courtesies for code in ("en", "ru", "kk")}
    words = {code: (*traits(code).joining, *languages.pack(code).exclusion.turns) for code in packs}
    joining = {word for found in words.values() for word in found if " " not in word}
    assert {code: joining.intersection(found) for code, found in packs.items() if joining.intersection(found)} == {}


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ("Thanks, in simple words", "in simple words"),  # a courtesy itself, and what is wanted of the talk
        ("ok, more. thanks!", "more"),
        ("opening hours", None),
        ("opening hours, and the price", None),
    ],
)
def test_the_one_clause_that_is_more_than_courtesy(message: str, alone: str | None) -> None:
    assert courtesies().alone(message) == alone
