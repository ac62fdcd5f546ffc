"""Numbers that a question claims, held against those that an entry gives. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

YEARS = range(1900, 2101)


class Verdict(Enum):
    SAYS = "says"  # the entry gives each number claimed
    DIFFERS = "differs"  # it gives another one in its place
    SILENT = "silent"  # it gives none of the kind


@dataclass(frozen=True, slots=True)
class Claim:
    """`number` is the one that decides; `given` what the entry gives instead, where that is a single one."""

    verdict: Verdict
    number: int
    given: int | None = None


def held(claimed: Sequence[int], given: Iterable[int]) -> Claim | None:
    """What the entry's numbers say to the claimed ones; None where none is claimed. A year is held against years."""
    if not claimed:
        return None
    known = tuple(dict.fromkeys(given))
    wrong = next((number for number in claimed if number not in known), None)
    if wrong is None:
        return Claim(Verdict.SAYS, claimed[0])
    alike = [number for number in known if (number in YEARS) == (wrong in YEARS) and number not in claimed]
    if not alike:
        return Claim(Verdict.SILENT, wrong)
    return Claim(Verdict.DIFFERS, wrong, alike[0] if len(alike) == 1 else None)


def numbers(words: Iterable[str], named: Mapping[str, int]) -> list[int]:
    """The numbers in normalised words, in digits or by their names."""
    return [int(word) if word.isdecimal() else named[word] for word in words if word.isdecimal() or word in named]
