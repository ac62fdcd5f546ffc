"""Scores of phrases by learners that never saw them: the material from which `evidence` learns. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import gaps, leads
from bot.match.learn.dealing import Keys, dealt
from bot.match.learn.features import Floats, Ints, Rows
from bot.match.learn.labels import Kind, LabelSet
from bot.match.learn.signals import NAMES, owner_scores, signals
from bot.match.learn.ways import Bools, likelihoods, strongest, surprise

# With more folds their learners are nearly as good as the one that answers: of the questions without an answer 13 per cent
# get one instead of 20 in HINT3's curekart; four other sets do not differ by more than 2 points.
FOLDS, MORE_FOLDS = 4, 10

Score = Callable[[NDArray[np.intp]], tuple[Floats, Floats]]
"""From rows to their scores and how like they are to the phrase of each class that is most like them, nought where that is
not told; both of shape (rows, classes)."""
Fit = Callable[[NDArray[np.intp]], Score]
"""From the rows to train on to a function that scores other rows."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Signals of phrases scored unseen. `phrase` is the row, `owner` its owner's place and `top` the best entry's.
    `right`: they are the same. `left_out`: the owner was not there. `crossed`: with a frame that wants something else than
    a fact. `talk`: the owner is a kind of small talk. The gap's rows (see `gaps`) are those of the phrases of entries that
    have gaps; `gap_asked`: the phrase asks for one. The lead's rows (see `leads`) are those of what is refused;
    `lead_right`: its group was there, and best."""

    matrix: NDArray[np.float64]
    right: Bools
    left_out: Bools
    of_entry: Bools
    talk: Bools
    crossed: Bools
    phrase: Ints | NDArray[np.intp]
    owner: Ints
    top: Ints | NDArray[np.intp]
    gap_matrix: NDArray[np.float64]
    gap_asked: Bools
    lead_matrix: NDArray[np.float64]
    lead_right: Bools
    lead_left_out: Bools

    def unseen(self) -> tuple[int, int]:
        """How many phrases of entries were scored whose entry was there, and of how many it came out best."""
        inside = self.of_entry & ~self.left_out
        return int(inside.sum()), int(self.right[inside].sum())


@dataclass(frozen=True, slots=True)
class Material:
    """Rows, their classes, and which of the vocabulary's columns stand for names of something foreign; `unit` is how long
    the vocabulary's part of a row is at most (columns after the vocabulary's are meanings). `wants`, shape (rows, kinds):
    the frames met. Of the rows, those behind the phrases are crossed with a frame; `sources` are their phrases. `asks`: the
    kind of question of each phrase, `sizes`: its words, `keys`: by which it is dealt to a fold, `asked`: people ask so (the others are learnt from, never scored)."""

    rows: Rows
    labels: Ints
    label_set: LabelSet
    named: Bools
    wants: Bools
    sources: Ints
    asks: Ints
    sizes: Ints
    asked: Bools
    keys: Keys
    unit: float = 1.0


def cross_fit(fit: Fit, material: Material, folds: int = FOLDS) -> HeldOut:
    """As often as there are folds such a part of the owners, and of the other owners' phrases, is left out and scored."""
    return join([fold(fit, material, number, folds) for number in range(folds)])


def join(parts: list[HeldOut]) -> HeldOut:
    return HeldOut(*(np.concatenate([getattr(part, name) for part in parts]) for name in HeldOut.__slots__))


def fold(fit: Fit, material: Material, number: int, folds: int = FOLDS) -> HeldOut:
    random = np.random.default_rng(1)
    label_set = material.label_set
    owner = label_set.owner_of[material.labels]
    owner_fold = random.permutation(len(label_set.owners)) % folds
    phrase_fold = dealt(material.keys, 0) % folds
    away = owner_fold[owner] == number
    held = ~away & material.asked & (phrase_fold == number)
    train = np.flatnonzero(~away & ~held)
    if not len(train):
        return _nothing()
    sight = _Sight(material, fit(train), train, np.flatnonzero(owner_fold != number))
    crossed = len(owner) + np.flatnonzero(held[material.sources])
    return join(
        [
            sight.of(np.flatnonzero(held)),
            sight.of(np.flatnonzero(away & material.asked), left_out=True),
            sight.of(crossed),
        ]
    )


class _Sight:
    """What a learner makes of rows that it never saw; `there` are the owners that it knows."""

    def __init__(
        self,
        material: Material,
        score: Score,
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
        columns = int(material.rows.ids.max(initial=-1)) + 1
        self._more = gaps.learn_more(material.rows.take(train), material.labels[train], labels, columns)
        self._unusual = surprise(material.wants[train], labels.owner_of[material.labels[train]], len(labels.owners))

    def of(self, chosen: NDArray[np.intp], *, left_out: bool = False) -> HeldOut:
        material, there, size = self._material, self._there, len(chosen)
        phrases = len(material.labels)
        crossed = chosen >= phrases
        sources = np.where(crossed, material.sources[chosen - phrases] if crossed.any() else 0, chosen)
        owner = material.label_set.owner_of[material.labels[sources]]
        is_entry = material.label_set.is_entry
        facts = np.array([_facts(material, int(i), self._seen) for i in chosen], np.float32).reshape(-1, 2)
        scores, like = self._score(chosen)
        best, share = owner_scores(scores, material.label_set)
        unusual = strongest(material.wants[chosen], self._unusual)
        near = material.label_set.best_of_owner(like)[:, there]
        found = signals(best[:, there], share[:, there], is_entry[there], facts, unusual[:, there], near)
        right = (there[found.top] == owner) & ~crossed & (not left_out)
        none = crossed | left_out
        gap_matrix, gap_asked = self._gaps(chosen[~none], scores[~none])
        out = np.full(size, left_out)
        lead_matrix, lead_right = self._leads(owner, best, share)
        led = lead_matrix, lead_right, np.full(len(lead_right), left_out)
        kinds = is_entry[owner], material.label_set.is_talk[owner], crossed
        return HeldOut(found.matrix, right, out, *kinds, sources, owner, there[found.top], gap_matrix, gap_asked, *led)

    def _leads(self, owner: Ints, best: Floats, share: Floats) -> tuple[NDArray[np.float64], Bools]:
        """What the rule of leads learns from those of these phrases that are refused."""
        is_entry = self._material.label_set.is_entry
        groups, rows = self._there[~is_entry[self._there]], ~is_entry[owner]
        if not len(groups) or not rows.any():
            return np.zeros((0, len(leads.NAMES))), np.zeros(0, bool)
        top, matrix = leads.signals(best[np.ix_(rows, groups)], share[np.ix_(rows, groups)])
        return matrix, groups[top] == owner[rows]

    def _gaps(self, chosen: NDArray[np.intp], scores: Floats) -> tuple[NDArray[np.float64], Bools]:
        """What the rule of gaps learns from these phrases."""
        material, labels = self._material, self._material.label_set
        rows, asked = [], []
        for i, row in zip(chosen.tolist(), scores, strict=True):
            label = labels.labels[material.labels[i]]
            first, last = labels.span(int(labels.owner_of[material.labels[i]]))
            ids, values = material.rows.row(i)
            more = float(values @ self._more[ids])
            put = gaps.Put(int(material.sizes[i]), self._likely[:, material.asks[i]], more)
            seen = gaps.signals(labels, first, last, row, put)
            if seen is not None and label.kind is Kind.ENTRY:
                rows.append(seen[1])
                asked.append(label.gap is not None)
        return np.array(rows, np.float64).reshape(-1, len(gaps.NAMES)), np.array(asked, bool)


def _nothing() -> HeldOut:
    """The held-out signals of a fold with no phrase to learn from."""
    none, nowhere = np.zeros(0, bool), np.zeros(0, np.int32)
    gap, lead = np.zeros((0, len(gaps.NAMES))), np.zeros((0, len(leads.NAMES)))
    head = np.zeros((0, len(NAMES))), none, none, none, none, none, nowhere, nowhere, nowhere
    return HeldOut(*head, gap, none, lead, none, none)


def _facts(material: Material, i: int, seen: NDArray[np.bool_]) -> tuple[float, float]:
    """How much of the row the learner saw, 0 to 1, and whether it names something foreign."""
    ids, values = material.rows.row(i)
    words = ids < len(seen)
    ids, part = ids[words], values[words]
    part = part[seen[ids]]
    return float(np.sqrt(part @ part)) / material.unit, float(material.named[ids].any())


def learn_gaps(held: HeldOut, more: Floats) -> gaps.GapRule:
    """`more`: the weights by which the whole base's words ask for a gap (see `gaps.learn_more`)."""
    return gaps.learn(held.gap_matrix, held.gap_asked, more)


def learn_leads(held: HeldOut) -> leads.LeadRule:
    return leads.learn(held.lead_matrix, held.lead_right, held.lead_left_out)
