"""The command `reformbot`: wires everything, prints at the edge, and maps failures to exit codes."""

from __future__ import annotations

import datetime
import gc
import json
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from bot.errors import ReformbotError, UsageError

if TYPE_CHECKING:
    from bot.service import Service
    from bot.settings import Settings

BUG, INTERRUPTED = 3, 130
app = typer.Typer(
    help="A FAQ bot that answers from a maintained YAML knowledge base, always with its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Knowledge = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads it at run time
    typer.Option("--knowledge", help="Folder of the knowledge base (default: KNOWLEDGE_DIR or the shipped one)."),
]
Lang = Annotated[Optional[str], typer.Option("--lang", help="Your language, where the question leaves it open.")]  # noqa: UP045


def main() -> None:
    """Runs the command; an expected failure is a message, anything else a bug with its traceback."""
    try:
        app()
    except ReformbotError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:
        from bot.logs import Redactor

        _fail(
            Redactor()(traceback.format_exc()) + "\nThis is a bug in reformbot; please report it with the lines above.",
            BUG,
        )


@app.command()
def run(knowledge: Knowledge = None) -> None:
    """Start the bot: Telegram if TELEGRAM_BOT_TOKEN is set, else the terminal chat."""
    hangup = _ignore_hangup()  # a reload may be asked for before there is anything to reload
    settings = _settings(knowledge)
    if settings.telegram_bot_token is None:
        if hangup is not None:
            signal.signal(signal.SIGHUP, hangup)
        _note("TELEGRAM_BOT_TOKEN is not set (environment or .env), so this is the chat in the terminal.")
        _chat(settings, None)
        return
    _note(f"TELEGRAM_BOT_TOKEN is set: starting the Telegram bot by {settings.bot_mode}.")
    from bot.channels.telegram.app import run as run_telegram

    run_telegram(settings, lambda cache: _service(settings, cache), _progress())


@app.command()
def chat(knowledge: Knowledge = None, lang: Lang = None) -> None:
    """Talk in the terminal: the same replies as in Telegram."""
    _chat(_settings(knowledge), lang)


@app.command()
def ask(
    question: Annotated[Optional[str], typer.Argument(help="The question, in quotes.")] = None,  # noqa: UP045
    explain: Annotated[bool, typer.Option("--explain", help="Show why: candidates, phrases, words, rule.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="JSON lines on stdin, JSON lines on stdout.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The decision as JSON.")] = False,
    knowledge: Knowledge = None,
    lang: Lang = None,
) -> None:
    """Ask one question, or many with --batch."""
    if batch == (question is not None):
        raise UsageError('Give one question in quotes, or --batch with JSON lines {"id", "q"} on stdin.')
    service = _service(_settings(knowledge))
    _known_language(service, lang)
    if question is None:
        from bot.workbench.batch import answer_lines

        for line in answer_lines(service, sys.stdin):
            print(line, flush=True)
        return
    outcome = service.ask(question, lang)
    if as_json:
        from bot.workbench.batch import as_document

        print(json.dumps(as_document(outcome), ensure_ascii=False, indent=1))
    else:
        from bot.reply import plain

        print(plain(outcome.reply))
    if explain:
        print("\n" + service.explain(question, lang), file=sys.stderr if as_json else sys.stdout)


@app.command()
def check(knowledge: Knowledge = None) -> None:
    """Name every problem of the knowledge base: file, line and rule, what is wrong, what to do."""
    from bot.kb.load import check as problems_of

    folder = _settings(knowledge).knowledge_dir
    found = problems_of(folder, datetime.date.today())
    for problem in found:
        print(f"{folder}/{problem}" if problem.file != "." else f"{folder}: [{problem.rule}] {problem.text}")
    warnings = sum(problem.warning for problem in found)
    if warnings < len(found):
        raise ReformbotError(f"{len(found) - warnings} problem(s) in {folder}.")
    _note(f"No problem in {folder}." + f" {warnings} warning(s)." * bool(warnings))


@app.command()
def due(
    within: Annotated[int, typer.Option("--within", help="Days from today.", min=0)] = 30,
    knowledge: Knowledge = None,
) -> None:
    """What should be held against its sources again: overdue, or due within so many days."""
    from bot.kb.load import due as due_in

    folder, today = _settings(knowledge).knowledge_dir, datetime.date.today()
    found = due_in(folder, today + datetime.timedelta(days=within))
    for one in found:
        late = "overdue since" if one.by < today.isoformat() else "due by"
        checked = f"last checked on {one.checked}" if one.checked else "never checked"
        print(f"{folder}/{one.file}:{one.line} {one.name}: {late} {one.by}, {checked}")
    _note(f"{len(found)} part(s) of {folder} to look at within {within} days.")


@app.command("eval")
def evaluate(
    cases: Annotated[list[Path], typer.Argument(help="Files of labelled questions, JSON lines.")],
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON, misses included.")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="List each missed, wrong and false case.")] = False,
    html: Annotated[Optional[Path], typer.Option("--html", help="Write the report as a page.")] = None,  # noqa: UP045
    knowledge: Knowledge = None,
) -> None:
    """Ask labelled questions and count: hit, offered, missed, wrong, held, false, by language and kind."""
    from bot.workbench.evaluate import as_text, evaluate, read_cases

    service = _service(_settings(knowledge))
    found = [case for path in cases for case in read_cases(_text(path).splitlines(), str(path))]
    report = evaluate(service.ask, found)
    if html:
        from bot.workbench.evaluation_page import as_html

        html.write_text(as_html(report), encoding="utf-8")
    print(report.as_json() if as_json else as_text(report))
    if misses and not as_json:
        for result in report.results:
            if result.outcome in ("missed", "wrong", "false"):
                case = result.case
                print(f"{result.outcome:7} {case.id} {case.question!r} -> {result.answered or '-'} ({result.reason})")


@app.command()
def unanswered(limit: Annotated[int, typer.Option(help="How many questions to read.")] = 1000) -> None:
    """What people asked in vain, grouped, with the nearest entry and YAML to paste."""
    import asyncio

    from bot.store.connect import open_store
    from bot.workbench.unanswered import as_yaml, group

    settings = _settings(None)

    async def read() -> str:
        store = await open_store(settings.database_url, settings.state_dir)
        try:
            return as_yaml(group(await store.unanswered(limit=limit)))
        finally:
            await store.close()

    found = asyncio.run(read()).strip()
    if found:
        print(found)
    else:
        _note("Nothing was asked in vain.")


@app.command()
def schema() -> None:
    """JSON Schema of the YAML files, for editors."""
    from bot.kb.schema import schema as schemas

    print(json.dumps(schemas(), ensure_ascii=False, indent=1))


@app.command()
def export(knowledge: Knowledge = None) -> None:
    """The whole base as one JSON document."""
    from bot.kb.load import load
    from bot.open.freeze import exported

    print(json.dumps(exported(load(_settings(knowledge).knowledge_dir)), ensure_ascii=False, indent=1))


def _chat(settings: Settings, lang: str | None) -> None:
    from bot.channels.terminal import chat as talk

    service = _service(settings)
    _known_language(service, lang)
    talk(service, settings.state_dir / "history", lang=lang)


def _ignore_hangup() -> Any:
    """From now on; gives what was done about it before, None on a system without SIGHUP."""
    return signal.signal(signal.SIGHUP, signal.SIG_IGN) if hasattr(signal, "SIGHUP") else None


def _service(settings: Settings, cache: Path | None = None) -> Service:
    from bot.open.base import open_service

    gc.disable()  # nothing that is read here is garbage; looking for it takes a tenth of the start
    try:
        return open_service(settings.knowledge_dir, cache or settings.cache_dir, settings.caution, _progress())
    finally:
        gc.enable()


def _settings(knowledge: Path | None) -> Settings:
    from bot.settings import read_settings

    return read_settings(**({"knowledge_dir": knowledge} if knowledge else {}))


def _progress() -> Callable[[float], None]:
    """A bar on stderr while the base is fitted; a single line where nobody watches; nothing where it was cached."""
    started = False

    def step(share: float) -> None:
        nonlocal started
        if not sys.stderr.isatty():
            if not started:
                _note("Learning the knowledge base (once after each change of it) …")
            started = True
            return
        started = True
        filled = round(share * 30)
        end = "\n" if share >= 1 else ""
        print(
            f"\rLearning the knowledge base [{'█' * filled}{'·' * (30 - filled)}] {share:4.0%}",
            end=end,
            file=sys.stderr,
        )
        sys.stderr.flush()

    return step


def _known_language(service: Service, lang: str | None) -> None:
    if lang and lang not in service.base.languages:
        raise UsageError(f"--lang {lang}: the base has {', '.join(service.base.languages)}.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from None


def _note(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(text: str, code: int) -> None:
    print(text, file=sys.stderr)
    sys.exit(code)
