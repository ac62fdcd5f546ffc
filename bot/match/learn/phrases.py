"""The phrases of one language as training data: their words, their classes; own names told from foreign ones."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.features import Ints
from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.slips import Texts, mended
from bot.match.learn.ways import Ways
from bot.match.words.language import Language

_OWN_ENTRIES = 3  # entries that must use a name before it may count as one of their own
# Phrases up to which the answer counts as one more. In two foreign bases of 20 entries it finds the right one for 45 -> 57 and
# 53 -> 63 per cent of the questions with one phrase an entry, 68 -> 73 and 68 -> 75 with three; 72 -> 73, 85 -> 85 with five.
_FEW = 3
_FOREIGN = 4.0  # how much more often the refusal groups must use it to be foreign all the same


@dataclass(frozen=True, slots=True)
class Phrases:
    """The training data of one language: texts, their normalised words and their classes, sorted by class. `spelled` are
    the words as they are written, slips and all. `asked`: people ask so; the others only tell more of what has few phrases.
    `encoded`: a sentence encoder reads them too, where they are few."""

    language: Language
    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    spelled: tuple[tuple[str, ...], ...]
    label_set: LabelSet
    labels: Ints
    ways: Ways
    asked: NDArray[np.bool_]
    encoded: bool = False

    @classmethod
    def of(
        cls,
        language: Language,
        pairs: Iterable[tuple[Label, str]],
        ways: Ways | None = None,
        told: Iterable[tuple[Label, str]] = (),
        *,
        encoded: bool = False,
    ) -> Phrases:
        """Phrases without any word are left out; the same phrase twice under a label counts once, and one that an entry has
        only there: what a base answers, no general refusal or small talk takes away. `told` are texts that
        nobody asks with: those of what has few phrases count, too."""
        kept = _without_overruled(_worded(language, pairs))
        sizes = Counter(label for label, _ in kept)
        more = _worded(language, (pair for pair in told if 0 < sizes[pair[0]] <= _FEW))
        asked = set(kept)
        kept = spelled = more | kept
        label_set = LabelSet([label for label, _ in kept])
        kept = mended(language, {pair: tuple(language.fold(list(words))) for pair, words in spelled.items()})
        order = sorted(kept, key=lambda pair: label_set.ids[pair[0]])
        language = language.without_names(_own_names(language, kept))
        labels = np.array([label_set.ids[label] for label, _ in order], np.int32)
        phrases, words = tuple(phrase for _, phrase in order), tuple(kept[pair] for pair in order)
        as_written = tuple(spelled[pair] for pair in order)
        are_asked = np.array([pair in asked for pair in order], bool)
        return cls(language, phrases, words, as_written, label_set, labels, ways or Ways.none(), are_asked, encoded)


def with_few(language: Language, pairs: Iterable[tuple[Label, str]]) -> set[Label]:
    """What has so few phrases that its answer counts as one more. Words are looked for in as few of them as will do."""
    distinct: dict[Label, dict[str, None]] = {}
    for label, phrase in pairs:
        distinct.setdefault(label, {})[phrase.strip()] = None
    few = set()
    for label, phrases in distinct.items():
        worded = itertools.islice((one for one in phrases if language.words(one)), _FEW + 1)
        if 0 < sum(1 for _ in worded) <= _FEW:
            few.add(label)
    return few


def _worded(language: Language, pairs: Iterable[tuple[Label, str]]) -> Texts:
    found: Texts = {}
    for label, phrase in pairs:
        if words := tuple(language.spelled_words(phrase)):
            found.setdefault((label, phrase.strip()), words)
    return found


def _without_overruled(phrases: Texts) -> Texts:
    """Without what leads to no entry in the words that lead to one."""
    answered = {words for (label, _), words in phrases.items() if label.kind is Kind.ENTRY}
    return {pair: words for pair, words in phrases.items() if pair[0].kind is Kind.ENTRY or words not in answered}


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
