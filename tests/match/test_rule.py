"""The rule turns signals into a probability that holds, and caution into a threshold."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.learn.rule import DEFAULT_CAUTION, Rule, accepted, learn, logistic, untaught

RANDOM = np.random.default_rng(7)
SIZE = 4000


def synthetic() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two signals, and what is right drawn with the probability they give; the last quarter was left out."""
    matrix = RANDOM.normal(size=(SIZE, 2)) * [2.0, 0.5] + [1.0, 5.0]
    truth = 1 / (1 + np.exp(-(1.2 * matrix[:, 0] - 2.0 * (matrix[:, 1] - 5.0))))
    left_out = np.arange(SIZE) >= SIZE * 3 // 4
    right = (RANDOM.random(SIZE) < truth) & ~left_out
    return matrix, right, left_out


MATRIX, RIGHT, LEFT_OUT = synthetic()
INSIDE = ~LEFT_OUT
OUTSIDE = LEFT_OUT / LEFT_OUT.sum()
NOTHING = np.zeros(3)  # known of other bases
FREE = np.zeros(2, bool)  # no signal whose weight is given
REFUSED = MATRIX[:, 0] < 0
RULE = learn(MATRIX, RIGHT, INSIDE / INSIDE.sum(), OUTSIDE, NOTHING, REFUSED, FREE)


def test_what_it_calls_probable_is_right_as_often() -> None:
    """In each tenth of the scale, within a few points."""
    scores = RULE.probability(MATRIX[INSIDE])
    for low in np.arange(0.0, 1.0, 0.1):
        part = (scores >= low) & (scores < low + 0.1)
        if part.sum() > 100:
            assert abs(scores[part].mean() - RIGHT[INSIDE][part].mean()) < 0.08, low


def test_probabilities_lie_between_0_and_1_whatever_the_signals() -> None:
    scores = RULE.probability(np.array([[1e9, -1e9], [-1e9, 1e9], [0.0, 0.0]]))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_more_caution_never_lowers_the_threshold() -> None:
    thresholds = [RULE.threshold(caution) for caution in np.linspace(0, 1, 21)]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[-1]


@pytest.mark.parametrize("caution", [0.0, DEFAULT_CAUTION, 0.7, 1.0])
def test_the_threshold_keeps_what_caution_promises(caution: float) -> None:
    """At caution 0, up to 30 % of the questions without an answer are answered; at 1, up to 2 %."""
    false = (RULE.probability(MATRIX[LEFT_OUT]) > RULE.threshold(caution)).mean()
    assert false <= accepted(caution) + 1e-9


@pytest.mark.parametrize("caution", [0.0, DEFAULT_CAUTION, 1.0])
def test_what_is_rather_wrong_than_right_is_no_answer(caution: float) -> None:
    """However few of the questions without an answer would pass."""
    rule = learn(MATRIX, RIGHT, INSIDE / INSIDE.sum(), OUTSIDE * 0.01, NOTHING, REFUSED, FREE)
    assert rule.threshold(caution) == 0.5


def test_where_little_is_right_the_rule_stays_near_what_other_bases_taught() -> None:
    prior = np.array([1.0, -2.0, 9.0])
    few = RIGHT & (np.cumsum(RIGHT) <= 2)
    weights = np.where(few | LEFT_OUT, 1.0, 0.0)
    near, far = (
        learn(MATRIX, few, weights / weights.sum(), OUTSIDE, start, REFUSED, FREE) for start in (prior, NOTHING)
    )
    slopes = [rule.weights[:-1] / rule.scale for rule in (near, far)]
    assert np.abs(slopes[0] - prior[:-1]).sum() < np.abs(slopes[1] - prior[:-1]).sum()


def test_a_rule_that_nobody_taught_keeps_the_promise_of_the_default_caution() -> None:
    rule = untaught(np.array([1.0, 2.0, 0.0]), MATRIX, OUTSIDE)
    false = (rule.probability(MATRIX[LEFT_OUT]) > 0.5).mean()
    assert 0.8 * accepted(DEFAULT_CAUTION) < false <= accepted(DEFAULT_CAUTION)
    assert rule.threshold() == pytest.approx(0.5, abs=0.01)
    assert rule.offer_threshold() < rule.threshold()


def test_a_rule_that_nobody_taught_offers_nothing_where_nothing_is_known() -> None:
    """Not even where the questions without an answer have less than nothing."""
    rule = untaught(np.array([1.0, 2.0, 0.0]), -MATRIX, OUTSIDE)
    assert rule.probability(np.zeros((1, 2)))[0] < rule.offer_threshold()


def test_nearly_all_answerable_questions_are_at_least_offered() -> None:
    assert (RULE.probability(MATRIX[RIGHT]) > RULE.offer_threshold()).mean() >= 0.985


def test_where_a_refusal_is_stronger_as_few_answerable_questions_are_lost_once_more() -> None:
    scores, refused = RULE.probability(MATRIX), RIGHT & REFUSED
    lost = refused & (scores > RULE.offer_threshold()) & (scores <= RULE.offer_threshold_of_refused())
    assert RULE.offer_threshold() < RULE.offer_threshold_of_refused()
    assert 0 < lost.sum() / RIGHT.sum() <= 0.015


def test_with_nothing_refused_the_threshold_is_the_same() -> None:
    rule = learn(MATRIX, RIGHT, INSIDE / INSIDE.sum(), OUTSIDE, NOTHING, np.zeros(SIZE, bool), FREE)
    assert rule.offer_threshold_of_refused() == pytest.approx(rule.offer_threshold(), abs=0.1)


def test_offering_takes_less_than_answering() -> None:
    assert RULE.offer_threshold() <= RULE.threshold(1.0)


def test_a_rule_that_nothing_fits_answers_nothing() -> None:
    """Where even the surest left-out questions pass every threshold, only certainty would do."""
    ones = np.ones(3)
    bad = Rule(np.zeros(1), ones[:1], np.zeros(2), np.linspace(0, 1, 3), ones, ones * 0, ones)
    assert bad.threshold() == 1.0
    assert bad.offer_threshold() == 0.0


def test_signals_that_never_vary_are_no_danger() -> None:
    matrix = np.c_[MATRIX[:, 0], np.full(SIZE, 3.0)]
    rule = learn(matrix, RIGHT, INSIDE / INSIDE.sum(), OUTSIDE, NOTHING, REFUSED, FREE)
    assert np.isfinite(rule.probability(matrix)).all()


def test_all_right_and_nothing_left_out_still_learns() -> None:
    """A base of one entry: there is nothing to be wrong about."""
    none = np.zeros(20, bool)
    rule = learn(MATRIX[:20], ~none, np.ones(20), np.zeros(20), NOTHING, none, FREE)
    assert rule.probability(MATRIX[:20]).min() > 0.5


def test_far_from_the_best_weights_the_steps_do_not_run_away() -> None:
    """Where the rule of other bases is sure, and wrong, the curve is nearly flat: a full step of Newton's overshoots."""
    design = np.c_[RANDOM.normal(size=400), np.ones(400)]
    right = RANDOM.random(400) < 1 / (1 + np.exp(-design @ [1.0, -1.0]))
    even = np.ones(400)
    from_nought = logistic(design, right, even)
    start = np.array([9.0, 12.0])
    assert logistic(design, right, even, design @ start) + start == pytest.approx(from_nought, abs=0.5)


def test_a_weight_that_is_given_stays_and_the_others_are_learnt_beside_it() -> None:
    given = np.array([False, True])
    rule = learn(MATRIX, RIGHT, INSIDE / INSIDE.sum(), OUTSIDE, np.array([0.0, 3.0, 0.0]), REFUSED, given)
    assert rule.weights[1] == pytest.approx(3.0 * rule.scale[1])
    assert rule.weights[0] != 0
    told = rule.probability(MATRIX)
    assert told[RIGHT].mean() > told[~RIGHT].mean()
