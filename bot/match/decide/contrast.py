"""What a message says of another place only to set it against ours: "in A they do so; and here?". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.languages import text
from bot.match.words.frames import Frames
from bot.match.words.language import Language

_SIGNS = re.compile(r"[,;:.!?…()«»“”\"\n]+|\s[–—-]+\s")


class Contrast:
    """`here` are expressions for where we are, `own` the names of places that the base is about."""

    def __init__(self, language: Language, here: Iterable[str], own: Iterable[str]) -> None:
        self._language = language
        self._here = Frames(language.words, {"here": tuple(here)})
        self._own = Language(language.traits, names={"own": tuple(own)})
        self._joining = frozenset(word for one in language.traits.joining for word in language.words(one))

    def asked_here(self, question: str) -> tuple[str, ...]:
        """What such a message asks of our place: all of it without the names of others, and its last part alone. Nothing
        where it asks about another place, or names none."""
        parts = map(self._language.words, _SIGNS.split(text.clean(question)))
        clauses = [clause for part in parts for clause in self._cut(part) if clause]
        away = [at for at, words in enumerate(clauses) if self._language.names_in(words)]
        here = [at for at, words in enumerate(clauses) if at not in away and self._places(words)]
        if not away or not here or here[-1] < away[-1]:
            return ()
        last = next(at for at in here if at > away[-1])
        whole = (word for words in clauses for word in self._without_names(words))
        return " ".join(whole), " ".join(word for words in clauses[last:] for word in words)

    def is_ours(self, words: Sequence[str]) -> bool:
        """Whether normalised words name our own place."""
        return bool(self._places(words))

    def _cut(self, words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        """A clause before and behind the word that joins our place to what is said of another: "there so, and here so"."""
        starts = self._places(words)
        at = next((at for at, word in enumerate(words) if word in self._joining and {at + 1, at + 2} & starts), 0)
        return words[:at], words[at:]

    def _places(self, words: Sequence[str]) -> set[int]:
        """Where our own place is named."""
        return {start for _, start, _ in (*self._here.spans(words), *self._own.groups_of(words))}

    def _without_names(self, words: Sequence[str]) -> list[str]:
        names = self._language.names
        gone = {at for name, start, end in self._language.groups_of(words) if name in names for at in range(start, end)}
        return [word for at, word in enumerate(words) if at not in gone]
