"""The report of an evaluation as one self-contained page: no script, no address, light and dark. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bot.workbench.evaluate import OUTCOMES, Report, Result, Tally

_MEANING = {
    "hit": "answered rightly",
    "offered": "among the suggestions",
    "missed": "not answered",
    "wrong": "answered wrongly",
    "held": "rightly not answered",
    "false": "answered, though nothing answers it",
}
_GROUPS = {"in": "answerable", "near": "near, without an answer", "far": "far, without an answer"}
_KINDS = (
    "plain",
    "paraphrase",
    "terse",
    "typo",
    "claim",
    "long",
    "silent",
    "multi",
    "oos-near",
    "oos-far",
    "chitchat",
    "junk",
)
_BAD = ("wrong", "false", "missed")
_WIDTH, _HEIGHT, _EDGE, _RIGHT = 460, 250, 34, 12

_CSS = """
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1d2126; --soft: #667080; --line: #e3e5e1;
  --hit: #2f7d5b; --offered: #8fbfa6; --held: #5c8fb8; --missed: #d9b25f; --wrong: #c2503f; --false: #e08a6f; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1c2024; --ink: #e6e8ea; --soft: #98a2ae;
  --line: #2e343a; --hit: #4fae84; --offered: #2f6b52; --held: #4a7ba3; --missed: #c79c45; --wrong: #dc6a58; --false: #b9674f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 44px 0 4px; }
p { margin: 0 0 14px; color: var(--soft); max-width: 46em; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 27px; line-height: 1.15; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 16px; }
.pair h2 { margin-top: 32px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 5px 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
th:first-child, td:first-child, td.bar, th.bar, .list td, .list th { text-align: left; }
tr:last-child td { border-bottom: 0; }
tr.lang td { padding-top: 18px; font-weight: 600; border-bottom: 1px solid var(--line); }
tr.lang:nth-child(2) td { padding-top: 8px; }
details { margin: 8px 0; } summary { cursor: pointer; padding: 6px 0; font-weight: 600; } summary:hover { color: var(--hit); }
td.none { color: var(--soft); opacity: .45; }
.list td { white-space: normal; vertical-align: top; } .list td.id { white-space: nowrap; }
.list .question { min-width: 260px; } .id, .why { color: var(--soft); font-size: 13px; }
.stack { display: flex; gap: 1px; width: 170px; height: 12px; border-radius: 6px; overflow: hidden; background: var(--line); }
.stack i { display: block; height: 100%; }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 12px; color: var(--soft); font-size: 13px; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg .grid { stroke: var(--line); }
svg .count { font-size: 10px; }
@media print { body { background: #fff; } .card, .tile { break-inside: avoid; } }
"""


def as_html(report: Report) -> str:
    """One page of HTML 5: tiles, outcomes by language and kind, reliability, thresholds, what went wrong."""
    charts = f'<div class="pair">{_reliability(report)}{_thresholds(report)}</div>'
    body = [_head(report), _outcomes(report), charts, _kinds(report), _misses(report.results)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Evaluation</title>'
        f"<style>{_CSS}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _head(report: Report) -> str:
    languages = sorted({result.case.lang for result in report.results})
    near, far = (report.tallies.get(("all", group)) for group in ("near", "far"))
    inside = report.tallies.get(("all", "in"))
    tiles = [
        (_share(inside, "hit"), "of answerable questions answered rightly"),
        (_share(inside, "hit", "offered"), "answered or offered"),
        (_share(inside, "wrong"), "answered wrongly"),
        (_share(near, "false"), "of near questions without an answer, answered"),
        (_share(far, "false"), "of far ones, answered"),
        (f"{report.calibration_error:.3f}", "calibration error"),
    ]
    cells = "".join(f'<div class="tile"><b>{value}</b><span>{text}</span></div>' for value, text in tiles)
    size = f"{len(report.results)} labelled questions, languages: {', '.join(languages) or 'none'}."
    return f'<h1>Evaluation</h1><p>{escape(size)}</p><div class="tiles">{cells}</div>'


def _share(tally: Tally | None, *outcomes: str) -> str:
    return f"{tally.percent(*outcomes):.1f} %" if tally and tally.size else "–"


def _outcomes(report: Report) -> str:
    key = "".join(f"<span>{_dot(name)}{name}: {_MEANING[name]}</span>" for name in OUTCOMES)
    rows = []
    for lang in _languages(report):
        rows.append(f'<tr class="lang"><td colspan="12">{_title(lang)}</td></tr>')
        rows += [_outcome_row(text, report, lang, group) for group, text in _GROUPS.items()]
    return (
        "<h2>Outcomes by language</h2><p>In per cent of the questions of a row; language: replied in the one of the question; "
        f'gaps: said that the source is silent; both: two questions, two answers.</p><div class="key">{key}</div>{_table(rows)}'
    )


def _kinds(report: Report) -> str:
    parts = []
    for lang in _languages(report):
        kinds = sorted(
            (group for at, group in report.tallies if at == lang and group not in _GROUPS), key=_reading_order
        )
        rows = [_outcome_row(escape(kind), report, lang, kind) for kind in kinds]
        opened = " open" if lang == "all" else ""
        parts.append(f"<details{opened}><summary>{_title(lang)}</summary>{_table(rows)}</details>")
    return f"<h2>Outcomes by kind of question</h2>{''.join(parts)}"


def _languages(report: Report) -> list[str]:
    return list(dict.fromkeys(lang for lang, _ in report.tallies))


def _title(lang: str) -> str:
    return "All languages" if lang == "all" else escape(lang)


def _reading_order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _table(rows: Sequence[str]) -> str:
    heads = "".join(f'<th title="{_MEANING[name]}">{name}</th>' for name in OUTCOMES)
    head = f'<tr><th></th><th>n</th><th class="bar"></th>{heads}<th>language</th><th>gaps</th><th>both</th></tr>'
    return f'<div class="card scroll"><table>{head}{"".join(rows)}</table></div>'


def _outcome_row(name: str, report: Report, lang: str, group: str) -> str:
    tally = report.tallies.get((lang, group))
    if tally is None:
        return ""
    parts = "".join(
        f'<i style="width:{tally.percent(one):.2f}%;background:var(--{one})" title="{one} {tally.outcomes[one]}"></i>'
        for one in OUTCOMES
        if tally.outcomes[one]
    )
    cells = "".join(_number(tally.percent(one)) for one in OUTCOMES)
    return (
        f'<tr><td>{name}</td><td>{tally.size}</td><td class="bar"><div class="stack">{parts}</div></td>{cells}'
        f"{_number(100 * tally.language_right / max(1, tally.size))}{_of(tally.gaps)}{_of(tally.both)}</tr>"
    )


def _number(value: float) -> str:
    return f"<td>{value:.1f}</td>" if value else '<td class="none">·</td>'


def _of(pair: tuple[int, int]) -> str:
    return f"<td>{pair[0]}/{pair[1]}</td>" if pair[1] else '<td class="none">·</td>'


def _dot(name: str) -> str:
    return f'<span class="dot" style="background:var(--{name})"></span>'


def _reliability(report: Report) -> str:
    width = (_WIDTH - _EDGE - _RIGHT) / 10
    marks = []
    for score, right, size in report.tenths:
        left, top = _x(min(9, int(score * 10)) / 10) + 3, _y(right)
        marks.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width - 6:.1f}" height="{_y(0) - top:.1f}" rx="2" '
            f'fill="var(--held)"><title>mean score {score:.2f}, right {right:.2f}, {size} questions</title></rect>'
            f'<circle cx="{_x(score):.1f}" cy="{_y(score):.1f}" r="3.5" fill="var(--ink)"/>'
            f'<text class="count" x="{left + width / 2 - 3:.1f}" y="{min(top, _y(score)) - 7:.1f}" text-anchor="middle">{size}</text>'
        )
    line = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="var(--soft)" stroke-dasharray="3 4"/>'
    return _chart(
        "Is a score worth what it says?",
        "Bars: the share that was right in each tenth of the scale, with the number of questions. Dots: what the score promised.",
        [line, *marks],
        "score",
    )


def _thresholds(report: Report) -> str:
    curves = (("hit", 1, "answered rightly"), ("held", 2, "precision"), ("false", 3, "others answered"))
    marks = []
    for name, column, text in curves:
        points = " ".join(f"{_x(cost[0]):.1f},{_y(cost[column]):.1f}" for cost in report.costs)
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="var(--{name})" stroke-width="2.5" '
            f'stroke-linejoin="round"><title>{text}</title></polyline>'
        )
    key = "".join(f"<span>{_dot(name)}{text}</span>" for name, _, text in curves)
    return _chart(
        "What would another threshold cost?",
        "Of answerable questions, those answered rightly; of all answers, the right ones; of the others, those answered.",
        marks,
        "answer threshold",
        f'<div class="key">{key}</div>',
    )


def _chart(title: str, text: str, marks: Iterable[str], below: str, key: str = "") -> str:
    grid = []
    for tenth in range(0, 11, 2):
        at = tenth / 10
        grid.append(f'<line class="grid" x1="{_x(0)}" y1="{_y(at):.1f}" x2="{_x(1)}" y2="{_y(at):.1f}"/>')
        grid.append(f'<text x="{_EDGE - 8}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.1f}</text>')
        grid.append(f'<text x="{_x(at):.1f}" y="{_y(0) + 16:.1f}" text-anchor="middle">{at:.1f}</text>')
    grid.append(f'<text x="{_x(0.5)}" y="{_HEIGHT - 2}" text-anchor="middle">{below}</text>')
    picture = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">{"".join([*grid, *marks])}</svg>'
    return f'<section><h2>{title}</h2><p>{text}</p><div class="card">{key}{picture}</div></section>'


def _x(share: float) -> float:
    return _EDGE + share * (_WIDTH - _EDGE - _RIGHT)


def _y(share: float) -> float:
    return 20 + (1 - share) * (_HEIGHT - 58)


def _misses(results: Sequence[Result]) -> str:
    found = sorted(
        (result for result in results if result.outcome in _BAD), key=lambda r: (_BAD.index(r.outcome), -r.score)
    )
    if not found:
        return "<h2>What went wrong</h2><p>Nothing: no question was missed or answered wrongly.</p>"
    rows = "".join(_miss(result) for result in found)
    return (
        f"<h2>What went wrong: {len(found)} of {len(results)}</h2><p>The surest first.</p>"
        '<div class="card scroll"><table class="list"><tr><th></th><th>question</th><th>expected</th><th>answered</th>'
        f"<th>score</th></tr>{rows}</table></div>"
    )


def _miss(result: Result) -> str:
    case = result.case
    return (
        f'<tr><td class="id">{_dot(result.outcome)}{result.outcome}<br>{escape(case.id)}</td>'
        f'<td class="question" lang="{escape(case.lang)}">{escape(case.question)}<div class="why">{escape(result.reason)}</div></td>'
        f"<td>{_entries(case.expect)}</td><td>{_entries(result.answered)}</td><td>{result.score:.2f}</td></tr>"
    )


def _entries(names: Sequence[str]) -> str:
    return "<br>".join(map(escape, names)) or "–"
