"""From a file of any kind to the questions and answers in it, or to the table of translations that it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.errors import UsageError
from bot.languages.start import starts
from bot.workbench.exchange.lettered import is_lettered
from bot.workbench.exchange.pages import from_markdown, from_page, from_text
from bot.workbench.exchange.records import FaqFile, Misfit, Origin, Record, tidy, tidy_lines
from bot.workbench.exchange.sheets import Row, Sheet, bytes_of, column_name, decoded, read_csv, read_xlsx
from bot.workbench.exchange.translations import HEAD

_PAGES = (".html", ".htm", ".xhtml", ".php", ".phtml", ".asp", ".aspx", ".jsp", ".shtml")
_MARKDOWN = (".md", ".markdown", ".mdx", ".mdown", ".mkd")
_NOWHERE = Origin()
_NEEDED = ("question", "answer")


def read_any(
    path: Path, encoding: str = "", columns: Mapping[str, str] | None = None, origin: Origin = _NOWHERE
) -> FaqFile | Sheet:
    """A `Sheet` where it is a table that `export` wrote, else what was found. UsageError, with the file's name."""
    data, kind = bytes_of(path), path.suffix.casefold()
    try:
        if kind in _MARKDOWN:
            return from_markdown(_lines(data.decode(encoding or "utf-8-sig")), origin, jsx=kind == ".mdx")
        if kind in _PAGES:
            return from_page(_lines(data.decode(encoding)).encode() if encoding else data, origin)
        if kind == ".txt":
            return _text(data, encoding, columns or {}, origin)
        if kind in (".csv", ".tsv"):
            return _table(read_csv(data, encoding), columns or {})
        if kind == ".xlsx":
            return _table(read_xlsx(data), columns or {})
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not in UTF-8; say in what it is written: --encoding cp1251.") from None
    except RecursionError:
        raise UsageError(f"{path}: nested deeper than any page is; save it anew from the browser.") from None
    except UsageError as error:
        raise UsageError(f"{path}: {str(error).removesuffix('.')}.") from None
    raise UsageError(f'{path}: "{kind}" is no kind of file that is read; there is .csv, .xlsx, .md, .txt and .html.')


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes, encoding: str, columns: Mapping[str, str], origin: Origin) -> FaqFile | Sheet:
    """A text with questions and answers; else a table, as programs for tables write it under that name."""
    text = _lines(decoded(data, encoding)[0])
    if is_lettered(text):
        return from_text(text, origin)
    try:
        return _table(read_csv(data, encoding), columns)
    except UsageError:
        found = from_text(text, origin)
        if found.records:
            return found
        raise


def _table(sheet: Sheet, columns: Mapping[str, str]) -> FaqFile | Sheet:
    if not sheet.rows:
        raise UsageError("an empty table; write a first row with question and answer in it")
    head = sheet.rows[0]
    if tuple(cell.strip().casefold() for cell in head.cells[: len(HEAD)]) == HEAD:
        return sheet
    places = _places(head, columns, sheet.how)
    records, misfits = [], []
    for row in sheet.rows[1:]:
        one = _record(row, places)
        missing = [key for key in _NEEDED if not getattr(one, key)]
        if missing:
            where = ", ".join(f"column {column_name(places[key])} ({head[places[key]].strip()})" for key in missing)
            misfits.append(Misfit(f"row {row.number}, {where}", "empty; write it, or take the row out"))
        else:
            records.append(one)
    return FaqFile(tuple(records), tuple(misfits), sheet.how)


def _places(head: Row, columns: Mapping[str, str], how: str) -> dict[str, int]:
    """Which column holds what, by the names that the packs know or the caller gave."""
    known = {name.casefold(): key for _, one in starts() for key, names in one.columns.items() for name in names}
    known |= {name.casefold(): key for key, name in columns.items()}
    written = [tidy(cell).casefold().rstrip(":") for cell in head.cells]
    places: dict[str, int] = {}
    for place, name in enumerate(written):
        if name in known:
            places.setdefault(known[name], place)
    if missing := [key for key in _NEEDED if key not in places]:
        there = ", ".join(filter(None, map(tidy, head.cells))) or "none"
        hint = " ".join(f'--column {key}="its name"' for key in missing)
        raise UsageError(
            f"row {head.number}: no column for {' and '.join(missing)} among: {there[:200]} (read as {how}). Name it: {hint}"
        )
    return places


def _record(row: Row, places: Mapping[str, int]) -> Record:
    def cell(key: str) -> str:
        return row[places[key]] if key in places else ""

    phrases = [tidy(one) for line in cell("phrases").split("\n") for one in line.split(";")]
    return Record(
        question=tidy(cell("question")),
        answer=tidy_lines(cell("answer")),
        place=f"row {row.number}",
        group=tidy(cell("topic")),
        id=tidy(cell("id")),
        short=tidy(cell("short")),
        phrases=tuple(filter(None, phrases)),
    )
