"""Markdown tables of what was measured, and the marks between which they stand on a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from benchmarks.data_sets import DataSet
from benchmarks.figures import Said, auroc, brier, calibration_error, milliseconds, shares, threshold_for
from benchmarks.measuring import Measured
from benchmarks.systems import OURS, SYSTEMS, YARDSTICK

NONE = "–"
_ENOUGH = 100  # questions of which a hundredth is one


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In columns of even width, so that it can be read as printed, too."""
    lines = [list(head), *map(list, rows)]
    widths = [max(3, *(len(line[at]) for line in lines)) for at in range(len(head))]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(
        f"| {' | '.join(cell.rjust(w) if at else cell.ljust(w) for at, (cell, w) in enumerate(zip(line, widths, strict=True)))} |"
        for line in lines
    )


def filled(page: str, name: str, text: str) -> str:
    """The page with a text between the marks of that name. KeyError where it has no such marks."""
    marks = re.compile(rf"(<!-- {re.escape(name)}: .*? -->\n).*?(<!-- end of {re.escape(name)} -->)", re.DOTALL)
    if not marks.search(page):
        raise KeyError(f"<!-- {name}: … --> and <!-- end of {name} -->")
    return marks.sub(lambda found: f"{found[1]}\n{text.strip()}\n\n{found[2]}", page)


def all_tables(found: Measured) -> str:
    """Each with its heading and a line that says how to read it."""
    parts = [
        ("The sets", "Not answerable: questions that no entry answers.", sets_table(found)),
        ("Accuracy", "Per cent of the answerable questions for which the right entry comes first.", accuracy(found)),
        ("Telling what can be answered", _AUROC, telling(found)),
        ("Declining at the base's own threshold", _OWN, own_threshold(found)),
        ("Declining beside the peers", _BESIDE, beside(found)),
        ("Calibration", _CALIBRATION, calibration(found)),
        ("Speed", _SPEED, speed(found)),
    ]
    return "\n\n".join(f"### {title}\n\n{text}\n\n{made}" for title, text, made in parts if made)


_AUROC = "AUROC in per cent: how often an answerable question scores more than one that no entry answers. 50 is chance."
_OWN = (
    "reformbot draws its threshold from the phrases alone. Per cent: of the answerable questions those answered rightly "
    "and wrongly, of the others those declined (recall of what is out of scope) and those answered (false answers)."
)
_BESIDE = (
    "Per cent of the questions that no entry answers which are declined, where each system answers as many of the "
    "answerable ones as reformbot does at its own threshold (at least; a peer has no threshold of its own)."
)
_CALIBRATION = (
    "Expected calibration error in tenths / Brier score, of scores read as the probability that the named entry is "
    "right, over all questions; 0 is best. Cosines and hundredths of rapidfuzz's scores are read as they are; a score of "
    "bm25s is no probability."
)
_SPEED = (
    "Processor time of a question, p50 / p99. The yardstick in milliseconds, the others as multiples of it on the same set "
    "(no p99 of what takes so long that only few were asked one by one)."
)


def sets_table(found: Measured) -> str:
    def row(data: DataSet) -> list[str]:
        inside = sum(bool(right) for _, right in data.questions)
        counts = len({entry for entry, _ in data.pairs}), len(data.pairs), inside, len(data.questions) - inside
        return [data.name, *(f"{count:,}" for count in counts)]

    return table(["set", "entries", "phrases", "answerable", "not answerable"], map(row, found.sets))


def by_system(found: Measured, sets: Sequence[DataSet], cell: Callable[[DataSet, Said], str]) -> str:
    """A row for each set, a column for each system; nothing where there are no sets."""

    def filled_cell(data: DataSet, name: str) -> str:
        said = found.said(data, name)
        return NONE if said is None else cell(data, said)

    rows = [[data.name, *(filled_cell(data, name) for name in found.systems)] for data in sets]
    return table(["set", *found.systems], rows) if rows else ""


def accuracy(found: Measured) -> str:
    return by_system(found, found.sets, lambda _, said: f"{said.accuracy:.1f}")


def telling(found: Measured) -> str:
    return by_system(found, found.with_outside(), lambda _, said: f"{auroc(said):.1f}")


def own_threshold(found: Measured) -> str:
    def row(data: DataSet, said: Said) -> list[str]:
        came = shares(said, said.threshold or 0.0)
        figures = came.right, came.wrong, came.declined, came.false
        return [data.name, f"{said.threshold:.2f}", *(f"{one:.1f}" for one in figures)]

    rows = [row(data, said) for data in found.with_outside() if (said := found.said(data, OURS))]
    return table(["set", "threshold", "right", "wrong", "declined", "false"], rows) if rows else ""


def beside(found: Measured) -> str:
    def cell(data: DataSet, said: Said) -> str:
        ours = found.said(data, OURS)
        if ours is None:
            return NONE
        came = shares(ours, ours.threshold or 0.0)
        return f"{(came if said is ours else shares(said, threshold_for(said, came.covered))).declined:.1f}"

    return by_system(found, found.with_outside(), cell) if OURS in found.systems else ""


def calibration(found: Measured) -> str:
    def cell(_: DataSet, said: Said) -> str:
        return f"{calibration_error(said):.3f} / {brier(said):.3f}"

    probable = [name for name in found.systems if SYSTEMS[name].probable]
    return by_system(replace(found, systems=probable), found.sets, cell)


def speed(found: Measured) -> str:
    def cell(data: DataSet, said: Said) -> str:
        yardstick = found.said(data, YARDSTICK)
        if said is yardstick:
            return f"{milliseconds(said, 0.5):.2f} / {milliseconds(said, 0.99):.2f} ms"
        if yardstick is None:
            return NONE
        return f"{_times(said, yardstick, 0.5)} / {_times(said, yardstick, 0.99) if len(said.seconds) >= _ENOUGH else NONE}"

    return by_system(found, found.sets, cell) if YARDSTICK in found.systems else ""


def _times(said: Said, yardstick: Said, part: float) -> str:
    times = milliseconds(said, part) / milliseconds(yardstick, part)
    return f"{times:.2f}" if times < 10 else f"{times:.0f}"
