"""What a short question after an answer leads to: the entry, one of its gaps, a neighbour, nothing; or it stands for itself.

A conditional logit (McFadden 1974) over all of these. Its signals are made from the base, its few weights are the same for
every base and language: `python -m tools.fit_following` fits them to questions that people wrote after an answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.asked_after import AskedAfter
from bot.match.learn.features import GRAMS, Floats, Ints, Rows
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.logistic import row_sums
from bot.match.learn.standing import Alone, Lead, lead_of
from bot.match.learn.word_uses import WordUses

Array = NDArray[np.float64]
Near = Mapping[str, tuple[str, ...]]
"""The neighbours of each entry: those it names as related, then the rest of its topic."""
Said = Mapping[str, str]
"""What readers see of each entry: its question and its answer."""

# Of 1,128 questions after an answer and 505 that stand for themselves, in three languages, these in two places each; fitted without one of these, of its
# 357 blind ones up to 11 fewer lead where they should.
_WEIGHED = {
    "close": 5.9,
    "common": 0.11,
    "strange": -0.95,
    "likely": 0.35,
    "put": 0.43,
    "told": 2.78,
    "named": 0.57,
    "told_near": 0.85,
    "within": 8.3,
    "has_within": -2.96,
    "within_near": 1.1,
    "towards": 2.43,
    "has_towards": -1.12,
    "beyond": 6.82,
    "has_beyond": -1.37,
    "entry": 2.53,
    "gap": 2.4,
    "gap_of_neighbour": -4.94,
    "nothing": -0.55,
    "nothing_refused": -2.02,
    "alone": 0.26,
    "answered": -3.39,
    "sureness": 0.7,
    "offered": -0.75,
    "talk": -0.44,
    "refused": 1.08,
    "length": 0.73,
    "unknown": 2.89,
    "names": 2.2,
}
SIGNALS, WEIGHTS = tuple(_WEIGHED), tuple(_WEIGHED.values())
LONGEST = 8  # words of a question that may lean on the answer before; with 6 10 of 720 fewer lead where they should
_CLOSEST = 3  # phrases of a class that tell how close it is: one alone may be odd
_STRANGE = 3  # words that a class does not use, from which on it makes no difference how many
_FAINT = -12.0  # a logarithm: less likely is as good as impossible


@dataclass(frozen=True, slots=True)
class _Hood:
    """The classes that a question after an answer may lead to; phrase i stands in `parts`, the index's own rows one after the
    other, and has the length `sizes[i]` without the subject. `first[c]` to `first[c+1]` are
    those of class c, `places` names the class of each. `kinds` has a row a class and the signals that tell what it is. `kept`
    marks the columns beside the subject's."""

    classes: Ints
    first: Ints
    places: Ints
    parts: tuple[Rows, ...]
    sizes: Floats
    kinds: Array
    kept: NDArray[np.bool_]


class Follower:
    """Ranks what may be asked next, in one language. Thread-safe: it only reads."""

    def __init__(self, index: Index, near: Near, said: Said | None = None, after: AskedAfter | None = None) -> None:
        self._index = index
        self._after = after or AskedAfter(index, {})
        self._near = {entry: others for entry, others in near.items() if Label(entry) in index.label_set.ids}
        self._said = said or {}
        self._hood = lru_cache(16)(self._hood_of)
        self._subject = lru_cache(None)(self._subject_of)
        self.told = lru_cache(None)(self._told_of)
        self._weights = np.array(WEIGHTS)

    @cached_property
    def _words(self) -> WordUses:
        return WordUses(self._index)

    @cached_property
    def _is_common(self) -> NDArray[np.bool_]:
        """The columns of words that many entries share."""
        found = np.zeros(self._index.space.columns, bool)
        found[self._index.space.vocabulary.columns_of(f"w:{stem}" for stem in self._index.common)] = True
        return found

    def lead(self, entry: str, words: Sequence[str], trust: Sequence[float] = (), alone: Alone | None = None) -> Lead:
        """Where normalised words lead after the answer of an entry. Without `alone` they do not stand for themselves."""
        if entry not in self._near:
            return Lead(None, 1.0, stands=alone is not None)
        labels, signals = self.ways(entry, words, trust, alone)
        utility = signals @ self._weights
        shares = np.exp(utility - utility.max())
        shares /= shares.sum()
        return lead_of(dict(zip(labels, shares.tolist(), strict=False)), shares[len(labels) :].tolist())

    def ways(
        self, entry: str, words: Sequence[str], trust: Sequence[float] = (), alone: Alone | None = None
    ) -> tuple[tuple[Label, ...], Array]:
        """What may be asked for after an entry, and the SIGNALS for it: a row for each, one for nothing, and one for `alone`."""
        hood = self._hood(entry)
        labels = tuple(self._label(c) for c in hood.classes)
        found = np.zeros((len(labels) + 1 + (alone is not None), len(SIGNALS)))
        ids, values = self._index.space.vector(words, trust)
        question = np.zeros(self._index.space.columns, np.float32)
        question[ids] = values
        found[: len(labels), _AT["entry"] : _AT["gap_of_neighbour"] + 1] = hood.kinds
        if len(ids):
            self._fill(found[: len(labels)], entry, words, (ids, values), question)
        self._fill_asked(found[: len(labels) + 1], entry, question)
        found[len(labels), _AT["nothing"]] = 1.0
        if alone is not None:
            found[len(labels), _AT["nothing_refused"]] = alone.refused
            for name, value in alone.signals().items():
                found[-1, _AT[name]] = value
        return labels, found

    def near(self, entry: str, other: str) -> bool:
        """Whether another entry stands beside one, or is the same."""
        return other == entry or other in self._near.get(entry, ())

    def _label(self, position: int) -> Label:
        return self._index.label_set.labels[int(position)]

    def _fill(
        self, found: Array, entry: str, words: Sequence[str], known: tuple[Ints, Floats], question: Floats
    ) -> None:
        """Puts the signals of what may be asked after an entry into their rows. `known` are the ids and values of what is known
        of the words, `question` has them with all columns."""
        hood, (ids, values) = self._hood(entry), known
        common, own = (self._words.likelihoods(ids[which]) for which in self._sorts(ids))
        told = self._overlap(hood, words, entry)
        itself = hood.kinds[:, 0]
        for name, signal in {
            "close": self._closeness(hood, question),
            "common": common.sum(axis=0)[hood.classes],
            "strange": np.minimum((own < 0).sum(axis=0)[hood.classes], _STRANGE),
            "likely": self._likely(hood, ids, values, words),
            "put": self._index.likely_for(words)[hood.classes],
            "told": told * itself,
            "named": self.names(entry, words) * itself,
            "told_near": told * (1 - itself),
        }.items():
            found[:, _AT[name]] = signal

    def _fill_asked(self, found: Array, entry: str, question: Floats) -> None:
        """Puts the signals of what people were found to ask after an answer into the rows of entries, and into that of nothing."""
        after, labels = self._after, map(self._label, self._hood(entry).classes)
        for row, owner in ((row, label.owner) for row, label in enumerate(labels) if not label.gap):
            own, other = ("within", "has_within"), ("towards", "has_towards")
            if owner != entry:
                found[row, _AT["within_near"]] = after.within(owner, question)[0]
            name, has = own if owner == entry else other
            found[row, [_AT[name], _AT[has]]] = getattr(after, name)(owner, question)
        found[-1, [_AT["beyond"], _AT["has_beyond"]]] = after.beyond(entry, question)

    def _likely(self, hood: _Hood, ids: Ints, values: Floats, words: Sequence[str]) -> Array:
        """The logarithm of how likely each class is among everything that can be asked."""
        scores = self._index.learner.heard(ids, values, " ".join(words))[0].astype(float)
        best = scores.max()
        every = best + math.log(np.exp(scores - best).sum())
        return np.asarray(np.maximum(scores[hood.classes] - every, _FAINT))

    def _overlap(self, hood: _Hood, words: Sequence[str], entry: str) -> Array:
        """How many of the telling words stand in what readers see of each class's entry; none for a gap. That the subject is
        named again tells nothing."""
        index = self._index
        stems = set(map(index.language.stem, words)) - index.common - self._subject(entry)
        labels = [self._label(c) for c in hood.classes]
        return np.array(
            [0 if one.gap else sum(stem in self.told(one.owner) for stem in stems) for one in labels], float
        )

    def names(self, entry: str, words: Sequence[str]) -> bool:
        """Whether the words name what an entry is about."""
        return not self._subject(entry).isdisjoint(map(self._index.language.stem, words))

    def tells(self, entry: str, words: Sequence[str]) -> bool:
        """Whether readers of an entry see each of these words, or one of the same group."""
        language, told = self._index.language, self.told(entry)
        met = {at for name, start, end in language.groups_of(words) if _group(name) in told for at in range(start, end)}
        return all(at in met or language.stem(word) in told for at, word in enumerate(words))

    def _told_of(self, entry: str) -> frozenset[str]:
        """What readers of an entry see: stems, and groups."""
        language = self._index.language
        words = language.words(self._said.get(entry, ""))
        return frozenset(map(language.stem, words)) | {_group(name) for name, _, _ in language.groups_of(words)}

    def _sorts(self, ids: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of the columns stand for common words, and which for others."""
        return self._words.is_word[ids] & self._is_common[ids], self._words.is_word[ids] & ~self._is_common[ids]

    def _closeness(self, hood: _Hood, question: Floats) -> Array:
        """The mean cosine of the closest phrases of each class, without the words of the entry's subject."""
        question = question * hood.kept
        close = (
            np.concatenate([row_sums(part.values * question[part.ids], part.starts) for part in hood.parts])
            / hood.sizes
        )
        ranked = close[np.lexsort((close, hood.places))]
        ends = hood.first[1:]
        taken = [np.where(ends - k >= hood.first[:-1], ranked[ends - k], 0.0) for k in range(1, _CLOSEST + 1)]
        return np.asarray(np.sum(taken, axis=0) / _CLOSEST)

    def _hood_of(self, entry: str) -> _Hood:
        index, rows = self._index, self._index.rows()
        owners = [entry, *(other for other in self._near[entry] if other in self._near)]
        spans = [index.label_set.span(index.label_set.position(Kind.ENTRY, owner)) for owner in owners]
        classes = np.concatenate([np.arange(*span, dtype=np.int32) for span in spans])
        parts = tuple(rows.between(index.first[a], index.first[b]) for a, b in spans)
        kept = self._beside_subject(entry)
        sizes = np.sqrt(
            np.concatenate(
                [row_sums(np.square(part.values, dtype=np.float32) * kept[part.ids], part.starts) for part in parts]
            )
        ) + np.float32(1e-6)
        first = np.r_[0, np.cumsum(np.diff(index.first)[classes])].astype(np.int32)
        kinds = np.array([_kind(self._label(c), entry) for c in classes], float)
        places = np.repeat(np.arange(len(classes), dtype=np.int32), np.diff(first))
        return _Hood(classes, first, places, parts, sizes, kinds, kept)

    def _beside_subject(self, entry: str) -> NDArray[np.bool_]:
        """The columns that do not stand for the words of the entry's subject."""
        names: list[str] = []
        for stem in self._subject(entry):
            start = f" {stem}"
            names += ["w:" + stem, *("c:" + start[i : i + size] for size in GRAMS for i in range(len(start)))]
        kept = np.ones(self._index.space.columns, bool)
        kept[self._index.space.vocabulary.columns_of(names)] = False
        return kept

    def _subject_of(self, entry: str) -> frozenset[str]:
        """The stems that say what an entry is about: what many of its phrases have, and few entries share."""
        index = self._index
        position = index.label_set.ids[Label(entry)]
        rows = range(int(index.first[position]), int(index.first[position + 1]))
        stems = ({index.language.stem(word) for word in self._spoken(row)} for row in rows)
        counts = Counter(stem for found in stems for stem in found if stem not in index.common)
        usual = counts.total() / max(1, len(counts))
        return frozenset(stem for stem, count in counts.items() if count > usual)

    def _spoken(self, row: int) -> list[str]:
        """The words of a phrase."""
        return self._index.spoken()[row].split(" ")


def _led_to(label: Label, entry: str) -> str:
    if label.owner == entry:
        return "gap" if label.gap else "entry"
    return "gap_of_neighbour" if label.gap else "neighbour"


def _kind(label: Label, entry: str) -> list[bool]:
    return [_led_to(label, entry) == name for name in ("entry", "gap", "gap_of_neighbour")]


def _group(name: str) -> str:
    """As it stands among stems, of which none has such a sign."""
    return f"={name}"


_AT = {name: place for place, name in enumerate(SIGNALS)}
