"""Scores of phrases by learners that never saw them: the material from which `rule` learns. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import gaps, rule
from bot.match.learn.features import Floats, Ints, Rows
from bot.match.learn.labels import Kind, LabelSet
from bot.match.learn.signals import NAMES, owner_scores, signals
from bot.match.learn.ways import Bools, likelihoods, strongest, surprise

FOLDS = 4
# Shares of the cases: answerable, refused, of a refusal group not there; and wanting something else than a fact.
_INSIDE, _REFUSED, _OUTSIDE, _CROSSED = 0.65, 0.15, 0.20, 0.05

Fit = Callable[[NDArray[np.intp]], Callable[[NDArray[np.intp]], Floats]]
"""From the rows to train on to a function that scores other rows, shape (rows, classes)."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Signals of phrases scored unseen. `right`: the best entry is theirs. `left_out`: their owner was not there.
    `crossed`: with a frame that wants something else than a fact. The gap's rows (see `gaps`) are those of the phrases of
    entries that have gaps; `gap_asked`: the phrase asks for one."""

    matrix: NDArray[np.float64]
    right: Bools
    left_out: Bools
    of_entry: Bools
    crossed: Bools
    gap_matrix: NDArray[np.float64]
    gap_asked: Bools

    def unseen(self) -> tuple[int, int]:
        """How many phrases of entries were scored whose entry was there, and of how many it came out best."""
        inside = self.of_entry & ~self.left_out
        return int(inside.sum()), int(self.right[inside].sum())


@dataclass(frozen=True, slots=True)
class Material:
    """Rows, their classes, and which of the vocabulary's columns stand for names of something foreign; `unit` is how long
    the vocabulary's part of a row is at most (columns after the vocabulary's are meanings). `wants`, shape (rows, kinds):
    the frames met. Of the rows, those behind the phrases are crossed with a frame; `sources` are their phrases. `asks`: the kind of question of each phrase, `sizes`: its words."""

    rows: Rows
    labels: Ints
    label_set: LabelSet
    named: Bools
    wants: Bools
    sources: Ints
    asks: Ints
    sizes: Ints
    unit: float = 1.0


def cross_fit(fit: Fit, material: Material, *, seed: int = 1) -> HeldOut:
    """Four times a quarter of the owners, and a quarter of the other owners' phrases, are left out and scored."""
    return join([fold(fit, material, number, seed=seed) for number in range(FOLDS)])


def join(parts: list[HeldOut]) -> HeldOut:
    return HeldOut(*(np.concatenate([getattr(part, name) for part in parts]) for name in HeldOut.__slots__))


def fold(fit: Fit, material: Material, number: int, *, seed: int = 1) -> HeldOut:
    random = np.random.default_rng(seed)
    label_set = material.label_set
    owner = label_set.owner_of[material.labels]
    owner_fold = random.permutation(len(label_set.owners)) % FOLDS
    phrase_fold = random.permutation(len(owner)) % FOLDS
    away = owner_fold[owner] == number
    held = ~away & (phrase_fold == number)
    train = np.flatnonzero(~away & ~held)
    if not len(train):
        return _nothing()
    sight = _Sight(material, fit(train), train, np.flatnonzero(owner_fold != number))
    crossed = len(owner) + np.flatnonzero(held[material.sources])
    return join([sight.of(np.flatnonzero(held)), sight.of(np.flatnonzero(away), left_out=True), sight.of(crossed)])


class _Sight:
    """What a learner makes of rows that it never saw; `there` are the owners that it knows."""

    def __init__(
        self,
        material: Material,
        score: Callable[[NDArray[np.intp]], Floats],
        train: NDArray[np.intp],
        there: NDArray[np.intp],
    ) -> None:
        self._material, self._score, self._there = material, score, there
        self._seen = np.zeros(len(material.named), bool)
        met = np.concatenate([material.rows.row(int(i))[0] for i in train])
        self._seen[met[met < len(self._seen)]] = True
        labels = material.label_set
        self._likely = likelihoods(
            material.asks[train], material.labels[train], len(labels), int(material.asks.max(initial=0)) + 1
        )
        self._unusual = surprise(material.wants[train], labels.owner_of[material.labels[train]], len(labels.owners))

    def of(self, chosen: NDArray[np.intp], *, left_out: bool = False) -> HeldOut:
        material, there, size = self._material, self._there, len(chosen)
        phrases = len(material.labels)
        crossed = chosen >= phrases
        sources = np.where(crossed, material.sources[chosen - phrases] if crossed.any() else 0, chosen)
        owner = material.label_set.owner_of[material.labels[sources]]
        is_entry = material.label_set.is_entry
        facts = np.array([_facts(material, int(i), self._seen) for i in chosen], np.float32).reshape(-1, 2)
        scores = self._score(chosen)
        best, share = owner_scores(scores, material.label_set)
        unusual = strongest(material.wants[chosen], self._unusual)
        found = signals(best[:, there], share[:, there], is_entry[there], facts, unusual[:, there])
        right = (there[found.top] == owner) & ~crossed & (not left_out)
        none = crossed | left_out
        gap_matrix, gap_asked = self._gaps(chosen[~none], scores[~none])
        out = np.full(size, left_out)
        return HeldOut(found.matrix, right, out, is_entry[owner], crossed, gap_matrix, gap_asked)

    def _gaps(self, chosen: NDArray[np.intp], scores: Floats) -> tuple[NDArray[np.float64], Bools]:
        """What the rule of gaps learns from these phrases."""
        material, labels = self._material, self._material.label_set
        rows, asked = [], []
        for i, row in zip(chosen.tolist(), scores, strict=True):
            label = labels.labels[material.labels[i]]
            first, last = labels.span(int(labels.owner_of[material.labels[i]]))
            seen = gaps.signals(labels, first, last, row, int(material.sizes[i]), self._likely[:, material.asks[i]])
            if seen is not None and label.kind is Kind.ENTRY:
                rows.append(seen[1])
                asked.append(label.gap is not None)
        return np.array(rows, np.float64).reshape(-1, len(gaps.NAMES)), np.array(asked, bool)


def _nothing() -> HeldOut:
    """The held-out signals of a fold with no phrase to learn from."""
    none = np.zeros(0, bool)
    return HeldOut(np.zeros((0, len(NAMES))), none, none, none, none, np.zeros((0, len(gaps.NAMES))), none)


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
    one, the rule is `rule.untaught`.

    What is asked in no unusual way is judged by the other signals alone, as if there were no frames."""
    if not held.right.any() or held.right.all():
        return rule.untaught(NAMES, "known", "over_refusal")
    refused_out = held.left_out & ~held.of_entry
    outside = refused_out if refused_out.any() else held.left_out
    weights = np.zeros(len(held.right))
    kinds = (
        (held.crossed, _CROSSED),
        (~held.left_out & held.of_entry & ~held.crossed, _INSIDE),
        (~held.left_out & ~held.of_entry, _REFUSED),
        (outside, _OUTSIDE),
    )
    for mask, share in kinds:
        if mask.any():
            weights[mask] = share / mask.sum()
    at, plain = NAMES.index("wants"), ~held.crossed
    bare = np.array(held.matrix)
    bare[:, at] = 0.0
    found = rule.learn(bare[plain], held.right[plain], weights[plain], outside[plain])
    return rule.with_column(found, at, held.matrix, held.right, weights) if held.crossed.any() else found


def learn_gaps(held: HeldOut) -> gaps.GapRule:
    return gaps.learn(held.gap_matrix, held.gap_asked)
