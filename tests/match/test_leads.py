"""When a refusal group leads clearly: learnt from phrases whose group was there, and from others."""

from __future__ import annotations

import numpy as np

from bot.match.learn.leads import UNTAUGHT, learn, signals

BEST = np.array([[3.0, 1.0, 0.5], [1.0, 1.1, 0.9]], np.float32)
SHARE = np.array([[0.9, 0.05, 0.01], [0.2, 0.3, 0.1]], np.float32)


def test_the_best_group_has_its_share_and_its_distance_to_the_second() -> None:
    top, found = signals(BEST, SHARE)
    assert top.tolist() == [0, 1]
    assert np.allclose(found[:, 1], [2.0, 0.1], atol=1e-6)
    assert found[0, 0] > 0 > found[1, 0]


def test_a_group_without_a_second_leads() -> None:
    assert signals(BEST[:, :1], SHARE[:, :1])[1][0, 1] > 5


def test_what_was_right_mostly_with_a_lead_is_clear_only_with_one() -> None:
    random = np.random.default_rng(1)
    there, away = random.normal(2, 1, (200, 2)), random.normal(-1, 1, (200, 2))
    out = np.arange(400) >= 200
    rule = learn(np.r_[there, away], ~out, out)
    assert rule.clear(np.array([2.0, 2.0]))
    assert not rule.clear(np.array([-1.0, -1.0]))


def test_with_nothing_to_learn_from_half_of_the_probability_is_a_lead() -> None:
    none = np.zeros(0, bool)
    assert learn(np.zeros((0, 2)), none, none) is UNTAUGHT
    assert UNTAUGHT.clear(signals(BEST, SHARE)[1][0])
    assert not UNTAUGHT.clear(signals(BEST, SHARE)[1][1])
