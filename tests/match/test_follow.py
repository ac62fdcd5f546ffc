"""Follow-ups: a short question that names no topic leans on the answer before; one that does stands for itself."""

from __future__ import annotations

import pytest

from bot.match.decide.follow import LONGEST, follow_up, leans
from bot.match.learn.following import Follower
from bot.reply import ReplyKind
from bot.service import Outcome, Service
from tests.match.test_decision import judge
from tests.match.test_matcher import museum
from tests.small_service import small_service

NEAR = {"hours": ("price", "place"), "price": ("hours", "place"), "place": ("hours", "price"), "dogs": ("price",)}


def follower() -> Follower:
    return Follower(judge().matchers["en"].index, NEAR)


def after(previous: str | None, question: str, preferred: str | None = None, service: Service | None = None) -> Outcome:
    return (service or small_service()).ask(question, preferred, previous)


@pytest.mark.parametrize(
    ("question", "lang"), [("and when exactly?", "en"), ("а когда это было?", "ru"), ("ал нақты қашан?", "kk")]
)
def test_a_bare_question_is_read_together_with_the_answer_before(service: Service, question: str, lang: str) -> None:
    """Its gap is found too: asked when, the bot says that the article gives no date."""
    outcome = after("death-penalty", question, lang, service)
    assert (outcome.reply.kind, outcome.entries, outcome.reply.lang) == (ReplyKind.ANSWER, ("death-penalty",), lang)
    assert outcome.gap


@pytest.mark.parametrize(("question", "lang"), [("когда?", "ru"), ("қашан?", "kk")])
def test_a_single_word_leans_too(service: Service, question: str, lang: str) -> None:
    assert after("death-penalty", question, lang, service).entries == ("death-penalty",)


@pytest.mark.parametrize("question", ["they will come for me", "help help help", "me too", "good", "no way"])
def test_who_calls_for_help_or_makes_small_talk_is_not_told_the_answer_again(service: Service, question: str) -> None:
    alone, later = service.ask(question, "en"), after("death-penalty", question, "en", service)
    assert later.entries == alone.entries
    assert later.reply.kind is alone.reply.kind


def test_who_asks_who_it_is_is_not_told_the_answer_again(service: Service) -> None:
    assert after("death-penalty", "who is this", "en", service).entries == ()


@pytest.mark.parametrize(
    ("entry", "question"),
    [
        ("death-penalty", "is the death penalty abolished in Japan?"),
        ("treaties-above-law", "в Германии договоры выше законов?"),
        ("rural-mayors", "Жапонияда ауыл әкімдері тікелей сайлана ма?"),
        ("peaceful-assembly", "assembly of furniture?"),
        ("school-safety", "безопасность интернета дома?"),
    ],
)
def test_a_word_of_the_subject_leads_nobody_back_to_it(service: Service, entry: str, question: str) -> None:
    assert after(entry, question, None, service).entries == ()


def test_the_reason_names_the_entry_that_it_leans_on(service: Service) -> None:
    (verdict,) = after("death-penalty", "and when exactly?", "en", service).verdicts
    assert verdict.reason.startswith("after death-penalty it leads to death-penalty/year")
    assert verdict.question == "and when exactly?"


@pytest.mark.parametrize("previous", [None, "", "no-such-entry"])
def test_without_an_answer_before_nothing_is_added(service: Service, previous: str | None) -> None:
    assert after(previous, "and when exactly?", "en", service).reply == service.ask("and when exactly?", "en").reply


@pytest.mark.parametrize(
    "question",
    [
        "How long may a president serve?",  # another topic, by name
        "hello",  # small talk
        "Is there a death penalty in Kazakhstan? How long may a president serve?",  # two questions
    ],
)
def test_a_question_that_stands_for_itself_is_left_alone(question: str) -> None:
    assert after("court-access", question).reply == small_service().ask(question).reply


def test_a_longer_question_does_not_lean() -> None:
    words = " ".join(["when", "was", "it", "and", "is", "it", "so", "or", "not"][: LONGEST + 1])
    assert not leans(judge(), judge().decide(words))


def test_only_words_that_most_entries_share_are_bare() -> None:
    assert not museum().is_bare(["ticket"])
    assert museum().is_bare([])


def test_what_is_asked_next_is_answered_with_the_part_that_it_asks_for() -> None:
    verdict = judge().decide("for kids?")
    found = follow_up(judge(), follower(), verdict, "price")
    assert found.question == "for kids?"
    assert str(found.decision.chosen.label) == "price/children"  # type: ignore[union-attr]


def test_what_names_a_subject_of_its_own_is_left_alone() -> None:
    verdict = judge().decide("are dogs allowed inside")
    assert follow_up(judge(), follower(), verdict, "price") is verdict


def test_after_an_entry_without_phrases_nothing_is_known() -> None:
    verdict = judge().decide("for kids?")
    assert follow_up(judge(), follower(), verdict, "no-such-entry").decision == verdict.decision


def test_what_no_phrase_knows_does_not_lean() -> None:
    assert not leans(judge(), judge().decide("xyzzy foobar"))


@pytest.mark.parametrize(
    ("question", "lang"), [("and parliament?", "en"), ("а парламент?", "ru"), ("ал парламент ше?", "kk")]
)
def test_a_neighbour_is_found_as_well(service: Service, question: str, lang: str) -> None:
    assert after("presidential-term", question, lang, service).entries == ("parliament-oversight",)


@pytest.mark.parametrize("question", ["and in Russia?", "а в России?", "ал Ресейде ше?"])
def test_what_is_refused_is_refused_after_an_answer_too(service: Service, question: str) -> None:
    assert after("presidential-term", question, None, service).entries == ()
