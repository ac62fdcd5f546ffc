"""Numbers that a question claims, held against those that an entry gives. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.match.decide.asking import YEARS

_UNITS = (100, 1000, 1_000_000)  # words that multiply what stands before them


class Stance(Enum):
    SAYS = "says"  # the entry gives each number claimed
    DIFFERS = "differs"  # it gives another one in its place
    SILENT = "silent"  # it gives none of the kind


@dataclass(frozen=True, slots=True)
class Claim:
    """`number` is the one that decides; `given` what the entry gives instead, where that is a single one."""

    stance: Stance
    number: int
    given: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and the stem of what is counted: of the word behind it, empty where that tells nothing."""

    number: int
    unit: str = ""


def held(claimed: Sequence[Count], given: Iterable[Count]) -> Claim | None:
    """What the entry's numbers say to the claimed ones; None where none is claimed. What counts the same is held against
    that first; a year against years."""
    if not claimed:
        return None
    given = tuple(given)
    for one in claimed:
        same = {other.number for other in given if one.unit and _alike(one.unit, other.unit)}
        elsewhere = [other for other in given if other.number == one.number]
        if same and all(other.unit or one.number in YEARS for other in elsewhere) and one.number not in same:
            return Claim(Stance.DIFFERS, one.number, same.pop() if len(same) == 1 else None)
    numbers, known = [one.number for one in claimed], tuple(dict.fromkeys(one.number for one in given))
    wrong = next((number for number in numbers if number not in known), None)
    if wrong is None:
        return Claim(Stance.SAYS, numbers[0])
    alike = [number for number in known if (number in YEARS) == (wrong in YEARS) and number not in numbers]
    if not alike:
        return Claim(Stance.SILENT, wrong)
    return Claim(Stance.DIFFERS, wrong, alike[0] if len(alike) == 1 else None)


def _alike(one: str, other: str) -> bool:
    """Whether two stems are the same word's; a stem may be the beginning of a longer form."""
    return bool(other) and (one.startswith(other) or other.startswith(one))


def counts(words: Sequence[str], named: Mapping[str, int], unit: Callable[[str], str]) -> list[Count]:
    """The numbers in normalised words, in digits or by their names: `two`, `hundred`, `five` one behind the other are 205.
    `thousand` alone is none. `unit` makes of a word what is counted."""
    found: list[Count] = []
    last = None  # of a number right before, what its last word names; 0 for digits
    for word in (*words, ""):
        name = named.get(word)
        number = int(word) if word.isdecimal() else name
        if number is None:
            if last is not None and word:
                found[-1] = replace(found[-1], unit=unit(word))
            last = None
        elif last is not None and name is not None and (joined := _joined(found[-1].number, last, name)):
            found[-1], last = Count(joined), name
        elif name is None or name < _UNITS[1]:
            found.append(Count(number))
            last = name or 0
        else:
            last = None
    return found


def _joined(number: int, last: int, name: int) -> int | None:
    """A number with the name behind it: `five hundred`, `hundred twenty`. None where these are two."""
    if name in _UNITS and number < name:
        return number * name
    rest = number % 1000
    if name in _UNITS and rest and rest < name:
        return number - rest + rest * name
    return number + name if last > name and last % 10 ** len(str(name)) == 0 else None
