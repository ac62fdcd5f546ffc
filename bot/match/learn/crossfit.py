"""Scores of phrases by learners that never saw them: the material from which `rule` learns. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import rule
from bot.match.learn.features import Floats, Ints, Rows
from bot.match.learn.labels import LabelSet
from bot.match.learn.signals import NAMES, Signals, owner_scores, signals

FOLDS = 4
_INSIDE, _REFUSED, _OUTSIDE = 0.65, 0.15, 0.20  # shares of the cases: answerable, refused, of a refusal group not there

Fit = Callable[[NDArray[np.intp]], Callable[[NDArray[np.intp]], Floats]]
"""From the rows to train on to a function that scores other rows, shape (rows, classes)."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Signals of phrases scored unseen. `right`: the best entry is theirs. `left_out`: their owner was not there."""

    matrix: NDArray[np.float64]
    right: NDArray[np.bool_]
    left_out: NDArray[np.bool_]
    of_entry: NDArray[np.bool_]

    def unseen(self) -> tuple[int, int]:
        """How many phrases of entries were scored whose entry was there, and of how many it came out best."""
        inside = self.of_entry & ~self.left_out
        return int(inside.sum()), int(self.right[inside].sum())


@dataclass(frozen=True, slots=True)
class Material:
    """Rows, their classes, and which of the vocabulary's columns stand for names of something foreign; `unit` is how long
    the vocabulary's part of a row is at most (columns after the vocabulary's are meanings)."""

    rows: Rows
    labels: Ints
    label_set: LabelSet
    named: NDArray[np.bool_]
    unit: float = 1.0


def cross_fit(fit: Fit, material: Material, *, seed: int = 1) -> HeldOut:
    """Four times a quarter of the owners, and a quarter of the other owners' phrases, are left out and scored."""
    return join([fold(fit, material, number, seed=seed) for number in range(FOLDS)])


def join(parts: list[HeldOut]) -> HeldOut:
    return HeldOut(*(np.concatenate([getattr(part, name) for part in parts]) for name in HeldOut.__slots__))


def fold(fit: Fit, material: Material, number: int, *, seed: int = 1) -> HeldOut:
    random = np.random.default_rng(seed)
    rows, label_set = material.rows, material.label_set
    owner = label_set.owner_of[material.labels]
    owner_fold = random.permutation(len(label_set.owners)) % FOLDS
    phrase_fold = random.permutation(len(owner)) % FOLDS
    away = owner_fold[owner] == number
    held = ~away & (phrase_fold == number)
    train = np.flatnonzero(~away & ~held)
    if not len(train):
        return _nothing()
    score = fit(train)
    seen = np.zeros(len(material.named), bool)
    met = np.concatenate([rows.row(int(i))[0] for i in train])
    seen[met[met < len(seen)]] = True
    there = np.flatnonzero(owner_fold != number)
    parts = []
    for chosen, left_out in ((np.flatnonzero(held), False), (np.flatnonzero(away), True)):
        facts = np.array([_facts(material, int(i), seen) for i in chosen], np.float32).reshape(-1, 2)
        found = _signals(score(chosen), facts, label_set, there)
        right = (found.top == owner[chosen]) & (not left_out)
        of_entry = label_set.is_entry[owner[chosen]]
        parts.append(HeldOut(found.matrix, right, np.full(len(chosen), left_out), of_entry))
    return join(parts)


def _nothing() -> HeldOut:
    """The held-out signals of a fold with no phrase to learn from."""
    none = np.zeros(0, bool)
    return HeldOut(np.zeros((0, len(NAMES))), none, none, none)


def _signals(scores: Floats, facts: Floats, label_set: LabelSet, there: NDArray[np.intp]) -> Signals:
    best, share = owner_scores(scores, label_set)
    found = signals(best[:, there], share[:, there], label_set.is_entry[there], facts)
    return Signals(there[found.top], found.matrix)


def _facts(material: Material, i: int, seen: NDArray[np.bool_]) -> tuple[float, float]:
    """How much of the row the learner saw, 0 to 1, and whether it names something foreign."""
    ids, values = material.rows.row(i)
    words = ids < len(seen)
    ids, part = ids[words], values[words]
    part = part[seen[ids]]
    return float(np.sqrt(part @ part)) / material.unit, float(material.named[ids].any())


def learn_rule(held: HeldOut) -> rule.Rule:
    """Each kind of case has a fixed share of the weight, whatever its number; entries left out whole only draw the curve
    where there are no refusal groups. Where no phrase was found unseen, as when each entry has but
    one, the rule is `rule.untaught`."""
    if not held.right.any() or held.right.all():
        return rule.untaught(NAMES, "known", "over_refusal")
    refused_out = held.left_out & ~held.of_entry
    outside = refused_out if refused_out.any() else held.left_out
    weights = np.zeros(len(held.right))
    kinds = (
        (~held.left_out & held.of_entry, _INSIDE),
        (~held.left_out & ~held.of_entry, _REFUSED),
        (outside, _OUTSIDE),
    )
    for mask, share in kinds:
        if mask.any():
            weights[mask] = share / mask.sum()
    return rule.learn(held.matrix, held.right, weights, outside)
