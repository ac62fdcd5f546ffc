"""Where two texts differ: the words that do, with some around them, of either side. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

_AROUND = 4  # words that are the same, on either side of those that are not
_GAP = "…"
_SHOWN = str.maketrans({"\u00a0": "␣", "\u202f": "␣"})  # spaces that look like any other, and are none to a comparison


def places(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Each place in which they differ, as it is in the one and in the other, each as one line; ¶ stands where a line ends."""
    ours, theirs = _words(old), _words(new)
    for group in SequenceMatcher(None, ours, theirs, autojunk=False).get_grouped_opcodes(_AROUND):
        (_, first, _, begin, _), (_, _, last, _, end) = group[0], group[-1]
        yield _said(ours, first, last), _said(theirs, begin, end)


def _words(text: str) -> list[str]:
    return text.translate(_SHOWN).replace("\n", " ¶ ").split(" ")


def _said(words: list[str], first: int, last: int) -> str:
    return " ".join([_GAP] * (first > 0) + words[first:last] + [_GAP] * (last < len(words)))
