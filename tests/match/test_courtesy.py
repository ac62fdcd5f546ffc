"""What people say around a question is cut at the ends of its clauses, and nothing else is."""

from __future__ import annotations

import pytest

from bot import languages
from bot.languages.packs import traits
from bot.match.decide.courtesy import Courtesies
from bot.match.words.frames import Frames
from bot.match.words.language import Language


def courtesies() -> Courtesies:
    said = {}
    for code in ("en", "ru", "kk"):
        language = Language(traits(code))
        said[code] = language, Frames(language.words, {"courtesies": languages.pack(code).courtesies})
    return Courtesies(said)


CUT = courtesies().cut


@pytest.mark.parametrize(
    ("lang", "message", "bare"),
    [
        ("en", "Hello! Quick question: opening hours, thanks in advance", " opening hours,"),
        ("en", "sorry to bother you what does a ticket cost thank you", "what does a ticket cost"),
        ("en", "My teacher says that dogs are let in, is that true?", "dogs are let in,"),
        ("ru", "Здравствуйте! Подскажите, пожалуйста, сколько стоит билет", " сколько стоит билет"),
        ("ru", "слышала что вход бесплатный", "вход бесплатный"),
        ("kk", "Сәлеметсіз бе, билет қанша тұрады, алдын ала рақмет", " билет қанша тұрады,"),
        ("kk", "иттер кіре алады деп естідім, рас па?", "иттер кіре алады,"),
        ("kk", "Здравствуйте, билет қанша тұрады", " билет қанша тұрады"),
    ],
)
def test_what_stands_around_a_question_is_cut(lang: str, message: str, bare: str) -> None:
    assert CUT(message, lang) == bare


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "What does a ticket cost?"),
        ("en", "Hello there!"),
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
    joining = {word for code in packs for word in traits(code).joining}
    assert {code: joining.intersection(found) for code, found in packs.items() if joining.intersection(found)} == {}
