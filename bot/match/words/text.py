"""From what a person typed to words that compare: one normal form for phrases and questions alike. No I/O, no state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.languages.traits import Traits, Transcription, script_of

_BREAKS = re.compile(r"[\t\r\n\v\f\u0085\u2028\u2029]+")
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# What a message may cost: as long as Telegram's longest, though a single sign may become 18 letters when it is normalised.
# Putting the marks above a letter in order takes the square of their number: 43 ms for 4,096 of them, 0.1 ms for 30 at a
# time, which is as many as Unicode's stream-safe format lets stand together. No word stands in such a row of signs.
LONGEST = 4096
_PILED = re.compile(r"([^\w\s]{30})[^\w\s]+")
_MARKS = re.compile("[\u0300-\u036f]+")  # stress and the like; letters that have one of their own are whole by then
_TAG = re.compile(r"</?(?!(?:script|style|iframe|object|svg)\b)[a-zA-Z][^<>]{0,200}>", re.IGNORECASE)  # not of programs
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\bt\.me/\S+", re.IGNORECASE)
_APOSTROPHES = re.compile("['’‘`´ʼʹ′]")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+|[^\W\d_]+")
REMEMBERED = 256  # messages and halves of them: each is read by every language, for danger and for its answer
_SENTENCE = re.compile(r"(?<=[.?!;…])\s+|(?<!\s)\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a language makes words comparable. `alike`: letters that count as others; `lookalikes`: letters of another
    script in a word of `script`."""

    alike: Mapping[int, str]
    capitals: tuple[tuple[re.Pattern[str], str], ...]
    ordinal: re.Pattern[str]
    signs: tuple[tuple[re.Pattern[str], str], ...]
    lookalikes: Mapping[int, int]
    strange: frozenset[str]
    script: str

    @classmethod
    def of(cls, traits: Traits | None = None) -> Rules:
        """Without traits those that hold for any language."""
        endings = "".join(f"|{re.escape(ending)}" for ending in traits.ordinals) if traits else ""
        ordinal = re.compile(rf"(?<=\d)(?:-[^\W\d_]{{1,4}}{endings})(?![^\W_])", re.IGNORECASE)
        if traits is None:
            return cls({}, (), ordinal, (), {}, frozenset(), "")
        signs = tuple((re.compile(rf"{re.escape(s)}[{re.escape(s)}\s]*"), f" {w} ") for s, w in traits.signs.items())
        capitals = tuple((re.compile(one.pattern), f" {one.word} ") for one in traits.capitals)
        strange = traits.lookalikes.table if traits.lookalikes else {}
        alike = str.maketrans(dict(traits.alike))
        return cls(alike, capitals, ordinal, signs, strange, frozenset(map(chr, strange)), traits.script)


_ANY = Rules.of()


def strip_invisible(text: str) -> str:
    """The text without zero-width, bidirectional and control characters (line breaks and tabs become spaces)."""
    return _INVISIBLE.sub("", _BREAKS.sub(" ", text))


@lru_cache(REMEMBERED)
def clean(text: str) -> str:
    """What a person meant to say, still readable: without markup, links, stress marks and invisible characters. Reads
    `LONGEST` characters."""
    text = _PILED.sub(r"\1", strip_invisible(text[:LONGEST]))
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)[:LONGEST])
    return " ".join(_LINK.sub(" ", _TAG.sub(" ", text)).split())


def words(text: str, rules: Rules = _ANY) -> list[str]:
    """Comparable words, in order: case-folded, apostrophes dropped, `1,500` and `144-th` as plain numbers, the rest by
    the rules."""
    text = clean(text)
    if rules.capitals and any(map(str.islower, text)):
        for pattern, word in rules.capitals:
            text = pattern.sub(word, text)
    text = _MARKS.sub("", _APOSTROPHES.sub("", text.casefold())).translate(rules.alike)
    text = rules.ordinal.sub("", _THOUSANDS.sub("", text))
    for sign, word in rules.signs:
        text = sign.sub(word, text)
    return [_one_script(word, rules) for word in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """The sentences and lines of a message that have a word."""
    return [part for part in _SENTENCE.split(text) if _WORD.search(part)]


def shortened(text: str, longest: int = 80) -> str:
    """The text, or its beginning up to the end of a word."""
    return text if len(text) <= longest else text[:longest].rpartition(" ")[0].rstrip(",;:") + "…"


def normalise(text: str) -> str:
    """The words joined by single spaces; empty for a text without words."""
    return " ".join(words(text))


@lru_cache(REMEMBERED)
def mostly(script: str, text: str) -> bool:
    """Whether most letters of the text are of this script (`script_of`)."""
    scripts = [found for found in map(script_of, text) if found]
    return 2 * scripts.count(script) > len(scripts)


def by_script(text: str) -> list[str]:
    """The words of each script as one text, where there are several; words without a letter go with the word before."""
    found: dict[str, list[str]] = {}
    script = ""
    for word in clean(text).split():
        script = next(filter(None, map(script_of, word)), script)
        found.setdefault(script, []).append(word)
    return [" ".join(words) for words in found.values()] if len(found) > 1 else [text]


def transcribed(text: str, how: Transcription) -> str:
    """A text in another script in the language's own, as well as rules can."""
    text = text.casefold()
    if how.within:
        table, where = how.within.letters.table, re.compile(how.within.where)
        text = " ".join(word.translate(table) if where.search(word) else word for word in text.split(" "))
    for typed, meant in how.pairs.items():
        text = text.replace(typed, meant)
    text = text.translate(how.letters.table | dict.fromkeys(map(ord, how.dropped)))
    for one in how.after:
        text = re.sub(one.pattern, one.word, text)
    return text


def _one_script(word: str, rules: Rules) -> str:
    """A word of the language's script in which some letters are look-alikes of another (a Latin c in a Cyrillic word)."""
    if rules.strange.isdisjoint(word):
        return word
    own = sum(script_of(letter) == rules.script for letter in word)
    return word.translate(rules.lookalikes) if 0 < own < len(word) <= 2 * own else word
