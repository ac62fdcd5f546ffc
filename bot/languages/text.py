"""From what a person typed to words that compare: one normal form for phrases and questions alike. No I/O, no state."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.characters import readable
from bot.languages.traits import Letters, Replaced, Traits, Transcription, script_of

# What a message may cost: as long as Telegram's longest, though a single sign may become 18 letters when it is normalised.
# Putting the marks above a letter in order takes the square of their number: 43 ms for 4,096 of them, 0.1 ms for 30 at a
# time, which is as many as Unicode's stream-safe format lets stand together. No word stands in such a row of signs.
LONGEST = 4096
_PILED = re.compile(r"([^\w\s]{30})[^\w\s]+")
_MARKS = re.compile("[\u0300-\u036f]+")  # stress and the like; letters that have one of their own are whole by then
# Not tags of programs: without their names 2 of 3 labelled attempts to send one pass for small talk, one is answered.
_TAG = re.compile(r"</?(?!(?:script|style|iframe|object|svg)\b)[a-zA-Z][^<>]{0,200}>", re.IGNORECASE)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\bt\.me/\S+", re.IGNORECASE)
_APOSTROPHES = re.compile("['’‘`´ʼʹ′]")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+|[^\W\d_]+")
REMEMBERED = 256  # messages and halves of them: each is read by every language, for danger and for its answer
_CLAUSE = re.compile(r"(?<=[.?!;…,:])\s+|(?<!\s)\s+[-–—]+\s+|(?<!\s)\s*\n\s*")
_SENTENCE = re.compile(r"(?<=[.?!;…])\s+|(?<!\s)\s*\n\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """How a language makes words comparable. `alike`: letters that count as others; `lookalikes`: letters of another
    script in a word of `script`; `odd`: what a text has in which marks, ordinals or signs are to be replaced, most have none.
    Languages with the same rules share them, and what is read by them."""

    alike: Mapping[int, str]
    capitals: tuple[tuple[re.Pattern[str], str], ...]
    ordinal: re.Pattern[str]
    signs: tuple[tuple[re.Pattern[str], str], ...]
    odd: re.Pattern[str]
    lookalikes: Mapping[int, int]
    strange: frozenset[str]
    script: str

    @classmethod
    def of(cls, traits: Traits | None = None) -> Rules:
        """Without traits those that hold for any language."""
        if traits is None:
            return _rules((), (), (), (), None, "")
        alike, signs = tuple(traits.alike.items()), tuple(traits.signs.items())
        return _rules(alike, traits.capitals, traits.ordinals, signs, traits.lookalikes, traits.script)


Pairs = tuple[tuple[str, str], ...]


@lru_cache(64)
def _rules(
    alike: Pairs,
    capitals: tuple[Replaced, ...],
    ordinals: tuple[str, ...],
    signs: Pairs,
    lookalikes: Letters | None,
    script: str,
) -> Rules:
    endings = "".join(f"|{re.escape(ending)}" for ending in ordinals)
    strange = lookalikes.table if lookalikes else {}
    return Rules(
        str.maketrans(dict(alike)),
        tuple((re.compile(one.pattern), f" {one.word} ") for one in capitals),
        re.compile(rf"(?<=\d)(?:-[^\W\d_]{{1,4}}{endings})(?![^\W_])", re.IGNORECASE),
        tuple((re.compile(rf"{re.escape(s)}[{re.escape(s)}\s]*"), f" {w} ") for s, w in signs),
        re.compile("|".join([r"\d", _MARKS.pattern, _APOSTROPHES.pattern, *(re.escape(s) for s, _ in signs)])),
        strange,
        frozenset(map(chr, strange)),
        script,
    )


_ANY = Rules.of()


@lru_cache(REMEMBERED)
def clean(text: str) -> str:
    """What a person meant to say, still readable: without markup, links, stress marks and invisible characters. Reads
    `LONGEST` characters."""
    text = _PILED.sub(r"\1", readable(text[:LONGEST]))
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)[:LONGEST])
    return " ".join(_LINK.sub(" ", _TAG.sub(" ", text)).split())


def words(text: str, rules: Rules = _ANY) -> list[str]:
    """Comparable words, in order: case-folded, apostrophes dropped, `1,500` and `144-th` as plain numbers, the rest by
    the rules."""
    return list(_words(text, rules))


@lru_cache(4 * REMEMBERED)
def _words(text: str, rules: Rules) -> tuple[str, ...]:
    text = clean(text)
    found = scripts(text)
    mixed = len(found) > 1 and rules.script in found
    if rules.capitals and any(map(str.islower, text)):
        for pattern, word in rules.capitals:
            text = pattern.sub(word, text)
    text = text.casefold()
    text = _without_odd(text, rules) if rules.odd.search(text) else text.translate(rules.alike)
    words: list[str] = _WORD.findall(text)
    return tuple(_one_script(word, rules) for word in words) if mixed else tuple(words)


def _without_odd(text: str, rules: Rules) -> str:
    text = _MARKS.sub("", _APOSTROPHES.sub("", text)).translate(rules.alike)
    text = rules.ordinal.sub("", _THOUSANDS.sub("", text))
    for sign, word in rules.signs:
        text = sign.sub(word, text)
    return text


def sentences(text: str) -> list[str]:
    """The sentences and lines of a message that have a word."""
    return list(_sentences(text))


@lru_cache(REMEMBERED)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part for part in _SENTENCE.split(text) if _WORD.search(part))


def clauses(text: str) -> list[str]:
    """The parts of a message that a comma, a dash, a colon, or the end of a sentence or line sets apart, and that have a word."""
    return [part for part in _CLAUSE.split(text) if _WORD.search(part)]


def shortened(text: str, most: int) -> str:
    """The text, or as many of its words as `most` characters take, with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def normalise(text: str) -> str:
    """The words joined by single spaces; empty for a text without words."""
    return " ".join(words(text))


@lru_cache(REMEMBERED)
def scripts(text: str) -> Mapping[str, int]:
    """How many letters of the text are of each script (`script_of`)."""
    found = Counter(map(script_of, text))
    del found[""]
    return found


def mostly(script: str, text: str) -> bool:
    """Whether most letters of the text are of this script."""
    found = scripts(text)
    return 2 * found.get(script, 0) > sum(found.values())


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
