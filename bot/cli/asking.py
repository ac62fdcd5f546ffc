"""Commands of those who ask: run, chat, ask."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from bot.cli.edge import ASK, Knowledge, Lang, app, known_language, note, progress, service_of, settings_of
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.channels.terminal import Missed
    from bot.service import Outcome, Service
    from bot.settings import Settings

Keep = Annotated[bool, typer.Option("--keep", help="Keep what is asked in vain, for `reformbot unanswered`.")]


@app.command(rich_help_panel=ASK)
def run(knowledge: Knowledge = None) -> None:
    """Start the bot: Telegram if TELEGRAM_BOT_TOKEN is set, else the terminal chat."""
    hangup = _ignore_hangup()  # a reload may be asked for before there is anything to reload
    settings = settings_of(knowledge)
    if settings.telegram_bot_token is None:
        if hangup is not None:
            signal.signal(signal.SIGHUP, hangup)
        note("TELEGRAM_BOT_TOKEN is not set (environment or .env), so this is the chat in the terminal.")
        _chat(settings, None, keep=False)
        return
    note(f"TELEGRAM_BOT_TOKEN is set: starting the Telegram bot by {settings.bot_mode}.")
    from bot.channels.telegram.app import run as run_telegram

    def service(folder: Path, cache: Path) -> Service:
        return service_of(settings.model_copy(update={"knowledge_dir": folder}), cache)

    run_telegram(settings, service, progress())


@app.command(rich_help_panel=ASK)
def chat(knowledge: Knowledge = None, lang: Lang = None, keep: Keep = False) -> None:
    """Talk in the terminal: the same replies as in Telegram."""
    _chat(settings_of(knowledge), lang, keep=keep)


@app.command(rich_help_panel=ASK)
def ask(
    question: Annotated[Optional[str], typer.Argument(help="The question, in quotes.")] = None,  # noqa: UP045
    explain: Annotated[bool, typer.Option("--explain", help="Show why: candidates, phrases, words, rule.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="JSON lines on stdin, JSON lines on stdout.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The decision as JSON.")] = False,
    keep: Keep = False,
    knowledge: Knowledge = None,
    lang: Lang = None,
) -> None:
    """Ask one question, or many with --batch."""
    if batch == (question is not None):
        raise UsageError('Give one question in quotes, or --batch with JSON lines {"id", "q"} on stdin.')
    settings = settings_of(knowledge)
    service = service_of(settings)
    known_language(service, lang)
    if question is None:
        if keep:
            raise UsageError("--keep goes with one question; --batch keeps nothing.")
        from bot.workbench.batch import answer_lines

        for line in answer_lines(service, sys.stdin):
            print(line, flush=True)
        return
    outcome = service.ask(question, lang)
    if keep:
        _kept_if_missed(settings, outcome, question)
    if as_json:
        from bot.workbench.batch import as_document

        print(json.dumps(as_document(outcome), ensure_ascii=False, indent=1))
    else:
        from bot.reply import plain

        print(plain(outcome.reply))
    if explain:
        print("\n" + service.explain(question, lang), file=sys.stderr if as_json else sys.stdout)


def _chat(settings: Settings, lang: str | None, *, keep: bool) -> None:
    from bot.channels.terminal import chat as talk

    service = service_of(settings)
    known_language(service, lang)
    kept = _keeper(settings) if keep else lambda missed: None
    talk(service, settings.state_dir / "history", lang=lang, keep=kept)


def _keeper(settings: Settings) -> Callable[[Missed], None]:
    """Writes at once, so that Ctrl-C loses nothing."""
    from bot.cli.stored import with_store

    def keep(missed: Missed) -> None:
        with_store(
            settings,
            lambda store: store.add_unanswered(
                missed.question, missed.lang, missed.nearest, "terminal", kind=missed.kind, note=missed.note
            ),
        )

    return keep


def _kept_if_missed(settings: Settings, outcome: Outcome, question: str) -> None:
    from bot.channels.terminal import missed_in

    missed = missed_in(outcome, question)
    if missed is not None and not outcome.entries:
        _keeper(settings)(missed)


def _ignore_hangup() -> Any:
    """From now on; gives what was done about it before, None on a system without SIGHUP."""
    return signal.signal(signal.SIGHUP, signal.SIG_IGN) if hasattr(signal, "SIGHUP") else None
