"""Where a short question after an answer leads, learnt from a base's own phrases. The toy museum again."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.learn.features import Vocabulary
from bot.match.learn.following import SIGNALS, Follower
from bot.match.learn.labels import Label
from bot.match.learn.word_uses import WordUses
from bot.service import Service
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
    assert follower().lead("hours", ["umbrella"]).label is None
    assert follower().lead("no-such-entry", ["umbrella"]).label is None


def test_too_few_phrases_teach_nothing() -> None:
    lonely = Follower(museum().index, {"hours": ()})
    assert lonely.taught().weights == lonely.weights


def test_what_is_learnt_from_a_base_speaks_for_what_is_close(service: Service) -> None:
    for taught in service.followers.values():
        weights = dict(zip(SIGNALS, taught.weights, strict=True))
        assert weights["close"] > 0
        assert weights["common"] > 0
        assert weights["gap"] > weights["gap_of_neighbour"]


def test_a_phrase_that_is_left_out_does_not_count() -> None:
    index = museum().index
    uses = WordUses(index)
    row = next(i for i, text in enumerate(index.texts()) if "expensive" in text)
    column = np.array(_columns(index.space.vocabulary, index.language.stem("expensive")), np.int32)
    price = index.label_set.ids[Label("price")]
    assert uses.likelihoods(column)[0, price] > 0 > uses.likelihoods(column, row)[0, price]


def _columns(vocabulary: Vocabulary, stem: str) -> list[int]:
    return vocabulary.columns_of([f"w:{stem}"])
