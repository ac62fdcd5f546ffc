"""The charts of the page, drawn by matplotlib: SVG whose letters are letters, the same for the same figures. No pyplot, no global state."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Said, curve
from benchmarks.measuring import Measured
from benchmarks.systems import OURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from benchmarks.data_sets import DataSet
    from benchmarks.growth import Results

# Okabe and Ito's colours, which colour-blind readers can tell apart; ours is black and thick.
_COLOURS = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#999999")
_FEW = 20  # answers, below which their precision is an accident
_POINTS = 120  # of a curve: as many as its panel has room for


def _figure(panels: int) -> tuple[Figure, Sequence[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.7 * panels, 3.6), layout="constrained")
    return figure, list(figure.subplots(1, panels, squeeze=False)[0])


def _svg(figure: Figure, columns: int) -> str:
    import matplotlib as mpl

    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=9)
    written = StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "reformbot", "font.family": "sans-serif"}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


def coverage(found: Measured, sets: Sequence[DataSet]) -> str:
    """Precision against coverage, a panel for each of the sets; the dot is our own threshold."""
    figure, panels = _figure(len(sets))
    for data, panel in zip(sets, panels, strict=True):
        for system, colour in zip(found.systems, _COLOURS, strict=False):
            said = found.said(data, system)
            if said is None:
                panel.plot([], [], color=colour, label=system)
                continue
            covered, precise = curve(said)
            start = int(np.searchsorted(covered, min(1.0, _FEW / said.inside.sum())))
            shown = np.unique(np.linspace(start, len(covered) - 1, _POINTS).astype(int))
            width = 2.4 if system == OURS else 1.3
            panel.plot(covered[shown], precise[shown], color=colour, linewidth=width, label=system, zorder=width)
        ours = found.said(data, OURS)
        if ours is not None:
            _dot(panel, ours)
        _labelled(panel, data.name, "answerable ones that are answered", "answers that are right")
        panel.set_xlim(0, 1)
    return _svg(figure, min(4, len(found.systems)))


def _dot(panel: Axes, said: Said) -> None:
    """Where the system's own threshold stands, if it answers anything from there on."""
    answered = said.scores >= (1.0 if said.threshold is None else said.threshold)
    if said.threshold is not None and answered.any():
        covered, precise = answered[said.inside].mean(), said.right[answered].mean()
        panel.plot(covered, precise, "o", color=_COLOURS[0], markersize=7, zorder=3)


def growth(found: Results) -> str:
    """Three panels by the number of phrases, all scales logarithmic; of each system the sizes that it finished, of the one
    number of entries that all were measured with."""
    figure, panels = _figure(3)
    entries = min(size.entries for size, _ in found)
    kinds = (("seconds", "to learn", "seconds"), ("p50", "a question, p50", "ms"), ("megabytes", "memory", "MB"))
    for (field, title, unit), panel in zip(kinds, panels, strict=True):
        for system, colour in zip(dict.fromkeys(name for _, name in found), _COLOURS, strict=False):
            points = [
                (s.phrases, getattr(g, field))
                for (s, n), g in found.items()
                if n == system and s.entries == entries and g
            ]
            across, up = zip(*points, strict=True) if points else ((), ())
            panel.plot(across, up, marker="o", markersize=4, color=colour, label=system)
        panel.set_xscale("log")
        panel.set_yscale("log")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter("")
        _labelled(panel, title, "phrases", unit)
    return _svg(figure, 3)


def _labelled(panel: Axes, title: str, across: str, up: str) -> None:
    panel.set_title(title, fontsize=10)
    panel.set_xlabel(across, fontsize=9)
    panel.set_ylabel(up, fontsize=9)
    panel.tick_params(labelsize=8)
    panel.grid(color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
