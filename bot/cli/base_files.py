"""Commands about the files of a base: import, export. How a base is begun and added to is in `starting`."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.cli.edge import BEGIN, Knowledge, app, note, remembered, settings_of
from bot.errors import ReformbotError, UsageError

if TYPE_CHECKING:
    from bot.kb.model import KnowledgeBase
    from bot.workbench.editing.draft import Draft
    from bot.workbench.exchange.plan import Wishes
    from bot.workbench.exchange.records import FaqFile
    from bot.workbench.exchange.sheets import Sheet

_SHOWN = 20  # problems that are listed


class ExportFormat(StrEnum):
    JSON = "json"
    JSONLD = "jsonld"
    CSV = "csv"
    XLSX = "xlsx"


@app.command("import", rich_help_panel=BEGIN)
def import_(
    file: Annotated[
        Path,
        typer.Argument(help="A table (.csv, .xlsx), a page (.html), Markdown (.md) or text (.txt), on this machine."),
    ],
    write: Annotated[bool, typer.Option("--write", help="Do it; without this it only says what it would do.")] = False,
    language: Annotated[
        str, typer.Option("--language", help="Language of the texts (default: the page's, or the first).")
    ] = "",
    topic: Annotated[
        str, typer.Option("--topic", help="Topic of the new entries (default: the heading above each).")
    ] = "",
    source: Annotated[
        str, typer.Option("--source", help="Key of their source (default: the only article there is).")
    ] = "",
    section: Annotated[
        str, typer.Option("--section", help="Part of the source (default: the heading above each).")
    ] = "",
    column: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--column", help='Name of a table\'s column, e.g. --column question="What they ask".'),
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Of a text file (default: found out).")] = "",
    knowledge: Knowledge = None,
) -> None:
    """Take questions and answers from a file, or translations from a table that `export` wrote; first without writing."""
    from bot.workbench.editing.draft import Draft
    from bot.workbench.exchange.plan import Wishes

    columns = _columns(column or [])
    draft = Draft(writable(knowledge) if write else settings_of(knowledge).knowledge_dir, remembered())
    wishes = Wishes(language, topic, source, section, datetime.date.today().isoformat())
    lost = _taken(draft, file, encoding, columns, wishes)
    if draft.contents:
        move_in(draft, write)
    elif not lost:
        print("Nothing to do: the base says all of it already.")
    if write and lost:
        raise ReformbotError(f"{lost} part(s) of {file} were left out, as said above; put them right and import again.")


@app.command(rich_help_panel=BEGIN)
def export(
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format", help="json: all of it; csv, xlsx: texts side by side, for import; jsonld: for a web page."
        ),
    ] = ExportFormat.JSON,
    output: Annotated[Optional[Path], typer.Option("--output", "-o", help="File to write (default: stdout).")] = None,  # noqa: UP045
    language: Annotated[str, typer.Option("--language", help="With jsonld: which one (default: the first).")] = "",
    knowledge: Knowledge = None,
) -> None:
    """The base for other programs and for translators."""
    from bot.kb.load import load
    from bot.open.cache import kept_base

    settings = settings_of(knowledge)
    folder = settings.knowledge_dir
    base = kept_base(folder, settings.cache_dir) or load(folder, remembered())
    data = _exported(folder, base, form, language)
    if output is None and form is ExportFormat.XLSX and sys.stdout.isatty():
        raise UsageError("A workbook is no text for a terminal: name a file, --output texts.xlsx.")
    if output is None:
        sys.stdout.buffer.write(data) if hasattr(sys.stdout, "buffer") else sys.stdout.write(data.decode("utf-8-sig"))
        return
    from bot.atomic import new_file

    try:
        with new_file(output) as target:
            target.write(data)
        output.chmod(0o644)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror}).") from None
    note(f"Written: {output}")


def writable(knowledge: Path | None) -> Path:
    """The folder of a base that may be changed: not the copy inside an installed package."""
    from bot.settings import SHIPPED

    folder = settings_of(knowledge).knowledge_dir
    if folder == SHIPPED and SHIPPED.name == "shipped":
        raise UsageError("Say which base is to be changed: --knowledge DIR (reformbot init DIR makes a new one).")
    return folder


def move_in(draft: Draft, write: bool, quiet: bool = False) -> None:
    """Says what `check` would say of the base with the changes; then writes them, or says how."""
    left = [one for one in draft.findings.open if not one.warning and not quiet]
    _list("is left to do", [str(one) for one in left])
    if draft.findings.broken and not write:
        _list("would not do", [str(one) for one in draft.findings.broken])
        raise ReformbotError("Nothing was written, nor would it be with --write, until this is put right.")
    if not write:
        note(f"Nothing was written. With --write: {', '.join(sorted(draft.contents))} in {draft.folder}.")
        return
    for name in draft.write():
        print(f"wrote     {draft.folder / name}", flush=True)
    if not quiet:
        note(
            f"Done. See it: reformbot check --knowledge {draft.folder}, then reformbot chat --knowledge {draft.folder}"
        )


def _list(title: str, lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        note(f"{title}: {line}")
    if len(lines) > _SHOWN:
        note(f"{title}: and {len(lines) - _SHOWN} more (reformbot check names them all)")


def _taken(draft: Draft, file: Path, encoding: str, columns: dict[str, str], wishes: Wishes) -> int:
    """Puts what the file says into the draft. Gives how much of it could not be used."""
    from bot.kb.load import load
    from bot.workbench.exchange.plan import origin_of
    from bot.workbench.exchange.reading import read_any
    from bot.workbench.exchange.records import FaqFile

    base = load(draft.folder, draft.memory)
    found = read_any(file, encoding, columns, origin_of(base, wishes))
    if isinstance(found, FaqFile):
        return _questions(draft, base, found, wishes)
    return _translations(draft, base, found)


def _questions(draft: Draft, base: KnowledgeBase, found: FaqFile, wishes: Wishes) -> int:
    from bot.workbench.exchange import report
    from bot.workbench.exchange.sifting import sifted

    plan = sifted(draft, base, found, wishes)
    if not (found.records or found.misfits):
        raise UsageError(
            "No question with an answer was found: nothing that asks stands in a heading, a drawer, in bold or behind Q:."
        )
    read = f"Read as {found.how}; {len(found.records)} question(s) with an answer"
    note(f"{read}, language {plan.language}, for {draft.folder}.")
    for line in report.of_plan(plan):
        print(line, flush=True)
    note(f"Together: {report.counted(plan)}.")
    return len(plan.clashing) + len(plan.left_out)


def _translations(draft: Draft, base: KnowledgeBase, sheet: Sheet) -> int:
    from bot.workbench.exchange import report, translations

    found = translations.differences(draft.folder, sheet, base.languages[0], base.languages)
    note(f"Read as {sheet.how}; the table that `export` writes, {len(sheet.rows) - 1} row(s), for {draft.folder}.")
    for line in report.of_differences(found):
        print(line, flush=True)
    note(f"Together: {len(found.changes)} text(s) changed, {len(found.misfits)} left out.")
    translations.put_into(draft, found.changes)
    return len(found.misfits)


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    known = ("question", "answer", "topic", "id", "phrases", "short")
    if len(found) < len(pairs) or not set(found) <= set(known):
        raise UsageError(f'--column takes WHAT="its name"; WHAT is one of {", ".join(known)}.')
    return found


def _exported(folder: Path, base: KnowledgeBase, form: ExportFormat, language: str) -> bytes:
    from bot.open.freeze import exported
    from bot.workbench.exchange.exporting import faq_page

    if language and language not in base.languages:
        raise UsageError(f"--language {language}: the base has {', '.join(base.languages)}.")
    if form in (ExportFormat.CSV, ExportFormat.XLSX):
        return _table(folder, base, form)
    document = exported(base) if form is ExportFormat.JSON else faq_page(base, language or base.languages[0])
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return ((text if form is ExportFormat.JSON else text.replace("</", "<\\/")) + "\n").encode()


def _table(folder: Path, base: KnowledgeBase, form: ExportFormat) -> bytes:
    import io

    from bot.workbench.exchange import sheets, translations

    rows: Iterator[tuple[str, ...]] = translations.rows(folder, base.languages[0], base.languages)
    file = io.BytesIO()
    if form is ExportFormat.CSV:
        sheets.write_csv(rows, file)
    else:
        sheets.write_xlsx(rows, file, len(translations.HEAD))
    return file.getvalue()
