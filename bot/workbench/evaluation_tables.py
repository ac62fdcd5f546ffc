"""The tables of the report: outcomes by language, kind and entry; what is confused; what of the base is weak. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from bot.kb.model import KnowledgeBase
from bot.workbench.evaluate import OUTCOMES, CaseResult, Counts, Report
from bot.workbench.quality import Pair, Quality

MEANING = {
    "hit": "answered rightly",
    "offered": "among the suggestions",
    "missed": "not answered",
    "wrong": "answered wrongly",
    "held": "rightly not answered",
    "false": "answered, though nothing answers it",
}
_GROUPS = {"in": "answerable", "near": "near, no answer", "far": "far, no answer"}
_KINDS = (
    "plain", "paraphrase", "terse", "typo", "claim", "long", "silent", "multi", "oos-near", "oos-far", "chitchat", "junk",
)  # fmt: skip
_OF_ENTRY = ("hit", "offered", "missed", "wrong")
_MOST = 60  # rows of what is weak, and phrases or questions of a pair


def outcomes(report: Report) -> str:
    key = "".join(f"<span>{dot(name)}{name}: {MEANING[name]}</span>" for name in OUTCOMES)
    rows = []
    for lang in _languages(report):
        rows.append(f'<tr class="lang"><td colspan="12">{_title(lang)}</td></tr>')
        rows += [_outcome_row(text, report, lang, group) for group, text in _GROUPS.items()]
    return (
        "<h2>Outcomes by language</h2><p>In per cent of the questions of a row; language: replied in the one of the question; "
        f'gaps: said that the source is silent; both: two questions, two answers.</p><div class="key">{key}</div>{_table(rows)}'
    )


def kinds(report: Report) -> str:
    parts = []
    for lang in _languages(report):
        found = [group for at, group in report.tallies if at == lang and group not in _GROUPS]
        rows = [_outcome_row(escape(kind), report, lang, kind) for kind in sorted(found, key=_reading_order)]
        opened = " open" if lang == "all" else ""
        if rows:
            parts.append(f"<details{opened}><summary>{_title(lang)}</summary>{_table(rows)}</details>")
    return f"<h2>Outcomes by kind of question</h2>{''.join(parts)}" if parts else ""


def _languages(report: Report) -> list[str]:
    found = list(dict.fromkeys(lang for lang, _ in report.tallies))
    return found if len(found) != 2 else ["all"]  # a single one, and all: the same


def _title(lang: str) -> str:
    return "All languages" if lang == "all" else escape(lang)


def _reading_order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _table(rows: Sequence[str]) -> str:
    heads = "".join(f'<th title="{MEANING[name]}">{name}</th>' for name in OUTCOMES)
    head = f'<tr><th></th><th>n</th><th class="bar"></th>{heads}<th>language</th><th>gaps</th><th>both</th></tr>'
    return card(f'<table class="wide">{head}{"".join(rows)}</table>')


def _outcome_row(name: str, report: Report, lang: str, group: str) -> str:
    tally = report.tallies.get((lang, group))
    if tally is None:
        return ""
    cells = "".join(number(tally.percent(one)) for one in OUTCOMES)
    return (
        f"<tr><td>{name}</td><td>{tally.size}</td>{_stack(tally.outcomes, tally.size)}{cells}"
        f"{number(100 * tally.language_right / max(1, tally.size))}{_of(tally.gaps)}{_of(tally.both)}</tr>"
    )


def _stack(found: Counter[str], size: int) -> str:
    parts = "".join(
        f'<i style="width:{100 * found[one] / size:.2f}%;background:var(--{one})" title="{one} {found[one]}"></i>'
        for one in OUTCOMES
        if found[one]
    )
    return f'<td class="bar"><div class="stack">{parts}</div></td>'


def number(value: float) -> str:
    return f"<td>{value:.1f}</td>" if value else '<td class="none">·</td>'


def _of(pair: tuple[int, int]) -> str:
    return f"<td>{pair[0]}/{pair[1]}</td>" if pair[1] else '<td class="none">·</td>'


def dot(name: str) -> str:
    return f'<span class="dot" style="background:var(--{name})"></span>'


def card(table: str) -> str:
    return f'<div class="card scroll">{table}</div>'


# Entries


def entries(report: Report, base: KnowledgeBase) -> str:
    """The weakest first. A question that several entries answer counts for each of them."""
    asked: dict[str, Counter[str]] = {}
    taken: Counter[str] = Counter()
    for result in report.results:
        for entry in result.case.expect:
            asked.setdefault(entry, Counter())[result.outcome] += 1
        if result.outcome in ("wrong", "false"):
            taken.update(entry for entry in result.answered if entry not in result.case.expect)
    if not asked and not taken:
        return ""
    shown = {entry: asked.get(entry, Counter()) for entry in [*asked, *taken]}
    order = sorted(shown, key=lambda entry: (_share(shown[entry]), -taken[entry], entry))
    rows = "".join(_entry_row(entry, shown[entry], taken[entry], base) for entry in order)
    heads = "".join(f"<th>{name}</th>" for name in _OF_ENTRY)
    langs = " / ".join(base.languages)
    head = (
        f'<tr><th>entry</th><th>n</th><th class="bar"></th>{heads}<th>taken</th><th>phrases {escape(langs)}</th></tr>'
    )
    table = card(f'<table class="wide">{head}{rows}</table>')
    return (
        "<h2>Outcomes by entry</h2><p>The weakest first, in per cent of the questions that it answers. Taken: questions of "
        "others, or of nobody, that were answered with it.</p>"
        f"<details open><summary>{len(order)} entries</summary>{table}</details>"
    )


def _share(found: Counter[str]) -> float:
    return found["hit"] / found.total() if found.total() else 1.0


def _entry_row(entry: str, found: Counter[str], taken: int, base: KnowledgeBase) -> str:
    size = found.total()
    cells = "".join(number(100 * found[name] / size if size else 0.0) for name in _OF_ENTRY)
    texts = base.entries[entry].texts if entry in base.entries else {}
    phrases = " / ".join(str(len(texts[lang].phrases)) if lang in texts else "–" for lang in base.languages)
    bar = _stack(found, size) if size else "<td></td>"
    mark = f"<td>{taken}</td>" if taken else '<td class="none">·</td>'
    return f"<tr><td>{escape(entry)}</td><td>{size}</td>{bar}{cells}{mark}<td>{phrases}</td></tr>"


# What is confused, and what is weak


def confusions(pairs: Sequence[Pair], found: Quality) -> str:
    if not pairs and not found.confused:
        return "<h2>What is confused</h2><p>Nothing: no question got the answer to another.</p>"
    asked = "".join(map(_pair, pairs))
    hints = "".join(
        f"<details><summary>{escape(one.lang)}: {escape(one.entry)} taken for {escape(one.other)}: {len(one.phrases)} "
        f"phrases</summary>{bullets(one.phrases)}</details>"
        for one in found.confused
    )
    phrases = f"<h3>By the base's own phrases, if they were not there</h3>{card(hints)}" if hints else ""
    return (
        "<h2>What is confused</h2><p>Questions that got an answer they should not have, by what they want and what "
        f"they got.</p>{card(asked) if asked else ''}{phrases}"
    )


def _pair(pair: Pair) -> str:
    wanted = escape(pair.expected) if pair.expected else "no answer"
    questions = [f"{result.case.question} [{result.case.id}, {result.score:.2f}]" for result in pair.results]
    head = f"{dot('wrong' if pair.expected else 'false')}{wanted} → {escape(pair.answered)}: {len(pair.results)}"
    return f"<details open><summary>{head}</summary>{bullets(questions)}</details>"


def weak(found: Quality) -> str:
    """Thin entries, phrases that lead two ways, entries that no case asks for."""
    return f"<h2>What of the base is weak</h2>{_thin(found)}{_alike(found)}{_unasked(found)}"


def _thin(found: Quality) -> str:
    if not found.thin:
        return "<p>No entry has few phrases.</p>"
    rows = [
        f"<tr><td>{escape(one.entry)}</td><td>{escape(one.lang)}</td><td>{one.phrases}</td><td>{one.usual:g}</td></tr>"
        for one in found.thin[:_MOST]
    ]
    head = "<tr><th>entry</th><th>language</th><th>phrases</th><th>as a rule (median)</th></tr>"
    text = "Thin entries: fewer than ten phrases in a language, or fewer than half of what its entries have as a rule."
    table = card(f"<table>{head}{''.join(rows)}</table>")
    return f"<h3>Thin entries: {len(found.thin)}</h3><p>{text}</p>{table}{_more(len(found.thin))}"


def _alike(found: Quality) -> str:
    if not found.alike:
        return "<p>No two phrases that lead to different places are nearly the same.</p>"
    rows = [
        f"<tr><td>{escape(one.lang)}</td><td>{escape(one.one)}<br><span class='soft'>{escape(one.owner)}</span></td>"
        f"<td>{escape(one.two)}<br><span class='soft'>{escape(one.other)}</span></td></tr>"
        for one in found.alike[:_MOST]
    ]
    text = "Told apart by nothing but their order, endings and words that most entries share; and where each leads."
    table = f'<table class="left">{"".join(rows)}</table>'
    return f"<h3>Phrases nearly the same: {len(found.alike)}</h3><p>{text}</p>{card(table)}{_more(len(found.alike))}"


def _unasked(found: Quality) -> str:
    if not found.unasked:
        return "<p>Each entry is asked for by a labelled question in each language that has any.</p>"
    parts = [
        f"<dt>{escape(lang)}</dt><dd>{escape(', '.join(names))} ({len(names)})</dd>"
        for lang, names in found.unasked.items()
    ]
    table = card(f'<dl class="facts">{"".join(parts)}</dl>')
    return f"<h3>Entries that no labelled question asks for</h3>{table}"


def _more(size: int) -> str:
    return f'<p class="soft">… and {size - _MOST:,} more.</p>' if size > _MOST else ""


def bullets(texts: Sequence[str]) -> str:
    return f"<ul>{''.join(_items(texts))}</ul>"


def _items(texts: Sequence[str]) -> Iterator[str]:
    yield from (f"<li>{escape(text)}</li>" for text in texts[:_MOST])
    if len(texts) > _MOST:
        yield f"<li>… and {len(texts) - _MOST:,} more</li>"


def tiles(cells: Iterable[tuple[str, str]]) -> str:
    found = "".join(f'<div class="tile"><b>{value}</b><span>{text}</span></div>' for value, text in cells)
    return f'<div class="tiles">{found}</div>'


def share(tally: Counts | None, *names: str) -> str:
    return f"{tally.percent(*names):.1f} %" if tally and tally.size else "–"


def sorted_misses(results: Sequence[CaseResult], order: Sequence[str]) -> dict[str, list[CaseResult]]:
    """By outcome in this order, the surest first."""
    found = {name: [r for r in results if r.outcome == name] for name in order}
    return {name: sorted(members, key=lambda r: -r.score) for name, members in found.items() if members}
