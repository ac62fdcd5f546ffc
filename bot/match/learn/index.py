"""Everything that is worked out once per base and language: vocabulary, learner, repairer, rule. Pure; `cache` keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import crossfit, evidence, kernel, linear
from bot.match.learn.confusions import Confusion, confusions
from bot.match.learn.dealing import Keys, keys_of
from bot.match.learn.encoder import encoder
from bot.match.learn.features import Floats, Ints, Rows, Vocabulary, features
from bot.match.learn.gaps import GapRule, learn_more
from bot.match.learn.labels import Kind, LabelSet
from bot.match.learn.leads import LeadRule
from bot.match.learn.lines import Lines
from bot.match.learn.phrases import Phrases
from bot.match.learn.rule import Rule
from bot.match.learn.space import Space
from bot.match.learn.ways import Bools, asks, crossed, likelihoods, met, surprise
from bot.match.words.frames import Frames
from bot.match.words.language import Language

KERNEL_UP_TO = 3000  # phrases; above, the linear learner fits faster and ranks as well
_MEANING_OF_FEW, _MEANING_OF_MANY = 0.4, 0.1  # share of the words' meanings: the fewer the phrases, the more they help
_FOLD_EPOCHS = 3  # with five 302 of the 324 are as wanted, in two thirds more time
_MORE_FOLDS_UP_TO = 1500  # phrases; above, they would take more than half a minute of processor time
# Share of the entries from which on a word tells nothing of the topic; with the empty words below in place of these 6 of
# 6,917 labelled questions are answered wrongly.
_COMMON = 0.3
# Share and number of the entries from which on it says nothing at all: without these and those below 15 of 6,917 labelled
# questions are answered otherwise, 6 falsely and one wrongly.
_EMPTY, _EMPTY_ENTRIES = 0.65, 5
# The same of one that is met in as many entries as if chance had put it there: 3 of those that are false, and the wrong one.
_SPREAD, _SPREAD_USES = 0.75, 10

Learner = linear.LinearLearner | kernel.KernelLearner


@dataclass(frozen=True, slots=True)
class Index:
    """What a matcher needs to rank. `texts` holds every phrase, sorted by class, `first[c]` to `first[c + 1]` those of
    class c; it is called only to explain. `spoken` gives their words, joined by blanks. `common` holds the stems that a good part of the entries share, `empty` those
    that most share; `spellings` tells how words are written whose letters are folded for matching; `sayings` the stems, sorted, of phrases made of common ones alone;
    `unseen` how many phrases were scored by learners that never saw them, and how many of those found their entry.
    `wants` are frames that want something else than a fact, `unusual` how surprising each kind is of each owner; `asked` tells
    the kind of a question, `likely` how likely each kind is for a class, `gap_rule` whether a gap is asked for, `lead_rule`
    whether a refusal group leads clearly."""

    language: Language
    label_set: LabelSet
    space: Space
    counts: Mapping[str, int]
    learner: Learner
    rule: Rule
    rows: Callable[[], Rows]
    texts: Callable[[], Sequence[str]]
    spoken: Callable[[], Lines]
    first: Ints
    common: frozenset[str]
    empty: frozenset[str]
    sayings: frozenset[tuple[str, ...]]
    spellings: Mapping[str, str]
    wants: Frames
    unusual: Floats
    asked: Frames
    likely: Floats
    gap_rule: GapRule
    lead_rule: LeadRule
    confused: tuple[Confusion, ...] = ()
    unseen: tuple[int, int] = (0, 0)

    def likely_for(self, words: Sequence[str]) -> Floats:
        """How likely it is of each class to be asked for by the kind of question that the words put."""
        kind = self.asked.kind_of(words)
        number = self.asked.kinds.index(kind) if kind else len(self.asked.kinds)
        return self.likely[:, min(number, self.likely.shape[1] - 1)]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Phrases as vectors, before anything is learnt: cheap to hand to several workers."""

    rows: Rows
    columns: int
    unit: float
    labels: Ints
    label_set: LabelSet
    named: Bools
    texts: tuple[str, ...]
    wants: Bools
    sources: Ints
    asks: Ints
    sizes: Ints
    asked: Bools

    @property
    def phrases(self) -> Rows:
        """The rows without those that are crossed with a frame."""
        return self.rows.first(len(self.labels))

    @property
    def kept(self) -> Rows:
        """The same as an index keeps them: the kernel scores with them, for the others they only tell phrases apart."""
        return self.phrases if self.small else self.phrases.compact(self.columns)

    @property
    def keys(self) -> Keys:
        """Of the phrases."""
        return keys_of(self.texts[: len(self.labels)])

    @property
    def material(self) -> crossfit.Material:
        extra = self.wants, self.sources, self.asks, self.sizes, self.asked, self.keys
        return crossfit.Material(self.rows, self.labels, self.label_set, self.named, *extra, self.unit)

    @property
    def small(self) -> bool:
        return len(self.labels) <= KERNEL_UP_TO


def prepare(phrases: Phrases) -> tuple[Space, Prepared]:
    language, labels = phrases.language, phrases.label_set
    raw = [features(language, words) for words in phrases.words]
    owners = labels.owner_of[phrases.labels] if len(phrases.labels) else phrases.labels
    vocabulary = Vocabulary.learn(raw, [int(owner) for owner in owners])
    named = np.zeros(len(vocabulary), bool)
    named[vocabulary.columns_of(f"g:{name}" for name in language.names)] = True
    share = meaning_share(len(phrases.texts))
    reads = encoder() if phrases.encoded and len(phrases.texts) <= KERNEL_UP_TO else None
    space = Space(language, vocabulary, share, reads)
    quick = space.quick()
    entries = np.flatnonzero(labels.is_entry).tolist()
    extra = list(
        crossed(language, phrases.ways.wants, phrases.words, owners, entries, keys_of(map(" ".join, phrases.words)))
    )
    words = [*phrases.words, *(found for _, found in extra)]
    raw += [features(language, found) for _, found in extra]
    rows = quick.rows(raw, words)
    texts = tuple(" ".join(found) for found in words)
    wants = met(phrases.ways.wanted(language), words)
    sources = np.array([row for row, _ in extra], np.int32)
    kinds = asks(phrases.ways.asked(language), phrases.words)
    sizes = np.array([len(found) for found in phrases.words], np.int32)
    head = rows, space.columns, space.unit, phrases.labels, labels, named, texts
    return space, Prepared(*head, wants, sources, kinds, sizes, phrases.asked)


def meaning_share(phrases: int) -> float:
    """What the words' meanings have of a vector, 0 to 1, in a base of so many phrases."""
    return _MEANING_OF_FEW if phrases <= KERNEL_UP_TO else _MEANING_OF_MANY


def fit_small(prepared: Prepared) -> tuple[kernel.KernelLearner, crossfit.HeldOut]:
    """Kernel learner and the held-out signals."""
    classes, size = len(prepared.label_set), len(prepared.labels)
    columns = kernel.Columns.of(prepared.phrases, prepared.columns)
    gram = kernel.gram_matrix(prepared.rows, columns, prepared.texts)

    def fit(train: NDArray[np.intp]) -> crossfit.Score:
        labels = prepared.labels[train]
        dual, first = kernel.fit_kernel(gram[np.ix_(train, train)], labels, classes), kernel.first_of(labels, classes)

        def score(chosen: NDArray[np.intp]) -> tuple[Floats, Floats]:
            rows = gram[np.ix_(chosen, train)]
            return rows @ dual, kernel.nearest(rows, first)

        return score

    folds = crossfit.MORE_FOLDS if size <= _MORE_FOLDS_UP_TO else crossfit.FOLDS
    held = crossfit.cross_fit(fit, prepared.material, folds)
    dual = kernel.fit_kernel(gram[:size], prepared.labels, classes)
    first = kernel.first_of(prepared.labels, classes)
    return kernel.KernelLearner(dual, columns, prepared.texts[:size], first), held


def fit_large(prepared: Prepared) -> linear.LinearLearner:
    head = prepared.phrases, prepared.labels, len(prepared.label_set), prepared.columns
    weights = linear.fit_linear(*head, prepared.keys)
    return linear.LinearLearner.of(weights)


def fit_large_fold(prepared: Prepared, number: int) -> crossfit.HeldOut:
    """One fold of the held-out signals of the linear learner; folds are independent, so workers can share them."""
    rows, labels, keys = prepared.rows, prepared.labels, prepared.keys

    def fit(train: NDArray[np.intp]) -> crossfit.Score:
        classes = len(prepared.label_set)
        head = rows.take(train), labels[train], classes, prepared.columns, keys[train]
        weights = linear.fit_linear(*head, epochs=_FOLD_EPOCHS)

        def score(chosen: NDArray[np.intp]) -> tuple[Floats, Floats]:
            found = linear.scores(rows.take(chosen), weights)
            return found, np.zeros_like(found)

        return score

    return crossfit.fold(fit, prepared.material, number)


def index_of(phrases: Phrases, space: Space, ready: Prepared, learner: Learner, held: crossfit.HeldOut) -> Index:
    uses = _uses(phrases)
    common, empty = _shared(uses, _COMMON), _shared(uses, _EMPTY, _EMPTY_ENTRIES) | _spread(uses)
    return Index(
        language=phrases.language,
        label_set=phrases.label_set,
        space=space,
        counts=Counter(word for words in phrases.words for word in words),
        learner=learner,
        rule=evidence.learn_rule(held),
        rows=cache(lambda: ready.kept),
        texts=lambda: phrases.texts,
        spoken=cache(lambda: Lines.of(" ".join(phrases.language.fold(list(words))) for words in phrases.spelled)),
        first=np.searchsorted(phrases.labels, np.arange(len(phrases.label_set) + 1)).astype(np.int32),
        common=common,
        empty=empty,
        sayings=_sayings(phrases, common),
        spellings=_spellings(phrases),
        wants=phrases.ways.wanted(phrases.language),
        unusual=_unusual(ready),
        asked=phrases.ways.asked(phrases.language),
        likely=likelihoods(ready.asks, ready.labels, len(ready.label_set), int(ready.asks.max(initial=0)) + 1),
        gap_rule=crossfit.learn_gaps(
            held, learn_more(ready.phrases, ready.labels, ready.label_set, ready.columns).astype(np.float16)
        ),
        lead_rule=crossfit.learn_leads(held),
        confused=confusions(held, phrases.label_set, phrases.texts),
    )


def _unusual(ready: Prepared) -> Floats:
    labels = ready.label_set
    owners = labels.owner_of[ready.labels] if len(ready.labels) else ready.labels
    return surprise(ready.wants[: len(owners)], owners, len(labels.owners))


@dataclass(frozen=True, slots=True)
class Uses:
    """In how many phrases of each entry a stem stands, and how many phrases the entries have."""

    of: Mapping[str, Counter[str]]
    phrases: Counter[str]


def _uses(phrases: Phrases) -> Uses:
    labels, stem = phrases.label_set.labels, phrases.language.stem
    found: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for words, label in zip(phrases.words, phrases.labels, strict=True):
        if labels[label].kind is Kind.ENTRY:
            owner = labels[label].owner
            sizes[owner] += 1
            for word in {stem(word) for word in words}:
                found.setdefault(word, Counter())[owner] += 1
    return Uses(found, sizes)


def _shared(uses: Uses, share: float, fewest: int = 1) -> frozenset[str]:
    """The stems that at least this share of the entries use, and no fewer entries than `fewest`."""
    least = max(share * len(uses.phrases), fewest)
    return frozenset(word for word, owners in uses.of.items() if len(owners) >= least)


def _spread(uses: Uses) -> frozenset[str]:
    """The stems that stand in nearly as many entries as if their uses had been dealt out by chance: `but`, `still`, `heard`."""
    shares = np.array(list(uses.phrases.values()), np.float64) / max(1, uses.phrases.total())
    found = []
    for word, owners in uses.of.items():
        by_chance = float(np.sum(1 - (1 - shares) ** owners.total()))
        if owners.total() >= _SPREAD_USES and len(owners) >= max(_EMPTY_ENTRIES, _SPREAD * by_chance):
            found.append(word)
    return frozenset(found)


def _spellings(phrases: Phrases) -> dict[str, str]:
    """Folded word -> its most frequent spelling, where that is another: with the letters that every keyboard lacks."""
    uses: Counter[tuple[str, str]] = Counter()
    for spelled in phrases.spelled:
        uses.update(zip(phrases.language.fold(list(spelled)), spelled, strict=True))
    best = {folded: spelling for (folded, spelling), _ in reversed(uses.most_common())}
    return {folded: spelling for folded, spelling in best.items() if folded != spelling}


def _sayings(phrases: Phrases, common: frozenset[str]) -> frozenset[tuple[str, ...]]:
    stem = phrases.language.stem
    stems = (tuple(sorted({stem(word) for word in words})) for words in phrases.words)
    return frozenset(found for found in stems if common.issuperset(found))
