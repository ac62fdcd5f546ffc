"""Prints accuracy in per cent and the median time of a question, for each system and data set."""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.data_sets import SOURCES, DataSet, sets_of, told
from benchmarks.systems import PEERS, SYSTEMS, Answer


def needed(systems: list[str]) -> None:
    """Ends in a line where a peer is not there."""
    missing = [PEERS[name] for name in systems if name in PEERS and find_spec(PEERS[name]) is None]
    if missing:
        sys.exit(f"The peers need {' and '.join(missing)}: make bench, or pip install 'reformbot[bench]'")


def measure(answer: Answer, data: DataSet) -> tuple[float, float]:
    """Accuracy in per cent, median milliseconds."""
    right, times = 0, []
    for question, entry in data.questions:
        start = time.perf_counter()
        right += answer(question) == entry
        times.append(time.perf_counter() - start)
    return 100 * right / len(data.questions), 1000 * median(times)


def parser() -> argparse.ArgumentParser:
    where = "\n".join(f"  {folder:10} {told(folder)}" for folder in SOURCES)
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="The matcher beside its peers, on public data.",
        epilog=f"DATA has a folder for each set; benchmarks/README.md describes the files.\n{where}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--data", metavar="DATA", default="", help="folder with the data sets: make bench DATA=…")
    made.add_argument("systems", nargs="*", help=f"which to measure, of: {', '.join(SYSTEMS)} (all)")
    return made


def main() -> None:
    command = parser()
    chosen = command.parse_args()
    if unknown := sorted(set(chosen.systems) - set(SYSTEMS)):
        command.error(f"unknown: {', '.join(unknown)}")
    sets, absent = sets_of(Path(chosen.data)) if chosen.data else ([], [])
    if not sets:
        print(command.format_help(), file=sys.stderr)
        command.error(f"no data set in {chosen.data}" if chosen.data else "DATA is not named: make bench DATA=folder")
    for line in absent:
        print(line, file=sys.stderr)
    needed(chosen.systems or list(SYSTEMS))
    table(sets, chosen.systems or list(SYSTEMS))


def table(sets: list[DataSet], systems: list[str]) -> None:
    print(f"{'':42}" + "".join(f"{data.name:>24}" for data in sets))
    for name in systems:
        cells = []
        for data in sets:
            accuracy, milliseconds = measure(SYSTEMS[name](data), data)
            cells.append(f"{accuracy:14.1f} ({milliseconds:5.2f} ms)")
        print(f"{name:42}" + "".join(f"{cell:>24}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
