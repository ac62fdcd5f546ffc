"""The command check: what is wrong with a base, once or at each save, for people, programs and GitHub."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.cli.edge import MAINTAIN, Knowledge, app, note, remembered, settings_of, text_of
from bot.errors import ReformbotError, UsageError

if TYPE_CHECKING:
    from bot.cli.findings import Checked
    from bot.kb.lint.memory import Remembered

SOURCES = "sources.yaml"


@app.command(rich_help_panel=MAINTAIN)
def check(
    files: Annotated[Optional[list[Path]], typer.Argument(help="Only these files of the base.")] = None,  # noqa: UP045
    as_document: Annotated[bool, typer.Option("--json", help="A list of objects, those that follow included.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Annotations, as workflows of GitHub show them.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again at each save, until Ctrl-C.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also list what only follows from something else.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as problems.")] = False,
    cases: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--cases", help="Labelled questions (file or folder) whose entries must be there; repeatable."),
    ] = None,
    knowledge: Knowledge = None,
) -> None:
    """Name every problem of the knowledge base: file, line and rule, what is wrong, what to do."""
    from bot.cli.findings import as_github, as_json, as_lines
    from bot.kb.lint.memory import Remembered

    if as_document + github + watch > 1:
        raise UsageError("Give one of --json, --github and --watch.")
    folder = _folder(knowledge, files or [])
    names = [_inside(folder, file) for file in files or []]
    look = Checking(
        folder, names, _case_files(folder, cases) if not names else [], Remembered() if watch else remembered()
    )
    if watch:
        from bot.cli.watching import watching

        watching(look.folder, look.cases, look.checked, every)
        return
    found = look.checked()
    show = as_json if as_document else as_github if github else None
    for line in show(found) if show else as_lines(found, every):
        print(line)
    _judge(found, strict)


class Checking:
    """One folder, or some of its files, looked at again and again."""

    def __init__(self, folder: Path, names: Sequence[str], cases: Sequence[Path], memory: Remembered) -> None:
        self.folder, self.cases = folder, cases
        self._names = names
        self._memory = memory

    def checked(self) -> Checked:
        from bot.cli.findings import Checked
        from bot.kb.load import check, check_file

        today = datetime.date.today()
        if self._names:
            found = [one for name in self._names for one in check_file(self.folder, name, today, self._memory)]
        else:
            labelled = {_shown(path): text_of(path).splitlines() for path in self.cases if path.exists()}
            found = check(self.folder, today, self._memory, labelled)
        return Checked(self.folder, found, frozenset(map(_shown, self.cases)))


def _judge(found: Checked, strict: bool) -> None:
    where, warnings = found.folder, found.warnings
    wrong = len(found.problems) if strict else found.errors
    if wrong:
        more = f", and {warnings} warning(s)" * bool(warnings and not strict)
        raise ReformbotError(f"{wrong} problem(s) in {where}{more}.")
    note(f"No problem in {where}." + f" {warnings} warning(s)." * bool(warnings))


def _folder(knowledge: Path | None, files: Sequence[Path]) -> Path:
    """The base: as it is named, or around the first file, or that of the settings."""
    if knowledge is None and files:
        above = files[0].resolve().parents
        around = next(
            (folder for folder in above if (folder / SOURCES).is_file() and not _within_language(folder)), None
        )
        if around is None:
            raise UsageError(f"{files[0]}: no folder above it has {SOURCES}; name the base with --knowledge.")
        here = Path.cwd()
        return around.relative_to(here) if around.is_relative_to(here) and around != here else around
    if knowledge is not None and not knowledge.is_dir():
        raise UsageError(f"{knowledge}: there is no such folder; reformbot init {knowledge} begins a base.")
    return settings_of(knowledge).knowledge_dir


def _within_language(folder: Path) -> bool:
    """A language may have a sources.yaml of its own, below that of the base."""
    return (folder.parent / SOURCES).is_file()


def _inside(folder: Path, file: Path) -> str:
    """The path of a file inside the base; it may be given from here or from there."""
    from bot.kb.listing import in_base

    for path in (file, folder / file):
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            name = path.resolve().relative_to(folder.resolve()).as_posix()
            if in_base(name):
                return name
            raise UsageError(
                f"{file}: none of the files that make the base in {folder} ({SOURCES}, <language>/….yaml)."
            )
    raise UsageError(f"{file}: no such file in {folder}.")


def _case_files(folder: Path, given: Sequence[Path] | None) -> list[Path]:
    """The files of labelled questions: those that are named, else those in tests/cases beside the base, and in the base."""
    places = list(given or [folder.resolve().parent / "tests" / "cases", *sorted(folder.glob("*/cases"))])
    if given and (missing := [path for path in given if not path.exists()]):
        raise UsageError(f"--cases {missing[0]}: no such file or folder.")
    return [
        path
        for place in places
        for path in (sorted(place.rglob("*.jsonl")) if place.is_dir() else [place])
        if path.is_file()
    ]


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)
