"""Which words are real ones of their language: such a word is not repaired to a look-alike (`minimum` to `maximum`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

_RARE = 100  # uses among the 1.6 thousand million words counted, below which an English word is rather a slip

IsWord = Callable[[str], bool]
"""Whether a normalised word is a real one. The first call loads the dictionary (0.1 to 0.2 s)."""


def lexicon(code: str) -> IsWord:
    """The dictionary of a language, `nothing_is_a_word` where there is none."""
    return _LEXICONS.get(code, nothing_is_a_word)


def nothing_is_a_word(_word: str) -> bool:
    return False


def read_dictionaries(codes: Iterable[str]) -> None:
    """Load them now, so that nobody's question waits for it. May run in a thread of its own."""
    for code in codes:
        lexicon(code)("")


def _english(word: str) -> bool:
    return word in _english_words()


@cache
def _english_words() -> frozenset[str]:
    from spellchecker import SpellChecker

    counted = SpellChecker(language="en").word_frequency.items()
    return frozenset(word.replace("'", "") for word, uses in counted if uses >= _RARE)


def _russian(word: str) -> bool:
    return bool(_russian_words()(word))


@cache
def _russian_words() -> IsWord:
    from pymorphy3 import MorphAnalyzer

    known: IsWord = MorphAnalyzer().word_is_known
    return known


_LEXICONS: dict[str, IsWord] = {"en": _english, "ru": _russian}
