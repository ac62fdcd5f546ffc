"""What the held-out phrases say of questions without an answer, whatever a base has of refusals, phrases and small talk."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.decide.decision import Answer, Judge
from bot.match.decide.matcher import Matcher
from bot.match.learn.crossfit import HeldOut
from bot.match.learn.evidence import unanswered
from bot.match.learn.fit import fit
from bot.match.learn.index import fit_small, prepare
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language
from tests.match.test_decision import labelled
from tests.match.test_matcher import MUSEUM

ENTRIES = {name: phrases for name, phrases in MUSEUM.items() if name not in ("weather", "cooking")}
TALK = [
    (Label("greeting", kind=Kind.SMALL_TALK), f"{word} there") for word in ("hello", "hi", "hey", "morning", "evening")
]
MORE_TALK = [
    (Label("thanks", kind=Kind.SMALL_TALK), f"thanks {word}") for word in ("a lot", "friend", "for all", "so much")
]


def held(pairs: list[tuple[Label, str]]) -> HeldOut:
    return fit_small(prepare(Phrases.of(Language(traits("en")), pairs))[1])[1]


@cache
def shares(*, refusals: bool, talk: int, entries: bool = True) -> dict[str, float]:
    """What each kind of case says of the questions without an answer."""
    pairs = [*labelled(MUSEUM if refusals else ENTRIES), *TALK[: 5 * talk], *MORE_TALK[: 4 * (talk - 1) if talk else 0]]
    found = held([pair for pair in pairs if entries or pair[0].kind is not Kind.ENTRY])
    said = unanswered(found)
    kinds = {"entries": found.of_entry, "talk": found.talk, "refusals": ~found.of_entry & ~found.talk}
    assert not said[~found.left_out].any(), "only what was left out is without an answer"
    return {kind: float(said[rows].sum()) for kind, rows in kinds.items()}


@pytest.mark.parametrize("refusals", [True, False])
@pytest.mark.parametrize("talk", [0, 1, 2])
def test_all_that_is_said_is_one(refusals: bool, talk: int) -> None:
    assert sum(shares(refusals=refusals, talk=talk).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("refusals", [True, False])
def test_small_talk_is_never_the_only_evidence_beside_entries(refusals: bool) -> None:
    """And how much there is of it makes no difference."""
    one, two = shares(refusals=refusals, talk=1), shares(refusals=refusals, talk=2)
    assert one["talk"] == pytest.approx(0.05)
    assert two["talk"] == pytest.approx(0.05)
    assert one["entries"] > 0.8


def test_a_refusal_group_or_two_do_not_silence_the_entries_that_were_left_out() -> None:
    found = shares(refusals=True, talk=0)
    assert 0 < found["refusals"] < 0.1
    assert found["entries"] == pytest.approx(1 - found["refusals"])


def test_with_as_many_groups_as_count_the_two_weigh_alike() -> None:
    """Made up: an entry and twenty groups that were left out."""
    size, none = 21, np.zeros(21, bool)
    of_entry = np.arange(size) == 0
    gap, lead = (np.zeros((0, 4)), none[:0]), (np.zeros((0, 2)), none[:0], none[:0])
    numbers = np.arange(size, dtype=np.int32)
    found = HeldOut(np.zeros((size, 7)), none, ~none, of_entry, none, none, numbers, numbers, numbers, *gap, *lead)
    said = unanswered(found)
    assert said[0] == pytest.approx(said[1:].sum()) == pytest.approx(0.5)


# Bases of every size


def judge(pairs: list[tuple[Label, str]], told: list[tuple[Label, str]] | None = None) -> Judge:
    phrases = Phrases.of(Language(traits("en")), pairs, told=told or ())
    return Judge({"en": Matcher(fit({"en": phrases})["en"])})


def owner(found: Judge, question: str) -> str | None:
    decision = found.decide(question).decision
    return decision.chosen.label.owner if isinstance(decision, Answer) else None


def test_a_base_of_one_entry_answers_its_phrase_and_not_the_weather() -> None:
    found = judge([(Label("hours"), phrase) for phrase in MUSEUM["hours"]])
    assert owner(found, "when do you open") == "hours"
    assert owner(found, "umbrella for the rain tomorrow") is None


@pytest.mark.parametrize("phrases", [2, 4, 8])
def test_what_has_nothing_to_do_with_the_base_is_not_answered(phrases: int) -> None:
    found = judge([pair for name in ENTRIES for pair in labelled({name: ENTRIES[name][:phrases]})])
    asked = ("recipe for a soup with beans", "who won the match last night", "my tap is dripping")
    assert [question for question in asked if owner(found, question)] == []


def test_where_there_are_few_phrases_the_answer_is_learnt_from_and_never_held_against_the_base() -> None:
    first = [(Label(name), ENTRIES[name][0]) for name in ("hours", "price", "place", "dogs")]
    told = [(Label("dogs"), "Guide dogs and small pets on a lead are welcome in the garden.")]
    found = prepare(Phrases.of(Language(traits("en")), first, told=told))[1]
    assert found.asked.tolist().count(False) == 1
    unseen = fit_small(found)[1]
    assert set(unseen.phrase.tolist()) == set(np.flatnonzero(found.asked).tolist())
    with_answer = judge(first, told).matchers["en"].rank("is there a garden for pets on a lead")
    assert with_answer.candidates[0].label.owner == "dogs"
    assert (
        with_answer.reading.share
        > judge(first).matchers["en"].rank("is there a garden for pets on a lead").reading.share
    )


def test_where_there_are_phrases_enough_the_answer_changes_nothing() -> None:
    pairs = list(labelled(ENTRIES))
    told = [(Label("dogs"), "Guide dogs are welcome in the garden.")]
    assert Phrases.of(Language(traits("en")), pairs, told=told).texts == Phrases.of(Language(traits("en")), pairs).texts
