"""Words as unit vectors: what many entries share weighs little, and what nobody knows makes the vector shorter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.learn.features import Rows, Vocabulary, features, named
from bot.match.words.language import Language

ENGLISH = Language(traits("en"), {"abolish": ["abolish", "scrap"]})


def learnt(*phrases: tuple[int, str]) -> Vocabulary:
    rows = [features(ENGLISH, phrase.split()) for _, phrase in phrases]
    return Vocabulary.learn(rows, [label for label, _ in phrases])


def length(vocabulary: Vocabulary, question: str) -> float:
    _, values = vocabulary.vector(features(ENGLISH, question.split()))
    return float(np.sqrt(values @ values))


def weight(vocabulary: Vocabulary, name: str) -> float:
    return float(vocabulary.weights[vocabulary.columns_of([name])[0]])


def test_a_word_gives_its_stem_its_groups_and_its_letters() -> None:
    found = features(ENGLISH, ["scrapped"])
    assert {"w:scrap", "g:abolish", "c: sc", "c:ped "} <= set(found)


def test_a_repeated_word_counts_by_logarithm() -> None:
    once, thrice = features(ENGLISH, ["law"]), features(ENGLISH, ["law"] * 3)
    assert thrice["w:law"] == pytest.approx(once["w:law"] * (1 + math.log(3)))


def test_a_repaired_word_leaves_a_part_of_its_weight_to_the_unknown() -> None:
    sure, unsure = named(ENGLISH, ["law"]), named(ENGLISH, ["law"], [0.6])
    assert unsure["w:law"] == pytest.approx(sure["w:law"] * 0.6)
    assert unsure["w:law?"] == pytest.approx(sure["w:law"] * 0.4)


def test_no_words_give_a_vector_without_columns() -> None:
    ids, values = learnt((0, "death penalty")).vector({})
    assert len(ids) == len(values) == 0


def test_a_known_phrase_has_length_one() -> None:
    assert length(learnt((0, "death penalty"), (1, "free speech")), "death penalty") == pytest.approx(1.0)


def test_unknown_words_shorten_the_vector() -> None:
    vocabulary = learnt((0, "death penalty"), (1, "free speech"))
    assert length(vocabulary, "death penalty zebra") < 0.9
    assert length(vocabulary, "zebra okapi quokka") < 0.35


@pytest.mark.parametrize(
    "text", ["death penalty", "a b", "x", "a free a free a penalty", "is it so", "zebra penalty zz"]
)
def test_words_taken_one_by_one_give_the_vector_of_their_features(text: str) -> None:
    """Also where a word is so short that letters of three stand together, and for what nobody knows."""
    vocabulary = learnt((0, "the death penalty is it a b"), (1, "a free press a free x"))
    whole = vocabulary.vector(features(ENGLISH, text.split()))
    by_word = vocabulary.vector(named(ENGLISH, text.split()), text.split())
    assert dict(zip(*map(list, by_word), strict=True)) == pytest.approx(dict(zip(*map(list, whole), strict=True)))


def test_nothing_known_is_length_zero() -> None:
    assert length(learnt((0, "death penalty")), "xyz") == 0.0


def test_what_few_entries_say_weighs_more() -> None:
    vocabulary = learnt((0, "the death penalty"), (1, "the free press"), (2, "the rallies"))
    assert weight(vocabulary, "w:penalti") > weight(vocabulary, "w:the")


def test_frequency_is_counted_by_entries_not_by_phrases() -> None:
    """An entry with many phrases does not make its own words common."""
    vocabulary = learnt(
        *[(0, f"penalty {word}") for word in ("one", "two", "six")], (1, "press free"), (2, "press law")
    )
    assert weight(vocabulary, "w:penalti") > weight(vocabulary, "w:press")


def test_in_a_large_base_letters_of_a_single_phrase_are_left_out() -> None:
    """They would only memorise it."""
    many = [(i % 7, f"death penalty {'abcdefghij'[i % 10]}") for i in range(1200)]
    vocabulary = learnt(*many, (0, "zxqv"))
    assert "w:zxqv" in vocabulary
    assert "c:zxqv" not in vocabulary
    assert "c:pena" in vocabulary


def test_columns_of_leaves_the_unknown_out() -> None:
    vocabulary = learnt((0, "death penalty"))
    assert len(vocabulary.columns_of(["w:death", "w:zebra"])) == 1


def test_rows_give_back_what_was_stacked() -> None:
    vocabulary = learnt((0, "death penalty"), (1, "free speech"))
    rows = vocabulary.matrix([features(ENGLISH, ["death"]), {}, features(ENGLISH, ["speech"])])
    assert len(rows) == 3
    assert len(rows.row(1)[0]) == 0
    taken = rows.take(np.array([2, 0]))
    assert taken.row(1)[0].tolist() == rows.row(0)[0].tolist()
    assert taken.row(0)[1].tolist() == rows.row(2)[1].tolist()


def test_no_rows_are_rows_too() -> None:
    assert len(Rows.stack([])) == 0


def test_a_quick_vocabulary_gives_the_same_vectors() -> None:
    slow = learnt((0, "open the law"), (1, "close the law"), (1, "open and close"))
    for words in (["open", "law"], ["unknown"], []):
        for one, other in zip(slow.vector({}, words), slow.quick().vector({}, words), strict=True):
            assert (one == other).all()
    assert slow.quick().columns_of(["w:law", "w:none"]) == slow.columns_of(["w:law", "w:none"])
