"""Everything that is worked out once per base and language: vocabulary, learner, repairer, rule. Pure; `cache` keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.match.learn import crossfit, kernel, linear
from bot.match.learn.features import Floats, Ints, Rows, Vocabulary, features
from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.rule import Rule
from bot.match.learn.slips import Texts, mended
from bot.match.learn.space import Space
from bot.match.words.language import Language

KERNEL_UP_TO = 3000  # phrases; above, the linear learner fits faster and ranks as well
_MEANING_OF_FEW, _MEANING_OF_MANY = 0.4, 0.1  # share of the words' meanings: the fewer the phrases, the more they help
_FOLD_EPOCHS = 3
_COMMON = 0.3  # share of the entries from which on a word tells nothing of the topic
_EMPTY, _EMPTY_ENTRIES = 0.65, 5  # share and number of the entries from which on it says nothing at all
_SPREAD, _SPREAD_USES = 0.75, 10  # the same of one that is met in as many entries as if chance had put it there

_OWN_ENTRIES = 3  # entries that must use a name before it may count as one of their own
_FOREIGN = 4.0  # how much more often the refusal groups must use it to be foreign all the same


@dataclass(frozen=True, slots=True)
class Phrases:
    """The training data of one language: texts, their normalised words and their classes, sorted by class."""

    language: Language
    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    label_set: LabelSet
    labels: Ints

    @classmethod
    def of(cls, language: Language, pairs: Iterable[tuple[Label, str]]) -> Phrases:
        """Phrases without any word are left out; the same phrase twice under a label counts once."""
        kept: Texts = {}
        for label, phrase in pairs:
            words = tuple(language.words(phrase))
            if words:
                kept.setdefault((label, phrase.strip()), words)
        label_set = LabelSet([label for label, _ in kept])
        kept = mended(language, kept)
        order = sorted(kept, key=lambda pair: label_set.ids[pair[0]])
        language = language.without_names(_own_names(language, kept))
        labels = np.array([label_set.ids[label] for label, _ in order], np.int32)
        return cls(language, tuple(text for _, text in order), tuple(kept[pair] for pair in order), label_set, labels)


def _own_names(language: Language, phrases: Texts) -> set[tuple[str, ...]]:
    """Names that several entries use nearly as often as the refusal groups: such a name says nothing of what is foreign
    (`states`, or a word that only looks like a name)."""
    size: Counter[bool] = Counter()
    uses: Counter[tuple[bool, tuple[str, ...]]] = Counter()
    owners: dict[tuple[str, ...], set[str]] = {}
    for (label, _), words in phrases.items():
        of_entry = label.kind is Kind.ENTRY
        size[of_entry] += 1
        for key in language.names_in(words):
            uses[of_entry, key] += 1
            if of_entry:
                owners.setdefault(key, set()).add(label.owner)
    refusals = size[False] or 1
    return {
        key
        for key, entries in owners.items()
        if len(entries) >= _OWN_ENTRIES and uses[False, key] / refusals < _FOREIGN * uses[True, key] / size[True]
    }


Learner = linear.LinearLearner | kernel.KernelLearner


@dataclass(frozen=True, slots=True)
class Index:
    """What a matcher needs to rank. `texts` holds every phrase, sorted by class, `first[c]` to `first[c + 1]` those of
    class c; it is called only to explain. `spoken` gives their words, joined by blanks. `common` holds the stems that a good part of the entries share, `empty` those
    that most share; `spellings` tells how words are written whose letters are folded for matching; `sayings` the stems, sorted, of phrases made of common ones alone;
    `unseen` how many phrases were scored by learners that never saw them, and how many of those found their entry."""

    language: Language
    label_set: LabelSet
    space: Space
    counts: Mapping[str, int]
    learner: Learner
    rule: Rule
    rows: Callable[[], Rows]
    texts: Callable[[], Sequence[str]]
    spoken: Callable[[], Sequence[str]]
    first: Ints
    common: frozenset[str]
    empty: frozenset[str]
    sayings: frozenset[tuple[str, ...]]
    spellings: Mapping[str, str]
    unseen: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Phrases as vectors, before anything is learnt: cheap to hand to several workers."""

    rows: Rows
    columns: int
    unit: float
    labels: Ints
    label_set: LabelSet
    named: NDArray[np.bool_]
    texts: tuple[str, ...]

    @property
    def material(self) -> crossfit.Material:
        return crossfit.Material(self.rows, self.labels, self.label_set, self.named, self.unit)

    @property
    def small(self) -> bool:
        return len(self.labels) <= KERNEL_UP_TO


def prepare(phrases: Phrases) -> tuple[Space, Prepared]:
    raw = [features(phrases.language, words) for words in phrases.words]
    owners = phrases.label_set.owner_of[phrases.labels] if len(phrases.labels) else phrases.labels
    vocabulary = Vocabulary.learn(raw, [int(owner) for owner in owners])
    texts = tuple(" ".join(words) for words in phrases.words)
    named = np.zeros(len(vocabulary), bool)
    named[vocabulary.columns_of(f"g:{name}" for name in phrases.language.names)] = True
    share = meaning_share(len(phrases.texts))
    space = Space(phrases.language, vocabulary, share)
    rows = Rows.stack([space.joined(row, words) for row, words in zip(raw, phrases.words, strict=True)])
    return space, Prepared(rows, space.columns, space.unit, phrases.labels, phrases.label_set, named, texts)


def meaning_share(phrases: int) -> float:
    """What the words' meanings have of a vector, 0 to 1, in a base of so many phrases."""
    return _MEANING_OF_FEW if phrases <= KERNEL_UP_TO else _MEANING_OF_MANY


def fit_small(prepared: Prepared) -> tuple[kernel.KernelLearner, crossfit.HeldOut]:
    """Kernel learner and the held-out signals."""
    classes = len(prepared.label_set)
    columns = kernel.Columns.of(prepared.rows, prepared.columns)
    gram = kernel.gram_matrix(prepared.rows, columns, prepared.texts)

    def fit(train: NDArray[np.intp]) -> Callable[[NDArray[np.intp]], Floats]:
        dual = kernel.fit_kernel(gram[np.ix_(train, train)], prepared.labels[train], classes)
        return lambda chosen: gram[np.ix_(chosen, train)] @ dual

    held = crossfit.cross_fit(fit, prepared.material)
    dual = kernel.fit_kernel(gram, prepared.labels, classes)
    return kernel.KernelLearner(dual, columns, prepared.texts), held


def fit_large(prepared: Prepared) -> linear.LinearLearner:
    weights = linear.fit_linear(prepared.rows, prepared.labels, len(prepared.label_set), prepared.columns)
    return linear.LinearLearner(weights.astype(np.float16))


def fit_large_fold(prepared: Prepared, number: int) -> crossfit.HeldOut:
    """One fold of the held-out signals of the linear learner; folds are independent, so workers can share them."""
    rows, labels = prepared.rows, prepared.labels

    def fit(train: NDArray[np.intp]) -> Callable[[NDArray[np.intp]], Floats]:
        classes = len(prepared.label_set)
        weights = linear.fit_linear(rows.take(train), labels[train], classes, prepared.columns, epochs=_FOLD_EPOCHS)
        return lambda chosen: linear.scores(rows.take(chosen), weights)

    return crossfit.fold(fit, prepared.material, number)


def index_of(phrases: Phrases, space: Space, ready: Prepared, learner: Learner, rule: Rule) -> Index:
    uses = _uses(phrases)
    common, empty = _shared(uses, _COMMON), _shared(uses, _EMPTY, _EMPTY_ENTRIES) | _spread(uses)
    return Index(
        language=phrases.language,
        label_set=phrases.label_set,
        space=space,
        counts=Counter(word for words in phrases.words for word in words),
        learner=learner,
        rule=rule,
        rows=lambda: ready.rows,
        texts=lambda: phrases.texts,
        spoken=cache(lambda: [" ".join(phrases.language.words(one)) for one in phrases.texts]),
        first=np.searchsorted(phrases.labels, np.arange(len(phrases.label_set) + 1)).astype(np.int32),
        common=common,
        empty=empty,
        sayings=_sayings(phrases, common),
        spellings=_spellings(phrases),
    )


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
    for phrase in phrases.texts:
        spelled = phrases.language.spelled_words(phrase)
        uses.update(zip(phrases.language.fold(spelled), spelled, strict=True))
    best = {folded: spelling for (folded, spelling), _ in reversed(uses.most_common())}
    return {folded: spelling for folded, spelling in best.items() if folded != spelling}


def _sayings(phrases: Phrases, common: frozenset[str]) -> frozenset[tuple[str, ...]]:
    stem = phrases.language.stem
    stems = (tuple(sorted({stem(word) for word in words})) for words in phrases.words)
    return frozenset(found for found in stems if common.issuperset(found))


Step = Callable[[float], None]
"""Called with the share of the work done, 0 to 1."""
