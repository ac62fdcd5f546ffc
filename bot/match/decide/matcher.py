"""Ranks the entries for a question in one language. Usable without any YAML:

pairs = [("hours", "when do you open"), ("hours", "opening times"), ("price", "how much is it")]
matcher = Matcher.from_pairs(pairs, language=traits("en"))
ranking = matcher.rank("when are you opne?")
ranking.candidates[0].label.owner, ranking.candidates[0].score   # "hours", 0.87
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.languages.traits import Traits
from bot.match.learn.features import Floats, Ints
from bot.match.learn.fit import fit
from bot.match.learn.index import Index, Phrases
from bot.match.learn.labels import Kind, Label
from bot.match.learn.signals import matrix_of_best, owner_scores
from bot.match.words.language import Groups, Language
from bot.match.words.lexicon import lexicon
from bot.match.words.reading import MOST_WORDS, Reader, Reading
from bot.match.words.repair import Repairer

# Added to a gap's score, for long questions; taken from it for short ones, which ask for the whole. A gap has fewer
# phrases than its entry, and its answer says what the entry's says as well.
_LEAN_TO_GAPS, _LEAN_FROM_GAPS = 0.5, 0.5  # the one at most, the other for each word too few
_NO_LEAN, _FULL_LEAN = 4, 7  # words
_ENDING = 4  # letters by which a form may be longer than the longest that the phrases have of its stem
_STORY = 20  # words from which on a name may be of where the asker lives, and says less of the question


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` is the calibrated probability, 0 to 1, that this is the right answer. `phrase` is the closest way to ask
    for it, empty unless `rank` was asked for phrases."""

    label: Label
    score: float
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries best first. `refusal` is the best refusal group or small talk; its score is its share of the probability."""

    lang: str
    reading: Reading
    candidates: tuple[Candidate, ...]
    refusal: Candidate | None
    refused: bool

    @property
    def score(self) -> float:
        return self.candidates[0].score if self.candidates else 0.0


class Matcher:
    """Thread-safe after construction: `rank` only reads."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.language = index.language
        self._labels = index.label_set
        self._entries = int(index.label_set.is_entry.sum())
        self._gaps = np.array([label.gap is not None for label in index.label_set.labels], np.float32)
        self._named = np.zeros(index.space.columns, np.bool_)
        self._named[index.space.vocabulary.columns_of(f"g:{name}" for name in index.language.names)] = True
        self._longest: dict[str, int] = {}  # root -> letters of its longest known form
        for word in index.counts if self.language.by_prefix else ():
            root = self.language.stem(word)
            self._longest[root] = max(self._longest.get(root, 0), len(word))
        self._total = sum(index.counts.values()) or 1
        self._repairer = Repairer(index.counts, lru_cache(65536)(self._familiar), lexicon(index.language.traits))
        self._reader = Reader(self.language, self._repairer)
        self._phrases_of = lru_cache(None)(self._words_of_phrases)

    @classmethod
    def from_pairs(
        cls,
        pairs: Iterable[tuple[str, str]],
        *,
        language: Traits,
        refusals: Collection[str] = (),
        groups: Groups | None = None,
        names: Groups | None = None,
    ) -> Matcher:
        """Fits a matcher to (entry id, phrase) pairs. Ids in `refusals` are groups that nothing answers.

        An id `entry/gap` names a gap of the entry. `groups` and `names` join words that share a feature (see
        `Language`)."""
        labelled = [(_label(entry, refusals), phrase) for entry, phrase in pairs]
        phrases = Phrases.of(Language(language, groups, names), labelled)
        return cls(fit({language.code: phrases})[language.code])

    def rank(self, question: str, limit: int = 5, *, phrases: bool = False) -> Ranking:
        """The `limit` best entries for a question of any length; no candidate where nothing in it is known."""
        reading = self._reader.read(question)
        ids, values = self.index.space.vector(reading.words, reading.trust)
        if not len(ids) or not len(self._labels):
            return Ranking(self.language.code, reading, (), None, False)
        scores = self.index.learner.scores(ids, values, " ".join(reading.words))
        named = self._named[ids].any() * min(1.0, _STORY / len(reading.words))
        facts = np.array([self.index.space.known(ids, values), named], np.float32)
        ranking = self._ranking(reading, facts, scores, limit)
        return self._with_phrases(ranking, ids, values) if phrases else ranking

    def label_within(self, question: str, owner: str) -> Label:
        """Which class of one entry fits a question best: the entry itself or a gap. KeyError for an unknown entry."""
        position = self._labels.position(Kind.ENTRY, owner)
        reading = self._reader.read(question)
        ids, values = self.index.space.vector(reading.words, reading.trust)
        scores = self.index.learner.scores(ids, values, " ".join(reading.words))
        return self._label(position, scores, len(reading.words))

    def coverage(self, question: str) -> float:
        """The share of the letters in its words that the phrases know as they stand, 0 to 1."""
        folded = self.language.words(question)[:MOST_WORDS]
        total = sum(map(len, folded))
        return sum(len(word) for word in folded if self._repairer.knows(word)) / total if total else 0.0

    def is_bare(self, words: Sequence[str]) -> bool:
        """Whether the words are only such as most entries share: they name no topic."""
        return all(self.language.stem(word) in self.index.common for word in words)

    def is_saying(self, words: Sequence[str]) -> bool:
        """Whether a phrase is made of just these words, all of them such as many entries share."""
        return tuple(sorted({self.language.stem(word) for word in words})) in self.index.sayings

    def is_phrase(self, words: Sequence[str], owner: str) -> bool:
        """Whether the words are just one of the phrases of an entry or its gaps. KeyError for an unknown entry."""
        return tuple(words) in self._phrases_of(owner)

    def _words_of_phrases(self, owner: str) -> dict[tuple[str, ...], Label]:
        """The words of each phrase of an entry and its gaps, and which of them it asks for."""
        first, last = self._labels.span(self._labels.position(Kind.ENTRY, owner))
        found: dict[tuple[str, ...], Label] = {}
        for position in range(first, last):
            start, end = int(self.index.first[position]), int(self.index.first[position + 1])
            for phrase in self.index.spoken()[start:end]:
                found.setdefault(tuple(phrase.split(" ")), self._labels.labels[position])
        return found

    def _verbatim(self, candidate: Candidate, words: Sequence[str]) -> Candidate:
        """The same candidate, but for the gap that a phrase does not ask for which has just these words."""
        if candidate.label.gap is None:
            return candidate
        label = self._phrases_of(candidate.label.owner).get(tuple(words))
        return candidate if label is None else replace(candidate, label=label)

    def is_empty(self, words: Sequence[str]) -> bool:
        """Whether the words are only such as most entries share (`the of and to`), and nobody asks just so."""
        stems = {self.language.stem(word) for word in words}
        return self.index.empty.issuperset(stems) and not self.is_saying(words)

    def spelled(self, words: Sequence[str]) -> str:
        """Normalised words as they are written: with the letters that matching folds."""
        return " ".join(self.index.spellings.get(word, word) for word in words)

    def familiarity(self, words: Sequence[str]) -> float:
        """The logarithm of how likely the words are in this language's phrases (unigrams, add one half)."""
        counts, size = self.index.counts, self._total + len(self.index.counts) / 2
        return sum(math.log((counts.get(word, 0) + 0.5) / size) for word in words)

    def _ranking(self, reading: Reading, facts: Floats, scores: Floats, limit: int) -> Ranking:
        best, share = owner_scores(scores[None, :], self._labels)
        is_entry = self._labels.is_entry
        order = np.argsort(-np.where(is_entry, best[0], -np.inf))[: self._entries]
        size = min(limit, self._entries)
        probability = self._probability(order, size, best[0], share[0], facts)
        candidates = tuple(
            Candidate(self._label(owner, scores, len(reading.words)), p)
            for owner, p in zip(order[:size].tolist(), probability, strict=True)
        )
        candidates = (*(self._verbatim(best_one, reading.words) for best_one in candidates[:1]), *candidates[1:])
        refusal = self._refusal(best[0], share[0], scores)
        refused = refusal is not None and (not size or bool(best[0][~is_entry].max() > best[0][order[0]]))
        return Ranking(self.language.code, reading, candidates, refusal, refused)

    def _probability(
        self, order: NDArray[np.intp], size: int, best: Floats, share: Floats, facts: Floats
    ) -> list[float]:
        """Of the first `size` of the entries, best first."""
        if not size:
            return []
        matrix = matrix_of_best(order, size, best, share, self._labels.is_entry, facts)
        found: list[float] = self.index.rule.probability(matrix).tolist()
        return found

    def _refusal(self, best: Floats, share: Floats, scores: Floats) -> Candidate | None:
        if self._entries == len(self._labels.is_entry):
            return None
        owner = int(np.argmax(np.where(self._labels.is_entry, -np.inf, best)))
        return Candidate(self._label(owner, scores, 0), float(share[owner]))

    def _label(self, owner: int, scores: Floats, size: int) -> Label:
        """The best class of an owner for a question of `size` words: the entry itself or one of its gaps."""
        first, last = self._labels.span(owner)
        if last - first == 1:
            return self._labels.labels[first]
        lean = self._gaps[first:last] * _lean(size)
        return self._labels.labels[first + int(np.argmax(scores[first:last] + lean))]

    def _with_phrases(self, ranking: Ranking, ids: Ints, values: Floats) -> Ranking:
        query = np.zeros(self.index.space.columns, np.float32)
        query[ids] = values
        found = [replace(c, phrase=self._phrase(c.label, query)) for c in ranking.candidates]
        refusal = ranking.refusal and replace(ranking.refusal, phrase=self._phrase(ranking.refusal.label, query))
        return replace(ranking, candidates=tuple(found), refusal=refusal)

    def _phrase(self, label: Label, query: Floats) -> str:
        """The label's phrase whose vector is closest to the question's."""
        position = self._labels.ids[label]
        members = range(int(self.index.first[position]), int(self.index.first[position + 1]))
        rows = self.index.rows()
        closeness = [float(values @ query[ids]) for ids, values in map(rows.row, members)]
        return self.index.texts()[members[int(np.argmax(closeness))]]

    def _familiar(self, word: str) -> bool:
        """Whether a word is another form of a known one, or in a group. Where only the first letters stand for a word,
        a form is no more than an ending longer than the longest that is known: else it is rather several words in one."""
        stem = self.language.stem(word)
        fits = not self.language.by_prefix or len(word) <= self._longest.get(stem, 0) + _ENDING
        same_stem = fits and "w:" + stem in self.index.space.vocabulary
        return same_stem or bool(self.language.groups_of([word]))


def _lean(size: int) -> float:
    """What is added to the score of a gap, for a question of `size` words."""
    more = size - _NO_LEAN
    return more * _LEAN_FROM_GAPS if more < 0 else _LEAN_TO_GAPS * min(1.0, more / (_FULL_LEAN - _NO_LEAN))


def _label(entry: str, refusals: Collection[str]) -> Label:
    if entry in refusals:
        return Label(entry, kind=Kind.REFUSAL)
    owner, _, gap = entry.partition("/")
    return Label(owner, gap or None)
