"""The report of an evaluation as one self-contained page: no script, no address, light, dark and printed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from bot.service import Service
from bot.workbench.evaluate import BAD, CaseResult, Report
from bot.workbench.evaluation_charts import charts
from bot.workbench.evaluation_tables import (
    MEANING,
    confusions,
    dot,
    entries,
    kinds,
    outcomes,
    share,
    sorted_misses,
    tiles,
    weak,
)
from bot.workbench.evaluation_text import expected
from bot.workbench.quality import confused_pairs, quality

_CANDIDATES = 3  # of a miss that are shown


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and of what the evaluation was made. `since` says what changed since the last one, `advice` which CAUTION to
    take; empty where nothing is to be said."""

    date: str
    folder: str
    files: int
    caution: float
    revision: str | None = None
    since: str = ""
    advice: str = ""


def as_html(report: Report, service: Service, occasion: Occasion) -> str:
    """One page of HTML 5."""
    base, cases = service.base, [result.case for result in report.results]
    thresholds = {lang: found.answer for lang, found in service.judge.thresholds.items()}
    body = [
        _head(report, service, occasion, thresholds),
        outcomes(report),
        charts(report, thresholds),
        kinds(report),
        entries(report, base),
        confusions(confused_pairs(report.results), found := quality(base, service.judge.matchers, cases)),
        weak(found),
        _misses(report.results),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation of {escape(_title(service))}</title>"
        f"<style>{_style()}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("evaluation.css").read_text(encoding="utf-8")


def _title(service: Service) -> str:
    """The titles of what the base answers from."""
    used = dict.fromkeys(entry.source for entry in service.base.entries.values())
    return "; ".join(service.base.sources[source].title for source in used) or "a base without entries"


def _head(report: Report, service: Service, occasion: Occasion, thresholds: Mapping[str, float]) -> str:
    size, base = f"{len(report.results):,} labelled questions from {occasion.files} file(s)", service.base
    answers = ", ".join(f"{lang} from {threshold:.2f} on" for lang, threshold in thresholds.items())
    facts = {
        "base": _title(service),
        "folder": f"{occasion.folder}; {len(base.entries)} entries, digest {base.digest[:12]}",
        "revision": occasion.revision or "",
        "date": occasion.date,
        "questions": size,
        "CAUTION": f"{occasion.caution:g}: answers {answers}",
        "since the last": occasion.since,
        "advice": occasion.advice,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text)
    inside, near, far = (report.tallies.get(("all", group)) for group in ("in", "near", "far"))
    cells = [
        (share(inside, "hit"), "of answerable questions answered rightly"),
        (share(inside, "hit", "offered"), "answered or offered"),
        (share(inside, "wrong"), "answered wrongly"),
        (share(near, "false"), "of near questions without an answer, answered"),
        (share(far, "false"), "of far ones, answered"),
        (f"{report.calibration_error:.3f}", "calibration error"),
    ]
    return f'<h1>Evaluation</h1><dl class="facts">{rows}</dl>{tiles(cells)}'


def _misses(results: Sequence[CaseResult]) -> str:
    found = sorted_misses(results, BAD)
    flawed = [result for result in results if result.outcome not in BAD and result.flaws]
    if not found and not flawed:
        return "<h2>What went wrong</h2><p>Nothing: no question was missed or answered wrongly.</p>"
    parts = [_group(name, f"{name}: {MEANING[name]}", members) for name, members in found.items()]
    if flawed:
        parts.append(_group("offered", "not as labelled, though the outcome is right", flawed))
    size = sum(map(len, found.values()))
    head = f"<h2>What went wrong: {size:,} of {len(results):,}</h2><p>The surest first, with the candidates and their scores.</p>"
    return head + "".join(parts)


def _group(name: str, title: str, members: Sequence[CaseResult]) -> str:
    blocks = "".join(map(_miss, members))
    return (
        f"<details open><summary>{dot(name)}{escape(title)} ({len(members):,})</summary>"
        f'<div class="misses">{blocks}</div></details>'
    )


def _miss(result: CaseResult) -> str:
    case = result.case
    facts = {
        "expected": expected(result),
        "came": result.came,
        "why": result.reason,
        "but": ", ".join(result.flaws),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text)
    return (
        f'<div class="card miss"><span class="soft">{escape(case.id)} · {escape(case.lang)} · {escape(case.kind)}</span>'
        f'<div class="ask" lang="{escape(case.lang)}">{escape(case.question)}</div><dl>{rows}</dl>{_ranks(result)}</div>'
    )


def _ranks(result: CaseResult) -> str:
    rows = [(entry, score) for entry, score in result.candidates[:_CANDIDATES]]
    if result.refusal:
        rows.append((f"({result.refusal[0]})", result.refusal[1]))
    cells = "".join(
        f'<span>{escape(name)}</span><i><b style="width:{100 * score:.0f}%"></b></i><em>{score:.2f}</em>'
        for name, score in rows
    )
    return f'<div class="ranks">{cells}</div>' if rows else ""
