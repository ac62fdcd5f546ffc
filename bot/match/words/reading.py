"""How a question may be read in one language: as typed, on another keyboard, or from another script. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.languages import text
from bot.match.words.language import Language
from bot.match.words.repair import Repair, Repairer


class How(Enum):
    TYPED = "typed"
    OTHER_KEYBOARD = "other keyboard"
    OTHER_LETTERS = "other letters"


# What a message may cost: to stem a word that nobody has seen takes 30 to 50 µs, in every reading of it anew.
MOST_WORDS = 150  # words that are read; the labelled questions have 83 at most
_OTHER_LETTERS = 400  # characters that are read as something else than typed; 1 in 5,000 labelled questions has more


@dataclass(frozen=True, slots=True)
class Reading:
    """`words` are normalised and repaired; `trust` says for each how sure that is (1 as typed, less when repaired).

    `share` is the part of the letters in words that the phrases know, each by its trust, 0 to 1 (of the digits where there are no letters)."""

    how: How
    words: tuple[str, ...]
    trust: tuple[float, ...]
    repairs: tuple[Repair, ...]
    known: tuple[str, ...]
    missed: tuple[str, ...]
    share: float


class Reader:
    """Chooses the reading in which the phrases know most."""

    def __init__(self, language: Language, repairer: Repairer) -> None:
        self._language = language
        self._repairer = repairer

    def read(self, question: str) -> Reading:
        readings = [self._reading(how, typed) for how, typed in self._candidates(question)]
        return max(readings, key=lambda reading: reading.share)  # of equals the first: as typed

    def _candidates(self, question: str) -> list[tuple[How, str]]:
        found = [(How.TYPED, question)]
        plain = text.clean(question)[:_OTHER_LETTERS]
        if any(c.isalpha() for c in plain) and not self._language.writes(plain):
            found += [(How.OTHER_KEYBOARD, read) for read in self._language.on_other_keyboards(plain)]
            found += [(How.OTHER_LETTERS, read) for read in self._language.transcribed(plain)]
        return found

    def _reading(self, how: How, question: str) -> Reading:
        words, trust, repairs = self._repairer.repair(self._language.words(question)[:MOST_WORDS])
        known = list(map(self._repairer.knows, words))
        spelled = any(word.isalpha() for word in words)
        size = [0 if spelled and word.isdigit() else len(word) for word in words]
        total = sum(size)
        share = sum(n * sure for n, sure, k in zip(size, trust, known, strict=True) if k) / total if total else 0.0
        return Reading(
            how,
            tuple(words),
            tuple(trust),
            tuple(repairs),
            tuple(word for word, k in zip(words, known, strict=True) if k),
            tuple(word for word, k in zip(words, known, strict=True) if not k),
            share,
        )
