"""Has each system learn each set, and asks it all questions, one by one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.data_sets import DataSet
from benchmarks.encoders import encoder_of
from benchmarks.figures import Said
from benchmarks.systems import SYSTEMS, Learnt

Results = dict[tuple[str, str], Said]
"""Set and system -> what it said."""


@dataclass(frozen=True, slots=True)
class Measured:
    sets: Sequence[DataSet]
    systems: Sequence[str]
    results: Results

    def said(self, data: DataSet, system: str) -> Said | None:
        """None where it was not measured."""
        return self.results.get((data.name, system))

    def with_outside(self) -> list[DataSet]:
        """The sets that have questions which nothing answers."""
        return [data for data in self.sets if not all(right for _, right in data.questions)]


def installed(systems: Iterable[str]) -> list[str]:
    """Those that can be measured here. Ends in a line where the extra is not there; others that are missing are said to be."""
    missing = {name: SYSTEMS[name].needs for name in systems if not _there(name)}
    locked = sorted({str(module) for name, module in missing.items() if SYSTEMS[name].locked})
    if locked:
        sys.exit(f"The peers need {' and '.join(locked)}: make bench, or pip install 'reformbot[bench]'")
    for name, module in missing.items():
        print(
            f"{name}: skipped, there is no {module} with all its files; benchmarks/README.md says how it is had",
            file=sys.stderr,
        )
    return [name for name in systems if name not in missing]


def _there(name: str) -> bool:
    """Whether its module is installed, and an encoder's files with it."""
    system = SYSTEMS[name]
    if system.needs is None or find_spec(system.needs) is None or system.locked:
        return system.needs is None or find_spec(system.needs) is not None
    try:
        encoder_of(system.needs)
    except OSError:
        return False
    return True


def measured(sets: Sequence[DataSet], systems: Sequence[str], keep: Path | None = None, new: bool = True) -> Measured:
    """System by system. What stands in the folder `keep` is not measured again, and what is measured is put there. Without
    `new`, nothing else is measured: it stays open."""
    results: Results = {}
    for name in systems:
        for data in sets:
            file = keep / f"{data.name}, {name}.npz" if keep else None
            if file and file.is_file():
                results[data.name, name] = read(file)
            if (data.name, name) in results or not new:
                continue
            start = time.process_time()
            results[data.name, name] = said = asked(SYSTEMS[name].learn(data), data)
            print(f"{data.name}: {name}, {time.process_time() - start:.0f} s", file=sys.stderr, flush=True)
            if file:
                np.savez_compressed(file, **{key: value for key, value in asdict(said).items() if value is not None})
    return Measured(sets, systems, results)


def read(file: Path) -> Said:
    with np.load(file) as kept:
        found = {key: kept[key] for key in kept.files}
    threshold = found.pop("threshold", None)
    return Said(**found, threshold=None if threshold is None else float(threshold))


def asked(learnt: Learnt, data: DataSet) -> Said:
    """Times are processor time, so that what else runs on the machine is not counted."""
    questions = [question for question, _ in data.questions]
    named, seconds = [], []
    for question in questions[: learnt.timed if learnt.many else None]:
        start = time.process_time()
        named.append(learnt.answer(question))
        seconds.append(time.process_time() - start)
    named = learnt.many(questions) if learnt.many else named
    right = [entry in expected for (entry, _), (_, expected) in zip(named, data.questions, strict=True)]
    inside = [bool(expected) for _, expected in data.questions]
    scores = [score for _, score in named]
    return Said(np.array(right), np.array(inside), np.array(scores, float), np.array(seconds), learnt.threshold)
