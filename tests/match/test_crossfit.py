"""Held-out signals: each phrase scored by a learner that never saw it, or never saw its entry."""

from __future__ import annotations

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

PREPARED: Prepared = prepare(Phrases.of(Language(traits("en")), labelled(MUSEUM)))[1]
HELD: HeldOut = fit_small(PREPARED)[1]
OWNERS = len(PREPARED.label_set.owners)


def test_every_owner_is_left_out_whole_exactly_once() -> None:
    assert HELD.left_out.sum() == len(PREPARED.labels)


def test_what_is_left_out_can_never_be_right() -> None:
    assert not (HELD.right & HELD.left_out).any()


def test_phrases_held_out_alone_are_mostly_found() -> None:
    inside = HELD.of_entry & ~HELD.left_out
    assert inside.any()
    assert HELD.right[inside].mean() > 0.6


def test_refusals_are_never_right() -> None:
    """The best entry is asked for, and a refusal is none."""
    assert not HELD.right[~HELD.of_entry].any()


def test_there_is_a_row_of_signals_for_every_case() -> None:
    assert HELD.matrix.shape == (len(HELD.right), len(NAMES))
    assert np.isfinite(HELD.matrix).all()


def test_what_was_left_out_is_less_known_than_what_was_not() -> None:
    known = HELD.matrix[:, NAMES.index("known")]
    assert known[HELD.left_out].mean() < known[~HELD.left_out].mean()


def test_the_learner_never_sees_what_it_scores() -> None:
    seen: list[set[int]] = []

    def fit(train: np.ndarray):
        def score(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            seen.append(set(train.tolist()) & set(chosen.tolist()))
            return (np.zeros((len(chosen), len(PREPARED.label_set)), np.float32),) * 2

        return score

    crossfit.cross_fit(fit, PREPARED.material)
    assert seen == [set()] * (3 * FOLDS)  # held out, left out, and crossed with a frame


def test_the_folds_do_not_depend_on_who_works_them_out() -> None:
    folds = [fit_large_fold(PREPARED, number) for number in range(FOLDS)]
    again = [fit_large_fold(PREPARED, number) for number in reversed(range(FOLDS))]
    assert crossfit.join(folds).matrix.tobytes() == crossfit.join(again[::-1]).matrix.tobytes()


def test_the_rule_learnt_tells_answerable_from_left_out() -> None:
    rule = evidence.learn_rule(HELD)
    scores = rule.probability(HELD.matrix)
    inside, outside = HELD.right, HELD.left_out & ~HELD.of_entry
    assert np.median(scores[inside]) > np.median(scores[outside])


def test_without_refusals_the_entries_left_out_draw_the_curve() -> None:
    only = {name: phrases for name, phrases in MUSEUM.items() if name not in ("weather", "cooking")}
    held = fit_small(prepare(Phrases.of(Language(traits("en")), labelled(only)))[1])[1]
    assert held.of_entry.all()
    rule = evidence.learn_rule(held)
    assert 0.0 < rule.threshold() <= 1.0


@pytest.mark.parametrize("number", range(FOLDS))
def test_a_fold_leaves_out_about_a_quarter_of_the_owners(number: int) -> None:
    held = fit_large_fold(PREPARED, number)
    assert 0 < held.left_out.sum() < len(PREPARED.labels) * 0.6
    assert OWNERS >= FOLDS


def test_the_whole_fit_knows_its_own_phrases() -> None:
    learner = fit_large(PREPARED)
    rows = PREPARED.rows
    right = [int(np.argmax(learner.heard(*rows.row(i), "")[0])) == label for i, label in enumerate(PREPARED.labels)]
    assert np.mean(right) > 0.95
