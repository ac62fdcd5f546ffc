"""Tables as spreadsheets write and read them: CSV in whichever letters and separators, and XLSX. Cells are texts.

A cell that a spreadsheet would run begins with an apostrophe in CSV, and is marked as text in XLSX; it is read as it was."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.errors import UsageError

MAX_BYTES, MAX_UNPACKED, MAX_ROWS = 20_000_000, 200_000_000, 100_000
LONGEST_CELL = 32_000  # of 32,767 letters that a cell of a spreadsheet holds
_RUNS = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet takes for a formula, and what we write for it
_HELD = re.compile(r"'+[=+\-@\t\r]")
_SEPARATORS = (",", ";", "\t")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OLD = ("cp1251", "cp1252")  # how spreadsheets of Cyrillic and of Western systems write CSV
_LOST = re.compile(r"\w*[^\W\d_]\?[^\W\d_]\w*")
_CYRILLIC_WORD = re.compile("[а-яёА-ЯЁіІїєўЎ]{3,}")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is what the spreadsheet calls it."""

    number: int
    cells: tuple[str, ...]

    def __getitem__(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that are not empty; `how` says in words how they were read."""

    rows: tuple[Row, ...]
    how: str


def harmless(text: str) -> str:
    return "'" + text if _RUNS.match(text) else text


def as_it_was(text: str) -> str:
    return text[1:] if _HELD.match(text) else text


def column_name(place: int) -> str:
    """A, B … Z, AA: as spreadsheets call the column at a place."""
    name = ""
    while place >= 0:
        name, place = chr(ord("A") + place % 26) + name, place // 26 - 1
    return name


def read_csv(data: bytes, encoding: str = "") -> Sheet:
    """UsageError where it is no text. The separator is the one that the first line has most of."""
    text, known = decoded(data, encoding)
    text = text.replace("\r\n", "\n")
    first, _, rest = text.partition("\r" if "\n" not in text else "\n")
    skipped = 0
    if found := re.fullmatch(r'"?sep=(.)"?\s*', first):
        separator, text, skipped = found[1], rest, 1
    else:
        bare = re.sub(r'"[^"]*"?', "", first)
        separator = max(_SEPARATORS, key=bare.count)
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    try:
        for number, cells in enumerate(reader, 1 + skipped):
            rows.append(Row(number, tuple(as_it_was(cell) for cell in cells)))
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: {error}; save the table as CSV once more") from None
    names = {"\t": "tab", ";": "semicolon", ",": "comma"}
    return Sheet(_full(rows), f"CSV, {known}, {names.get(separator, separator)} between cells")


def decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """The text, and in words how it was read. UsageError where it is none."""
    if encoding:
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError) as error:
            raise UsageError(f"--encoding {encoding}: {error}") from None
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            return data.decode(name, "replace"), name.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise UsageError("this is no text; save the table as CSV or as XLSX")
    cyrillic, western = (data.decode(name, "replace") for name in _OLD)
    if not _CYRILLIC_WORD.search(cyrillic):  # in Western letters there are no three of them in a row
        return western, _OLD[1]
    lost = _LOST.search(cyrillic)
    hint = f" (“{lost[0]}”: letters that it lacks were lost; save the table as CSV UTF-8 or XLSX)" if lost else ""
    return cyrillic, _OLD[0] + hint


def read_xlsx(data: bytes) -> Sheet:
    """The first sheet. UsageError where it is no workbook, and for a formula, whose value may be of another day."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise UsageError(f"more than {MAX_UNPACKED:,} bytes unpacked; split the table")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of forms and filters, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UsageError(f"no workbook ({error}); save the table as XLSX or as CSV") from None
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some programs write wrong ones
    rows = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1), 1):
        rows.append(Row(number, tuple(_cell(cell, number, place) for place, cell in enumerate(cells))))
    return Sheet(_full(rows), f"XLSX, sheet “{sheet.title}”")


def _cell(cell: object, row: int, place: int) -> str:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        raise UsageError(f"row {row}, column {column_name(place)}: a formula ({str(value)[:40]}); write its text")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _full(rows: Sequence[Row]) -> tuple[Row, ...]:
    if len(rows) > MAX_ROWS:
        raise UsageError(f"more than {MAX_ROWS:,} rows; split the table")
    return tuple(row for row in rows if any(cell.strip() for cell in row.cells))


def write_csv(rows: Iterable[Sequence[str]], file: BinaryIO) -> None:
    """UTF-8 with its mark, without which Excel takes it for another encoding."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()


def write_xlsx(rows: Iterable[Sequence[str]], file: BinaryIO, locked: int) -> None:
    """All cells are texts; the first row and the first `locked` columns stay in sight."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, NamedStyle

    book = openpyxl.Workbook(write_only=True)
    plain = NamedStyle("text", number_format="@", alignment=Alignment(wrap_text=True, vertical="top"))
    head = NamedStyle("head", number_format="@", font=Font(bold=True))
    sheet = book.create_sheet("texts")
    sheet.freeze_panes = f"{column_name(locked)}2"
    for place in range(locked + 8):
        sheet.column_dimensions[column_name(place)].width = 24 if place < locked else 60
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # never a formula
            cell.style = head if not number else plain
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


def bytes_of(path: Path) -> bytes:
    """UsageError for what cannot be read, or is larger than any table or page that people keep by hand."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: more than {MAX_BYTES:,} bytes; split the file.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
