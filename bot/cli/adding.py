"""The command `new` and what it adds to a base: a topic, an entry, a gap, a refusal, a case, a language."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.cli.base_files import move_in, writable
from bot.cli.edge import BEGIN, Knowledge, Listed, app, note, remembered
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.kb.model import KnowledgeBase
    from bot.workbench.scaffolds.parts import Adding, EntryWords

new = typer.Typer(cls=Listed, no_args_is_help=True, help="Add a part to a base, in every file where it belongs.")
app.add_typer(new, name="new", rich_help_panel=BEGIN)

Topic = Annotated[str, typer.Option("--topic", help="Id of its topic.")]
Id = Annotated[str, typer.Option("--id", help="Its id (default: made from the question).")]
Question = Annotated[str, typer.Option("--question", help="The question, as readers see it.")]
Answer = Annotated[str, typer.Option("--answer", help="The answer: no more than the source says.")]
Phrases = Annotated[Optional[list[str]], typer.Option("--phrase", help="A way to ask for it; may be given often.")]  # noqa: UP045
Source = Annotated[str, typer.Option("--source", help="Key of its source in sources.yaml (default: the only one).")]
Section = Annotated[str, typer.Option("--section", help="Part of the source (default: the topic's title).")]
Language = Annotated[str, typer.Option("--language", help="One of the base's (default: the first).")]
Say = Annotated[str, typer.Option("--say", help="What the reader sees.")]


@new.command()
def topic(
    name: Annotated[str, typer.Argument(help="Its id, which is its file's name and its command.")],
    title: Annotated[str, typer.Option("--title", help="What readers see.")] = "",
    entry_id: Id = "",
    question: Question = "",
    answer: Answer = "",
    phrase: Phrases = None,
    source: Source = "",
    section: Section = "",
    knowledge: Knowledge = None,
) -> None:
    """A topic, with its first entry."""
    from bot.workbench.scaffolds.parts import EntryWords, add_topic

    adding = _adding(knowledge)
    title = title or asked("Its title, as readers see it")
    words = EntryWords(entry_id, name, question, answer, tuple(phrase or ()), source, section)
    _said(adding, f"entry {add_topic(adding, name, title, _completed(adding, words))}")


@new.command()
def entry(
    topic: Topic = "",
    entry_id: Id = "",
    question: Question = "",
    answer: Answer = "",
    phrase: Phrases = None,
    source: Source = "",
    section: Section = "",
    language: Language = "",
    knowledge: Knowledge = None,
) -> None:
    """An entry, or with --language and --id what it says in another language; a comment where there is no answer yet."""
    from bot.workbench.scaffolds.parts import EntryWords, add_entry, add_translation

    adding = _adding(knowledge)
    words = EntryWords(entry_id, topic, question, answer, tuple(phrase or ()), source, section)
    if language and language != adding.first:
        add_translation(adding, language, words)
        _said(adding, f"entry {words.id} in {language}")
    else:
        _said(adding, f"entry {add_entry(adding, _completed(adding, words))}")


@new.command()
def gap(
    entry: Annotated[str, typer.Argument(help="Id of the entry that readers ask on from.")],
    name: Annotated[str, typer.Argument(help="Id of the gap.")],
    ask: Annotated[Optional[list[str]], typer.Option("--ask", help="A way to ask for it; three at least.")] = None,  # noqa: UP045
    say: Say = "",
    knowledge: Knowledge = None,
) -> None:
    """What readers ask next and the source does not say; a comment where it has no words yet."""
    from bot.workbench.scaffolds.parts import add_gap

    adding = _adding(knowledge)
    add_gap(adding, entry, name, ask or (), say)
    _said(adding, f"gap {entry}/{name}")


@new.command()
def refusal(
    name: Annotated[str, typer.Argument(help="Id of the group.")],
    say: Say = "",
    phrase: Phrases = None,
    near: Annotated[str, typer.Option("--near", help="The topic that comes nearest.")] = "",
    knowledge: Knowledge = None,
) -> None:
    """A kind of question that the source does not answer; a comment where it has no words yet."""
    from bot.workbench.scaffolds.parts import add_refusal

    adding = _adding(knowledge)
    add_refusal(adding, name, say, phrase or (), near)
    _said(adding, f"refusal {name}")


@new.command()
def case(
    question: Annotated[str, typer.Argument(help="A question as somebody might put it.")],
    entry: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--entry", help="The entry that answers it; none for one that is to be refused."),
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help="paraphrase, terse, typo … (knowledge/README.md)")] = "",
    language: Language = "",
    knowledge: Knowledge = None,
) -> None:
    """A labelled question, by which `eval` measures the base."""
    from bot.kb.load import load
    from bot.workbench.scaffolds.cases import add_case

    folder = writable(knowledge)
    base = load(folder, remembered())
    if language and language not in base.languages:
        raise UsageError(f"--language {language}: the base has {', '.join(base.languages)}.")
    path = add_case(base, folder, language or base.languages[0], question, tuple(entry or ()), kind)
    print(f"wrote     {path}")
    note(f"Try it: reformbot eval --misses {path} --knowledge {folder}")


@new.command()
def language(
    code: Annotated[str, typer.Argument(help="Its code of ISO 639: two or three letters.")],
    name: Annotated[str, typer.Option("--name", help="As its speakers call it (default: CLDR's name).")] = "",
    alphabet: Annotated[str, typer.Option("--alphabet", help="Its letters, where the bot has no pack of it.")] = "",
    knowledge: Knowledge = None,
) -> None:
    """Another language for the base: files with all its entries to translate."""
    from bot.workbench.scaffolds.language import add_language

    adding = _adding(knowledge)
    add_language(adding, code, name, alphabet)
    _said(adding, f"language {code}")


def _adding(knowledge: Path | None) -> Adding:
    from bot.kb.load import load
    from bot.workbench.editing.draft import Draft
    from bot.workbench.scaffolds.parts import Adding

    folder = writable(knowledge)
    draft = Draft(folder, remembered())
    base: KnowledgeBase = load(folder, draft.memory)
    return Adding(base, draft, datetime.date.today().isoformat())


def _completed(adding: Adding, words: EntryWords) -> EntryWords:
    """With what is missing asked for at a terminal; else as it is."""
    from bot.workbench.scaffolds.parts import EntryWords

    topics = list(adding.base.topics)
    topic = words.topic or (topics[0] if len(topics) == 1 else asked(f"Its topic ({', '.join(topics)})"))
    question = words.question or asked("The question, as readers see it")
    answer = words.answer or asked("The answer (no more than the source says)")
    phrases = list(words.phrases)
    while _at_terminal() and not words.phrases and (one := asked("Another way to ask for it (Enter when done)")):
        phrases.append(one)
    return EntryWords(words.id, topic, question, answer, tuple(phrases), words.source, words.section)


def asked(text: str) -> str:
    """What somebody at the terminal answers; nothing where nobody sits there."""
    if not _at_terminal():
        return ""
    found: str = typer.prompt(text, default="", show_default=False, err=True)
    return found.strip()


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _said(adding: Adding, what: str) -> None:
    move_in(adding.draft, write=True, quiet=True)
    note(f"Added: {what}." + " What is left to write:" * bool(adding.left))
    for line in adding.left:
        note(f"  {line}")
    note(f"Then: reformbot check --knowledge {adding.draft.folder}")
