"""Held-out signals: each phrase scored by a learner that never saw it, or never saw its entry."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.learn import crossfit, evidence
from bot.match.learn.crossfit import FOLDS, HeldOut
from bot.match.learn.index import Prepared, fit_large, fit_large_fold, fit_small, prepare
from bot.match.learn.phrases import Phrases
from bot.match.learn.signals import NAMES
from bot.match.words.language import Language
from tests.match.test_decision import labelled
from tests.match.test_matcher import MUSEUM


@cache
def prepared() -> Prepared:
    return prepare(Phrases.of(Language(traits("en")), labelled(MUSEUM)))[1]


@cache
def held() -> HeldOut:
    return fit_small(prepared())[1]


@cache
def owners() -> int:
    return len(prepared().label_set.owners)


def test_every_owner_is_left_out_whole_exactly_once() -> None:
    assert held().left_out.sum() == len(prepared().labels)


def test_what_is_left_out_can_never_be_right() -> None:
    assert not (held().right & held().left_out).any()


def test_phrases_held_out_alone_are_mostly_found() -> None:
    inside = held().of_entry & ~held().left_out
    assert inside.any()
    assert held().right[inside].mean() > 0.6


def test_refusals_are_never_right() -> None:
    """The best entry is asked for, and a refusal is none."""
    assert not held().right[~held().of_entry].any()


def test_there_is_a_row_of_signals_for_every_case() -> None:
    assert held().matrix.shape == (len(held().right), len(NAMES))
    assert np.isfinite(held().matrix).all()


def test_what_was_left_out_is_less_known_than_what_was_not() -> None:
    known = held().matrix[:, NAMES.index("known")]
    assert known[held().left_out].mean() < known[~held().left_out].mean()


def test_the_learner_never_sees_what_it_scores() -> None:
    seen: list[set[int]] = []

    def fit(train: np.ndarray):
        def score(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            seen.append(set(train.tolist()) & set(chosen.tolist()))
            return (np.zeros((len(chosen), len(prepared().label_set)), np.float32),) * 2

        return score

    crossfit.cross_fit(fit, prepared().material)
    assert seen == [set()] * (3 * FOLDS)  # held out, left out, and crossed with a frame


def test_the_folds_do_not_depend_on_who_works_them_out() -> None:
    folds = [fit_large_fold(prepared(), number) for number in range(FOLDS)]
    again = [fit_large_fold(prepared(), number) for number in reversed(range(FOLDS))]
    assert crossfit.join(folds).matrix.tobytes() == crossfit.join(again[::-1]).matrix.tobytes()


def test_the_rule_learnt_tells_answerable_from_left_out() -> None:
    rule = evidence.learn_rule(held())
    scores = rule.probability(held().matrix)
    inside, outside = held().right, held().left_out & ~held().of_entry
    assert np.median(scores[inside]) > np.median(scores[outside])


def test_without_refusals_the_entries_left_out_draw_the_curve() -> None:
    only = {name: phrases for name, phrases in MUSEUM.items() if name not in ("weather", "cooking")}
    held = fit_small(prepare(Phrases.of(Language(traits("en")), labelled(only)))[1])[1]
    assert held.of_entry.all()
    rule = evidence.learn_rule(held)
    assert 0.0 < rule.threshold() <= 1.0


@pytest.mark.parametrize("number", range(FOLDS))
def test_a_fold_leaves_out_about_a_quarter_of_the_owners(number: int) -> None:
    fold = fit_large_fold(prepared(), number)
    assert 0 < fold.left_out.sum() < len(prepared().labels) * 0.6
    assert owners() >= FOLDS


def test_the_whole_fit_knows_its_own_phrases() -> None:
    learner = fit_large(prepared())
    rows = prepared().rows
    right = [int(np.argmax(learner.heard(*rows.row(i), "")[0])) == label for i, label in enumerate(prepared().labels)]
    assert np.mean(right) > 0.95
