"""Which entries the phrases confuse: found among what was held out, and never more than an accident or two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.decide.decision import Suggest
from bot.match.learn import archive
from bot.match.learn.confusions import Confusion, confusions
from bot.match.learn.crossfit import HeldOut
from bot.match.learn.labels import Label, LabelSet
from bot.workbench.evaluation_text import confused
from tests.match.test_decision import Fixed, Judge, between, indexes, ranking
from tests.match.test_matcher import museum

LABELS = LabelSet([Label("fines"), Label("hours"), Label("lost")])
TEXTS = [f"phrase {number}" for number in range(60)]
PAIR = Confusion("hours", "place", ("when and where", "where is it at noon", "find it open", "open there"))


def held(owners: list[int], tops: list[int], *, left_out: bool = False, crossed: bool = False) -> HeldOut:
    """The phrases of these owners, each with the entry that came out best."""
    size = len(owners)
    owner, top = np.array(owners, np.int32), np.array(tops, np.int32)
    out, frame, yes, no = np.full(size, left_out), np.full(size, crossed), np.ones(size, bool), np.zeros(size, bool)
    right = (owner == top) & ~out & ~frame
    nothing = np.zeros((0, 4)), no[:0], np.zeros((0, 2)), no[:0], no[:0]  # of gaps and leads
    return HeldOut(np.zeros((size, 7)), right, out, yes, no, frame, np.arange(size), owner, top, *nothing)


def test_phrases_that_come_out_as_another_entry_name_the_pair() -> None:
    found = confusions(held([0] * 10 + [1] * 10, [0] * 8 + [1] * 2 + [1] * 10), LABELS, TEXTS)
    assert found == (Confusion("fines", "hours", ("phrase 8", "phrase 9")),)


def test_one_phrase_is_an_accident_and_so_are_two_of_sixty() -> None:
    assert confusions(held([0] * 10, [0] * 9 + [1]), LABELS, TEXTS) == ()
    assert confusions(held([0] * 60, [0] * 58 + [1] * 2), LABELS, TEXTS) == ()


def test_the_pair_with_the_most_phrases_comes_first() -> None:
    found = confusions(held([0] * 10 + [1] * 10, [2] * 2 + [0] * 8 + [2] * 3 + [1] * 7), LABELS, TEXTS)
    assert [(one.entry, one.other) for one in found] == [("hours", "lost"), ("fines", "lost")]


@pytest.mark.parametrize("kind", ["left_out", "crossed"])
def test_what_could_not_be_right_confuses_nothing(kind: str) -> None:
    assert confusions(held([0] * 10, [1] * 10, **{kind: True}), LABELS, TEXTS) == ()


def test_the_pairs_come_back_from_the_archive(tmp_path: Path) -> None:
    archive.save(replace(museum().index, confused=(PAIR,)), tmp_path / "en")
    index = archive.load(tmp_path / "en", traits("en"))
    assert index is not None
    assert index.confused == (PAIR,)


@pytest.mark.parametrize("pair", [PAIR, Confusion("place", "hours", ("a", "b"))])
def test_what_is_confused_with_the_best_choice_stands_beside_it(pair: Confusion) -> None:
    """In either direction; the choices are the same."""
    plain, found = (
        Judge({"en": Fixed(replace(indexes()["en"], confused=pairs), ranking(between()))}).decide("any words").decision
        for pairs in ((), (pair,))
    )
    assert isinstance(plain, Suggest)
    assert isinstance(found, Suggest)
    assert [one.label.owner for one in plain.choices] == ["hours", "price", "place"]
    assert [one.label.owner for one in found.choices] == ["hours", "place", "price"]


def test_the_evaluation_names_the_pairs_with_some_of_their_phrases() -> None:
    matcher = Fixed(replace(museum().index, confused=(PAIR,)), ranking(0.5))
    (hint,) = confused({"en": matcher})
    assert hint.startswith(
        'hint: en: without the phrase itself, "when and where", "where is it at noon", "find it open" and 1 more'
    )
    assert "of hours would lead to place" in hint
    assert list(confused({"en": Fixed(replace(museum().index, confused=()), ranking(0.5))})) == []
