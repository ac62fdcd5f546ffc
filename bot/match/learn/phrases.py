"""The phrases of one language as training data: their words, their classes; own names told from foreign ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.match.learn.features import Ints
from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.slips import Texts, mended
from bot.match.learn.ways import Ways
from bot.match.words.language import Language

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
    ways: Ways

    @classmethod
    def of(cls, language: Language, pairs: Iterable[tuple[Label, str]], ways: Ways | None = None) -> Phrases:
        """Phrases without any word are left out; the same phrase twice under a label counts once."""
        kept: Texts = {}
        for label, phrase in pairs:
            if found := tuple(language.words(phrase)):
                kept.setdefault((label, phrase.strip()), found)
        label_set = LabelSet([label for label, _ in kept])
        kept = mended(language, kept)
        order = sorted(kept, key=lambda pair: label_set.ids[pair[0]])
        language = language.without_names(_own_names(language, kept))
        labels = np.array([label_set.ids[label] for label, _ in order], np.int32)
        phrases, words = tuple(phrase for _, phrase in order), tuple(kept[pair] for pair in order)
        return cls(language, phrases, words, label_set, labels, ways or Ways.none())


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
