"""The n-grams of the letters of words between blanks, taken apart by word: so what is made of them can be remembered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Sizes = tuple[int, ...]  # rising


def within(word: str, sizes: Sizes) -> Iterator[str]:
    """Those of a word between blanks."""
    letters = f" {word} "
    return (letters[at : at + size] for size in sizes for at in range(len(letters) - size + 1))


def across(before: str, after: str, sizes: Sizes) -> Iterator[str]:
    """Those that have the blank between these letters as the first one inside."""
    own = before.rpartition(" ")[2]  # of the last word alone
    begins = [own[-size:] for size in range(1, len(own) + 1)] + [f" {own}"] * (own != before)
    rooms = [(f"{begin} ", size - len(begin) - 1) for begin in begins for size in sizes]
    return (begin + after[:room] for begin, room in rooms if 0 < room <= len(after))


def each(
    words: Sequence[str], longest: int, of_word: Callable[[str], bytes], of_blank: Callable[[str, str], bytes]
) -> bytes:
    """What is made of all of them, up to the longest, joined in no order: word by word, and of the letters before and after
    each blank."""
    padded, reach, at = f" {' '.join(words)} ", longest - 2, 0
    found = list(map(of_word, words))
    for word in words[:-1]:
        at += len(word) + 1
        found.append(of_blank(padded[max(0, at - reach) : at], padded[at + 1 : at + 1 + reach]))
    return b"".join(found)
