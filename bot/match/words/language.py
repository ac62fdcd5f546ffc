"""What the matcher makes of a language's traits: words, stems, groups of words, and other ways of reading a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock

import snowballstemmer

from bot.languages import text
from bot.languages.traits import Traits

# Stemming takes 30 to 50 µs a word, and of one of 1,000 letters 1 ms. What is longer than several words typed as one is none.
LONGEST_WORD = 64
_ROOT = 3  # letters of a word at the least that are left without its endings: nouns that are counted often have no more
_BEGINNING = 4  # letters of a group's word that may begin a longer one; with fewer 5 of 6,917 labelled questions change

Groups = Mapping[str, Iterable[str]]


@cache
def _stemmer(name: str) -> Callable[[str], str]:
    """Snowball's of that name: one for all that know a language, so that a word is stemmed once. A stemmer holds the word
    that it works on: hence the lock."""
    stem, lock = snowballstemmer.stemmer(name).stemWord, Lock()

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

    def __init__(self, traits: Traits, groups: Groups | None = None, names: Groups | None = None) -> None:
        self.traits = traits
        self.names = frozenset(names or ())
        self.by_prefix = not traits.stemmer
        self._rules = text.Rules.of(traits)
        self._folds = str.maketrans(dict(traits.folds))
        self._stem = _stemmer(traits.stemmer) if traits.stemmer else self._root
        self._last = frozenset(traits.alphabet if traits.stemmer else ())  # letters that an ending may end in
        self._marks = frozenset(traits.marks + traits.marks.upper())
        self._endings = re.compile(traits.name_endings) if traits.name_endings else None
        self._groups: dict[tuple[str, ...], list[str]] = {}
        self._length: dict[str, int] = {}  # first word -> the longest expression that begins with it
        self._resolve = lru_cache(65536)(self._find)
        self._met = lru_cache(text.REMEMBERED)(self._groups_in)
        for name, members in [*(groups or {}).items(), *(names or {}).items()]:
            for member in members:
                self._add(name, member)

    @property
    def code(self) -> str:
        return self.traits.code

    @property
    def group_keys(self) -> dict[tuple[str, ...], list[str]]:
        """Word keys -> names of groups: what `from_keys` takes back, so that nothing is stemmed again."""
        return self._groups

    @classmethod
    def from_keys(cls, traits: Traits, keys: Mapping[tuple[str, ...], list[str]], names: Iterable[str]) -> Language:
        language = cls(traits)
        language.names = frozenset(names)
        language._groups = dict(keys)
        for key in keys:
            language._length[key[0]] = max(language._length.get(key[0], 0), len(key))
        return language

    def without_names(self, keys: Collection[tuple[str, ...]]) -> Language:
        """The same language, to which the names under these keys (see `names_in`) are ordinary words."""
        groups = {
            key: [name for name in names if name not in self.names] if self._key_of_name(key) in keys else names
            for key, names in self._groups.items()
        }
        return Language.from_keys(self.traits, {key: names for key, names in groups.items() if names}, self.names)

    def names_in(self, words: Sequence[str]) -> set[tuple[str, ...]]:
        """The keys of the names met in the words."""
        return {
            self._key_of_name(tuple(map(self._resolve, words[start:end])))
            for name, start, end in self.groups_of(words)
            if name in self.names
        }

    def __reduce__(self) -> tuple[object, ...]:
        return Language.from_keys, (self.traits, self._groups, self.names)

    def words(self, question: str) -> list[str]:
        """Normalised words, folded to the letters that every keyboard of the language has."""
        return self.fold(self.spelled_words(question))

    def spelled_words(self, question: str) -> list[str]:
        """The same with the letters that are folded."""
        return text.words(question, self._rules)

    def fold(self, words: list[str]) -> list[str]:
        return [word.translate(self._folds) for word in words] if self._folds else words

    def stem(self, word: str) -> str:
        if len(word) > LONGEST_WORD or (self._last and word[-1:] not in self._last):
            return word
        return self._stem(word)

    def root(self, word: str) -> str:
        """What is left of a word when it is stemmed until nothing is left to take away: one for more of its forms. Snowball's
        Russian makes two stems of "ombudsman" and of his prepositional case; as stems of all phrases these roots make two foreign
        Russian FAQs worse (82 of 96 questions helped, 87 with stems)."""
        while (shorter := self.stem(word)) != word:
            word = shorter
        return word

    def uninflected(self, word: str) -> str:
        """The shortest beginning of a word behind which stand only endings that a name may have; its stem in a language that
        lists none. The same of a word's forms, and no word of its own: to compare by."""
        stem = self.stem(word)
        if not self._endings:
            return stem
        return next((word[:end] for end in range(_ROOT, len(word)) if self._endings.fullmatch(word[end:])), stem)

    def writes(self, message: str) -> bool:
        """Whether most letters are of the language's script."""
        return text.mostly(self.traits.script, message)

    def marked(self, message: str) -> bool:
        """Whether there is a letter by which the language is known."""
        return not self._marks.isdisjoint(message)

    def on_other_keyboards(self, message: str) -> list[str]:
        """What the same keys would have written, for each keyboard in whose letters there is something of the message."""
        scripts = text.scripts(message)
        return [message.translate(keys.table) for keys in self.traits.keyboards if keys.script in scripts]

    def transcribed(self, message: str) -> list[str]:
        """The message in the language's own script, for each other one that it is typed in."""
        scripts = text.scripts(message)
        ways = (way for way in self.traits.transcriptions if way.letters.script in scripts)
        return [text.transcribed(message, way) for way in ways]

    def in_group(self, word: str) -> bool:
        """Whether a word alone belongs to some group."""
        return bool(self._groups.get((self._resolve(word),)))

    def groups_of(self, words: Sequence[str]) -> Sequence[tuple[str, int, int]]:
        """Groups met in the words as (name, first word, last word + 1), longest expression first at each place."""
        return self._met(tuple(words))

    def _groups_in(self, words: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
        keys = list(map(self._resolve, words))
        found = []
        for start, key in enumerate(keys):
            for length in range(min(self._length.get(key, 0), len(keys) - start), 0, -1):
                if names := self._groups.get(tuple(keys[start : start + length])):
                    found += [(name, start, start + length) for name in names]
        return tuple(found)

    def _root(self, word: str) -> str:
        """The letters that stand for a word where there is no stemmer."""
        return word[: self.traits.root]

    def _add(self, name: str, member: str) -> None:
        """A stemmer may take a part of a name for an ending, and leave it where a true ending follows: the name itself is
        the stem of those forms."""
        words = tuple(self.words(member))
        stems = words if self.by_prefix else tuple(map(self.stem, words))
        for key in dict.fromkeys((stems, words) if name in self.names else (stems,)) if words else ():
            self._groups.setdefault(key, []).append(name)
            self._length[key[0]] = max(self._length.get(key[0], 0), len(key))

    def _key_of_name(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """One for all forms of a name."""
        stems = tuple(map(self.stem, key))
        return stems if stems in self._groups else key

    def _find(self, word: str) -> str:
        """The form under which groups know the word: its stem, or the longest beginning that is a group's word."""
        if not self.by_prefix:
            return self.stem(word)
        for end in range(len(word), max(_BEGINNING, len(word) - self.traits.longest_ending) - 1, -1):
            if self._begins(word, end):
                return word[:end]
        return word

    def _begins(self, word: str, end: int) -> bool:
        """Whether a group's word ends there; what follows a name must be an ending, as too much else begins like one."""
        names = self._groups.get((word[:end],))
        if not names:
            return False
        if end == len(word) or not self._endings or not self.names.issuperset(names):
            return True
        return bool(self._endings.fullmatch(word[end:]))
