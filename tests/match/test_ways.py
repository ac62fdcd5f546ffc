"""How entries are asked for besides their words: what is unusual is a signal, and is taught by crossing."""

from __future__ import annotations

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn.crossfit import join
from bot.match.learn.dealing import keys_of
from bot.match.learn.fit import fit
from bot.match.learn.index import fit_small, prepare
from bot.match.learn.phrases import Phrases
from bot.match.learn.signals import NAMES
from bot.match.learn.ways import Ways, asks, crossed, likelihoods, strongest, surprise
from bot.match.words.frames import Frames
from bot.match.words.language import Language
from tests.match.test_decision import labelled
from tests.match.test_matcher import MUSEUM

WAYS = Ways({"opinion": ["do you like", "in your opinion"], "favour": ["please buy me"]}, {"who": ["who"]}, {})


def phrases() -> Phrases:
    return Phrases.of(Language(traits("en")), labelled(MUSEUM), WAYS)


def test_what_an_owner_is_often_asked_surprises_less() -> None:
    present = np.array([[True], [True], [False], [False]])
    table = surprise(present, np.array([0, 0, 1, 1]), 2)
    assert table[0, 0] == pytest.approx(-np.log(2.5 / 3))
    assert table[0, 1] == pytest.approx(-np.log(0.5 / 3))


def test_the_least_usual_kind_counts_and_no_kind_counts_nothing() -> None:
    table = np.array([[1.0, 3.0], [2.0, 0.5]], np.float32)
    assert strongest(np.array([[True, True], [False, False]]), table).tolist() == [[2.0, 3.0], [0.0, 0.0]]


def test_a_kind_of_question_is_likelier_where_the_phrases_have_it() -> None:
    kinds = asks(Frames(Language(traits("en")).words, {"who": ["who"]}), [["who", "is"], ["who"], ["the", "price"]])
    assert kinds.tolist() == [0, 0, 1]
    likely = likelihoods(kinds, np.array([0, 0, 1]), 2, 2)
    assert likely[0, 0] > likely[1, 0]
    assert np.exp(likely).sum(axis=1) == pytest.approx(1.0)


def test_each_kind_is_crossed_with_a_phrase_of_each_entry() -> None:
    words = [("a",), ("b",), ("c",)]
    found = list(crossed(Language(traits("en")), WAYS.wants, words, np.array([0, 1, 2]), [0, 2], keys_of("abc")))
    assert [row for row, _ in found] == [0, 2, 0, 2]
    assert found[0][1] == ("a", "do", "you", "like")
    assert found[1][1] == ("in", "your", "opinion", "c")


def test_what_is_crossed_is_never_right_and_is_learnt_from() -> None:
    ready = prepare(phrases())[1]
    held = fit_small(ready)[1]
    assert (
        0 < held.crossed.sum() <= len(ready.sources)
    )  # a phrase that is only left out with its owner is crossed in vain
    assert not held.right[held.crossed].any()
    assert (held.matrix[held.crossed, NAMES.index("wants")] > 0).all()


def test_the_learner_itself_has_only_the_phrases() -> None:
    ready = prepare(phrases())[1]
    assert len(ready.phrases) == len(ready.labels) < len(ready.rows)


def test_who_asks_for_an_opinion_is_answered_less_surely_and_all_else_is_as_before() -> None:
    plain = Matcher(fit({"en": Phrases.of(Language(traits("en")), labelled(MUSEUM))})["en"])
    hearing = Matcher(fit({"en": phrases()})["en"])
    question = "what does a ticket cost"
    assert hearing.rank(question).score == pytest.approx(plain.rank(question).score, abs=1e-6)
    asked = f"in your opinion {question}"
    assert hearing.rank(asked).score < plain.rank(asked).score


def test_parts_of_held_out_signals_join() -> None:
    held = fit_small(prepare(phrases())[1])[1]
    both = join([held, held])
    assert len(both.matrix) == 2 * len(held.matrix)
    assert len(both.gap_matrix) == len(both.gap_asked) == 2 * len(held.gap_matrix)
