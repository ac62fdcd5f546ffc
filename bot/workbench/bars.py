"""Bars for an evaluation: what it must not fall under, `hit=90,near=5`. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.errors import UsageError
from bot.workbench.evaluate import Counts, Report


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the report in per cent. `least`: the bar is what it must reach, else what it must not surpass."""

    groups: tuple[str, ...]
    least: bool
    says: str
    share: Callable[[Counts], tuple[float, int]]


def _outcomes(*names: str) -> Callable[[Counts], tuple[float, int]]:
    return lambda tally: (float(sum(tally.outcomes[name] for name in names)), tally.size)


MEASURES = {
    "hit": Measure(("in",), True, "answered rightly", _outcomes("hit")),
    "offered": Measure(("in",), True, "answered rightly or offered", _outcomes("hit", "offered")),
    "missed": Measure(("in",), False, "not answered", _outcomes("missed")),
    "wrong": Measure(("in",), False, "answered wrongly", _outcomes("wrong")),
    "held": Measure(("near", "far"), True, "rightly not answered", _outcomes("held")),
    "false": Measure(("near", "far"), False, "answered, though nothing answers them", _outcomes("false")),
    "near": Measure(("near",), False, "near questions answered", _outcomes("false")),
    "far": Measure(("far",), False, "far questions answered", _outcomes("false")),
    "language": Measure(
        ("in",), True, "in the language of the question", lambda tally: (tally.language_right, tally.size)
    ),
    "gaps": Measure(("in",), True, "gaps said", lambda tally: tally.gaps),
    "both": Measure(("in",), True, "two answers to two questions", lambda tally: tally.both),
    "wanted": Measure(("in",), True, "replies as wanted", lambda tally: tally.fits),
}
CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Bar:
    """`name` is a measure, or the calibration error (0 to 1); `lang` a language, or all."""

    name: str
    lang: str
    value: float

    def missed(self, report: Report) -> str | None:
        """How it was missed; None where it was met. What cannot be measured is missed."""
        if self.name == CALIBRATION:
            error = report.calibration_error
            return f"calibration error {error:.3f}, at most {self.value:g}" if error > self.value else None
        measure = MEASURES[self.name]
        found = [report.tallies[self.lang, group] for group in measure.groups if (self.lang, group) in report.tallies]
        part, size = (sum(column) for column in zip((0.0, 0), *map(measure.share, found), strict=True))
        where = "" if self.lang == "all" else f"{self.lang}/"
        if not size:
            return f"{where}{self.name}: no question to measure it by"
        share = 100 * part / size
        if share >= self.value if measure.least else share <= self.value:
            return None
        wanted = f"{'at least' if measure.least else 'at most'} {self.value:g}"
        return f"{where}{self.name} {share:.1f} % ({part:.0f} of {size:,} {measure.says}), {wanted}"


def read_bars(texts: Iterable[str], languages: Iterable[str]) -> list[Bar]:
    """Of `hit=90,ru/near=5`. UsageError names what is no bar."""
    known = list(languages)
    return [_bar(part.strip(), known) for text in texts for part in text.split(",") if part.strip()]


def _bar(text: str, languages: list[str]) -> Bar:
    head, _, value = text.partition("=")
    lang, _, name = head.strip().rpartition("/")
    if name not in MEASURES and (name != CALIBRATION or lang):
        raise UsageError(f"--fail-under {text}: unknown; there are {', '.join([*MEASURES, CALIBRATION])}.")
    if lang and lang not in languages:
        raise UsageError(f"--fail-under {text}: the base has {', '.join(languages)}.")
    highest = 1.0 if name == CALIBRATION else 100.0
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= highest:
        raise UsageError(f"--fail-under {text}: expected {head}=NUMBER, 0 to {highest:g}.")
    return Bar(name, lang or "all", number)


def missed_bars(bars: Iterable[Bar], report: Report) -> Iterator[str]:
    return (text for bar in bars if (text := bar.missed(report)))
