"""Prints accuracy in per cent and the median time of a question, for each system and data set."""

from __future__ import annotations

import sys
import time
from statistics import median

from benchmarks.data_sets import DataSet, all_sets
from benchmarks.systems import SYSTEMS, Answer


def measure(answer: Answer, data: DataSet) -> tuple[float, float]:
    """Accuracy in per cent, median milliseconds."""
    right, times = 0, []
    for question, entry in data.questions:
        start = time.perf_counter()
        right += answer(question) == entry
        times.append(time.perf_counter() - start)
    return 100 * right / len(data.questions), 1000 * median(times)


def main() -> None:
    sets = all_sets()
    chosen = sys.argv[1:] or list(SYSTEMS)
    print(f"{'':42}" + "".join(f"{data.name:>24}" for data in sets))
    for name in chosen:
        cells = []
        for data in sets:
            accuracy, milliseconds = measure(SYSTEMS[name](data), data)
            cells.append(f"{accuracy:14.1f} ({milliseconds:5.2f} ms)")
        print(f"{name:42}" + "".join(f"{cell:>24}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
