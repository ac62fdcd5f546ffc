"""Expressions by what they tell of a question: found in its words, the longest at each place."""

from __future__ import annotations

import pytest

from bot import languages
from bot.languages.packs import traits
from bot.match.words.frames import Frames
from bot.match.words.language import Language

FRAMES = Frames(Language(traits("en")).words, {"many": ["how many"], "how": ["how", "in what way"]}, {"yes": ["is"]})


def test_the_longest_expression_wins_at_its_place() -> None:
    assert FRAMES.spans(["how", "many", "and", "how"]) == [("many", 0, 2), ("how", 3, 4)]


def test_some_count_only_as_the_first_words() -> None:
    assert FRAMES.met(["is", "it"]) == {"yes"}
    assert FRAMES.met(["what", "is", "it"]) == frozenset()


def test_the_order_of_the_kinds_decides_between_two() -> None:
    assert FRAMES.kind_of(["in", "what", "way", "how", "many"]) == "many"
    assert FRAMES.kind_of(["nothing"]) is None


def test_another_form_of_a_word_is_another_word() -> None:
    """`recommend` asks for a favour, `recommended` does not."""
    assert Frames(Language(traits("en")).words, {"request": ["recommend"]}).met(["recommended"]) == frozenset()


def test_what_is_left_are_the_words_of_no_expression() -> None:
    assert FRAMES.without(["how", "many", "cats"]) == ["cats"]


def test_frames_come_back_from_their_document() -> None:
    again = Frames.of_document(Language(traits("en")).words, FRAMES.document())
    assert (again.kinds, again.spans(["is", "how"])) == (FRAMES.kinds, FRAMES.spans(["is", "how"]))


@pytest.mark.parametrize("code", ["en", "ru", "kk"])
def test_the_expressions_of_a_language_have_words_and_the_same_kinds_as_the_others(code: str) -> None:
    pack = languages.pack(code)
    assert set(pack.wants) == set(languages.pack("en").wants)
    assert list(pack.questions) == list(languages.pack("en").questions)
    expressions = [one for lists in (pack.wants, pack.questions, pack.first) for of in lists.values() for one in of]
    expressions += [*pack.now, *pack.goes_on, *pack.elsewhere, *pack.leads, *pack.courtesies, *pack.numbers]
    assert [one for one in expressions if not Language(traits(code)).words(one)] == []


@pytest.mark.parametrize(
    ("code", "question", "kind"),
    [
        ("en", "how many states took part", "number"),
        ("en", "in what year was it", "when"),
        ("en", "is it a crime", "yes_no"),
        ("en", "the court is back", None),
        ("ru", "сколько стран участвовало", "number"),
        ("ru", "есть ли фонд", "yes_no"),
        ("ru", "кто возглавлял делегацию", "who"),
        ("kk", "неше ел қатысты", "number"),
        ("kk", "өлім жазасы бар ма", "yes_no"),
        ("kk", "қашан қабылданды", "when"),
    ],
)
def test_the_kind_of_a_question(code: str, question: str, kind: str | None) -> None:
    pack = languages.pack(code)
    assert (
        Frames(Language(traits(code)).words, pack.questions, pack.first).kind_of(Language(traits(code)).words(question))
        == kind
    )


def test_the_words_of_all_expressions() -> None:
    assert Frames(str.split, {"opinion": ["do you think"]}, {"yes_no": ["is"]}).words == {"do", "you", "think", "is"}
