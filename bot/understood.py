"""What a message says about the talk itself: more, simpler, the second one, in Russian. Pure; the words are a pack's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz, process

from bot.languages.talk import TalkPack

_ALIKE = 88  # of 100: one slip in eight letters
_LONGEST = 60  # letters of a message that can be about the talk; the longest expression has 37
_NUMBER = re.compile(r"\d{1,3}")
ToWords = Callable[[str], list[str]]
Knows = Callable[[str], bool]
Ways = Callable[[str], list[str]]


class Move(Enum):
    """What is wanted of the talk. The values are the keys of the packs' lists."""

    MORE = "more"
    SIMPLER = "simpler"
    LANGUAGE = "languages"
    PICK = "pick"
    YES = "yes"
    NO = "no"
    NUMBER = "number"  # nothing but a number: no pack has words for it
    NONE = "none"
    OTHER = "other"
    BACK = "back"
    SOURCE = "source"
    SURE = "sure"
    MISSED = "missed"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`lang`: in which language it was said; `value`: the language asked for, or the number picked (-1: the last)."""

    move: Move
    lang: str
    value: str | int = ""


class Phrasebook:
    """The expressions of some languages, normalised by each one's `words`."""

    def __init__(
        self,
        packs: Mapping[str, TalkPack],
        words: Mapping[str, ToWords],
        knows: Mapping[str, Knows],
        ways: Mapping[str, Ways] | None = None,
    ) -> None:
        """`knows` tells whether a word is a known one of the language: such a word is no slip for another. `ways` gives a
        message in the letters of the language where it is typed in others."""
        self._words = words
        self._ways = ways or {}
        self._polite = {lang: {" ".join(words[lang](one)) for one in pack.polite} for lang, pack in packs.items()}
        self._knows = knows
        self._known = {lang: dict(self._expressions(lang, pack)) for lang, pack in packs.items()}
        self._whom = {lang: {" ".join(words[lang](one)) for one in pack.whom} for lang, pack in packs.items()}
        # What is longer than this is like none of them, whatever it says.
        self._longest = {
            lang: (200 / _ALIKE - 1) * max(map(len, known), default=0) for lang, known in self._known.items()
        }
        self._opening = {lang: [" ".join(words[lang](one)) for one in pack.broad] for lang, pack in packs.items()}
        self._broad = {
            lang: sorted((" ".join(words[lang](lead)) for lead in (*pack.broad, *pack.onwards)), key=len, reverse=True)
            for lang, pack in packs.items()
        }

    def wanted(self, message: str, preferred: str | None) -> Wanted | None:
        """What the whole message wants; `preferred` decides where several languages say it so."""
        if len(message) > _LONGEST:
            return None
        ways = ((lang, way) for lang in self._known for way in (message, *self._ways.get(lang, _as_typed)(message)))
        found = [one for lang, way in ways if (one := self._closest(lang, way)) is not None]
        return max(found, key=lambda one: (one[0], one[1].lang == preferred))[1] if found else None

    def whom(self, message: str) -> bool:
        """Whether the whole message asks who is to be told, and nothing more."""
        return any(self._normal(lang, message)[0] in known for lang, known in self._whom.items())

    def opens(self, message: str) -> bool:
        """Whether a broad request opens a subject of its own: "tell me about", not "what about"."""
        for lang, leads in self._opening.items():
            said = " ".join(self._words[lang](message))
            if said.startswith(tuple(f"{lead} " for lead in leads)) or said.endswith(
                tuple(f" {lead}" for lead in leads)
            ):
                return True
        return False

    def subject(self, message: str, lang: str) -> list[str]:
        """What a broad request is about: its normalised words without those that lead in to it, or that follow."""
        said = " ".join(self._words[lang](message))
        for lead in self._broad.get(lang, ()):
            if said.startswith(lead + " "):
                return said[len(lead) :].split()
            if said.endswith(" " + lead):
                return said[: -len(lead)].split()
        return said.split()

    def _closest(self, lang: str, message: str) -> tuple[float, Wanted] | None:
        said, numbers = self._normal(lang, message)
        if said == "{n}":
            return 100.0, Wanted(Move.NUMBER, lang, numbers[0])
        if len(said) > self._longest[lang]:
            return None
        known = self._known[lang]
        found = process.extractOne(said, known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found is None or any(self._knows[lang](word) for word in set(said.split()) - set(found[0].split())):
            return None
        wanted = known[found[0]]
        if wanted.move is Move.PICK and wanted.value == 0:
            return (found[1], Wanted(Move.PICK, lang, numbers[0])) if len(numbers) == 1 else None
        return found[1], wanted

    def _normal(self, lang: str, message: str) -> tuple[str, list[int]]:
        """The message normalised, with {n} for each number, and the numbers."""
        words = self._words[lang](message)
        while len(words) > 1 and {words[0], words[-1]} & self._polite[lang]:
            words = words[1:] if words[0] in self._polite[lang] else words[:-1]
        numbers = [int(word) for word in words if _NUMBER.fullmatch(word)]
        return " ".join("{n}" if _NUMBER.fullmatch(word) else word for word in words), numbers

    def _expressions(self, lang: str, pack: TalkPack) -> Iterator[tuple[str, Wanted]]:
        def each(members: Iterable[str], wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
            return ((" ".join(self._words[lang](one)), wanted) for one in members)

        for name, members in pack.moves.items():
            yield from each(members, Wanted(Move(name), lang))
        for code, members in pack.languages.items():
            yield from each(members, Wanted(Move.LANGUAGE, lang, code))
        for place, members in pack.ordinals.items():
            yield from each(members, Wanted(Move.PICK, lang, place))
        for one in pack.pick:
            yield self._normal(lang, one.format(n=1))[0], Wanted(Move.PICK, lang, 0)


def _as_typed(_: str) -> list[str]:
    """No other way than as it is typed."""
    return []
