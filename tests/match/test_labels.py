"""Classes and their owners: an entry owns itself and its gaps."""

from __future__ import annotations

import numpy as np

from bot.match.learn.labels import Kind, Label, LabelSet

TERM, BOUND = Label("term"), Label("term", "first-bound")
VISAS, HELLO = Label("visas", kind=Kind.REFUSAL), Label("hello", kind=Kind.SMALL_TALK)
SET = LabelSet([VISAS, BOUND, TERM, HELLO, TERM, Label("oversight")])


def owner(name: str) -> int:
    return [owner for _, owner in SET.owners].index(name)


def test_a_label_reads_as_it_is_written_in_the_phrase_files() -> None:
    assert (str(TERM), str(BOUND)) == ("term", "term/first-bound")


def test_a_class_twice_is_one_class_and_the_order_of_the_base_does_not_matter() -> None:
    assert len(SET) == 5
    assert SET.labels == LabelSet([HELLO, TERM, Label("oversight"), BOUND, VISAS]).labels


def test_a_gap_belongs_to_its_entry() -> None:
    first, last = SET.span(owner("term"))
    assert set(SET.labels[first:last]) == {TERM, BOUND}


def test_refusals_and_small_talk_are_no_entries() -> None:
    assert {name for (_, name), entry in zip(SET.owners, SET.is_entry, strict=True) if entry} == {"term", "oversight"}


def test_one_name_may_be_an_entry_and_a_refusal() -> None:
    both = LabelSet([Label("torture"), Label("torture", kind=Kind.REFUSAL)])
    assert len(both.owners) == 2


def test_an_owner_scores_as_its_best_class_and_has_the_probability_of_all() -> None:
    scores = np.zeros((1, 5), np.float32)
    scores[0, SET.ids[TERM]], scores[0, SET.ids[BOUND]] = 0.25, 0.5
    assert SET.best_of_owner(scores)[0, owner("term")] == 0.5
    assert SET.sum_of_owner(scores)[0, owner("term")] == 0.75


def test_a_set_without_labels_is_empty() -> None:
    assert len(LabelSet([])) == 0
