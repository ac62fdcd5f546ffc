"""What one check leaves to the next of nearly the same files: what was parsed, how phrases are heard, which are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz, process

from bot.kb.files import Parsed
from bot.kb.lint.slips import slips
from bot.languages.text import Rules, words
from bot.languages.traits import Traits

NEAR = 92  # per cent of rapidfuzz's `fuzz.ratio`
_BLOCK = 256
_SHORTER = NEAR / (200 - NEAR)  # a phrase shorter than this part of another cannot reach NEAR
_FEW = 0.1  # of the texts: so many new ones are compared each with all; of more, all with all


@dataclass(slots=True)
class Alike:
    """Texts of one language that were compared with each other, and those that are near one another."""

    known: set[str] = field(default_factory=set)
    near: dict[str, set[str]] = field(default_factory=dict)

    def pairs(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """As `near_pairs`, for texts of which none stands twice."""
        fresh = [text for text in texts if text not in self.known]
        if len(fresh) > _FEW * len(texts):
            pairs = near_pairs(texts)
            self._keep((texts[one], texts[two]) for one, two in pairs)
            self.known = set(texts)
            return pairs
        self._keep((fresh[row], texts[column]) for row, column in near_of(fresh, texts) if fresh[row] != texts[column])
        self.known |= set(fresh)
        return self._among(texts)

    def _keep(self, pairs: Iterable[tuple[str, str]]) -> None:
        for one, two in pairs:
            self.near.setdefault(one, set()).add(two)
            self.near.setdefault(two, set()).add(one)

    def _among(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        place = {text: at for at, text in enumerate(texts)}
        pairs = {
            (min(at, place[other]), max(at, place[other]))
            for text, at in place.items()
            for other in self.near.get(text, ())
            if other in place
        }
        return sorted(pairs)


class Proven(Protocol):
    """What outlasts a process: under which names nothing was found to be wrong."""

    def has(self, language: str, name: str) -> bool: ...

    def add(self, language: str, name: str) -> None: ...


@dataclass(slots=True)
class Remembered:
    """For one folder. With `proven`, a language's ways to ask that an earlier process found in order are not compared again."""

    proven: Proven | None = None
    parsed: Parsed = field(default_factory=dict)
    alike: dict[str, Alike] = field(default_factory=dict)
    _heard: dict[Rules, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def heard(self, texts: Iterable[str], rules: Rules, traits: Traits | None) -> Iterator[tuple[str, str]]:
        """What the matcher compares of each text, and the slip that it passes over."""
        known = self._heard.setdefault(rules, {})  # languages with the same rules share them
        for text in texts:
            found = known.get(text)
            if found is None:
                found = known[text] = " ".join(words(text, rules)), slips(text, traits)
            yield found

    def likeness(self, code: str) -> Alike:
        return self.alike.setdefault(code, Alike())


def near_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places of texts that are alike by NEAR per cent, each pair once.

    Sorted by length, a text is compared only with those long enough to be near it; and with each letter as one byte,
    which rapidfuzz compares several times as fast as other text.
    """
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    ready = _one_byte([texts[place] for place in order])
    lengths = np.array([len(text) for text in ready])
    pairs = []
    for start in range(0, len(ready), _BLOCK):
        block = ready[start : start + _BLOCK]
        end = int(np.searchsorted(lengths, len(block[-1]) / _SHORTER, "right"))
        for row, column in _compared(block, ready[start:end]):
            if row < column:
                pairs.append(sorted((order[start + row], order[start + column])))
    return [(one, two) for one, two in sorted(pairs)]


def near_of(some: Sequence[str], texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places in `some` and in `texts` of what is alike by NEAR per cent."""
    if not some:
        return []
    ready = _one_byte([*some, *texts])
    return _compared(ready[: len(some)], ready[len(some) :])


def _compared(some: list[str], others: list[str]) -> list[tuple[int, int]]:
    scores = process.cdist(some, others, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1)
    return [(int(row), int(column)) for row, column in np.argwhere(scores)]


def _one_byte(texts: list[str]) -> list[str]:
    """The same texts in an alphabet of single bytes, where there are few enough letters."""
    letters = sorted(set().union(*texts))
    if len(letters) > 256:
        return texts
    table = str.maketrans({letter: chr(place) for place, letter in enumerate(letters)})
    return [text.translate(table) for text in texts]
