"""Commands that begin something: init for a new base, new for a part of one."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.edge import BEGIN, app, note

_QUESTIONS = {
    "title": "What is your FAQ called",
    "publisher": "Who publishes it (stands below each answer)",
    "url": "Its address (https://…, or Enter for none)",
    "published": "When it was published (2026-03-01, 2026-03, 2026, or Enter if not known)",
    "contact": "How people reach you (an address, a number; or Enter for none)",
}


@app.command(rich_help_panel=BEGIN)
def init(
    folder: Annotated[Path, typer.Argument(help="A folder that is new, or empty.")],
    language: Annotated[str, typer.Option("--language", help="Language of the base: en, ru, kk.")] = "en",
    title: Annotated[str, typer.Option("--title", help="What the FAQ is called.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who publishes it.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    published: Annotated[
        str, typer.Option("--published", help="When it was published: a day, a month or a year.")
    ] = "",
    contact: Annotated[str, typer.Option("--contact", help="How people reach you.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="Id of its topic (default: faq).")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; take what is usual for all that is not given.")
    ] = False,
) -> None:
    """Begin a base of your own: a source, a topic, two entries that answer at once. Overwrites nothing."""
    from bot.workbench.scaffolds import base

    given = {"title": title, "publisher": publisher, "url": url, "published": published, "contact": contact}
    base.refuse_if_taken(folder)
    words = base.beginning(language)
    if sys.stdin.isatty() and not yes:
        usual = {"title": words.title, "publisher": words.publisher}
        given = {key: text or _asked(key, usual.get(key, "")) for key, text in given.items()}
    files = base.make_base(folder, base.About(language=language, topic=topic, **given), datetime.date.today())
    for name in files:
        print(f"wrote     {folder / name}")
    for key, text in {"title": words.title, "publisher": words.publisher}.items():
        if not given[key]:
            note(f'Nobody said its {key}, so it is "{text}": put the real one into {folder}/sources.yaml.')
    note(f"A base that answers, in {folder}. What next:")
    steps = {"chat": "talk to it", "import page.html": "take questions from a page, a table or Markdown"}
    for step, why in {**steps, "new entry": "or write one"}.items():
        note(f"  reformbot {step:16} --knowledge {folder}   {why}")


def _asked(key: str, usual: str) -> str:
    from bot.workbench.scaffolds.base import fault

    def sound(text: str) -> str:
        if problem := fault(key, text.strip()):
            raise typer.BadParameter(problem)
        return text.strip()

    found: str = typer.prompt(_QUESTIONS[key], default=usual, show_default=bool(usual), value_proc=sound, err=True)
    return found
