"""The command `unanswered`: what people asked in vain, and what becomes of it, one step each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.cli.adding import asked
from bot.cli.edge import MAINTAIN, Knowledge, Listed, app, note, service_of, settings_of
from bot.cli.stored import with_store
from bot.errors import ReformbotError, UsageError

if TYPE_CHECKING:
    from bot.service import Service
    from bot.settings import Settings
    from bot.store.base import Records
    from bot.workbench.chosen import Patch
    from bot.workbench.trial import Expected
    from bot.workbench.unanswered import Group, Look, Section, Wording

_READ = 10_000  # questions, the newest
unanswered = typer.Typer(
    cls=Listed, help="What people asked in vain, and what becomes of it.", invoke_without_command=True
)
app.add_typer(unanswered, name="unanswered", rich_help_panel=MAINTAIN)

Number = Annotated[int, typer.Argument(metavar="ID", help="The number that the list shows.")]
Phrase = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads it at run time
    typer.Option("--phrase", help="Add these words instead of those asked; LANG:TEXT for another language."),
]
Cases = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option(
        "--cases", help="Labelled questions, a file or a folder, none of which may become worse. May be repeated."
    ),
]
Diff = Annotated[bool, typer.Option("--diff", help="Print the change as a patch, write nothing.")]


@unanswered.callback()
def listing(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many groups to show.", min=1)] = 50,
    kind: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--kind", help="vain, wrong, reported or refused; without it all but refused. May be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a group.")] = False,
    knowledge: Knowledge = None,
) -> None:
    """What people asked in vain, grouped, with what is near; add, new, refuse and dismiss say what becomes of it.

    Each question is asked again of the base as it is now; what it answers now is shown no more, and forgotten."""
    if context.invoked_subcommand is not None:
        return
    from bot.workbench.unanswered_page import as_json as lines
    from bot.workbench.unanswered_page import as_text, hint

    sections, settings = _sections(kind or []), settings_of(knowledge)
    look = _look(settings)[0]
    if not look.of(*sections):
        note("Nothing was asked in vain.")
    else:
        print(lines(look, sections) if as_json else as_text(look, sections, limit))
    if not as_json and (said := hint(look, sections, f" --knowledge {knowledge}" if knowledge else "")):
        note(f"\n{said}")


@unanswered.command()
def add(
    number: Number,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="The entry, or entry/gap, that answers it.")],
    phrase: Phrase = None,
    cases: Cases = None,
    diff: Diff = False,
    knowledge: Knowledge = None,
) -> None:
    """Make the question a phrase of an entry; taken back if check fails, it is not answered, or a case becomes worse."""
    from bot.workbench import chosen, trial

    settings = settings_of(knowledge)
    look, service = _look(settings)
    group, service = _found(look, number), _needed(service)
    wordings = _wordings(group, phrase, service)
    patch = chosen.adding(service.base, trial.reader(settings.knowledge_dir), entry, wordings)
    _carry_out(settings, service, group, patch, trial.Expected(wordings, entry=entry), cases, diff)


@unanswered.command()
def refuse(
    number: Number,
    group: Annotated[str, typer.Argument(metavar="GROUP", help="The refusal group that it belongs to.")],
    phrase: Phrase = None,
    cases: Cases = None,
    diff: Diff = False,
    knowledge: Knowledge = None,
) -> None:
    """Make the question a phrase of a refusal group; taken back as with add."""
    from bot.workbench import chosen, trial

    settings = settings_of(knowledge)
    look, service = _look(settings)
    found, service = _found(look, number), _needed(service)
    wordings = _wordings(found, phrase, service)
    patch = chosen.refusing(service.base, trial.reader(settings.knowledge_dir), group, wordings)
    _carry_out(settings, service, found, patch, trial.Expected(wordings, group=group), cases, diff)


@unanswered.command()
def new(
    number: Number,
    entry: Annotated[Optional[str], typer.Option("--entry", help="The new entry's id.")] = None,  # noqa: UP045
    topic: Annotated[Optional[str], typer.Option("--topic", help="Its topic, if not that of the nearest.")] = None,  # noqa: UP045
    answer: Annotated[
        str, typer.Option("--answer", help="The answer, in the base's first language; without it, it is left to write.")
    ] = "",
    question: Annotated[str, typer.Option("--question", help="The question as readers see it.")] = "",
    cases: Cases = None,
    diff: Diff = False,
    knowledge: Knowledge = None,
) -> None:
    """Make the question a new entry: with --answer tried as with add, without it begun, and check names what is left."""
    from bot.workbench import chosen, trial

    settings = settings_of(knowledge)
    look, service = _look(settings)
    group, service = _found(look, number), _needed(service)
    if not (answer or diff):
        answer = asked("The answer, no more than the source says (Enter: write it later)")
    said, folder = chosen.NewWords(answer, question) if answer else None, settings.knowledge_dir
    patch = chosen.beginning(service.base, trial.reader(folder), group, topic, entry, said)
    name = chosen.new_entry(patch)
    if said or diff:
        first = [one for one in group.wordings if one.lang == service.base.languages[0]]
        expected = trial.Expected(tuple(first), entry=name)
        _carry_out(settings, service, group, patch, expected, cases, diff)
        note(f"Source and section of {name} are those of its neighbour: see whether they are right.")
        return
    trial.write(folder, patch)
    print(f"{name} begun in {', '.join(change.path for change in patch)}.")
    note(f"Write its answer: until then check, unanswered and a bot that reloads refuse {folder}.")
    note(f"See what is left: reformbot check --knowledge {folder}")


@unanswered.command()
def dismiss(number: Number, knowledge: Knowledge = None) -> None:
    """Set the question aside for good: it does not come back, nor does it with one word more or less."""
    settings = settings_of(knowledge)
    group = _found(_look(settings)[0], number)

    async def work(store: Records) -> None:
        await store.dismiss(group.marks)
        await store.forget_unanswered(group.ids)

    with_store(settings, work)
    print(f'Set aside for good: "{group.text}" ({group.count} ×).')


def _sections(kinds: list[str]) -> tuple[Section, ...]:
    from bot.workbench.unanswered import Section

    known = [one.value for one in Section]
    if unknown := [kind for kind in kinds if kind not in known]:
        raise UsageError(f"--kind {unknown[0]}: one of {', '.join(known)}.")
    return tuple(Section(one) for one in known if one in kinds or (not kinds and one != Section.REFUSED))


def _look(settings: Settings) -> tuple[Look, Service | None]:
    """What is left, and the service that was asked: none where nobody has asked in vain. What is settled is forgotten."""
    from bot.workbench.asked_again import AskedAgain
    from bot.workbench.unanswered import Look, look

    questions = with_store(settings, lambda store: store.unanswered(limit=_READ))
    if not questions:
        return Look((), ()), None
    dismissed = with_store(settings, lambda store: store.dismissed())
    service = service_of(settings)
    found = look(questions, AskedAgain(service), dismissed)
    if found.settled:
        with_store(settings, lambda store: store.forget_unanswered(found.settled))
    return found, service


def _found(look: Look, number: int) -> Group:
    found = look.find(number)
    if found is None:
        raise UsageError(f"No question has the number {number}; reformbot unanswered shows those there are.")
    return found


def _needed(service: Service | None) -> Service:
    assert service is not None, "a group was found, so there was somebody to ask"
    return service


def _wordings(group: Group, phrases: list[str] | None, service: Service) -> tuple[Wording, ...]:
    """The words asked, or those given: LANG:TEXT, or TEXT in the language of the question."""
    from bot.workbench.unanswered import Wording

    if not phrases:
        return tuple(one for one in group.wordings if one.lang in service.base.languages)
    parted = [(phrase, *phrase.partition(":")) for phrase in phrases]
    return tuple(
        Wording(lang, text.strip()) if lang in service.base.languages and text.strip() else Wording(group.lang, phrase)
        for phrase, lang, _, text in parted
    )


def _carry_out(
    settings: Settings,
    service: Service,
    group: Group,
    patch: Patch,
    expected: Expected,
    cases: list[Path] | None,
    diff: bool,
) -> None:
    from bot.workbench import chosen, trial
    from bot.workbench.cases import case_files, read_case_files

    folder = settings.knowledge_dir
    if diff:
        print(chosen.as_diff(patch, trial.root_of(folder)), end="")
        return
    if not patch:
        raise UsageError("These words stand there already; reload the base, or choose another entry.")
    labelled = read_case_files({str(path): _bytes_of(path) for path in case_files(cases or ())})
    found = trial.tried(folder, patch, lambda: service_of(settings), service, expected, labelled)
    if found.troubles:
        told = "\n".join(f"  {trouble}" for trouble in found.troubles)
        raise ReformbotError(f"Taken back, {folder} is as it was:\n{told}")
    print(chosen.as_diff(patch, trial.root_of(folder)), end="")
    if {one.lang for one in group.wordings} <= {one.lang for one in expected.wordings}:
        with_store(settings, lambda store: store.forget_unanswered(group.ids))
    named = expected.entry or expected.group
    judged = (
        f"{found.asked} labelled question(s), none worse." if cases else "--cases DIR would try labelled ones, too."
    )
    note(f"{len(expected.wordings)} wording(s) now lead to {named}. {judged}")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from None
