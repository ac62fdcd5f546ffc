"""Fits the indexes of all languages, on every core there is: large bases are cut into independent tasks. No I/O."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bot
from bot.match.learn import crossfit
from bot.match.learn.danger import Detector, Examples, learn
from bot.match.learn.index import (
    Index,
    Learner,
    Prepared,
    Step,
    fit_large,
    fit_large_fold,
    fit_small,
    index_of,
    prepare,
)
from bot.match.learn.linear import LinearLearner
from bot.match.learn.phrases import Phrases
from bot.match.learn.space import Space
from bot.match.words.language import Language

_WORTH_IT = 3000  # phrases; below, starting another Python takes longer than the work

Fitted = tuple[Learner, crossfit.HeldOut]


def fit(phrases: Mapping[str, Phrases], step: Step = lambda share: None) -> dict[str, Index]:
    """Language -> index. Deterministic: the number of cores changes the time, not the result."""
    crew = Crew(sum(len(found.texts) for found in phrases.values()), step, len(phrases) * (crossfit.FOLDS + 2))
    with crew:
        prepared = dict(zip(phrases, crew.map([Prepare(found) for found in phrases.values()]), strict=True))
        fitted = _fit_large({lang: ready for lang, (_, ready) in prepared.items() if not ready.small}, crew)
    indexes = {}
    for lang, (space, ready) in prepared.items():
        learner, held = fit_small(ready) if ready.small else fitted[lang]
        index = index_of(phrases[lang], space, ready, learner, held)
        indexes[lang] = replace(index, unseen=held.unseen())
    step(1.0)
    return indexes


def _fit_large(large: Mapping[str, Prepared], crew: Crew) -> dict[str, Fitted]:
    whole = [FitWhole(ready) for ready in large.values()]
    folds = [FitFold(ready, number) for ready in large.values() for number in range(crossfit.FOLDS)]
    results = crew.map([*whole, *folds])
    found: dict[str, Fitted] = {}
    for i, lang in enumerate(large):
        parts = results[len(whole) + i * crossfit.FOLDS :][: crossfit.FOLDS]
        found[lang] = results[i], crossfit.join(parts)
    return found


def fit_detectors(examples: Mapping[str, tuple[Language, Examples]]) -> dict[str, Detector]:
    """Language -> what tells danger in it. The languages have classes of words as their groups."""
    tasks = [LearnDanger(language, found) for language, found in examples.values()]
    with Crew(sum(len(task.examples.texts) for task in tasks), lambda share: None, max(1, len(tasks))) as crew:
        return dict(zip(examples, crew.map(tasks), strict=True))


@dataclass(frozen=True, slots=True)
class LearnDanger:
    """Work for one core: the detector of a language."""

    language: Language
    examples: Examples

    def run(self) -> Detector:
        return learn(self.language, self.examples)


@dataclass(frozen=True, slots=True)
class Prepare:
    """Work for one core: phrases to vectors."""

    phrases: Phrases

    def run(self) -> tuple[Space, Prepared]:
        return prepare(self.phrases)


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


class Crew:
    """Runs pieces of work, on all cores where there is much of it, and reports how much of `total` is done.

    Every core gets a Python of its own: `multiprocessing` would ask callers for a guarded main module."""

    def __init__(self, phrases: int, step: Step, total: int) -> None:
        workers = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(workers) if workers > 1 and phrases > _WORTH_IT else None
        self._step, self._done, self._total = step, 0, total
        self._own = threading.local()
        self._workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.kill()
            worker.communicate()

    def map(self, tasks: Sequence[Any]) -> list[Any]:
        """The results, in order."""
        found = []
        for result in self._pool.map(self._elsewhere, tasks) if self._pool else (task.run() for task in tasks):
            found.append(result)
            self._done += 1
            self._step(min(1.0, self._done / self._total))
        return found

    def _elsewhere(self, task: Any) -> Any:
        worker = self._worker()
        assert worker.stdin
        assert worker.stdout
        try:
            pickle.dump(task, worker.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            worker.stdin.flush()
            return pickle.load(worker.stdout)
        except (EOFError, OSError):
            raise RuntimeError(f"A worker that fits the base ended with code {worker.wait()}.") from None

    def _worker(self) -> subprocess.Popen[bytes]:
        """This thread's own process."""
        if not hasattr(self._own, "worker"):
            path = os.pathsep.join([str(Path(bot.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
            command = [sys.executable, "-m", "bot.match.learn.worker"]
            pipe, environment = subprocess.PIPE, os.environ | {"PYTHONPATH": path}
            self._own.worker = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment)
            self._workers.append(self._own.worker)
        worker: subprocess.Popen[bytes] = self._own.worker
        return worker
