"""Numbers that a question claims, held against those that an entry gives. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
class Unit:
    """What a number counts, by the word behind it without its endings, empty where that says nothing. It is `telling` unless most
    entries have it ("years"): then it may be left out as well."""

    word: str = ""
    telling: bool = False

    def is_like(self, other: Unit) -> bool:
        """Whether two are the same word; one may be the beginning of a longer form."""
        return bool(self.word and other.word) and (self.word.startswith(other.word) or other.word.startswith(self.word))

    def may_be(self, others: Iterable[Unit]) -> bool:
        """Whether what is counted may be what the others name: unless all are known and none is like it."""
        named = [other for other in others if other.word]
        return not self.word or not named or any(self.telling != other.telling for other in named)


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and what is counted."""

    number: int
    unit: Unit = Unit()


def held(claimed: Sequence[Count], given: Iterable[Count]) -> Claim | None:
    """What the entry's numbers say to the claimed ones: first what it contradicts, and of that what counts the same, then what it
    does not give. None where none is claimed, or where one may be meant for another that the entry gives as well ("294 were
    accepted", of 294 of which 259 were)."""
    units: dict[int, set[Unit]] = {}
    for other in given:
        units.setdefault(other.number, set()).add(other.unit)
    said = {one.number for one in claimed}
    found = [(_held(one, units, said - {one.number}), bool(_counted(one, units))) for one in claimed]
    wrong = [(one, counted) for one, counted in found if one and one.stance is not Stance.SAYS]
    if wrong:
        return min(wrong, key=lambda one: (one[0].stance is Stance.SILENT, not one[1]))[0]
    return None if not found or any(one is None for one, _ in found) else found[0][0]


def _counted(one: Count, units: Mapping[int, Collection[Unit]]) -> list[int]:
    """The entry's numbers of the same unit, but for dates ("in the year 2022" is no number of years); those of a date are of what
    tells ("2013 talks")."""
    if one.number in YEARS and not one.unit.telling:
        return []
    return [number for number, of in units.items() if number not in YEARS and any(map(one.unit.is_like, of))]


def _held(one: Count, units: Mapping[int, Collection[Unit]], said: Collection[int]) -> Claim | None:
    """What an entry's numbers say to one; `units` has what each of them counts, and `said` what is claimed besides. What counts
    the same is held against it, what may do so as well, and years against a year."""
    counted = _counted(one, units)
    year = one.number in YEARS and not counted
    unknown = [n for n, of in units.items() if (n in YEARS) == year and (year or one.unit.may_be(of))]
    meant = [number for number in dict.fromkeys((*counted, *unknown)) if number != one.number and number not in said]
    if one.number in (*counted, *unknown):
        return None if meant else Claim(Stance.SAYS, one.number)
    if one.number in units and not counted:  # of something else
        return None
    if not meant or not (year or counted or not one.unit.telling):
        return Claim(Stance.SILENT, one.number)
    return Claim(Stance.DIFFERS, one.number, meant[0] if len(meant) == 1 else None)


def tells(claim: Claim, *, asks: bool, least: bool) -> bool:
    """Whether a claim's number is worth a word. That it is the same only to who `asks`: what else is stated may be wrong. That it
    is another unless the entry gives the `least` there are ("more than 100") and the claim is above that."""
    if claim.stance is Stance.SAYS:
        return asks
    above = claim.number not in YEARS and (claim.given is None or claim.number > claim.given)
    return claim.stance is Stance.SILENT or not (least and above)


def counts(words: Sequence[str], named: Mapping[str, int], unit: Callable[[str], Unit]) -> list[Count]:
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
