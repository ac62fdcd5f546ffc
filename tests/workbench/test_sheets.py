"""Tables as spreadsheets write them: letters, separators, cells that would run."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.workbench.exchange.sheets import as_it_was, column_name, harmless, read_csv, read_xlsx, write_csv, write_xlsx

ROWS = [
    ("file", "id", "en"),
    ("=1+1", "+7 495", "-5 degrees"),
    ("@here", "\tindented", "\rreturned"),
    ("'=quoted", "''=twice", "'plain'"),
    ('say "it"; twice', "first\nsecond", "Қазақша; Русский, English"),
    ("1,500", "12:30", "2026-11-28"),
]


def cells(rows: object) -> list[tuple[str, ...]]:
    return [row.cells for row in rows.rows]  # type: ignore[attr-defined]


def written(kind: str) -> bytes:
    file = io.BytesIO()
    write_csv(ROWS, file) if kind == "csv" else write_xlsx(ROWS, file, 2)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_as_it_was(kind: str) -> None:
    found = cells((read_csv if kind == "csv" else read_xlsx)(written(kind)))
    if kind == "xlsx":  # XML knows one end of lines
        found = [tuple(cell.replace("\nreturned", "\rreturned") for cell in row) for row in found]
    assert found == ROWS


def test_no_cell_of_a_csv_begins_with_what_a_spreadsheet_runs() -> None:
    for row in csv.reader(io.StringIO(written("csv").decode("utf-8-sig"), newline="")):
        assert [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx"))).worksheets[0]
    found = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.number_format for cell in found} == {"@"}


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_whatever_is_made_harmless_comes_back(text: str) -> None:
    assert as_it_was(harmless(text)) == text
    assert harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


RUSSIAN = 'Вопрос;Ответ\r\n"Сколько стоит билет; дорого?";"Он бесплатный.\r\nСовсем."\r\n'


@pytest.mark.parametrize(
    ("data", "how"),
    [
        (RUSSIAN.encode("cp1251"), "cp1251, semicolon"),
        (RUSSIAN.encode("utf-8-sig"), "utf-8, semicolon"),
        (RUSSIAN.encode("utf-16"), "utf-16, semicolon"),
        (RUSSIAN.replace(";О", ",О").replace('";"', '","').encode(), "utf-8, comma"),
        (("sep=;\r\n" + RUSSIAN).encode(), "utf-8, semicolon"),
        (RUSSIAN.replace(";О", "\tО").replace('";"', '"\t"').encode(), "utf-8, tab"),
    ],
)
def test_russian_tables_are_read_in_whichever_letters_and_separators(data: bytes, how: str) -> None:
    sheet = read_csv(data)
    assert how in sheet.how
    assert cells(sheet) == [("Вопрос", "Ответ"), ("Сколько стоит билет; дорого?", "Он бесплатный.\nСовсем.")]
    assert sheet.rows[-1].number == (3 if data.startswith(b"sep") else 2)


def test_letters_that_an_old_encoding_lost_are_pointed_at() -> None:
    assert (
        "“с?ра”: letters that it lacks"
        in read_csv("сұрақ;жауап\nкөмек бар ма?;иә, бар\n".replace("ө", "?").encode("cp1251", "replace")).how
    )
    assert "lost" not in read_csv("вопрос;ответ\nчто?;вот\n".encode("cp1251")).how


def test_western_letters_are_not_taken_for_russian_ones() -> None:
    assert cells(read_csv("Frage;Antwort\nWo genießt man Äpfel?;Überall, né à côté\n".encode("cp1252")))[1] == (
        "Wo genießt man Äpfel?",
        "Überall, né à côté",
    )


def test_the_encoding_can_be_said() -> None:
    assert cells(read_csv("вопрос,ответ\n".encode("koi8-r"), "koi8-r")) == [("вопрос", "ответ")]
    with pytest.raises(UsageError, match="--encoding nonsense"):
        read_csv(b"a", "nonsense")


def test_what_is_no_text_is_named() -> None:
    with pytest.raises(UsageError, match="no text"):
        read_csv(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")
    with pytest.raises(UsageError, match="no workbook"):
        read_xlsx(b"PK nonsense")


def test_a_formula_in_a_workbook_is_named_by_its_cell() -> None:
    book = openpyxl.Workbook()
    book.active.append(["question", "answer"])  # type: ignore[union-attr]
    book.active.append(["What?", "=A1"])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(UsageError, match=r"row 2, column B: a formula \(=A1\)"):
        read_xlsx(file.getvalue())


def test_numbers_and_days_of_a_workbook_are_read_as_people_see_them() -> None:
    import datetime

    book = openpyxl.Workbook()
    book.active.append([7, 7.0, 7.5, datetime.datetime(2026, 11, 28), None])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    assert cells(read_xlsx(file.getvalue())) == [("7", "7", "7.5", "2026-11-28")] or cells(
        read_xlsx(file.getvalue())
    ) == [("7", "7", "7.5", "2026-11-28", "")]


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(11):
            packed.writestr(f"xl/{number}.xml", b" " * 20_000_000)
    assert len(file.getvalue()) < 1_000_000
    with pytest.raises(UsageError, match="bytes unpacked"):
        read_xlsx(file.getvalue())


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_spreadsheets_call_them(place: int, name: str) -> None:
    assert column_name(place) == name
