"""One question in, one reply out: what every channel relies on. And the first minute of a new reader, on the whole base."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import ReplyKind, plain
from bot.service import LONGEST, Outcome, Service
from tests.small_service import small_service

SMALL = small_service()
TERM = {"en": "How long may a president serve?", "ru": "Сколько лет может править президент?", "kk": "Президент неше жыл билік етеді?"}  # fmt: skip


def ask(question: str, preferred: str | None = None) -> Outcome:
    return SMALL.ask(question, preferred)


@pytest.mark.parametrize("lang", TERM)
def test_a_question_gets_the_answer_with_its_source_in_its_language(lang: str) -> None:
    outcome = ask(TERM[lang])
    assert (outcome.reply.kind, outcome.reply.lang, outcome.entries) == (ReplyKind.ANSWER, lang, ("presidential-term",))
    assert outcome.reply.answers[0].source.text in plain(outcome.reply)
    assert 0.5 < outcome.score <= 1.0


def test_related_questions_are_offered_three_at_most_and_never_the_one_answered() -> None:
    reply = ask(TERM["en"]).reply
    assert 1 <= len(reply.choices) <= 3
    assert "presidential-term" not in [one.entry for one in reply.choices]
    assert reply.title == SMALL.base.voice("en").say("related")


def test_a_gap_is_answered_with_the_sentence_that_the_source_is_silent() -> None:
    outcome = ask("In what year did Kazakhstan end capital punishment?")
    assert outcome.gap
    assert "does not say when" in (outcome.reply.answers[0].gap or "")


def test_two_questions_get_two_answers_in_order_each_with_its_source() -> None:
    outcome = ask("Is there a death penalty in Kazakhstan? How long may a president serve?")
    assert outcome.entries == ("death-penalty", "presidential-term")
    assert len(outcome.verdicts) == 2
    assert outcome.reply.lead == (SMALL.base.voice("en").say("two_answers"),)
    assert all(part.source.text for part in outcome.reply.answers)


@pytest.mark.parametrize("question", ["", "   ", "?!", "🙂", "https://example.org"])
def test_a_message_without_words_is_declined_with_a_hint(question: str) -> None:
    outcome = ask(question, "ru")
    assert outcome.reply.kind is ReplyKind.DECLINE
    assert outcome.reply.text == SMALL.base.voice("ru").say("empty")
    assert (outcome.entries, outcome.score) == ((), 0.0)


def test_what_is_longer_than_we_read_is_told_so() -> None:
    assert ask("a" * (LONGEST + 1)).reply.text == SMALL.base.voice("en").say("too_long")
    assert ask("How long may a president serve? " * (LONGEST // 33)).reply.kind is not ReplyKind.INFO


def test_small_talk_gets_its_sentence() -> None:
    outcome = ask("hello")
    assert outcome.reply.kind is ReplyKind.SMALL_TALK
    assert outcome.reply.text == SMALL.base.voice("en").small_talk["greeting"].say
    assert outcome.entries == ()


def test_a_refused_question_gets_the_words_of_its_group_and_the_nearest_topic() -> None:
    question = SMALL.base.refusals["visas-and-travel"].text("en").phrases[0]
    reply = ask(question).reply
    assert reply.kind in (ReplyKind.DECLINE, ReplyKind.SUGGEST)
    assert SMALL.base.refusals["visas-and-travel"].text("en").say in plain(reply)


def test_a_repair_is_told_where_it_mattered() -> None:
    reply = ask("How long may a presidnet serve?").reply
    assert reply.kind is ReplyKind.ANSWER
    assert "president" in reply.lead[0]


def test_the_other_keyboard_is_told() -> None:
    reply = ask("crjkmrj ktn vj;tn ghfdbnm ghtpbltyn").reply
    assert (reply.lang, reply.kind) == ("ru", ReplyKind.ANSWER)
    assert "президент" in reply.lead[0]


def test_nothing_is_told_where_all_was_clear() -> None:
    assert ask(TERM["en"]).reply.lead == ()


def test_an_entry_can_be_shown_without_a_question() -> None:
    reply = SMALL.entry("death-penalty", "kk")
    assert (reply.kind, reply.lang, [part.entry for part in reply.answers]) == (
        ReplyKind.ANSWER,
        "kk",
        ["death-penalty"],
    )
    with pytest.raises(KeyError):
        SMALL.entry("no-such-entry", "en")


def test_a_random_entry_is_one_of_the_base() -> None:
    shown = {SMALL.random_entry("en", random.Random(i)).answers[0].entry for i in range(30)}
    assert len(shown) > 3
    assert shown <= set(SMALL.base.entries)


def test_a_topic_lists_its_questions_in_reading_order() -> None:
    assert [one.entry for one in SMALL.topic("presidency", "ru")] == list(SMALL.base.topics["presidency"].entries)
    assert SMALL.topic("presidency", "ru")[0].text == SMALL.base.entries_of("presidency").__next__().text("ru").question


def test_about_names_every_document_beyond_the_article() -> None:
    about = SMALL.about("en").text
    assert all(source.title in about for source in SMALL.base.sources.values() if source.kind == "context")


def test_explaining_shows_candidates_words_thresholds_and_the_reason() -> None:
    told = SMALL.explain("Is there a deth penalty zebra?")
    for part in ("language", "read as", "repaired   deth -> death", "missed     zebra", "death-penalty", "thresholds", "decision"):  # fmt: skip
        assert part in told


def test_explaining_two_questions_explains_both() -> None:
    told = SMALL.explain("Is there a death penalty in Kazakhstan? How long may a president serve?")
    assert told.count("decision   ") == 2


def test_explaining_tells_the_other_keyboard() -> None:
    assert "typed in   other keyboard" in SMALL.explain("crjkmrj ktn vj;tn ghfdbnm ghtpbltyn")


@given(st.text(max_size=300), st.sampled_from([None, "en", "ru", "kk", "xx"]))
@settings(max_examples=40, deadline=None)
def test_any_message_gets_a_reply_that_says_something(question: str, preferred: str | None) -> None:
    outcome = SMALL.ask(question, preferred)
    assert plain(outcome.reply).strip()
    assert outcome.reply.lang in SMALL.base.languages
    assert 0.0 <= outcome.score <= 1.0


# The first minute of a new reader, on the base that ships


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("how long can the president stay in office", "presidential-term"),
        ("defmation crime?", "defamation"),
        ("259", "upr-recommendations"),
        ("when was the death penalty abolished", "death-penalty"),
    ],
)
def test_the_first_questions_of_a_reader_are_answered_with_a_source(
    service: Service, question: str, entry: str
) -> None:
    outcome = service.ask(question)
    assert (outcome.reply.kind, outcome.entries, outcome.reply.lang) == (ReplyKind.ANSWER, (entry,), "en")
    assert "Source: Euractiv (Advocacy Lab), 10 July 2025" in plain(outcome.reply)


def test_a_question_of_general_knowledge_is_declined_in_words_that_fit(service: Service) -> None:
    outcome = service.ask("what is the capital of France")
    assert (outcome.reply.kind, outcome.entries) == (ReplyKind.DECLINE, ())
    assert "Kazakhstan" in outcome.reply.text


def test_the_topic_command_lists_questions(service: Service) -> None:
    assert "Is there a death penalty in Kazakhstan?" in [one.text for one in service.topic("justice", "en")]


def test_a_year_that_the_article_does_not_give_is_not_given_in_its_name(service: Service) -> None:
    """The answer says that the article gives none; what other documents know stands apart, with their source."""
    part = service.ask("when was the death penalty abolished").reply.answers[0]
    assert part.gap == "The article does not say when, or by which law, the death penalty was abolished."
    assert "2021" not in part.answer + part.gap
    assert "2021" in part.context[0].text
    assert part.context[0].source.url
