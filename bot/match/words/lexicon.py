"""Which words are real ones of their language: such a word is not repaired to a look-alike (`minimum` to `maximum`).

Of 6,917 labelled questions 31 are answered otherwise without: one more falsely, and 15 about something else get buttons in
place of a refusal. Of 1,560 with a slip, in the two foreign bases of the tests, 5 more are answered falsely, 6 less rightly."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.languages.traits import Dictionary, Traits

_RARE = 100  # uses among the 1.6 thousand million words counted, below which a word is rather a slip

IsWord = Callable[[str], bool]
"""Whether a normalised word is a real one. The first call loads the dictionary (0.1 to 0.3 s; a table is there at once)."""


def lexicon(traits: Traits) -> IsWord:
    """The dictionary of a language, `nothing_is_a_word` where there is none."""
    return _of(traits.dictionary) if traits.dictionary else nothing_is_a_word


def nothing_is_a_word(_word: str) -> bool:
    return False


def read_dictionaries(languages: Iterable[Traits]) -> None:
    """Load them now, so that nobody's question waits for it. May run in a thread of its own."""
    for traits in languages:
        lexicon(traits)("")


@cache
def _of(dictionary: Dictionary) -> IsWord:
    read = cache(_LIBRARIES[dictionary.library])
    return lambda word: read(dictionary.language)(word)


def words_in_use(language: str) -> Iterator[str]:
    """The words of pyspellchecker's list that are used often enough, as the bot compares them."""
    from spellchecker import SpellChecker

    counted = SpellChecker(language=language).word_frequency.items()
    yield from (word.replace("'", "") for word, uses in counted if uses >= _RARE)


def table_of(language: str) -> Path:
    """Where the words in use stand ready to be mapped, for a language of which `tools/make_words.py` made such a table."""
    return Path(__file__).parent / "tables" / f"words-{language}.marisa"


def _counted(language: str) -> IsWord:
    from marisa_trie import Trie  # in a fiftieth of a set's memory

    try:
        known = Trie().mmap(str(table_of(language)))
    except (OSError, RuntimeError):  # none, or a damaged one
        known = Trie(words_in_use(language))
    return lambda word: word in known


def _inflected(language: str) -> IsWord:
    """The words of pymorphy3's dictionary, from where they lie on the disk: its analyzer would take 20 MB, and 0.2 s."""
    from dawg_python import BytesDAWG

    package = import_module(f"pymorphy3_dicts_{language}")
    words = BytesDAWG()
    words.dct = _mapped(Path(package.get_path()) / "words.dawg")
    substitutes = words.compile_replaces(import_module(f"pymorphy3.lang.{language}").CHAR_SUBSTITUTES)
    return lambda word: bool(words.similar_keys(word, substitutes))


def _mapped(file: Path) -> Any:
    """The automaton in a file of a directed acyclic word graph: its size, in units of four bytes, and its units."""
    from dawg_python.wrapper import Dictionary as Automaton

    with file.open("rb") as opened:
        content = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    (size,) = struct.unpack("=I", content[:4])
    found = Automaton()
    found._units = content[4 : 4 + 4 * size].cast("I")
    return found


_LIBRARIES: Mapping[str, Callable[[str], IsWord]] = {"pyspellchecker": _counted, "pymorphy3": _inflected}
