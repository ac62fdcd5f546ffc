"""What is said to a question and what is not, on the shipped base: no gap that nobody asked for, no number confirmed in passing."""

from __future__ import annotations

import pytest

from bot.service import Service
from tests.test_conversation_turns import cared


@pytest.mark.parametrize(
    "question",
    [
        "Смертную казнь отменили?",
        "Has defamation been decriminalised?",
        "what does the article say about domestic violence",
        "что в статье сказано про домашнее насилие?",  # a word of one group with one of the answer
        "Гендерлік теңдіктің жаңа кепілдіктері бар ма?",
    ],
)
def test_who_asks_for_what_the_answer_tells_is_not_told_first_what_it_does_not(service: Service, question: str) -> None:
    outcome = service.ask(question)
    assert outcome.entries
    assert not outcome.gap


@pytest.mark.parametrize("question", ["When was capital punishment abolished?", "name of the ombudsman?"])
def test_who_asks_for_more_is_told_that_it_is_not_there(service: Service, question: str) -> None:
    assert service.ask(question).gap


def test_the_same_number_is_confirmed_only_where_nothing_else_is_said(service: Service) -> None:
    same = service.base.voice("en").say("claim_says", number=7, given=None)
    assert same in service.ask("7 years?", "en").reply.lead
    assert same not in service.ask("7 years twice?", "en").reply.lead


def test_what_the_asker_spells_in_other_letters_is_read_in_the_language_of_the_talk(service: Service) -> None:
    assert cared(service, "сколько женщин должно быть в списках", "i invalidy?")[1].reply.lang == "ru"


@pytest.mark.parametrize(
    "message", ["hello, I am a nurse from a small town", "добрый день, я инженер из Актау", "Сәлем, мен дәрігермін"]
)
def test_who_only_says_hello_and_who_they_are_is_greeted(service: Service, message: str) -> None:
    reply = service.ask(message).reply
    assert reply.text == service.base.voice(reply.lang).small_talk["greeting"].say
