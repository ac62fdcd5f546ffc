"""Characters that nobody sees, or that are none: what counts as such for reading, for showing, for editing and for YAML."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = "\x00-\x1f\x7f-\x9f"
# Soft hyphens, joiners, blank letters, marks of direction and of place, signs that stand under numbers.
_HIDDEN = (
    "\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
# Halves of characters, characters of a maker's own, and those that Unicode gives to nobody.
_NOBODYS = "\ud800-\uf8ff\U000e0080-\U000e0fff\U000f0000-\U0010ffff"
_IN_EMOJI = "\u200d\u20e3\ufe00-\ufe0f\U000e0000-\U000e007f"  # the joiner, the keycap, colours, flags

_BREAKS = re.compile("[\t\r\n\v\f\x85\u2028\u2029]+")
_INVISIBLE = re.compile(f"[{_CONTROLS}{_HIDDEN}{_NOBODYS}{_IN_EMOJI}]")

# What an editor cannot see in a text of theirs. What emoji are made of may stand there; a joiner not beside a letter.
TRAP = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029" + _HIDDEN + _NOBODYS + "]|\u200d(?=\\w)|(?<=\\w)\u200d")
# What YAML 1.2 lets into no file (its c-printable is all else).
NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_UNSEEN = re.compile("C[cfosn]|Z[lp]")  # Unicode's categories of what is no sign, and of ends of lines


def readable(text: str) -> str:
    """The text as it is read: on one line, and without what hides in words or numbers, or sets apart their signs."""
    return _INVISIBLE.sub("", _BREAKS.sub(" ", text))


def is_seen(character: str) -> bool:
    """Whether it may be shown: no reader is misled by it, and no terminal obeys it."""
    return not _UNSEEN.fullmatch(unicodedata.category(character))
