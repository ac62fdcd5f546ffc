"""What the last turns mean for a message. The state is handed in and handed back; it holds nothing of what was asked."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import pytest

from bot.conversation import Conversation
from bot.reply import ReplyKind, plain
from bot.service import Outcome, Service
from bot.turns import START, Said, State, after, known
from tests.small_service import small_base, small_service

TERM = "How long may a president serve?"


@cache
def conversation() -> Conversation:
    return Conversation(small_service())


def talk(*messages: str, preferred: str | None = "en") -> tuple[Outcome, State]:
    """The last outcome of a talk from its beginning, and the state after it."""
    state = START
    for message in messages:
        outcome, state = conversation().ask(message, preferred, state)
    return outcome, state


def test_the_state_is_the_answers_what_was_offered_and_the_language() -> None:
    outcome, state = talk(TERM)
    assert state.said == (Said("presidential-term"),)
    assert state.offered == tuple(one.entry for one in outcome.reply.choices)
    assert state.lang == "en"
    assert {field.name for field in fields(State)} == {"said", "offered", "lang", "cared", "asks", "listed"}


def test_a_few_answers_are_kept_each_once_the_latest_last() -> None:
    state = START
    for entry in [*small_base().entries, "presidential-term"]:
        state = after(state, small_service().entry(entry, "en"))
    assert len(state.said) == 5
    assert state.entry == "presidential-term"
    assert len({said.entry for said in state.said}) == 5


def test_a_refusal_or_small_talk_leaves_the_answer_before_where_it_was() -> None:
    visa = "How do I get a Kazakh visa?"
    assert talk(TERM, visa)[0].entries == ()
    assert talk(TERM, visa)[1].entry == talk(TERM, "thanks")[1].entry == "presidential-term"


def test_what_the_base_has_no_more_is_not_followed_up() -> None:
    state = State((Said("presidential-term"), Said("gone")), ("gone", "death-penalty"), "en")
    assert known(state, small_base()) == State((Said("presidential-term"),), ("death-penalty",), "en")


@pytest.mark.parametrize("message", ["more", "simpler", "go back", "none of these"])
def test_with_nothing_before_nothing_is_answered(message: str) -> None:
    assert talk(message)[0].entries == ()


@pytest.mark.parametrize(("message", "lang"), [("since when?", "en"), ("с каких пор?", "ru"), ("қашаннан бері?", "kk")])
def test_a_bare_question_with_nothing_before_is_asked_back(message: str, lang: str) -> None:
    reply = talk(message)[0].reply
    assert (reply.kind, reply.text) == (ReplyKind.DECLINE, small_base().voice(lang).say("about_what"))


def test_a_number_beyond_what_was_offered_gets_the_list_again() -> None:
    reply = talk(TERM, "number 9")[0].reply
    assert reply.title == small_base().voice("en").say("no_such_choice")
    assert [one.entry for one in reply.choices] == [one.entry for one in talk(TERM)[0].reply.choices]


def test_the_last_of_what_was_offered_can_be_picked() -> None:
    assert talk(TERM, "the last one")[0].entries == (talk(TERM)[1].offered[-1],)


def test_a_bare_number_that_was_not_offered_is_a_question() -> None:
    assert talk("7")[0].verdicts
    assert talk(TERM, "259")[0].verdicts
    assert talk(TERM, "1")[0].entries == (talk(TERM)[1].offered[0],)


def test_back_from_the_only_answer_says_that_there_is_no_more() -> None:
    assert talk(TERM, "go back")[0].reply.text == small_base().voice("en").say("no_more")


def test_back_twice_is_two_answers_back() -> None:
    first, second, third = TERM, "Is there a death penalty in Kazakhstan?", "Have the courts become more independent?"
    assert talk(first, second, third, "go back", "go back")[0].entries == ("presidential-term",)


def test_the_same_text_is_never_said_twice_by_a_follow_up() -> None:
    """Once more in short, as all that there is; then that there is no more."""
    state = after(START, small_service().entry("death-penalty", "en"))
    said = []
    for _ in range(3):
        outcome, state = conversation().ask("and when exactly?", "en", state)
        said.append(plain(outcome.reply))
    assert small_base().entries["death-penalty"].text("en").answer not in "".join(said)
    assert said[1].startswith(small_base().voice("en").say("no_other"))


def test_a_whole_question_gets_its_whole_answer_again() -> None:
    assert talk(TERM, TERM)[0].reply == talk(TERM)[0].reply


def test_simpler_is_the_first_sentence_and_nothing_beyond() -> None:
    (part,) = talk(TERM, "in short")[0].reply.answers
    whole = small_base().entries["presidential-term"].text("en").answer
    assert whole.startswith(part.answer)
    assert len(part.answer) < len(whole)
    assert (part.context, part.as_of, part.brief) == ((), None, True)


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("tell me about elections", "elections"),
        ("расскажи про выборы", "elections"),
        ("сайлау туралы айтшы", "elections"),
    ],
)
def test_a_topic_named_in_any_wording_opens_its_page(service: Service, message: str, topic: str) -> None:
    outcome, state = Conversation(service).ask(message)
    assert outcome.reply.topic == topic
    assert state.offered == service.base.topics[topic].entries


def test_a_broad_request_is_no_follow_up(service: Service) -> None:
    state = State((Said("parliament-oversight"),), (), "en")
    outcome, _ = Conversation(service).ask("tell me about elections", "en", state)
    assert outcome.reply.topic == "elections"


@pytest.mark.parametrize("message", ["what?", "so what", "huh"])
def test_who_is_puzzled_gets_no_page_of_another_topic(service: Service, message: str) -> None:
    for entry in service.base.entries:
        outcome, _ = Conversation(service).ask(message, "en", State((Said(entry),), (), "en"))
        assert outcome.reply.topic in ("", service.base.entries[entry].topic)


def test_who_is_in_danger_is_heard_before_all_else() -> None:
    outcome, _ = talk(TERM, "My husband beats me and I am afraid")
    assert outcome.danger


@pytest.mark.parametrize(
    ("message", "bare"),
    [
        ("ok thanks, more please", "more"),
        ("thanks, in simple words", "in simple words"),
        ("рахмет, қысқаша", "қысқаша"),
        ("Thank you! Shorter", "shorter"),
        ("понятно, спасибо, подробнее", "подробнее"),
        ("рақмет, қысқарақ айтшы", "қысқарақ айтшы"),
        ("thanks! and since when?", "and since when?"),
        ("спасибо, а с какого года?", "а с какого года?"),
    ],
)
def test_thanks_hide_nothing_of_what_a_message_wants(message: str, bare: str) -> None:
    found, wanted = talk(TERM, message)[0].reply, talk(TERM, bare)[0].reply
    assert (found.kind, plain(found)) == (wanted.kind, plain(wanted))
    assert found.kind in (ReplyKind.INFO, ReplyKind.ANSWER)


def test_a_move_behind_courtesies_is_none_of_who_seems_in_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "in_danger", lambda _self, _question: True)
    assert talk(TERM, "ok thanks, in short")[0].reply.lead != talk(TERM, "in short")[0].reply.lead


def test_a_choice_behind_courtesies_is_taken() -> None:
    second = talk(TERM, "number 2")[0].entries
    assert second
    assert talk(TERM, "hmm ok, the second please")[0].entries == second
