"""Where a short question after an answer leads, from a base's own phrases and answers. The toy museum again."""

from __future__ import annotations

import numpy as np
import pytest

from bot.kb.model import FollowUps
from bot.match.learn.asked_after import AskedAfter, vectors
from bot.match.learn.features import Vocabulary
from bot.match.learn.following import SIGNALS, WEIGHTS, Follower
from bot.match.learn.labels import Label
from bot.match.learn.standing import Alone
from bot.match.learn.word_uses import WordUses
from tests.match.test_follow import NEAR
from tests.match.test_matcher import museum


def follower() -> Follower:
    return Follower(museum().index, NEAR)


@pytest.mark.parametrize(
    ("entry", "words", "label"),
    [
        ("price", ["for", "kids"], Label("price", "children")),
        ("hours", ["and", "the", "address"], Label("place")),
        ("place", ["is", "it", "expensive"], Label("price")),
    ],
)
def test_the_entry_its_gaps_and_its_neighbours_are_ranked_together(entry: str, words: list[str], label: Label) -> None:
    found = follower().lead(entry, words)
    assert found.label == label
    assert 0 < found.probability <= 1


def test_what_is_no_neighbour_is_not_ranked() -> None:
    assert Follower(museum().index, NEAR | {"hours": ()}).lead("hours", ["dogs"]).label != Label("dogs")


def test_words_that_say_nothing_of_it_lead_nowhere() -> None:
    refused = Alone(score=0.1, refused=0.9)
    assert follower().lead("hours", ["umbrella"], alone=refused).label is None
    assert follower().lead("no-such-entry", ["umbrella"]).label is None


def test_what_an_answer_tells_is_asked_of_it() -> None:
    """The words are none of its phrases, and one of the answer that was read just now."""
    words, alone = ["only", "cash"], Alone(score=0.2, offered=True)
    told = Follower(museum().index, NEAR, {"price": "What does a ticket cost? Five euros, cash or card."})
    found, untold = (one.lead("price", words, alone=alone) for one in (told, follower()))
    assert found.label == Label("price")
    assert found.probability > untold.probability


def test_what_is_surely_answered_by_itself_stands() -> None:
    sure = Alone(score=0.98, answered=True, names=True)
    assert follower().lead("hours", ["are", "dogs", "allowed"], alone=sure).stands
    assert not follower().lead("price", ["for", "kids"], alone=Alone(score=0.1, offered=True)).stands


def test_the_weights_speak_for_what_is_close_and_against_what_is_strange() -> None:
    weights = dict(zip(SIGNALS, WEIGHTS, strict=True))
    assert weights["close"] > 0
    assert weights["told"] > 0 > weights["strange"]
    assert weights["gap"] > weights["gap_of_neighbour"]


def test_words_are_likelier_where_they_are_used() -> None:
    index = museum().index
    column = np.array(_columns(index.space.vocabulary, index.language.stem("expensive")), np.int32)
    likelihoods = WordUses(index).likelihoods(column)[0]
    assert likelihoods[index.label_set.ids[Label("price")]] > 0 > likelihoods[index.label_set.ids[Label("hours")]]


def _columns(vocabulary: Vocabulary, stem: str) -> list[int]:
    return vocabulary.columns_of([f"w:{stem}"])


def test_what_people_were_found_to_ask_leads_where_they_did() -> None:
    """Of an answer, of another's, and of none; where nobody wrote any down, nothing changes."""
    lists = {
        "price": FollowUps(within=("coins too",), beyond=("coins from abroad",)),
        "place": FollowUps(towards=("coins there",)),
    }
    listed, alone = Follower(museum().index, NEAR, after=AskedAfter(museum().index, lists)), Alone(score=0.1)
    labels, found = listed.ways("price", ["coins", "too"], alone=alone)
    at, within, towards = labels.index(Label("price")), SIGNALS.index("within"), SIGNALS.index("towards")
    assert found[at, within] > found[labels.index(Label("place")), towards] > 0
    assert found[len(labels), SIGNALS.index("beyond")] > 0
    assert listed.lead("price", ["coins", "too"], alone=alone).label == Label("price")
    _, bare = follower().ways("price", ["coins", "too"], alone=alone)
    assert not bare[:, [SIGNALS.index(name) for name in ("within", "has_within", "towards", "beyond")]].any()


def test_vectors_at_hand_are_those_that_would_be_made() -> None:
    index, lists = (
        museum().index,
        {"price": FollowUps(("coins too",)), "hours": FollowUps((), ("open late",), ("who",))},
    )
    question = np.ones(index.space.columns, np.float32)
    made, given = AskedAfter(index, lists), AskedAfter(index, lists, vectors(index, lists))
    assert made.within("price", question) == given.within("price", question)
    assert made.towards("hours", question) == given.towards("hours", question) != (0.0, True)
    assert made.within("hours", question) == (0.0, False)
