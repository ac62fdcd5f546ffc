"""Whether a gap is asked for: a rule of its own, learnt from the phrases."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.learn.features import Rows
from bot.match.learn.gaps import NAMES, GapRule, Put, learn, learn_more, signals
from bot.match.learn.labels import Label, LabelSet

LABELS = LabelSet([Label("a"), Label("a", "when"), Label("a", "who"), Label("b")])
LIKELY = np.zeros(4, np.float32)
NO_WORDS = np.zeros(0, np.float32)


def seen(
    scores: list[float], size: int, likely: np.ndarray = LIKELY, more: float = 0.0
) -> tuple[int, dict[str, float]]:
    first, last = LABELS.span(0)
    found = signals(LABELS, first, last, np.array(scores, np.float32), Put(size, likely, more))
    assert found is not None
    return found[0], dict(zip(NAMES, found[1].tolist(), strict=True))


def test_each_signal_is_what_its_name_says() -> None:
    best, found = seen([1.0, 3.0, 2.0, 9.0], 2, np.array([-2.0, -0.5, -0.5, 0.0], np.float32), 0.7)
    assert LABELS.labels[best].gap == "when"
    assert found == pytest.approx({"over_entry": 2.0, "short": 2.0, "long": 0.0, "fit": 1.5, "more": 0.7})
    assert seen([0.0, 0.0, 0.0, 0.0], 9)[1]["long"] == 1.0


def test_the_kind_of_the_question_decides_between_gaps() -> None:
    best, _ = seen([0.0, 1.0, 1.0, 0.0], 5, np.array([0.0, -3.0, -1.0, 0.0], np.float32))
    assert LABELS.labels[best].gap == "who"


def test_an_entry_without_gaps_has_no_signals() -> None:
    first, last = LABELS.span(1)
    assert signals(LABELS, first, last, np.zeros(4, np.float32), Put(5, LIKELY, 0.0)) is None


def test_with_few_phrases_the_better_score_decides_and_short_questions_ask_for_the_whole() -> None:
    rule = learn(np.zeros((3, len(NAMES))), np.array([True, False, False]), NO_WORDS)
    assert rule.asked(np.array([0.1, 0.0, 0.0, 0.0, 0.0]))
    assert not rule.asked(np.array([0.1, 1.0, 0.0, 0.0, 0.0]))


def test_what_tells_gaps_from_the_rest_is_learnt() -> None:
    random = np.random.default_rng(0)
    asked = np.arange(200) % 4 == 0
    matrix = random.normal(size=(200, len(NAMES)))
    matrix[:, NAMES.index("fit")] += 3.0 * asked
    rule: GapRule = learn(matrix, asked, NO_WORDS)
    assert rule.weights[NAMES.index("fit")] > max(map(abs, rule.weights[:3]))
    assert np.mean([rule.asked(row) == yes for row, yes in zip(matrix, asked, strict=True)]) > 0.9


def test_which_words_ask_for_a_gap_is_learnt_from_all_entries_that_have_one() -> None:
    """Column 0 is the subject, 1 asks for a gap, 2 for the whole; in entry b, which has no gap, 1 says nothing."""
    whole, gap = [(0, 1.0), (2, 1.0)], [(0, 1.0), (1, 1.0)]
    rows = Rows.stack([(np.array(ids, np.int32), np.array(values, np.float32)) for ids, values in (
        zip(*row, strict=True) for row in (whole, gap, gap, gap)
    )])  # fmt: skip
    labels = np.array([LABELS.ids[Label("a")], LABELS.ids[Label("a", "when")], *[LABELS.ids[Label("b")]] * 2])
    more = learn_more(rows, labels, LABELS, 3)
    assert more[1] > 0.5 > -0.5 > more[2]
    assert not learn_more(rows.take(np.array([0, 2])), labels[[0, 2]], LABELS, 3).any()


def test_an_entry_that_is_asked_for_by_gaps_alone_teaches_nothing_of_it() -> None:
    labels = LabelSet([Label("a", "when"), Label("a", "who"), Label("b"), Label("b", "who")])
    assert labels.has_gaps.tolist() == [False, True]
    assert not LabelSet([]).has_gaps.any()
