"""Commands of those who try a base before it goes live: eval, diff."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional, TypeVar

import typer

from bot.cli.edge import MAINTAIN, Knowledge, app, note, service_of, settings_of
from bot.errors import KnowledgeError, ReformbotError, UsageError

if TYPE_CHECKING:
    from bot.kb.model import KnowledgeBase
    from bot.service import Service
    from bot.settings import Settings
    from bot.workbench.cases import Case
    from bot.workbench.caution import Advice
    from bot.workbench.diff import Diff
    from bot.workbench.evaluate import Report
    from bot.workbench.revisions import Version
    from bot.workbench.runs import Comparison

T = TypeVar("T")
CASES = Path("tests/cases")
_NONE = f"there are no cases in {{folder}}, and no {CASES} here"
_MANY = 500  # questions from which on asking them takes a while
_LOGGED = 1000  # of the newest questions in vain
# typer reads these at run time
Cases = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Argument(help="Files of labelled questions, JSON lines, or folders (default: the base's, or tests/cases)."),
]
Misses = Annotated[bool, typer.Option("--misses", help="Show what was expected beside what came.")]
Html = Annotated[Optional[Path], typer.Option("--html", help="Write the report as a page.")]  # noqa: UP045
FalseAtMost = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--false-at-most", min=0.1, max=50, help="Which CAUTION answers at most so many % of near questions?"),
]
FailUnder = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--fail-under", help="Bars in per cent, as in hit=90,ru/near=5: exit code 1 if one is missed."),
]
KeepLast = Annotated[bool, typer.Option("--keep-last", help="Compare with the last run, and let that stay the last.")]
Old = Annotated[str, typer.Argument(help="A knowledge folder, or a git revision of the one in use.")]
New = Annotated[Optional[str], typer.Argument(help="The same (default: the folder as it is).")]  # noqa: UP045
Asked = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option("--cases", help="Labelled questions: a file or a folder (default: the base's, or tests/cases)."),
]
Logged = Annotated[bool, typer.Option("--logged", help="Ask what people asked in vain, too.")]
Json = Annotated[bool, typer.Option("--json", help="The result as JSON.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="For a comment on a pull request.")]
Every = Annotated[bool, typer.Option("--all", help="Also list what got no answer before and gets none now.")]
FailOnWorse = Annotated[bool, typer.Option("--fail-on-worse", help="Exit code 1 if a labelled question got worse.")]


@app.command("eval", rich_help_panel=MAINTAIN)
def evaluate(
    cases: Cases = None,
    as_json: Json = False,
    misses: Misses = False,
    html: Html = None,
    false_at_most: FalseAtMost = None,
    fail_under: FailUnder = None,
    keep_last: KeepLast = False,
    knowledge: Knowledge = None,
) -> None:
    """Ask labelled questions and count: hit, offered, missed, wrong, held, false, by language and kind."""
    from bot.open.cache import load_cached
    from bot.workbench.bars import missed_bars, read_bars
    from bot.workbench.evaluate import evaluate

    settings = settings_of(knowledge)
    files = _case_files(settings, cases)
    base = load_cached(settings.knowledge_dir, settings.cache_dir)
    bars = read_bars(fail_under or (), base.languages)
    found = _cases(files, base)
    service = service_of(settings)
    report = evaluate(service.ask, found)
    since = _since_last(settings, files, service, report, keep=not keep_last)
    advice = _advice(settings, service, report, false_at_most) if false_at_most else None
    if html:
        _write(html, _page(settings, files, service, report, since, advice))
    if as_json:
        print(json.dumps(_document(report, since, advice), ensure_ascii=False, indent=1))
    else:
        _print(report, service, since, advice, misses=misses)
    if below := list(missed_bars(bars, report)):
        raise ReformbotError("Below the bar: " + "; ".join(below) + ".")


@app.command(rich_help_panel=MAINTAIN)
def diff(
    old: Old,
    new: New = None,
    cases: Asked = None,
    logged: Logged = False,
    as_json: Json = False,
    markdown: Markdown = False,
    every: Every = False,
    fail_on_worse: FailOnWorse = False,
    knowledge: Knowledge = None,
) -> None:
    """Which questions two versions of a base answer otherwise: better, worse, other; and which texts changed."""
    from bot.workbench.diff import as_lines
    from bot.workbench.diff_markdown import as_markdown

    if as_json and markdown:
        raise UsageError("--json or --markdown, not both.")
    settings = settings_of(knowledge)
    files = _case_files(settings, cases) if cases or _usual(settings) else []
    found = _difference(settings, old, new, files, _asked_in_vain(settings) if logged else [])
    if not found.asked:
        note(
            f"No question was asked: {_NONE.format(folder=settings.knowledge_dir)}; name some, --cases, or use --logged."
        )
    if as_json:
        print(json.dumps(found.document(), ensure_ascii=False, indent=1))
    else:
        print(as_markdown(found) if markdown else "\n".join(as_lines(found, every)))
    if fail_on_worse and found.cases.worse:
        raise ReformbotError(f"{len(found.cases.worse)} labelled question(s) are answered worse than before.")


def _difference(
    settings: Settings, old: str, new: str | None, files: list[Path], in_vain: list[tuple[str, str]]
) -> Diff:
    from bot.open.cache import load_cached
    from bot.workbench.diff import difference
    from bot.workbench.revisions import Version, version_of

    here = settings.knowledge_dir
    with ExitStack() as stack:
        before = stack.enter_context(version_of(old, here))
        after = stack.enter_context(version_of(new, here)) if new else Version(str(here), here)
        bases = [_named(one, lambda folder: load_cached(folder, settings.cache_dir)) for one in (before, after)]
        cases = _cases(files, *bases) if files else []  # wrong ones are told before anything is learned
        services = [_named(one, lambda folder: _service_in(settings, folder)) for one in (before, after)]
        if len(cases) > _MANY:
            note(f"Asking both versions {len(cases):,} questions; a thousand take some five seconds …")
        return difference((before.name, services[0]), (after.name, services[1]), cases, in_vain)


def _named(version: Version, read: Callable[[Path], T]) -> T:
    """What is read from its folder; KnowledgeError names which of the two cannot be used."""
    try:
        return read(version.folder)
    except KnowledgeError as error:
        raise KnowledgeError(f"{version.name}: {error}") from None


def _service_in(settings: Settings, folder: Path) -> Service:
    return service_of(settings.model_copy(update={"knowledge_dir": folder}))


# Labelled questions


def _case_files(settings: Settings, paths: list[Path] | None) -> list[Path]:
    from bot.workbench.cases import case_files

    if found := case_files(paths or _usual(settings)):
        return found
    none = _NONE.format(folder=settings.knowledge_dir)
    raise UsageError(f"{none[0].upper()}{none[1:]}; name files or folders of labelled questions.")


def _usual(settings: Settings) -> list[Path]:
    """Where labelled questions stand, if nobody says: in the base itself, else here."""
    own = sorted(settings.knowledge_dir.glob("*/cases/*.jsonl"))
    return own or [CASES] * CASES.is_dir()


def _cases(files: list[Path], *bases: KnowledgeBase) -> list[Case]:
    """What all the files hold; UsageError lists what is wrong with them."""
    from bot.kb.model import Problem
    from bot.workbench.cases import Known, read_case_files

    contents, problems = dict[str, bytes](), []
    for path in files:
        try:
            contents[str(path)] = path.read_bytes()
        except OSError as error:
            problems.append(Problem(str(path), 1, "unreadable", f"{error.strerror}; check the name and its rights"))
    return read_case_files(contents, Known.of(*bases), problems)


def _asked_in_vain(settings: Settings) -> list[tuple[str, str]]:
    import asyncio

    from bot.store.connect import open_store

    async def read() -> list[tuple[str, str]]:
        store = await open_store(settings.database_url, settings.state_dir)
        try:
            return [(one.lang, one.text) for one in await store.unanswered(limit=_LOGGED)]
        finally:
            await store.close()

    return asyncio.run(read())


# The report


def _since_last(
    settings: Settings, files: list[Path], service: Service, report: Report, *, keep: bool
) -> Comparison | None:
    """How the last run with these files was; with `keep` this one takes its place."""
    from bot.workbench.runs import Run, compare, keep_run, last_run, place_of_run

    place, now = place_of_run(settings.state_dir, files), datetime.datetime.now()
    run = Run.of(report.results, f"{now:%Y-%m-%d %H:%M}", service.base.digest[:8], settings.caution)
    last = last_run(place)
    if keep or last is None:
        try:
            keep_run(run, place)
        except OSError as error:
            note(f"This run could not be kept for the next one in {place}: {error.strerror}.")
    return compare(last, run) if last else None


def _advice(settings: Settings, service: Service, report: Report, bar: float) -> Advice:
    from bot.workbench.caution import advise

    return advise(lambda caution: service.with_caution(caution).ask, report, bar, settings.caution)


def _page(
    settings: Settings,
    files: list[Path],
    service: Service,
    report: Report,
    since: Comparison | None,
    advice: Advice | None,
) -> str:
    from bot.workbench.caution import as_text
    from bot.workbench.evaluation_page import Occasion, as_html
    from bot.workbench.revisions import revision
    from bot.workbench.runs import in_short

    folder = settings.knowledge_dir
    occasion = Occasion(
        f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %Z}",
        str(folder),
        len(files),
        settings.caution,
        revision(folder),
        f"{in_short(since)} ({since.old.at})" if since else "",
        as_text(advice) if advice else "",
    )
    return as_html(report, service, occasion)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}).") from None


def _document(report: Report, since: Comparison | None, advice: Advice | None) -> dict[str, object]:
    from dataclasses import asdict

    more: dict[str, object] = {"since_last": since.document() if since else None}
    return report.document() | more | ({"caution": asdict(advice)} if advice else {})


def _print(report: Report, service: Service, since: Comparison | None, advice: Advice | None, *, misses: bool) -> None:
    from bot.workbench import evaluation_text
    from bot.workbench.caution import as_text
    from bot.workbench.runs import since as since_last

    print(evaluation_text.as_text(report))
    for hint in evaluation_text.confused(service.judge.matchers):
        print(hint)
    if misses:
        print("\n" + "\n".join(evaluation_text.misses(report)))
    if since:
        print("\n" + "\n".join(since_last(since)))
    if advice:
        print("\n" + as_text(advice))
