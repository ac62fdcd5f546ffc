"""The charts of the report, drawn as SVG: what a score is worth, what a threshold costs, precision against coverage. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.workbench.evaluate import CaseResult, Report

_WIDTH, _HEIGHT = 340, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 22, 44
_COLOURS = ("one", "two", "three", "four", "five", "six")
_STEPS = 100  # thresholds of a curve of precision
_STARTS = (0.0, 0.5, 0.75, 0.9, 0.95)  # where an axis may begin, so that its marks are round
_LOOSEST, _STRICTEST = 0.25, 0.95  # thresholds between which somebody looks closely: as far as the axes have to reach
_FEW = 10  # answers, below which their precision is an accident


@dataclass(frozen=True, slots=True)
class Plot:
    """A frame with axes; across from `start` to 1, up from `low` to 1. What is outside stands at the edge."""

    across: str
    up: str
    start: float = 0.0
    low: float = 0.0

    def x(self, share: float) -> float:
        part = (max(self.start, share) - self.start) / (1 - self.start)
        return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)

    def y(self, share: float) -> float:
        part = (max(self.low, share) - self.low) / (1 - self.low)
        return _TOP + (1 - part) * (_HEIGHT - _TOP - _BOTTOM)

    def draw(self, title: str, text: str, marks: Iterable[str], key: str = "") -> str:
        """A section with the chart."""
        picture = "".join([*self._grid(), *marks])
        svg = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{picture}</svg>'
        key = f'<div class="key">{key}</div>' if key else ""
        return f'<section><h2>{escape(title)}</h2><p>{escape(text)}</p><div class="card">{key}{svg}</div></section>'

    def _grid(self) -> list[str]:
        found = []
        for step in range(6):
            across, up = (least + (1 - least) * step / 5 for least in (self.start, self.low))
            x, y = self.x(across), self.y(up)
            found.append(f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>')
            found.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{up:.2f}</text>')
            found.append(
                f'<text x="{x:.1f}" y="{self.y(0) + 17:.1f}" text-anchor="middle">{across:.{self._places}f}</text>'
            )
        middle = (_TOP + _HEIGHT - _BOTTOM) / 2
        found.append(
            f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(self.across)}</text>'
            f'<text transform="translate(13 {middle:.1f}) rotate(-90)" text-anchor="middle">{escape(self.up)}</text>'
        )
        return found

    @property
    def _places(self) -> int:
        return 2 if self.start > _STARTS[1] else 1

    def line(self, points: Sequence[tuple[float, float]], colour: str, title: str) -> str:
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return (
            f'<polyline points="{places}" fill="none" stroke="var(--{colour})" stroke-width="2.5" '
            f'stroke-linejoin="round"><title>{escape(title)}</title></polyline>'
        )

    def dot(self, x: float, y: float, colour: str, title: str) -> str:
        return (
            f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="5" fill="var(--{colour})" stroke="var(--card)" '
            f'stroke-width="2"><title>{escape(title)}</title></circle>'
        )


def charts(report: Report, thresholds: Mapping[str, float]) -> str:
    """All three; `thresholds` are those that answer now, by language."""
    found = [coverage(report.results, thresholds), reliability(report), costs(report, thresholds)]
    return f'<div class="charts">{"".join(found)}</div>'


def reliability(report: Report) -> str:
    plot = Plot("score", "share that was right")
    width = (plot.x(1) - plot.x(0)) / 10
    marks = [_diagonal(plot)]
    for score, right, size in report.tenths:
        left, top = plot.x(min(9, int(score * 10)) / 10) + 3, plot.y(right)
        marks.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width - 6:.1f}" height="{plot.y(0) - top:.1f}" rx="2" '
            f'fill="var(--held)"><title>mean score {score:.2f}, right {right:.2f}, {size} questions</title></rect>'
            f'<circle cx="{plot.x(score):.1f}" cy="{plot.y(score):.1f}" r="3.5" fill="var(--ink)"/>'
            f'<text class="count" x="{left + width / 2 - 3:.1f}" y="{min(top, plot.y(score)) - 7:.1f}" '
            f'text-anchor="middle">{size}</text>'
        )
    key = f"<span>{_dot('held')}share that was right</span><span>{_dot('ink')}mean score: what was promised</span>"
    text = "In each tenth of the scale, with the number of questions. A bar that ends at its dot is worth what it says."
    return plot.draw("Is a score worth what it says?", text, marks, key)


def _diagonal(plot: Plot) -> str:
    ends = f'x1="{plot.x(0)}" y1="{plot.y(0)}" x2="{plot.x(1)}" y2="{plot.y(1)}"'
    return f'<line {ends} stroke="var(--soft)" stroke-dasharray="3 4"/>'


def costs(report: Report, thresholds: Mapping[str, float]) -> str:
    plot = Plot("answer threshold", "share")
    curves = (
        ("hit", 1, "answerable, answered rightly"),
        ("held", 2, "answers that are right"),
        ("false", 3, "others, answered"),
    )
    marks = [plot.line([(c[0], c[column]) for c in report.costs], name, text) for name, column, text in curves]
    names: dict[float, list[str]] = {}
    for lang, threshold in thresholds.items():
        names.setdefault(round(threshold, 3), []).append(lang)
    for at, (threshold, langs) in enumerate(sorted(names.items())):
        x = plot.x(threshold)
        marks.append(
            f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{plot.y(0)}" stroke="var(--ink)" stroke-dasharray="2 3"/>'
            f'<text class="strong" x="{x + 4:.1f}" y="{plot.y(0.6) + 16 * at:.1f}">{escape(", ".join(langs))}</text>'
        )
    key = "".join(f"<span>{_dot(name)}{text}</span>" for name, _, text in curves)
    text = "By the score alone, in all languages together. Dashed: the thresholds as they are now, by language."
    return plot.draw("What does a threshold cost?", text, marks, key)


def coverage(results: Sequence[CaseResult], thresholds: Mapping[str, float]) -> str:
    """A curve for each language, with the present threshold marked on it."""
    langs = [lang for lang in thresholds if any(r.case.lang == lang for r in results)]
    own = {lang: [r for r in results if r.case.lang == lang] for lang in langs}
    curves = {lang: [_point(own[lang], step / _STEPS) for step in range(_STEPS + 1)] for lang in langs}
    points = {lang: [(x, y) for x, y, size in curve if size >= _FEW] for lang, curve in curves.items()}
    looked_at = [
        one
        for curve in curves.values()
        for one in curve[int(_LOOSEST * _STEPS) : int(_STRICTEST * _STEPS)]
        if one[2] >= _FEW
    ]
    axes = "coverage: answerable ones answered", "precision: answers that are right"
    plot = Plot(*axes, *(_from(min((one[i] for one in looked_at), default=0.0)) for i in (0, 1)))
    points = {
        lang: [one for one in found if one[0] >= plot.start and one[1] >= plot.low] for lang, found in points.items()
    }
    colours = {lang: _COLOURS[at % len(_COLOURS)] for at, lang in enumerate(points)}
    now = {lang: _point(own[lang], thresholds[lang]) for lang in points}
    marks = [plot.line(found, colours[lang], lang) for lang, found in points.items()]
    marks += [
        plot.dot(x, y, colours[lang], f"{lang}: threshold {thresholds[lang]:.2f}") for lang, (x, y, _) in now.items()
    ]
    keys = [
        f"<span>{_dot(colours[lang])}{escape(f'{lang}: from {thresholds[lang]:.2f} on {x:.0%} covered, {y:.1%} right')}</span>"
        for lang, (x, y, _) in now.items()
    ]
    text = "From the strictest threshold (left) to none (right), by the score alone; the dot is the threshold as it is now."
    return plot.draw("Precision against coverage", text, marks, "".join(keys))


def _from(lowest: float) -> float:
    return max(start for start in _STARTS if start <= max(0.0, lowest))


def _point(results: Sequence[CaseResult], threshold: float) -> tuple[float, float, int]:
    """Coverage, precision and the number of answers from a threshold on."""
    inside = [r for r in results if r.case.expect]
    answered = [r for r in results if r.score >= threshold]
    covered = sum(r.score >= threshold for r in inside) / max(1, len(inside))
    return covered, sum(r.right for r in answered) / len(answered) if answered else 1.0, len(answered)


def _dot(name: str) -> str:
    return f'<span class="dot" style="background:var(--{name})"></span>'
