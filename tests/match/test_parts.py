"""Two questions in one message get two answers; one question never gets two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.match.decide.decision import Answer, Judge, Suggest, Verdict
from bot.match.decide.matcher import Candidate
from bot.match.decide.parts import asked, decide_parts
from bot.match.learn.labels import Label
from tests.match.test_decision import judge


def owners(question: str) -> list[str]:
    found = []
    for verdict in decide_parts(judge(), question, None):
        candidates = verdict.ranking.candidates
        found.append(candidates[0].label.owner if candidates else "")
    return found


@pytest.mark.parametrize(
    "question",
    [
        "When do you open? Are dogs allowed?",
        "when do you open and are dogs allowed",
        "When do you open; are dogs allowed?",
        "when do you open\nare dogs allowed",
        "когда вы открываетесь и можно ли с собакой",
        "Когда вы открываетесь? Можно ли с собакой?",
    ],
)
def test_two_questions_are_two_in_the_order_asked(question: str) -> None:
    assert owners(question) == ["hours", "dogs"]


@pytest.mark.parametrize(
    "question",
    [
        "when do you open",
        "When do you open? At what time?",
        "opening times and closing time",
        "What does a ticket cost? Thanks!",
        "Hello! What does a ticket cost?",
        "are dogs and puppies allowed",
        "dogs and",
        "and",
        "?!",
        "",
    ],
)
def test_one_question_is_one(question: str) -> None:
    assert len(owners(question)) == 1


def test_a_long_story_is_one_question() -> None:
    story = "I came from far away with my whole family and we walked all day long through the rain " * 3
    assert len(owners(story + "When do you open? Are dogs allowed?")) == 1


def test_halves_keep_their_own_words() -> None:
    verdicts = decide_parts(judge(), "When do you open? Are dogs allowed?", None)
    assert [verdict.question for verdict in verdicts] == ["When do you open?", "Are dogs allowed?"]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("When? And where?", ["When?", "And where?"]),
        ("I am new here. When do you open? Thanks", ["When do you open?", "Thanks"]),
        ("1) dogs 2) prices 3) hours", ["dogs", "prices", "hours"]),
        ("two things: 1. dogs 2. prices", ["dogs", "prices"]),
        ("dogs allowed\nopening times", ["dogs allowed", "opening times"]),
        ("One sentence. Another one.", ["One sentence. Another one."]),
        ("section 1. of the law", ["section 1. of the law"]),
        ("tell me a) dogs b) prices", ["dogs", "prices"]),
        ("", [""]),
    ],
)
def test_parts_are_set_apart_by_question_marks_lines_and_numbers(message: str, parts: list[str]) -> None:
    assert asked(message) == parts


def test_three_questions_are_three() -> None:
    assert owners("1) opening times 2) are dogs allowed 3) what does a ticket cost") == ["hours", "dogs", "price"]


def test_what_has_no_answer_is_among_the_verdicts_where_another_part_has_one() -> None:
    """So that the reply can name it, instead of dropping it without a word."""
    verdicts = decide_parts(judge(), "Are dogs allowed? Will it rain tomorrow in the mountains?", None)
    assert [isinstance(verdict.decision, Answer) for verdict in verdicts] == [True, False]


class Naming(Judge):
    """Takes a message for the name of a topic."""

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        found = super().decide(question, preferred)
        return replace(found, decision=Suggest("en", (), None, "visit")) if " and " in question else found


def test_the_name_of_a_topic_is_not_cut() -> None:
    assert owners("opening times and dogs") == ["hours", "dogs"]
    assert len(decide_parts(Naming(judge().matchers), "opening times and dogs", None)) == 1


class Leaning(Judge):
    """Knows where "and zorbs?" leads after the opening hours."""

    def leads_on(self, owner: str, part: str, lang: str) -> Candidate | None:
        leads = (owner, "zorbs" in part) == ("hours", True)
        return Candidate(Label("dogs" if "inside" in part else "hours"), 0.9) if leads else None


def answered(question: str) -> list[str]:
    verdicts = decide_parts(Leaning(judge().matchers), question, None)
    return [one.decision.chosen.label.owner for one in verdicts if isinstance(one.decision, Answer)]


def test_a_part_that_leans_on_the_answer_before_it_is_answered_after_it() -> None:
    assert answered("When do you open? And zorbs inside?") == ["hours", "dogs"]


def test_a_part_that_leads_to_the_same_entry_is_not_answered_apart() -> None:
    assert answered("When do you open? And zorbs?") == ["hours"]


class Doubtless(Judge):
    """Sure that the whole of a message that names zorbs asks for a gap of the opening hours."""

    sure: float

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        found = super().decide(question, preferred)
        if "zorbs" not in question or "?" not in question[:-1]:
            return found
        gap = Candidate(Label("hours", "holidays"), self.sure)
        ranking = replace(found.ranking, candidates=(gap, *found.ranking.candidates))
        return replace(found, decision=Answer("en", gap), ranking=ranking)


@pytest.mark.parametrize(("sure", "strict", "parts"), [(1.0, 0.99998, 1), (0.9, 0.99998, 2), (1.0, 0.9, 2)])
def test_what_asks_beyond_doubt_for_what_an_answer_does_not_say_is_one_question(
    sure: float, strict: float, parts: int
) -> None:
    """Unless its other part is answered beyond doubt, too, or not at all, or none of them gives that answer."""
    one = Doubtless(judge().matchers)
    one.sure, one.thresholds["en"] = sure, replace(one.thresholds["en"], strict=strict)
    assert len(decide_parts(one, "When do you open? Are dogs allowed in zorbs?", None)) == parts
    assert len(decide_parts(one, "What does a ticket cost? Are dogs allowed in zorbs?", None)) == 2
    assert len(decide_parts(one, "When do you open? Will it rain on zorbs in the mountains tomorrow?", None)) == 2
