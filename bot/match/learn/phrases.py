"""The phrases of one language as training data: their words, their classes; slips mended, own names told from foreign ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.learn.features import Ints
from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.ways import Ways
from bot.match.words.language import Language
from bot.match.words.lexicon import lexicon, nothing_is_a_word

_RARE, _MUCH_USED = 2, 10  # uses up to which a word may be a slip, and from which on one may have been meant
_SHORTEST_SLIP, _SHORTEST_REFUSED = 4, 7  # letters
_BEGINNING = 3  # letters that all forms of a word share
_INSIDE = re.compile(r"(?<=[^\W\d_] )[^\W\d_]+")  # words that begin no sentence

Texts = dict[tuple[Label, str], tuple[str, ...]]
"""The words of each phrase, by its label and its text."""
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
        kept = _mended(language, kept)
        order = sorted(kept, key=lambda pair: label_set.ids[pair[0]])
        language = language.without_names(_own_names(language, kept))
        labels = np.array([label_set.ids[label] for label, _ in order], np.int32)
        phrases, words = tuple(phrase for _, phrase in order), tuple(kept[pair] for pair in order)
        return cls(language, phrases, words, label_set, labels, ways or Ways.none())


def _mended(language: Language, phrases: Texts) -> Texts:
    """The phrases with their slips mended: a slip that counted as known would lead to its one phrase, whatever is asked.

    A slip is a rare word that is no name, no other form of a known word, and not in the language's dictionary, one edit
    from a single word that is used much. A word with a capital is taken for a name; what is refused has names that no
    list knows, so that there a short word is left alone."""
    is_word = lexicon(language.traits)
    if is_word is nothing_is_a_word:
        return phrases
    counts = Counter(word for words in phrases.values() for word in words)
    answered = {word for (label, _), words in phrases.items() if label.kind is Kind.ENTRY for word in words}
    rare = [
        word
        for word, uses in counts.items()
        if uses <= _RARE and len(word) >= (_SHORTEST_SLIP if word in answered else _SHORTEST_REFUSED) and word.isalpha()
    ]
    named = {word for _, text in phrases for word in language.words(" ".join(_capitals(text)))}
    unknown = [word for word in rare if not is_word(word) and word not in named]
    beginnings = {word[:_BEGINNING] for word in unknown}
    forms = Counter(language.stem(word) for word in counts if word[:_BEGINNING] in beginnings)
    slips = [word for word in unknown if forms[language.stem(word)] == 1 and not language.names_in([word])]
    much_used: dict[str, list[str]] = {}
    for word, uses in counts.items():
        if uses >= _MUCH_USED:
            much_used.setdefault(word[0], []).append(word)
    meant = {slip: found for slip in slips if (found := _meant(slip, much_used.get(slip[0], [])))}
    return {phrase: tuple(meant.get(word, word) for word in words) for phrase, words in phrases.items()}


def _capitals(text: str) -> list[str]:
    """The words with a capital, but for those that begin a sentence."""
    return [word for word in _INSIDE.findall(text) if word != word.lower()]


def _meant(slip: str, much_used: Sequence[str]) -> str | None:
    """The one word of these, which begin with the same letter, that is one edit away; None where there are several."""
    near = [word for word in much_used if abs(len(word) - len(slip)) <= 1]
    found = [word for word, _, _ in process.extract(slip, near, scorer=OSA.distance, score_cutoff=1, limit=None)]
    return found[0] if len(found) == 1 else None


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
