"""How each entry is asked for, besides its words: which frames its phrases have. What is unusual for an entry is a signal of
the rule; so that its weight can be learnt, frames are crossed with phrases of every entry. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from bot.match.learn.dealing import Keys, dealt
from bot.match.learn.features import Floats, Ints
from bot.match.words.frames import Frames
from bot.match.words.language import Groups, Language

Bools = NDArray[np.bool_]
NO_WAYS: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Ways:
    """The frames of a language by kind. `wants`: something else is wanted than a fact. `questions`: what kind of thing is
    asked, the strongest first; `first` of these only at the beginning."""

    wants: Groups
    questions: Groups
    first: Groups

    @classmethod
    def none(cls) -> Ways:
        return cls(NO_WAYS, NO_WAYS, NO_WAYS)

    def wanted(self, language: Language) -> Frames:
        return Frames(language.words, self.wants)

    def asked(self, language: Language) -> Frames:
        return Frames(language.words, self.questions, self.first)


def met(frames: Frames, phrases: Sequence[Sequence[str]]) -> Bools:
    """Which kinds each phrase meets, shape (phrases, kinds)."""
    found = np.zeros((len(phrases), len(frames.kinds)), bool)
    for row, words in enumerate(phrases):
        kinds = frames.met(words)
        found[row] = [kind in kinds for kind in frames.kinds] if kinds else False
    return found


def surprise(present: Bools, owners: Ints, size: int) -> Floats:
    """How unusual each kind is in the phrases of each owner: minus the logarithm of its share (Krichevsky and Trofimov's
    estimate), shape (kinds, owners)."""
    counts = np.zeros((size, present.shape[1]))
    np.add.at(counts, owners, present)
    phrases = np.bincount(owners, minlength=size)[:, None]
    return np.asarray(-np.log((counts + 0.5) / (phrases + 1.0)).T, np.float32)


def strongest(present: Bools, table: Floats) -> Floats:
    """Of each row (of `present`, shape (rows, kinds)) and owner the surprise of the least usual kind; 0 where none is met."""
    if not present.shape[1]:
        return np.zeros((len(present), table.shape[1]), np.float32)
    found: Floats = np.where(present[:, :, None], table[None], np.float32(0)).max(axis=1)
    return found


def asks(frames: Frames, phrases: Sequence[Sequence[str]]) -> Ints:
    """The kind of question of each phrase, as the number of the kind; what asks nothing has the number after the last."""
    numbers = {kind: number for number, kind in enumerate(frames.kinds)}
    return np.array([numbers.get(frames.kind_of(words) or "", len(numbers)) for words in phrases], np.int32)


def likelihoods(kinds: Ints, labels: Ints, classes: int, size: int) -> Floats:
    """The logarithm of how likely each of `size` kinds is in each class, shape (classes, size); estimated as above."""
    counts = np.full((classes, size), 0.5)
    np.add.at(counts, (labels, kinds), 1.0)
    return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True)), np.float32)


def crossed(
    language: Language,
    wants: Groups,
    words: Sequence[Sequence[str]],
    owners: Ints,
    chosen: Sequence[int],
    keys: Keys,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each kind of frame with a phrase of each of the chosen owners: the phrase's row, and the words of both together, the
    frame now before and now behind."""
    rows = {owner: np.flatnonzero(owners == owner) for owner in chosen}
    for at, kind in enumerate(wants):
        lots = dealt(keys, at)
        expressions = cycle([tuple(language.words(one)) for one in wants[kind]])
        for turn, owner in enumerate(chosen):
            row = int(rows[owner][lots[rows[owner]].argmin()])
            frame, phrase = next(expressions), tuple(words[row])
            yield row, (*frame, *phrase) if turn % 2 else (*phrase, *frame)
