"""The signals: numbers about a question's scores, each with a meaning that the rule can weigh."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.signals import NAMES, matrix_for, owner_scores, signals

LABELS = LabelSet([Label("a"), Label("a", "gap"), Label("b"), Label("r", kind=Kind.REFUSAL)])
FACTS = np.array([[0.9, 1.0]], np.float32)
UNUSUAL = np.array([[0.5, 1.5, 2.5]], np.float32)  # of each owner
NEAR = np.array([[0.6, 0.5, 0.4]], np.float32)


def of(scores: list[float]) -> tuple[int, dict[str, float]]:
    best, share = owner_scores(np.array([scores], np.float32), LABELS)
    found = signals(best, share, LABELS.is_entry, FACTS, UNUSUAL, NEAR)
    return int(found.top[0]), dict(zip(NAMES, found.matrix[0].tolist(), strict=True))


def test_the_best_entry_wins_even_below_a_refusal() -> None:
    top, found = of([1.0, 2.0, 0.5, 5.0])
    assert LABELS.owners[top] == ("entry", "a")
    assert found["over_refusal"] == pytest.approx(-3.0)


def test_each_signal_is_what_its_name_says() -> None:
    _, found = of([1.0, 3.0, 0.5, -1.0])
    assert found["own"] == pytest.approx(3.0)
    assert found["over_refusal"] == pytest.approx(4.0)
    assert found["over_second"] == pytest.approx(2.5)
    assert found["known"] == pytest.approx(0.9)
    assert found["named"] == 1.0
    assert found["wants"] == 0.5
    assert found["share"] > 2.0
    assert found["nearer"] == pytest.approx(0.2)  # than the refusal


def test_a_gap_is_no_rival_of_its_own_entry() -> None:
    _, close = of([3.0, 3.0, 0.0, 0.0])
    _, alone = of([-9.0, 3.0, 0.0, 0.0])
    assert close["over_second"] == alone["over_second"]
    assert close["share"] > alone["share"]


def test_without_refusals_and_rivals_the_signals_stay_finite() -> None:
    only = LabelSet([Label("a")])
    best, share = owner_scores(np.array([[2.0]], np.float32), only)
    found = matrix_for(np.array([0]), best, share, only.is_entry, FACTS, UNUSUAL[:, :1], NEAR[:, :1])
    assert np.isfinite(found).all()
    assert found[0, NAMES.index("over_refusal")] == pytest.approx(2.0)


def test_probabilities_of_all_owners_sum_to_one() -> None:
    _, share = owner_scores(np.array([[1.0, 3.0, 0.5, -1.0]], np.float32), LABELS)
    assert share.sum() == pytest.approx(1.0)
