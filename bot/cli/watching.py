"""A base checked again at each save, on one screen that is always what the folder is now."""

from __future__ import annotations

import gc
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.cli.edge import note
from bot.cli.findings import Checked, as_lines

_STEP = 100  # milliseconds in which an editor's several writes of one save become one
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watching(folder: Path, cases: Sequence[Path], look: Callable[[], Checked], every: bool) -> None:
    """Until Ctrl-C, which is how it ends well."""
    from watchfiles import watch

    places = [folder, *{path.parent for path in cases if not path.is_relative_to(folder)}]
    note(f"Checking {folder} …")
    _show(look, every)
    gc.freeze()  # what was read stays; looking through it would take a part of each check
    for _ in watch(*places, watch_filter=_concerns, step=_STEP, debounce=4 * _STEP, raise_interrupt=False):
        _show(look, every)


def _concerns(_: object, path: str) -> bool:
    """Saves of the base's files, and of cases; not what editors write beside them."""
    return path.endswith((".yaml", ".yml", ".jsonl")) and not Path(path).name.startswith(".")


def _show(look: Callable[[], Checked], every: bool) -> None:
    began = time.monotonic()
    found = look()
    took = time.monotonic() - began
    size = shutil.get_terminal_size()
    lines = list(as_lines(found, every))
    if sys.stdout.isatty():
        print(_CLEAR, end="")
        lines = _screen(lines, size.columns, size.lines - 2)
    for line in lines:
        print(line)
    said = f"{found.errors} problem(s)" if found.errors else "No problem"
    at = time.strftime("%H:%M:%S")
    print(f"{at}  {said}, {found.warnings} warning(s) in {found.folder}; {took:.1f} s. Ctrl-C ends.", flush=True)


def _screen(lines: list[str], columns: int, rows: int) -> list[str]:
    """As many lines as fit, and how many there are besides."""
    kept: list[str] = []
    free = rows - 1
    for line in lines:
        free -= max(1, -(-len(line) // columns))
        if free < 0:
            return [*kept, f"… and {len(lines) - len(kept)} line(s) more; these come first"]
        kept.append(line)
    return kept
