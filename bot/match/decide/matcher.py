"""Ranks the entries for a question in one language. Usable without any YAML:

pairs = [("hours", "when do you open"), ("hours", "opening times"), ("price", "how much is it")]
matcher = Matcher.from_pairs(pairs, language=traits("en"))
ranking = matcher.rank("when are you opne?")
ranking.candidates[0].label.owner, ranking.candidates[0].score   # "hours", 0.87
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from bot.languages.traits import Traits
from bot.match.decide.ranking import Candidate as Candidate
from bot.match.decide.ranking import Ranking as Ranking
from bot.match.learn.features import Floats, Ints
from bot.match.learn.fit import fit
from bot.match.learn.gaps import Put, signals
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.leads import signals as signals_of_lead
from bot.match.learn.phrases import Phrases
from bot.match.learn.signals import matrix_of_best, owner_scores
from bot.match.learn.ways import strongest
from bot.match.words.language import Groups, Language
from bot.match.words.lexicon import lexicon
from bot.match.words.negation import Denial
from bot.match.words.reading import MOST_WORDS, Reader, Reading
from bot.match.words.repair import Repairer

# Words from which on a name or a frame may belong to a story, and says less of the question; without it 2 of 6,917 labelled
# questions lose their answer.
STORY = 20
_BARRED = -30.0  # added to the score of what must not win
Facts = tuple[float, float]  # as in `matrix_of_best`
Evidence = Mapping[tuple[str, str], float]
"""Kind and id of an owner -> the best score of its classes, weighed."""


class Matcher:
    """Thread-safe after construction: `rank` only reads."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.language = index.language
        self._labels = index.label_set
        self._entries = int(index.label_set.is_entry.sum())
        self._named = np.zeros(index.space.columns, np.bool_)
        self._named[index.space.vocabulary.columns_of(f"g:{name}" for name in index.language.names)] = True
        self._total = sum(index.counts.values()) or 1
        traits = index.language.traits
        self._repairer = Repairer(index.counts, self._familiar, lexicon(traits), Denial(traits).between)
        self._reader = Reader(self.language, self._repairer)
        self._names_of = lru_cache(None)(self._names_spoken)

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

    def read(self, question: str) -> Reading:
        """The reading of a question of any length in which the phrases know most."""
        return self._reader.read(question)

    def rank(
        self,
        question: str | Reading,
        limit: int = 5,
        *,
        phrases: bool = False,
        barred: Collection[str] = (),
        evidence: Evidence | None = None,
        weight: float = 1.0,
    ) -> Ranking:
        """The `limit` best entries for a question, or for a reading of it; no candidate where nothing in it is known.

        The entries in `barred` are left out; `evidence` of another matcher is added to the scores, which count `weight`."""
        reading = question if isinstance(question, Reading) else self.read(question)
        ids, values = self.index.space.vector(reading.words, reading.trust)
        if not len(ids) or not len(self._labels):
            return Ranking(self.language.code, reading, (), None, False)
        scores, like = self.index.learner.heard(ids, values, " ".join(reading.words))
        if barred or evidence:
            scores = scores * np.float32(weight) + self._shift(barred, evidence or {})
        named = float(self._named[ids].any()) * _weight(reading.words)
        facts = self.index.space.known(ids, values), named
        more = float(values @ self.index.gap_rule.more[ids])
        put = Put(len(reading.words), self.index.likely_for(reading.words), more)
        ranking = self._ranking(reading, facts, scores, like, put, limit)
        return self._with_phrases(ranking, ids, values) if phrases else ranking

    def gap_for(self, owner: str, kind: str) -> Label | None:
        """The gap of an entry that a kind of question asks for, if it asks for one rather than for the entry itself."""
        first, last = self._labels.span(self._labels.position(Kind.ENTRY, owner))
        if kind not in self.index.asked.kinds or last - first == 1:
            return None
        likely = self.index.likely[first:last, self.index.asked.kinds.index(kind)]
        best = self._labels.labels[first + int(np.argmax(likely))]
        return best if best.gap else None

    def confused_with(self, owner: str) -> set[str]:
        """The entries that the phrases confuse with this one, in either direction."""
        pairs = [(one.entry, one.other) for one in self.index.confused]
        return {other for pair in pairs for entry, other in (pair, pair[::-1]) if entry == owner}

    def is_elsewhere(self, words: Sequence[str], owner: str) -> bool:
        """Whether the words name another place, by a name that no phrase of the entry uses. KeyError for an unknown entry."""
        named = self.language.names_in(words)
        return bool(named) and named.isdisjoint(self._names_of(owner))

    def evidence(self, question: str, weight: float = 1.0) -> Evidence:
        """What a question's words say of each owner, for another matcher; the scores count `weight`."""
        reading = self.read(question)
        ids, values = self.index.space.vector(reading.words, reading.trust)
        if not len(ids):
            return {}
        best = weight * self._labels.best_of_owner(self.index.learner.heard(ids, values, " ".join(reading.words))[0])
        return dict(zip(self._labels.owners, best.tolist(), strict=True))

    def _shift(self, barred: Collection[str], evidence: Evidence) -> Floats:
        """What is added to the scores of the classes."""
        least = min(evidence.values(), default=0.0)
        added = [evidence.get(owner, least) for owner in self._labels.owners]
        for owner in barred:
            added[self._labels.position(Kind.ENTRY, owner)] = _BARRED
        return np.array(added, np.float32)[self._labels.owner_of]

    def knows(self, word: str) -> bool:
        """Whether a normalised word stands in some phrase."""
        return self._repairer.knows(word)

    def coverage(self, question: str) -> float:
        """The share of the letters in its words that the phrases know as they stand, 0 to 1."""
        words = self.language.words(question)[:MOST_WORDS]
        total = sum(map(len, words))
        return sum(map(len, filter(self._repairer.knows, words))) / total if total else 0.0

    def is_bare(self, words: Sequence[str]) -> bool:
        """Whether the words are only such as most entries share: they name no topic."""
        return all(self.language.stem(word) in self.index.common for word in words)

    def is_saying(self, words: Sequence[str]) -> bool:
        """Whether a phrase is made of just these words, all of them such as many entries share."""
        return tuple(sorted({self.language.stem(word) for word in words})) in self.index.sayings

    def is_phrase(self, words: Sequence[str], owner: str, kind: Kind = Kind.ENTRY) -> bool:
        """Whether the words are just one of the phrases of an entry and its gaps, or of small talk. KeyError for an unknown one."""
        return self._asked_in(words, owner, kind) is not None

    def says(self, words: Sequence[str]) -> bool:
        """Whether the words are just a phrase of some small talk."""
        talk = (label.owner for label in self._labels.labels if label.kind is Kind.SMALL_TALK)
        return any(self.is_phrase(words, owner, Kind.SMALL_TALK) for owner in talk)

    def _rows_of(self, owner: str, kind: Kind) -> tuple[int, int]:
        """The first phrase of an entry and its gaps, or of small talk, and the one behind the last."""
        first, last = self._labels.span(self._labels.position(kind, owner))
        return int(self.index.first[first]), int(self.index.first[last])

    def _asked_in(self, words: Sequence[str], owner: str, kind: Kind = Kind.ENTRY) -> Label | None:
        """What the phrase asks for that has just these words, the whole or a gap."""
        row = self.index.spoken().place_of(" ".join(words), *self._rows_of(owner, kind))
        return None if row is None else self._labels.labels[int(np.searchsorted(self.index.first, row, "right")) - 1]

    def _names_spoken(self, owner: str) -> frozenset[tuple[str, ...]]:
        """The keys of the names in the phrases of an entry and its gaps."""
        spoken = self.index.spoken()[slice(*self._rows_of(owner, Kind.ENTRY))]
        return frozenset(key for one in spoken for key in self.language.names_in(one.split(" ")))

    def _verbatim(self, candidate: Candidate, words: Sequence[str]) -> Candidate:
        """The same candidate; where a phrase has just these words, with what that phrase asks for."""
        label = self._asked_in(words, candidate.label.owner)
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

    def _ranking(self, reading: Reading, facts: Facts, scores: Floats, like: Floats, put: Put, limit: int) -> Ranking:
        best, share = owner_scores(scores, self._labels)
        order = np.argsort(-best[: self._entries])  # owners that are entries stand first
        size = min(limit, self._entries)
        unusual, near = self._unusual(reading.words), self._labels.best_of_owner(like)
        matrix = matrix_of_best(order, size, best, share, facts, unusual, near) if size else None
        probability = [] if matrix is None else self.index.rule.probability(matrix).tolist()
        candidates = tuple(
            Candidate(self._label(owner, scores, put), p)
            for owner, p in zip(order[:size].tolist(), probability, strict=True)
        )
        candidates = (*(self._verbatim(best_one, reading.words) for best_one in candidates[:1]), *candidates[1:])
        owner, refusal = self._refusal(best, share)
        refused = refusal is not None and (not size or bool(best[owner] > best[order[0]]))
        return Ranking(self.language.code, reading, candidates, refusal, refused, self._is_clear(best, share))

    def _refusal(self, best: Floats, share: Floats) -> tuple[int, Candidate | None]:
        """The best of what is no entry, each of which is one class."""
        if self._entries == len(best):
            return -1, None
        owner = self._entries + int(best[self._entries :].argmax())
        return owner, Candidate(self._labels.labels[self._labels.span(owner)[0]], float(share[owner]))

    def _is_clear(self, best: Floats, share: Floats) -> bool:
        """Whether the best refusal group leads clearly."""
        if self._entries == len(best):
            return False
        _, found = signals_of_lead(best[None, self._entries :], share[None, self._entries :])
        return self.index.lead_rule.clear(found[0])

    def _unusual(self, words: Sequence[str]) -> Floats:
        """How unusual it is of each owner to be asked for in this way; in a story less, as below."""
        met = self.index.wants.met(words)
        if not met:
            return np.zeros(self.index.unusual.shape[1], np.float32)
        present = np.array([[kind in met for kind in self.index.wants.kinds]], bool)
        return np.asarray(strongest(present, self.index.unusual)[0] * np.float32(_weight(words)), np.float32)

    def _label(self, owner: int, scores: Floats, put: Put) -> Label:
        """What of an owner a question that is put so asks for: the whole, or a gap."""
        labels, (first, last) = self._labels.labels, self._labels.span(owner)
        if last - first == 1:
            return labels[first]
        seen = signals(self._labels, first, last, scores, put)
        if seen is None:
            return labels[first + int(np.argmax(scores[first:last]))]
        best, found = seen
        return labels[best if self.index.gap_rule.asked(found) else first]

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
        """Whether a word is another form of a known one, in a group, or one by which people say what they want."""
        known = "w:" + self.language.stem(word) in self.index.space.vocabulary or self.language.in_group(word)
        return known or word in self.index.wants.words


def _weight(words: Sequence[str]) -> float:
    """What a name or a frame counts in so many words."""
    return min(1.0, STORY / len(words)) if words else 1.0


def _label(entry: str, refusals: Collection[str]) -> Label:
    if entry in refusals:
        return Label(entry, kind=Kind.REFUSAL)
    owner, _, gap = entry.partition("/")
    return Label(owner, gap or None)
