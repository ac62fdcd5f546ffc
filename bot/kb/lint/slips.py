"""Slips in a phrase that reading mends without a word: nobody sees them, and the next person copies them."""

from __future__ import annotations

import re

from bot.languages.text import scripts
from bot.languages.traits import Traits, script_of

_SHOUTED = 12  # letters in capitals that are no row of abbreviations any more
_SLIPS = (
    (re.compile(r"^\s|\s$"), "a space at the beginning or at the end; take it out"),
    (re.compile(r"[\u00a0\u2007\u202f\u3000]"), "a no-break space; write a plain one"),
    (re.compile(r"\s{2,}"), "two spaces together; write one"),
    (re.compile(r"\s[?!,;:.](?:\s|$)"), "a space before a sign; take it out"),
    (re.compile(r"^(?:[^\s.?!]+\s+){0,8}[^\s.?!]{2,}\.$|\.{2,}$|…$"), "a dot at the end; take it out"),
    (re.compile("[\u0300-\u036f]"), "a mark of stress, or a letter of two signs; write it as one, or without the mark"),
    (re.compile(r"\bhttps?://|\bwww\."), "an address; nobody is heard by one, write what people ask"),
)
_WORD = re.compile(r"[^\W\d_]+")


def slips(text: str, traits: Traits | None) -> str:
    """The first slip of a phrase, and what to do; empty for none."""
    for pattern, hint in _SLIPS:
        if pattern.search(text):
            return hint
    return _shouted(text) or (_mixed(text, traits) if traits else "")


def _shouted(text: str) -> str:
    shouted = text.isupper() and sum(map(str.isalpha, text)) >= _SHOUTED
    return "all in capitals; write it in small letters" if shouted else ""


def _mixed(text: str, traits: Traits) -> str:
    """A letter of another alphabet that looks like one of ours."""
    if not traits.lookalikes or len(scripts(text)) < 2:
        return ""
    for word in _WORD.findall(text):
        strange = [letter for letter in word.casefold() if letter in traits.lookalikes.typed]
        own = sum(script_of(letter) == traits.script for letter in word)
        if strange and 0 < own < len(word) <= 2 * own:
            letter = strange[0]
            return (
                f'the letter "{letter}" of "{word}" is of another alphabet ({script_of(letter).lower()}); type it anew'
            )
    return ""
