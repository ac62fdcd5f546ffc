"""Slips in the phrases themselves, mended before anything is learnt from them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.learn.labels import Kind, Label
from bot.match.words.language import Language
from bot.match.words.lexicon import lexicon, nothing_is_a_word

_RARE, _MUCH_USED = 2, 10  # uses up to which a word may be a slip, and from which on one may have been meant
_SHORTEST_SLIP, _SHORTEST_REFUSED = 4, 7  # letters
_BEGINNING = 3  # letters that all forms of a word share
_INSIDE = re.compile(r"(?<=[^\W\d_] )[^\W\d_]+")  # words that begin no sentence

Texts = dict[tuple[Label, str], tuple[str, ...]]
"""The words of each phrase, by its label and its text."""


def mended(language: Language, phrases: Texts) -> Texts:
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
