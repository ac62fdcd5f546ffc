"""Draws the counts of a week for a phone's screen. Needs matplotlib (the extra `pictures`); no pyplot, no global state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from babel.core import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from bot.channels.telegram.looks.stats import KINDS, Stats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT, DPI = 1080, 1350, 200  # pixels; a phone shows it at a third of that
INK, SOFT, LINE, PAPER = "#17212b", "#6b7885", "#e7ebef", "#ffffff"
COLOURS = {"answered": "#2f7f93", "offered": "#f0b44c", "declined": "#b9c2cb", "small_talk": "#dfe5ea"}
UP, DOWN = "#3f9b6c", "#d9745c"
_LEFT, _RIGHT = 0.06, 0.94
_SIZE = 12.5  # points of all but head and total
_COMPACT = 100_000  # from here on as "1.2M"
_TOTAL = 30.0  # points of a total of five characters


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of the picture; `kinds` has one for each of KINDS."""

    locale: str
    title: str
    asked: str
    kinds: Mapping[str, str]
    thumbs_up: str
    thumbs_down: str


def available() -> bool:
    """Whether there is a matplotlib to draw with."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        return False
    return True


def draw(stats: Stats, labels: Labels) -> bytes:
    """A PNG of WIDTH x HEIGHT. Takes about a second: not for the event loop."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _head(figure, stats, labels)
    _legend(figure, stats, labels)
    _days(figure.add_axes((_LEFT, 0.215, _RIGHT - _LEFT, 0.4)), stats, labels.locale)
    _thumbs(figure, stats, labels)
    out = BytesIO()
    figure.savefig(out, format="png", facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def _text(figure: Figure, x: float, y: float, words: str, size: float, **style: Any) -> None:
    style = {"color": INK, "va": "baseline", "ha": "left", "family": "DejaVu Sans", **style}
    figure.text(x, y, words, fontsize=size, parse_math=False, **style)


def _head(figure: Figure, stats: Stats, labels: Labels) -> None:
    _text(figure, _LEFT, 0.935, labels.title, 17.5, weight="bold")
    _text(figure, _LEFT, 0.896, _span(stats.days[0], stats.days[-1], labels.locale), _SIZE, color=SOFT)
    asked = _number(sum(stats.asked), labels.locale)
    _text(figure, _LEFT, 0.765, asked, _TOTAL if len(asked) <= 5 else _TOTAL * 5 / len(asked), weight="bold")
    _text(figure, _LEFT, 0.725, labels.asked, _SIZE, color=SOFT)


def _legend(figure: Figure, stats: Stats, labels: Labels) -> None:
    """What became of the questions: also the key to the colours of the bars."""
    shown = [kind for kind in KINDS if kind != "small_talk" or stats.total(kind)]
    for row, kind in enumerate(shown):
        y = 0.832 - row * 0.039
        _square(figure, 0.345, y, COLOURS[kind])
        _text(figure, 0.382, y, labels.kinds[kind], _SIZE)
        _text(figure, 0.81, y, _number(stats.total(kind), labels.locale), _SIZE, weight="bold", ha="right")
        _text(figure, _RIGHT, y, _percent(stats.share(kind), labels.locale), _SIZE, color=SOFT, ha="right")


def _square(figure: Figure, x: float, y: float, colour: str) -> None:
    from matplotlib.patches import Rectangle

    side = 0.022
    figure.add_artist(Rectangle((x, y), side, side * WIDTH / HEIGHT, facecolor=colour, transform=figure.transFigure))


def _days(axes: Axes, stats: Stats, locale: str) -> None:
    places = list(range(len(stats.days)))
    tops = [0] * len(places)
    for kind in KINDS:
        counts = stats.by_kind[kind]
        axes.bar(places, counts, bottom=tops, width=0.62, color=COLOURS[kind], edgecolor=PAPER, linewidth=1.2)
        tops = [top + count for top, count in zip(tops, counts, strict=True)]
    highest = max(*tops, *stats.asked, 1)
    for place, top, asked in zip(places, tops, stats.asked, strict=True):
        y = max(top, 0) + highest * 0.025
        axes.text(place, y, _number(asked, locale), ha="center", va="bottom", fontsize=_SIZE, color=INK, weight="bold")
    axes.set_ylim(0, highest * 1.1)
    axes.set_xlim(-0.5, len(places) - 0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    for place, day in enumerate(stats.days):
        _under(axes, place, -20, _weekday(day, locale), color=INK)
        _under(axes, place, -37, str(day.day), color=SOFT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)


def _under(axes: Axes, place: int, points: float, words: str, color: str) -> None:
    """Below the axis, on one line with the others whatever its letters."""
    below: Any = {
        "xycoords": ("data", "axes fraction"),
        "textcoords": "offset points",
        "ha": "center",
        "va": "baseline",
    }
    axes.annotate(words, (place, 0), (0, points), fontsize=_SIZE, color=color, **below)


def _thumbs(figure: Figure, stats: Stats, labels: Labels) -> None:
    """One bar, shared between both: votes have no day of their own here."""
    axes = figure.add_axes((_LEFT, 0.079, _RIGHT - _LEFT, 0.014))
    axes.set_axis_off()
    votes = stats.thumbs_up + stats.thumbs_down
    share = stats.thumbs_up / votes if votes else 0
    axes.barh([0], [1], color=DOWN if votes else LINE)
    axes.barh([0], [share], color=UP)
    if 0 < share < 1:
        axes.axvline(share, color=PAPER, linewidth=2.4)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.4, 0.4)
    up, down = (_number(n, labels.locale) for n in (stats.thumbs_up, stats.thumbs_down))
    _text(figure, _LEFT, 0.036, f"{up} {labels.thumbs_up}", _SIZE)
    _text(figure, _RIGHT, 0.036, f"{down} {labels.thumbs_down}", _SIZE, ha="right")


def _number(n: int, locale: str) -> str:
    if n >= _COMPACT:
        return format_compact_decimal(n, locale=Locale.parse(locale), fraction_digits=1)
    return format_decimal(n, locale=Locale.parse(locale))


def _percent(share: float, locale: str) -> str:
    return format_percent(share, locale=Locale.parse(locale))


def _span(first: date, last: date, locale: str) -> str:
    return str(format_interval(first, last, skeleton="yMMMd", locale=Locale.parse(locale)))


def _weekday(day: date, locale: str) -> str:
    return str(format_date(day, "EEE", locale=Locale.parse(locale)))
