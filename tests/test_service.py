"""One question in, one reply out: what every channel relies on. And the first minute of a new reader, on the whole base."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import ReplyKind, as_of, plain
from bot.service import LONGEST, Outcome, Service
from tests.small_service import small_service

TERM = {"en": "How long may a president serve?", "ru": "Сколько лет может править президент?", "kk": "Президент неше жыл билік етеді?"}  # fmt: skip


def ask(question: str, preferred: str | None = None) -> Outcome:
    return small_service().ask(question, preferred)


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
    assert reply.title == small_service().base.voice("en").say("related")


def test_a_gap_is_answered_with_the_sentence_that_the_source_is_silent() -> None:
    outcome = ask("In what year did Kazakhstan end capital punishment?")
    assert outcome.gap
    assert outcome.gaps == ("death-penalty/year",)
    assert "does not say when" in (outcome.reply.answers[0].gap or "")


@pytest.mark.parametrize(
    "question",
    [
        "Is there still a death penalty in Kazakhstan?",
        "Is there a death penalty in Kazakhstan in 2026?",
        "Есть ли сейчас смертная казнь в Казахстане?",
        "Қазақстанда қазір өлім жазасы бар ма?",
    ],
)
def test_who_asks_about_now_reads_first_of_which_day_the_answer_is(question: str) -> None:
    """Nothing is known to have changed since, so the bot says that it does not know."""
    reply = ask(question).reply
    assert [part.entry for part in reply.answers] == ["death-penalty"]
    assert reply.lead == (small_service().base.voice(reply.lang).say("still"),)


@pytest.mark.parametrize("question", ["How long may a president serve now?", "How long may a president serve in 2026?"])
def test_who_asks_about_now_reads_first_what_changed_and_reads_it_once(question: str) -> None:
    reply = ask(question).reply
    line = as_of(small_service().base, small_service().base.entries["presidential-term"], "en")
    assert reply.lead == (line,)
    assert plain(reply).count(line or "") == 1


def test_who_asks_about_no_time_reads_what_changed_below_the_answer() -> None:
    said, line = (
        plain(ask(TERM["en"]).reply),
        as_of(small_service().base, small_service().base.entries["presidential-term"], "en") or "",
    )
    assert said.count(line) == 1
    assert said.index("single term") < said.index(line)


def test_a_choice_says_nothing_of_what_is_refused() -> None:
    """One of the choices may well answer the question."""
    small = small_service()
    hesitant = Service(small.base, small.judge.matchers, caution=1.0)
    refused = [(lang, group.text(lang)) for group in small.base.refusals.values() for lang in TERM]
    briefly = {"en": "president's term", "ru": "срок президента", "kk": "президент мерзімі"}
    pairs = [(lang, phrase) for lang, text in refused for phrase in text.phrases]
    asked = [(lang, f"{phrase}{also}") for lang, phrase in pairs for also in (f" {TERM[lang]}", f", {briefly[lang]}")]
    replies = [hesitant.ask(question, lang).reply for lang, question in asked]
    offered = [reply for reply in replies if reply.kind is ReplyKind.SUGGEST]
    assert offered
    for reply in offered:
        assert (reply.text, reply.answers) == ("", ())
        assert not any(one.say in plain(reply) for _, one in refused)


@pytest.mark.parametrize(
    ("lang", "cry"),
    [
        ("en", "My husband beats me and I am afraid"),
        ("ru", "Муж меня бьёт, мне страшно"),
        ("kk", "Күйеуім мені ұрып жатыр, қорқамын"),
    ],
)
def test_who_is_in_danger_gets_the_numbers_to_call_in_his_language(lang: str, cry: str) -> None:
    outcome = ask(cry)
    assert outcome.danger
    assert small_service().in_danger(cry)
    assert (outcome.reply.kind, outcome.reply.lang) == (ReplyKind.SMALL_TALK, lang)
    assert plain(outcome.reply) == small_service().base.voice(lang).danger


def test_who_is_in_danger_is_heard_in_a_message_of_any_length() -> None:
    """Even in one that is longer than we read."""
    story = "We have lived in this town for many years and the weather was fine. " * 40
    cry = "My husband beats me and I am afraid, help me please. " * 3
    outcome = ask(story + cry)
    assert len(story) > LONGEST
    assert outcome.danger
    assert plain(outcome.reply).startswith(small_service().base.voice("en").to_call(doubted=outcome.doubted))


def test_what_only_sounds_like_danger_is_a_question() -> None:
    outcome = ask(TERM["en"])
    assert not outcome.danger
    assert not small_service().in_danger(TERM["en"])


def test_two_questions_get_two_answers_in_order_each_with_its_source() -> None:
    outcome = ask("Is there a death penalty in Kazakhstan? How long may a president serve?")
    assert outcome.entries == ("death-penalty", "presidential-term")
    assert len(outcome.verdicts) == 2
    assert outcome.reply.lead == (small_service().base.voice("en").say("two_answers"),)
    assert all(part.source.text for part in outcome.reply.answers)


@pytest.mark.parametrize("question", ["", "   ", "?!", "🙂", "https://example.org"])
def test_a_message_without_words_is_declined_with_a_hint(question: str) -> None:
    outcome = ask(question, "ru")
    assert outcome.reply.kind is ReplyKind.DECLINE
    assert outcome.reply.text == small_service().base.voice("ru").say("empty")
    assert (outcome.entries, outcome.score) == ((), 0.0)


def test_what_is_longer_than_we_read_is_told_so() -> None:
    assert ask("a" * (LONGEST + 1)).reply.text == small_service().base.voice("en").say("too_long")
    assert ask("How long may a president serve? " * (LONGEST // 33)).reply.kind is not ReplyKind.INFO


def test_small_talk_gets_its_sentence() -> None:
    outcome = ask("hello")
    assert outcome.reply.kind is ReplyKind.SMALL_TALK
    assert outcome.reply.text == small_service().base.voice("en").small_talk["greeting"].say
    assert outcome.entries == ()


def test_a_refused_question_gets_the_words_of_its_group_and_the_nearest_topic() -> None:
    question = small_service().base.refusals["visas-and-travel"].text("en").phrases[0]
    reply = ask(question).reply
    assert reply.kind is ReplyKind.DECLINE
    assert small_service().base.refusals["visas-and-travel"].text("en").say in plain(reply)


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
    reply = small_service().entry("death-penalty", "kk")
    assert (reply.kind, reply.lang, [part.entry for part in reply.answers]) == (
        ReplyKind.ANSWER,
        "kk",
        ["death-penalty"],
    )
    with pytest.raises(KeyError):
        small_service().entry("no-such-entry", "en")


def test_a_random_entry_is_one_of_the_base() -> None:
    shown = {small_service().random_entry("en", random.Random(i)).answers[0].entry for i in range(30)}
    assert len(shown) > 3
    assert shown <= set(small_service().base.entries)


def test_a_topic_lists_its_questions_in_reading_order() -> None:
    assert [one.entry for one in small_service().topic("presidency", "ru")] == list(
        small_service().base.topics["presidency"].entries
    )
    assert (
        small_service().topic("presidency", "ru")[0].text
        == small_service().base.entries_of("presidency").__next__().text("ru").question
    )


def test_about_names_every_document_beyond_the_article() -> None:
    about = small_service().about("en").text
    assert all(source.title in about for source in small_service().base.sources.values() if source.kind == "context")


def test_explaining_shows_candidates_words_thresholds_and_the_reason() -> None:
    told = small_service().explain("Is there a deth penalty zebra?")
    for part in ("language", "read as", "repaired   deth -> death", "missed     zebra", "death-penalty", "thresholds", "decision"):  # fmt: skip
        assert part in told


def test_explaining_two_questions_explains_both() -> None:
    told = small_service().explain("Is there a death penalty in Kazakhstan? How long may a president serve?")
    assert told.count("decision   ") == 2


def test_explaining_tells_the_other_keyboard() -> None:
    assert "typed in   other keyboard" in small_service().explain("crjkmrj ktn vj;tn ghfdbnm ghtpbltyn")


@given(st.text(max_size=300), st.sampled_from([None, "en", "ru", "kk", "xx"]))
@settings(max_examples=40, deadline=None)
def test_any_message_gets_a_reply_that_says_something(question: str, preferred: str | None) -> None:
    outcome = small_service().ask(question, preferred)
    assert plain(outcome.reply).strip()
    assert outcome.reply.lang in small_service().base.languages
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
    assert "2021" in part.filled[0].text
    assert part.filled[0].source.url
