"""Fits the indexes of all languages, on every core there is: large bases are cut into independent tasks. No I/O."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.match import crossfit
from bot.match.features import Floats
from bot.match.index import Index, Phrases, Prepared, Step, fit_large, fit_large_fold, fit_small, index_of, prepare


def fit(phrases: Mapping[str, Phrases], step: Step = lambda share: None) -> dict[str, Index]:
    """Language -> index. Deterministic: the number of cores changes the time, not the result."""
    prepared = {lang: prepare(found) for lang, found in phrases.items()}
    large = {lang: p for lang, (_, p) in prepared.items() if not p.small}
    learnt = _fit_in_parallel(large, step) if large else {}
    indexes = {}
    for lang, (vocabulary, ready) in prepared.items():
        weights, dual, held = fit_small(ready) if ready.small else (learnt[lang][0], None, learnt[lang][1])
        rule = crossfit.learn_rule(held)
        indexes[lang] = index_of(phrases[lang], vocabulary, ready, weights, dual, rule)
    step(1.0)
    return indexes


def _fit_in_parallel(large: Mapping[str, Prepared], step: Step) -> dict[str, tuple[Floats, crossfit.HeldOut]]:
    tasks = [Task(ready, number) for number in (None, *range(crossfit.FOLDS)) for ready in large.values()]
    workers = min(os.cpu_count() or 1, len(tasks))
    if workers == 1:
        return _collect(large, map(Task.run, tasks), len(tasks), step)
    with ThreadPoolExecutor(workers) as pool:
        return _collect(large, pool.map(_run_elsewhere, tasks), len(tasks), step)


def _run_elsewhere(task: Task) -> Floats | crossfit.HeldOut:
    """The task in a Python of its own: `multiprocessing` would ask callers for a guarded main module."""
    path = os.pathsep.join([str(Path(bot.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "bot.match.worker"]
    done = subprocess.run(command, input=pickle.dumps(task), stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})
    if done.returncode:
        raise RuntimeError(f"A worker that fits the base ended with code {done.returncode}.")
    found: Floats | crossfit.HeldOut = pickle.loads(done.stdout)
    return found


def _collect(
    large: Mapping[str, Prepared], results: Iterable[Floats | crossfit.HeldOut], total: int, step: Step
) -> dict[str, tuple[Floats, crossfit.HeldOut]]:
    weights: list[Floats] = []
    parts: list[crossfit.HeldOut] = []
    for done, result in enumerate(results, 1):
        if isinstance(result, crossfit.HeldOut):
            parts.append(result)
        else:
            weights.append(result)
        step(done / total)
    return {
        lang: (weights[i], crossfit.join(parts[i :: len(large)]))
        for i, lang in enumerate(large)
    }


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for one core: the whole fit (`fold` is None) or one fold of the held-out signals."""

    ready: Prepared
    fold: int | None

    def run(self) -> Floats | crossfit.HeldOut:
        return fit_large(self.ready) if self.fold is None else fit_large_fold(self.ready, self.fold)
