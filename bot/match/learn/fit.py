"""Fits the indexes of all languages, on every core there is: large bases are cut into independent tasks. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.match.learn import crossfit
from bot.match.learn.crew import Crew, Step
from bot.match.learn.index import (
    KERNEL_UP_TO,
    Index,
    Learner,
    Prepared,
    fit_large,
    fit_large_fold,
    fit_small,
    index_of,
    prepare,
)
from bot.match.learn.lesson import Lesson
from bot.match.learn.linear import LinearLearner
from bot.match.learn.phrases import Phrases
from bot.match.learn.space import Space

Fitted = tuple[Learner, crossfit.HeldOut]
Given = Phrases | Lesson
# What each piece of work costs, in seconds of a quiet core for a thousand phrases.
_PREPARE, _WHOLE, _FOLD, _SMALL = 0.18, 0.36, 0.14, 1.0


def fit(phrases: Mapping[str, Given], step: Step = lambda share: None) -> dict[str, Index]:
    """Language -> index. Deterministic: the number of cores changes the time, not the result."""
    with Crew(sum(map(size_of, phrases.values())), step, sum(map(cost_of, phrases.values()))) as crew:
        indexes = begin(crew, phrases)()
    step(1.0)
    return indexes


def size_of(given: Given) -> int:
    """How many phrases there are, about."""
    return len(given.asked) + (0 if isinstance(given, Phrases) else len(given.told))


def cost_of(given: Given) -> float:
    """Of a whole fit."""
    size = size_of(given) / 1000
    return size * (_PREPARE + (_SMALL if _is_small(given) else _WHOLE + crossfit.FOLDS * _FOLD))


def _is_small(given: Given) -> bool:
    return size_of(given) <= KERNEL_UP_TO


def begin(crew: Crew, given: Mapping[str, Given]) -> Callable[[], dict[str, Index]]:
    """Begins with the fit of each language; what is returned does the rest and waits for it."""
    prepared = {lang: crew.start(Prepare(one), size_of(one) / 1000 * _PREPARE) for lang, one in given.items()}

    def end() -> dict[str, Index]:
        ready = {lang: wait() for lang, wait in prepared.items()}
        fitted = {lang: _begin_learner(crew, one) for lang, (_, _, one) in ready.items()}
        found = {}
        for lang, (phrases, space, one) in ready.items():
            learner, held = fitted[lang]()
            found[lang] = replace(index_of(phrases, space, one, learner, held), unseen=held.unseen())
        return found

    return end


def _begin_learner(crew: Crew, ready: Prepared) -> Callable[[], Fitted]:
    size = len(ready.labels) / 1000
    if ready.small:
        return crew.start(FitSmall(ready), size * _SMALL)
    whole = crew.start(FitWhole(ready), size * _WHOLE)
    folds = [crew.start(FitFold(ready, number), size * _FOLD) for number in range(crossfit.FOLDS)]
    return lambda: (whole(), crossfit.join([fold() for fold in folds]))


@dataclass(frozen=True, slots=True)
class Prepare:
    """Work for one core: from texts to words, and to vectors."""

    given: Given

    def run(self) -> tuple[Phrases, Space, Prepared]:
        phrases = self.given if isinstance(self.given, Phrases) else self.given.phrases()
        return phrases, *prepare(phrases)


@dataclass(frozen=True, slots=True)
class FitSmall:
    """Work for one core: the learner of a small base, and its held-out signals."""

    ready: Prepared

    def run(self) -> Fitted:
        return fit_small(self.ready)


@dataclass(frozen=True, slots=True)
class FitWhole:
    """Work for one core: the learner that answers."""

    ready: Prepared

    def run(self) -> LinearLearner:
        return fit_large(self.ready)


@dataclass(frozen=True, slots=True)
class FitFold:
    """Work for one core: one fold of the held-out signals."""

    ready: Prepared
    number: int

    def run(self) -> crossfit.HeldOut:
        return fit_large_fold(self.ready, self.number)
