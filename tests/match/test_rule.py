"""The rule turns signals into a probability that holds, and caution into a threshold."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.learn.rule import DEFAULT_CAUTION, Rule, learn

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
RULE = learn(MATRIX, RIGHT, INSIDE / INSIDE.sum(), LEFT_OUT)


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
    assert false <= 0.30 * (0.02 / 0.30) ** caution + 1e-9


def test_nearly_all_answerable_questions_are_at_least_offered() -> None:
    assert (RULE.probability(MATRIX[RIGHT]) > RULE.offer_threshold()).mean() >= 0.985


def test_offering_takes_less_than_answering() -> None:
    assert RULE.offer_threshold() <= RULE.threshold(1.0)


def test_a_rule_that_nothing_fits_answers_nothing() -> None:
    """Where even the surest left-out questions pass every threshold, only certainty would do."""
    ones = np.ones(3)
    bad = Rule(np.zeros(1), ones[:1], np.zeros(2), np.linspace(0, 1, 3), ones, ones * 0)
    assert bad.threshold() == 1.0
    assert bad.offer_threshold() == 0.0


def test_signals_that_never_vary_are_no_danger() -> None:
    matrix = np.c_[MATRIX[:, 0], np.full(SIZE, 3.0)]
    rule = learn(matrix, RIGHT, INSIDE / INSIDE.sum(), LEFT_OUT)
    assert np.isfinite(rule.probability(matrix)).all()


def test_all_right_and_nothing_left_out_still_learns() -> None:
    """A base of one entry: there is nothing to be wrong about."""
    rule = learn(MATRIX[:20], np.ones(20, bool), np.ones(20), np.zeros(20, bool))
    assert rule.probability(MATRIX[:20]).min() > 0.5
