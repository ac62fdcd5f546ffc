"""What a message wants of the talk: whole messages, in any of the languages, slips forgiven."""

from __future__ import annotations

from itertools import chain

import pytest

from bot.languages import text
from bot.languages.talk import TalkPack, talk_pack
from bot.understood import Move, Phrasebook, Wanted

PACK = TalkPack(
    moves={"more": ("more", "tell me more"), "source": ("who said that",)},
    languages={"ru": ("in Russian", "and in Russian")},
    ordinals={2: ("the second",), -1: ("the last one",)},
    pick=("number {n}", "no {n}"),
    broad=("tell me about",),
    onwards=("what about",),
    whom=("who should I tell",),
    polite=("please",),
)
LANGUAGES = ("en", "ru", "kk")


def book(*known: str) -> Phrasebook:
    return Phrasebook({"en": PACK}, {"en": text.words}, {"en": set(known).__contains__})


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("more", Wanted(Move.MORE, "en")),
        ("Tell me MORE!", Wanted(Move.MORE, "en")),
        ("please tell me more, please", Wanted(Move.MORE, "en")),
        ("who siad that?", Wanted(Move.SOURCE, "en")),
        ("in Russian", Wanted(Move.LANGUAGE, "en", "ru")),
        ("the second", Wanted(Move.PICK, "en", 2)),
        ("the last one", Wanted(Move.PICK, "en", -1)),
        ("number 3", Wanted(Move.PICK, "en", 3)),
        ("№2", Wanted(Move.PICK, "en", 2)),
        ("2)", Wanted(Move.NUMBER, "en", 2)),
    ],
)
def test_a_whole_message_is_understood(message: str, wanted: Wanted) -> None:
    assert book().wanted(message, None) == wanted


@pytest.mark.parametrize(
    "message", ["", "more rights", "tell me more about the courts", "1234", "number 2 and 3", "x" * 80]
)
def test_what_says_more_than_that_is_a_question(message: str) -> None:
    assert book().wanted(message, None) is None


def test_a_word_that_is_known_is_no_slip_for_another() -> None:
    assert book().wanted("and in Russia", None) is not None
    assert book("russia").wanted("and in Russia", None) is None


def test_a_lead_in_is_taken_off_at_either_end() -> None:
    assert book().subject("Tell me about the courts", "en") == ["the", "courts"]
    assert book().subject("the courts", "en") == ["the", "courts"]


def test_a_request_opens_a_subject_and_what_goes_on_does_not() -> None:
    assert book().opens("tell me about courts")
    assert not book().opens("what about courts")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_pack_has_words_for_every_move_and_language(lang: str) -> None:
    pack = talk_pack(lang)
    assert set(pack.moves) == {move.value for move in Move} - {"languages", "pick", "number"}
    assert set(pack.languages) == set(LANGUAGES)
    assert set(pack.ordinals) == {1, 2, 3, -1}
    assert all([pack.pick, pack.broad, pack.onwards, pack.polite])
    assert all("{n}" in one for one in pack.pick)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_expression_stands_twice(lang: str) -> None:
    pack = talk_pack(lang)
    said = [
        text.normalise(one)
        for one in chain(
            *pack.moves.values(), *pack.languages.values(), *pack.ordinals.values(), pack.broad, pack.onwards
        )
    ]
    assert sorted(said) == sorted(set(said))


def test_a_language_without_a_pack_of_the_talk_wants_nothing() -> None:
    assert talk_pack("xx") == TalkPack()


def test_who_is_to_be_told_is_asked_by_the_whole_message() -> None:
    assert book().whom("Who should I tell, please?")
    assert not book().whom("Who should I tell that he hits me?")
    assert not book().whom("")
