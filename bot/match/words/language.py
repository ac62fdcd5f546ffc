"""What the matcher knows of a language: its stemmer, its letters, its groups of words. A new language needs a line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock

import snowballstemmer

from bot.match.words import text

_SNOWBALL = {"en": "english", "ru": "russian", "de": "german", "fr": "french", "es": "spanish", "tr": "turkish"}
_CYRILLIC = {"ru", "kk"}
JOINING = {
    "en": ("and", "also", "plus", "and also"),
    "ru": ("и", "а", "а также", "и ещё", "плюс"),
    "kk": ("және", "әрі", "ал", "тағы", "сосын"),
}
_ENDINGS = {
    "kk": re.compile(
        "(?:[лдт][ае]р|ы|и|с[ыи]|[ыи]м[ыи]з|[ндт][ыи]н?|[гк][ае]|н?[ае]|[ндт][ае]н|н?[дт][ае]|[мбп]ен|[дт][ае]г[ыи]|[дт]ег[ыи]"
        "|[лдт][ыи]к|ш[ае]|[дт][ае]й|н){1,4}"
    )
}  # what may follow a name, in folded letters
_LAST = {"en": frozenset("abcdefghijklmnopqrstuvwxyz"), "ru": frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя")}
# Letters that an ending may end in; a word that ends in another is its own stem, and is not asked for it.
# Stemming takes 30 to 50 µs a word, and of one of 1,000 letters 1 ms. What is longer than several words typed as one is none.
LONGEST_WORD = 64
_ROOT = 6  # letters that stand for a word where there is no stemmer
_ENDING = 8  # the longest ending that a group's word may carry there

Groups = Mapping[str, Iterable[str]]


def _root(word: str) -> str:
    return word[:_ROOT]


@cache
def _stemmer(code: str) -> Callable[[str], str]:
    """One for all that know a language, so that a word is stemmed once. A stemmer holds the word that it works on: hence
    the lock."""
    if code not in _SNOWBALL:
        return _root
    stem, lock = snowballstemmer.stemmer(_SNOWBALL[code]).stemWord, Lock()

    def alone(word: str) -> str:
        with lock:
            return str(stem(word))

    return lru_cache(65536)(alone)


class Language:
    """Words, stems and word groups of one language.

    `groups` maps a name to words or short expressions that share one feature, such as synonyms; `names` does the same
    for names of what the base is not about, such as other countries: meeting one makes an answer less probable.
    `by_prefix` tells that the first letters stand for a word, as there is no stemmer.
    """

    def __init__(self, code: str, groups: Groups | None = None, names: Groups | None = None) -> None:
        self.code = code
        self.names = frozenset(names or ())
        self.cyrillic = code in _CYRILLIC
        self._stem = _stemmer(code)
        self._last = _LAST.get(code)
        self.by_prefix = code not in _SNOWBALL
        self._groups: dict[tuple[str, ...], list[str]] = {}
        self._length: dict[str, int] = {}  # first word -> the longest expression that begins with it
        self._resolve = lru_cache(65536)(self._find)
        for name, members in [*(groups or {}).items(), *(names or {}).items()]:
            for member in members:
                self._add(name, member)

    @property
    def group_keys(self) -> dict[tuple[str, ...], list[str]]:
        """Word keys -> names of groups: what `from_keys` takes back, so that nothing is stemmed again."""
        return self._groups

    @classmethod
    def from_keys(cls, code: str, keys: Mapping[tuple[str, ...], list[str]], names: Iterable[str]) -> Language:
        language = cls(code)
        language.names = frozenset(names)
        language._groups = dict(keys)
        for key in keys:
            language._length[key[0]] = max(language._length.get(key[0], 0), len(key))
        return language

    def without_names(self, keys: Collection[tuple[str, ...]]) -> Language:
        """The same language, to which the names under these keys (see `names_in`) are ordinary words."""
        groups = {
            key: [name for name in names if name not in self.names] if key in keys else names
            for key, names in self._groups.items()
        }
        return Language.from_keys(self.code, {key: names for key, names in groups.items() if names}, self.names)

    def names_in(self, words: Sequence[str]) -> set[tuple[str, ...]]:
        """The keys of the names met in the words."""
        return {
            tuple(self._resolve(word) for word in words[start:end])
            for name, start, end in self.groups_of(words)
            if name in self.names
        }

    def __reduce__(self) -> tuple[object, ...]:
        return Language.from_keys, (self.code, self._groups, self.names)

    def words(self, question: str) -> list[str]:
        """Normalised words, folded to the letters that every keyboard of the language has."""
        return self.fold(text.words(question))

    def fold(self, words: list[str]) -> list[str]:
        return [text.fold_kazakh(word) for word in words] if self.code == "kk" else words

    def stem(self, word: str) -> str:
        if len(word) > LONGEST_WORD or (self._last and word[-1:] not in self._last):
            return word
        return self._stem(word)

    def groups_of(self, words: Sequence[str]) -> list[tuple[str, int, int]]:
        """Groups met in the words as (name, first word, last word + 1), longest expression first at each place."""
        keys = [self._resolve(word) for word in words]
        found = []
        for start, key in enumerate(keys):
            for length in range(min(self._length.get(key, 0), len(keys) - start), 0, -1):
                names = self._groups.get(tuple(keys[start : start + length]), ())
                found += [(name, start, start + length) for name in names]
        return found

    def _add(self, name: str, member: str) -> None:
        key = tuple(word if self.by_prefix else self.stem(word) for word in self.words(member))
        if key:
            self._groups.setdefault(key, []).append(name)
            self._length[key[0]] = max(self._length.get(key[0], 0), len(key))

    def _find(self, word: str) -> str:
        """The form under which groups know the word: its stem, or the longest beginning that is a group's word."""
        if not self.by_prefix:
            return self.stem(word)
        for end in range(len(word), max(4, len(word) - _ENDING) - 1, -1):
            if self._begins(word, end):
                return word[:end]
        return word

    def _begins(self, word: str, end: int) -> bool:
        """Whether a group's word ends there; what follows a name must be an ending, as too much else begins like one."""
        names = self._groups.get((word[:end],))
        if not names:
            return False
        endings = _ENDINGS.get(self.code)
        return (
            end == len(word) or not endings or not self.names.issuperset(names) or bool(endings.fullmatch(word[end:]))
        )
