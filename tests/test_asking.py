"""What a question asks besides its subject, from the question to the reply: on a part of the shipped base."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.match.decide import hearing
from bot.match.decide.claims import Stance
from bot.match.decide.decision import Answer, Decline, Judge
from bot.match.decide.matcher import Candidate
from bot.match.learn.labels import Label
from bot.reply import ReplyKind, plain
from tests.small_service import small_service


def say(lang: str, key: str, **values: object) -> str:
    return small_service().base.voice(lang).say(key, **values)


@pytest.mark.parametrize(
    ("question", "number", "given"),
    [
        ("The president serves five years, is that correct?", 5, 7),
        ("Президента избирают на пять лет, верно?", 5, 7),
        ("Президент бес жыл билік етеді, рас па?", 5, 7),
    ],
)
def test_a_number_that_is_claimed_is_held_against_the_article_s(question: str, number: int, given: int) -> None:
    outcome = small_service().ask(question)
    assert outcome.entries == ("presidential-term",)
    assert outcome.claim is not None
    assert outcome.claim.stance is Stance.DIFFERS
    assert outcome.claim.number == number
    assert str(number) in outcome.reply.lead[0]
    assert outcome.claim.given in (given, None)


def test_a_right_number_is_said_to_be_the_same() -> None:
    outcome = small_service().ask("The president serves seven years, is that correct?")
    assert outcome.claim is not None
    assert outcome.claim.stance is Stance.SAYS


@pytest.mark.parametrize("question", ["How long may a president serve?", "Is there a death penalty in Kazakhstan?"])
def test_who_claims_no_number_is_told_nothing_of_numbers(question: str) -> None:
    assert small_service().ask(question).claim is None


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_topic_asked_for_by_its_name_opens_its_page(lang: str) -> None:
    topic = small_service().base.topics["presidency"]
    reply = small_service().ask(topic.text(lang).title, lang).reply
    assert reply.kind is ReplyKind.SUGGEST
    assert topic.text(lang).title in reply.title
    assert [one.entry for one in reply.choices] == list(topic.entries)


def test_a_part_without_an_answer_is_named_above_the_others() -> None:
    outcome = small_service().ask("How long may a president serve? And do I need a visa to travel to Kazakhstan?")
    assert outcome.entries == ("presidential-term",)
    assert outcome.score > 0.5
    assert say("en", "part_open", text="And do I need a visa to travel to Kazakhstan?") in plain(outcome.reply)


def test_what_is_excluded_is_not_what_is_answered() -> None:
    question = "not the death penalty, how long may a president serve"
    assert small_service().ask(question).entries == ("presidential-term",)


def test_two_languages_in_one_message_are_read_together() -> None:
    assert small_service().ask("смертная казнь still exists in Kazakhstan?").entries == ("death-penalty",)


TERM, WHEN, WHO = Label("presidential-term"), Label("presidential-term", "when"), Label("presidential-term", "who")


@pytest.mark.parametrize(
    ("labels", "sure", "refused", "answered"),
    [
        ((TERM, TERM), (True, True), (False, False), True),
        ((TERM, TERM), (True, False), (False, False), True),  # one may only lead there
        ((TERM, WHEN), (True, True), (False, False), True),
        ((TERM, Label("death-penalty")), (True, True), (False, False), False),
        ((WHEN, WHO), (True, True), (False, False), False),  # two things that the entry does not say
        ((TERM, TERM), (True, False), (False, True), False),
        ((TERM, TERM), (True, True), (False, True), True),
        ((TERM, TERM), (False, False), (False, False), False),
    ],
)
def test_two_readings_of_a_mixed_message_must_lead_to_one_thing(
    monkeypatch: pytest.MonkeyPatch,
    labels: tuple[Label, Label],
    sure: tuple[bool, bool],
    refused: tuple[bool, bool],
    answered: bool,
) -> None:
    judge = small_service().judge
    plain_verdict = Judge.decide(judge, "смертная казнь still exists?")
    undecided = replace(plain_verdict, decision=Decline("en", None, ()))
    readings = iter(
        replace(
            undecided,
            decision=Answer("en", Candidate(label, 0.9)) if is_sure else undecided.decision,
            ranking=replace(undecided.ranking, candidates=(Candidate(label, 0.9),), refused=is_refused),
        )
        for label, is_sure, is_refused in zip(labels, sure, refused, strict=True)
    )
    monkeypatch.setattr(hearing, "mixture", lambda *_: (("one", "other"),))
    monkeypatch.setattr(judge, "_read_with", lambda *_: next(readings))
    assert isinstance(judge._mixed(undecided).decision, Answer) is answered


@pytest.mark.parametrize("question", ["смертная казнь death penalty 死刑", "αβγ где κρίση court სასამართლო", "a б 中"])
def test_a_message_of_three_scripts_gets_a_reply(question: str) -> None:
    assert plain(small_service().ask(question).reply)
