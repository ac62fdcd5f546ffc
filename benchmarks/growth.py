"""How the matcher grows with the base: processor time to learn, time of a question and memory, beside bm25s and token_set_ratio.

python -m benchmarks.growth [--page PAGE] [--most PHRASES]      phrases are made up; no data are needed

Each size is measured in a process of its own, on one core: a time is what one core works, and memory is the most that the
process ever had, Python and its libraries included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.made_up import made_up
from benchmarks.systems import OURS, SYSTEMS, YARDSTICK
from benchmarks.tables import NONE, filled, table

SYSTEMS_THAT_GROW = (OURS, "bm25s", YARDSTICK)
ONE_CORE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1")
MARKS = "growth"


@dataclass(frozen=True, slots=True)
class Size:
    phrases: int
    entries: int

    def __str__(self) -> str:
        return f"{self.phrases:,} of {self.entries:,}"


@dataclass(frozen=True, slots=True)
class Grown:
    """Seconds of one core to learn, milliseconds of a question (median), megabytes (2^20) at the most."""

    seconds: float
    p50: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Target:
    """What the matcher is meant to keep to; `megabytes`: None where none is set."""

    size: Size
    seconds: float
    megabytes: float | None
    p50: float = 3.0

    def met(self, grown: Grown) -> bool:
        small = self.megabytes is None or grown.megabytes <= self.megabytes
        return grown.seconds <= self.seconds and grown.p50 <= self.p50 and small


SIZES = (Size(1_000, 150), Size(10_000, 150), Size(100_000, 150))
TARGETS = (
    Target(Size(10_000, 2_000), 30, None),
    Target(Size(100_000, 150), 60, 1024),
    Target(Size(1_000_000, 150), 600, 4096),
)
_TRIED = 2  # times the target, after which a process is ended: what is missed by more need not be known more exactly
Results = dict[tuple[Size, str], Grown | None]
"""None: ended, since it took too long or too much memory."""


def grow(size: Size, system: str) -> Grown:
    """In this very process, whose memory is measured. Libraries and dictionaries are loaded before."""
    SYSTEMS[system].learn(made_up(60, 3))
    data = made_up(size.phrases, size.entries)
    start = time.process_time()
    learnt = SYSTEMS[system].learn(data)
    seconds = time.process_time() - start
    times = []
    for question, _ in data.questions:
        start = time.process_time()
        learnt.answer(question)
        times.append(time.process_time() - start)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Grown(seconds, 1000 * median(times), most / 2**20)


def in_a_process(size: Size, system: str) -> Grown | None:
    command = [sys.executable, "-m", "benchmarks.growth", "--point", system, str(size.phrases), str(size.entries)]
    done = subprocess.run(command, env=os.environ | ONE_CORE, stdout=subprocess.PIPE, text=True)
    grown = Grown(**json.loads(done.stdout)) if done.returncode == 0 else None
    print(f"{size}: {system}, {grown or 'ended'}", file=sys.stderr, flush=True)
    return grown


def limit(size: Size) -> None:
    """Ends this process where it needs much more than its target allows."""
    for target in TARGETS:
        if target.size == size:
            most = int(_TRIED * target.seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            if target.megabytes:
                resource.setrlimit(resource.RLIMIT_DATA, (int(_TRIED * target.megabytes) << 20,) * 2)


def measured(most: int, keep: Path | None = None) -> Results:
    """All sizes up to so many phrases, the smallest first; what stands in the folder `keep` is not measured again."""
    wanted = [(size, system) for size in SIZES for system in SYSTEMS_THAT_GROW]
    wanted += [(target.size, OURS) for target in TARGETS if target.size not in SIZES]
    found: Results = {}
    for size, system in sorted(wanted, key=lambda one: one[0].phrases):
        file = keep / f"{size}, {system}.json" if keep else None
        if file and file.is_file():
            kept = json.loads(file.read_text(encoding="utf-8"))
            found[size, system] = kept and Grown(**kept)
        elif size.phrases <= most:
            found[size, system] = grown = in_a_process(size, system)
            if file:
                file.write_text(json.dumps(grown and asdict(grown)), encoding="utf-8")
    return found


def tables(found: Results) -> str:
    sizes = [size for size in SIZES if (size, OURS) in found]
    parts = [
        "Phrases of so many entries. Seconds of one core to learn / milliseconds of a question, p50 / megabytes.",
        table(["phrases", *SYSTEMS_THAT_GROW], ([str(size), *_cells(found, size)] for size in sizes)),
        "What the matcher is meant to keep to, and what was measured.",
        table(["phrases", "learnt in", "memory", "p50", "measured", "kept"], _rows_of_targets(found)),
    ]
    return "\n\n".join(parts)


def _cells(found: Results, size: Size) -> Iterable[str]:
    return (_told(found[size, system]) if (size, system) in found else NONE for system in SYSTEMS_THAT_GROW)


def _told(grown: Grown | None) -> str:
    return f"{grown.seconds:.2f} / {grown.p50:.2f} / {grown.megabytes:,.0f}" if grown else "ended"


def _rows_of_targets(found: Results) -> Iterable[list[str]]:
    for target in TARGETS:
        grown = found.get((target.size, OURS))
        memory = f"{target.megabytes:,.0f} MB" if target.megabytes else NONE
        wanted = [str(target.size), f"{target.seconds:.0f} s", memory, f"{target.p50:.0f} ms"]
        if (target.size, OURS) not in found:
            yield [*wanted, "not tried", NONE]
        elif grown is None:
            yield [*wanted, f"ended: over {_TRIED} times the time or the memory", "no"]
        else:
            yield [*wanted, _told(grown), "yes" if target.met(grown) else "no"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--page", type=Path, help="page whose figures between the marks are written anew")
    parser.add_argument("--most", type=int, default=100_000, help="phrases of the largest size (100000)")
    parser.add_argument("--keep", type=Path, help="folder for results: those that stand there are not measured again")
    parser.add_argument("--point", nargs=3, metavar=("SYSTEM", "PHRASES", "ENTRIES"), help="one size, in this process")
    chosen = parser.parse_args()
    if chosen.point:
        size = Size(int(chosen.point[1]), int(chosen.point[2]))
        limit(size)
        print(json.dumps(asdict(grow(size, chosen.point[0]))))
        return
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    found = measured(chosen.most, chosen.keep)
    text = tables(found)
    print(text)
    if chosen.page:
        write(chosen.page, found, text)


def write(page: Path, found: Results, text: str) -> None:
    from benchmarks.charts import growth

    picture = page.with_name(f"{page.stem}-growth.svg")
    picture.write_text(growth(found), encoding="utf-8")
    text += f"\n\n![Time to learn, time of a question and memory by the number of phrases]({picture.name})"
    page.write_text(filled(page.read_text(encoding="utf-8"), MARKS, text), encoding="utf-8")


if __name__ == "__main__":
    main()
