"""What a phrase is dealt goes by its letters: the edit of one changes nothing for the others."""

from __future__ import annotations

import numpy as np

from bot.match.learn.dealing import dealt, keys_of, shuffled

TEXTS = [f"phrase number {number}" for number in range(400)]


def test_a_new_text_takes_its_place_among_the_others_which_keep_theirs() -> None:
    before = [TEXTS[at] for at in shuffled(keys_of(TEXTS), 1)]
    after = [["new", *TEXTS][at] for at in shuffled(keys_of(["new", *TEXTS]), 1)]
    assert [text for text in after if text != "new"] == before


def test_each_turn_has_another_order() -> None:
    first, second = (shuffled(keys_of(TEXTS), turn) for turn in (0, 1))
    assert sorted(first) == sorted(second) == list(range(len(TEXTS)))
    assert np.mean(first == second) < 0.05
    assert abs(np.corrcoef(np.argsort(first), np.argsort(second))[0, 1]) < 0.15


def test_folds_have_about_the_same_size_and_a_text_keeps_its_own() -> None:
    folds = dealt(keys_of(TEXTS), 0) % 4
    assert np.bincount(folds).min() > 70
    assert (dealt(keys_of(TEXTS[100:]), 0) % 4 == folds[100:]).all()
