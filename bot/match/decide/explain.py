"""Why a question was decided as it was, as a table for a terminal. For maintainers: English, like all their tools."""

from __future__ import annotations

from collections.abc import Sequence

from bot.match.decide.decision import Thresholds, Verdict
from bot.match.decide.matcher import Ranking
from bot.match.words.reading import How, Reading

_WIDTH = 46  # characters of a phrase in a table that a terminal of 80 columns shows


def explain(verdict: Verdict, ranking: Ranking, limits: Thresholds) -> str:
    """`ranking` is the verdict's own, asked again with phrases."""
    rows = [(str(c.label), f"{c.score:.2f}", c.phrase) for c in ranking.candidates]
    if ranking.refusal:
        label, score = f"{ranking.refusal.label} ({ranking.refusal.label.kind.value})", f"({ranking.refusal.score:.2f})"
        rows.append((label, score, ranking.refusal.phrase))
    lines = [f"language   {ranking.lang} (" + ", ".join(_fit(*one) for one in verdict.readings.items()) + ")"]
    lines += _reading(ranking.reading)
    lines += ["", *_table(("entry or group", "score", "closest way to ask"), rows), ""]
    lines.append(f"decision   {type(verdict.decision).__name__}: {verdict.reason}")
    lines.append(
        f"thresholds answer {limits.answer:.2f}, offer {limits.alone:.2f}, beside a refusal {max(limits.alone, limits.refused):.2f}"
    )
    return "\n".join(lines)


def _fit(lang: str, reading: Reading) -> str:
    return f"{lang}: knows {reading.share:.0%}"


def _reading(reading: Reading) -> list[str]:
    lines = [f"read as    {' '.join(reading.words)}"]
    if reading.how is not How.TYPED:
        lines.append(f"typed in   {reading.how.value}")
    if reading.repairs:
        lines.append("repaired   " + ", ".join(f"{r.typed} -> {r.read}" for r in reading.repairs))
    lines.append(f"matched    {' '.join(reading.known) or '-'}")
    lines.append(f"missed     {' '.join(reading.missed) or '-'}")
    return lines


def _table(head: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> list[str]:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in (0, 1)]
    cut = [(a, b, c if len(c) <= _WIDTH else c[: _WIDTH - 1] + "…") for a, b, c in (head, *rows)]
    return [f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c}" for a, b, c in cut]
