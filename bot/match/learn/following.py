"""What a short question after an answer leads to: the entry, one of its gaps, a neighbour, or nothing.

Learnt from the base itself, no labelled conversation needed: a phrase of a gap or a neighbour without the words of the
entry's subject is what people ask next ("how many were banned?"); a phrase of something else leads nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import GRAMS, Floats, Ints, Rows, in_order
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.word_uses import WordUses

Array = NDArray[np.float64]
Near = Mapping[str, tuple[str, ...]]
"""The neighbours of each entry: those it names as related, then the rest of its topic."""

SIGNALS = ("close", "common", "own", "strange", "entry", "gap", "gap_of_neighbour", "nothing")
LONGEST = 6  # words of a question that may lean on the answer before
# Where people's next questions led, of 96 that were written down: this is how much each kind of example counts.
_LED_TO = {"gap": 57, "entry": 9, "neighbour": 15, "nothing": 15}
_CLOSEST = 3  # phrases of a class that tell how close it is: one alone may be odd
# Of each kind and entry: of 54 labelled next questions 49 lead where they should, with 8 and 16 47 and 48.
_EXAMPLES = 32
_SHORT = 4  # words of an example: 50 of 54 labelled next questions have no more
_ROUNDS = 10  # from the eighth on no weight changes in its fourth digit
_RIDGE = 1e-3  # ten times less lets the strongest weight grow to twice as much
# For a base with too few phrases to learn from: about what a large one learns.
_UNTAUGHT = (6.0, 0.5, 0.3, -2.0, 1.5, 3.0, -3.5, 1.5)


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a question leads: `label` is None for nowhere. `probability`, 0 to 1, that it leads there."""

    label: Label | None
    probability: float


@dataclass(frozen=True, slots=True)
class _Hood:
    """The classes that a question after an answer may lead to; phrase i stands in `parts`, the index's own rows one after the
    other, is phrase `rows[i]` of the index, and has the length `sizes[i]` without the subject. `first[c]` to `first[c+1]` are
    those of class c, `places` names the class of each. `kinds` has a row a class and the signals that tell what it is. `kept`
    marks the columns beside the subject's."""

    classes: Ints
    first: Ints
    places: Ints
    rows: Ints
    parts: tuple[Rows, ...]
    sizes: Floats
    kinds: Array
    kept: NDArray[np.bool_]


class Follower:
    """Ranks what may be asked next, in one language. Thread-safe: it only reads."""

    def __init__(self, index: Index, near: Near, weights: Sequence[float] = _UNTAUGHT) -> None:
        """`weights`, one for each of SIGNALS."""
        self._index = index
        self._near = {entry: others for entry, others in near.items() if Label(entry) in index.label_set.ids}
        self._hood = lru_cache(16)(self._hood_of)
        self._subject = lru_cache(None)(self._subject_of)
        self.weights = tuple(weights)

    @cached_property
    def _words(self) -> WordUses:
        return WordUses(self._index)

    @cached_property
    def _is_common(self) -> NDArray[np.bool_]:
        """The columns of words that many entries share."""
        names = in_order(self._index.space.vocabulary.names)
        found = np.zeros(self._index.space.columns, bool)
        marks = [name[2:] in self._index.common for name in names]
        found[: len(marks)] = marks
        return found

    def lead(self, entry: str, words: Sequence[str], trust: Sequence[float] = ()) -> Lead:
        """Where normalised words lead after the answer of an entry."""
        if entry not in self._near:
            return Lead(None, 1.0)
        hood = self._hood(entry)
        signals = self._signals(hood, words, trust)
        utility = signals @ np.array(self.weights)
        shares = np.exp(utility - utility.max())
        shares /= shares.sum()
        chosen = np.where(_doubtful(signals, shares, self._index.language.by_prefix), 0.0, shares)
        best = int(np.argmax(chosen))
        label = self._label(hood.classes[best]) if best < len(hood.classes) else None
        return Lead(label, float(shares[best]))

    def near(self, entry: str, other: str) -> bool:
        """Whether another entry stands beside one, or is the same."""
        return other == entry or other in self._near.get(entry, ())

    def taught(self) -> Follower:
        """The same with weights learnt from the phrases, where these are enough to make examples of every kind."""
        examples = [example for entry in sorted(self._near) for example in self._examples(entry)]
        sizes = Counter(kind for kind, _, _ in examples)
        if set(sizes) != set(_LED_TO):
            return self
        counts = np.array([_LED_TO[kind] / sizes[kind] for kind, _, _ in examples]) / sum(_LED_TO.values())
        weights = _fit([matrix for _, matrix, _ in examples], [right for _, _, right in examples], counts)
        return self.weighed(weights.tolist())

    def weighed(self, weights: Sequence[float]) -> Follower:
        """The same with other weights."""
        return Follower(self._index, self._near, weights)

    def _label(self, position: int) -> Label:
        return self._index.label_set.labels[int(position)]

    def _signals(self, hood: _Hood, words: Sequence[str], trust: Sequence[float] = (), without: int = -1) -> Array:
        """A row a class of the hood and one for nothing. The phrase `without` is not looked at."""
        ids, values = self._index.space.vector(words, trust)
        found = np.zeros((len(hood.classes) + 1, len(SIGNALS)))
        found[-1, -1] = 1.0
        found[:-1, 4:-1] = hood.kinds
        if len(ids):
            found[:-1, 0] = self._closeness(hood, ids, values, without)
            common, own = (self._words.likelihoods(ids[which], without) for which in self._sorts(ids))
            found[:-1, 1], found[:-1, 2] = (each.sum(axis=0)[hood.classes] for each in (common, np.maximum(own, 0)))
            found[:-1, 3] = (own < 0).sum(axis=0)[hood.classes]
        return found

    def _sorts(self, ids: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of the columns stand for common words, and which for others."""
        return self._words.is_word[ids] & self._is_common[ids], self._words.is_word[ids] & ~self._is_common[ids]

    def _closeness(self, hood: _Hood, ids: Ints, values: Floats, without: int) -> Array:
        """The mean cosine of the closest phrases of each class, without the words of the entry's subject."""
        question = np.zeros(self._index.space.columns, np.float32)
        question[ids] = values * hood.kept[ids]
        close = np.concatenate([_sums(part, question[part.ids]) for part in hood.parts]) / hood.sizes
        close[hood.rows == without] = 0.0
        ranked = close[np.lexsort((close, hood.places))]
        ends = hood.first[1:]
        taken = [np.where(ends - k >= hood.first[:-1], ranked[ends - k], 0.0) for k in range(1, _CLOSEST + 1)]
        return np.asarray(np.sum(taken, axis=0) / _CLOSEST)

    def _hood_of(self, entry: str) -> _Hood:
        index, rows = self._index, self._index.rows()
        owners = [entry, *(other for other in self._near[entry] if other in self._near)]
        spans = [index.label_set.span(index.label_set.position(Kind.ENTRY, owner)) for owner in owners]
        classes = np.concatenate([np.arange(*span, dtype=np.int32) for span in spans])
        phrases = np.concatenate([np.arange(index.first[a], index.first[b], dtype=np.int32) for a, b in spans])
        parts = tuple(rows.between(index.first[a], index.first[b]) for a, b in spans)
        kept = self._beside_subject(entry)
        sizes = np.sqrt(np.concatenate([_sums(part, part.values * kept[part.ids]) for part in parts])) + np.float32(
            1e-6
        )
        first = np.r_[0, np.cumsum(np.diff(index.first)[classes])].astype(np.int32)
        kinds = np.array([_kind(self._label(c), entry) for c in classes], float)
        places = np.repeat(np.arange(len(classes), dtype=np.int32), np.diff(first))
        return _Hood(classes, first, places, phrases, parts, sizes, kinds, kept)

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

    def _examples(self, entry: str) -> Iterator[tuple[str, Array, int]]:
        """What may be asked after an entry, by kind: its signals, and the row of them that is right."""
        hood, subject = self._hood(entry), self._subject(entry)
        kinds = [_led_to(self._label(c), entry) for c in hood.classes]
        for kind in ("gap", "entry", "neighbour"):
            places = [place for place, one in enumerate(kinds) if one == kind]
            rows = [(int(r), place) for place in places for r in hood.rows[hood.first[place] : hood.first[place + 1]]]
            for row, place in self._spread(rows):
                if words := self._without(row, subject):
                    yield kind, self._signals(hood, words, without=row), place
        for row, words in self._elsewhere(entry):
            yield "nothing", self._signals(hood, words, without=row), len(kinds)

    def _elsewhere(self, entry: str) -> Iterator[tuple[int, list[str]]]:
        """What is asked about something else: phrases of what is refused and of entries far off, that name something."""
        near = {entry, *self._near[entry]}
        far = [row for other in sorted(self._near.keys() - near) for row in self._rows_of(Kind.ENTRY, other)]
        for row, _ in (*self._spread([(row, 0) for row in far]), *self._spread([(row, 0) for row in self._refused])):
            owner = self._owner(row)
            words = self._without(row, self._subject(owner) if owner in self._near else frozenset())
            if any(self._index.language.stem(word) not in self._index.common for word in words):
                yield row, words

    @cached_property
    def _refused(self) -> list[int]:
        refused = sorted({label.owner for label in self._index.label_set.labels if label.kind is Kind.REFUSAL})
        rows = [row for owner in refused for row in self._rows_of(Kind.REFUSAL, owner)]
        return [row for row in rows if len(self._spoken(row)) <= LONGEST]

    def _rows_of(self, kind: Kind, owner: str) -> range:
        first, last = self._index.label_set.span(self._index.label_set.position(kind, owner))
        return range(int(self._index.first[first]), int(self._index.first[last]))

    def _owner(self, row: int) -> str:
        return self._label(int(np.searchsorted(self._index.first, row, side="right")) - 1).owner

    def _without(self, row: int, subject: frozenset[str]) -> list[str]:
        """A phrase without the words of a subject; none where too much or nothing is left."""
        left = [word for word in self._spoken(row) if self._index.language.stem(word) not in subject]
        return left if len(left) <= _SHORT else []

    @staticmethod
    def _spread(rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """As many as are needed, from all places of a list."""
        return rows[:: max(1, len(rows) // _EXAMPLES)]


def _sums(rows: Rows, factors: Floats) -> Floats:
    """Of each row's values times the factors beside them."""
    products = np.append(rows.values * factors, np.float32(0))  # the last row may be empty, and begin behind all
    return np.asarray(np.add.reduceat(products, rows.starts[:-1]), np.float32)


def _doubtful(signals: Array, shares: Array, by_prefix: bool) -> NDArray[np.bool_]:
    """What is not chosen though it may be the likeliest: a gap that is less likely meant than not, as to say that the source is
    silent on something else helps nobody; and what knows none of the words that tell something, but not where only the
    first letters stand for a word, so that another form may look like another word."""
    gap = signals[:, SIGNALS.index("gap")] + signals[:, SIGNALS.index("gap_of_neighbour")] > 0
    unknown = (signals[:, SIGNALS.index("strange")] > 0) & (signals[:, SIGNALS.index("own")] <= 0)
    return np.asarray((gap & (shares <= 1 / 2)) | (unknown & (not by_prefix)))


def _led_to(label: Label, entry: str) -> str:
    if label.owner == entry:
        return "gap" if label.gap else "entry"
    return "gap_of_neighbour" if label.gap else "neighbour"


def _kind(label: Label, entry: str) -> list[bool]:
    return [_led_to(label, entry) == name for name in SIGNALS[4:-1]]


def _fit(matrices: list[Array], right: list[int], weights: Array) -> Array:
    """Conditional logistic regression (McFadden 1974) by Newton's method: weights under which the right rows win."""
    found = np.zeros(len(SIGNALS))
    for _ in range(_ROUNDS):
        slope, curvature = -_RIDGE * found, _RIDGE * np.eye(len(found))
        for matrix, row, weight in zip(matrices, right, weights, strict=True):
            utility = matrix @ found
            shares = np.exp(utility - utility.max())
            shares /= shares.sum()
            mean = shares @ matrix
            slope += weight * (matrix[row] - mean)
            curvature += weight * ((matrix * shares[:, None]).T @ matrix - np.outer(mean, mean))
        found += np.linalg.solve(curvature, slope)
    return found
