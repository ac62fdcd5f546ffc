"""The table for translators: all languages side by side, out and in again without loss."""

from __future__ import annotations

import io
import random
import shutil
import string
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kb.load import check, load
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.reading import read_any
from bot.workbench.exchange.sheets import LONGEST_CELL, Sheet, write_csv, write_xlsx
from bot.workbench.exchange.translations import HEAD, Differences, as_cell, differences, from_cell, put_into, rows
from tests.fitted import memory
from tests.kb_bases import SHIPPED, small_base

Table = list[list[str]]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


def table_of(folder: Path) -> Table:
    languages = load(folder, memory()).languages
    return [list(row) for row in rows(folder, languages[0], languages)]


def compared(folder: Path, table: Table, kind: str = "csv") -> Differences:
    file = io.BytesIO()
    write_csv(table, file) if kind == "csv" else write_xlsx(table, file, len(HEAD))
    path = folder.parent / f"texts.{kind}"
    path.write_bytes(file.getvalue())
    sheet = read_any(path)
    assert isinstance(sheet, Sheet)
    languages = load(folder, memory()).languages
    return differences(folder, sheet, languages[0], languages)


def written(folder: Path, found: Differences) -> list[str]:
    draft = Draft(folder, memory())
    put_into(draft, found.changes)
    return draft.write()


def row_of(table: Table, *key: str) -> list[str]:
    return next(row for row in table if row[:3] == list(key))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("shipped", [True, False])
def test_what_goes_out_comes_back_without_a_change(kind: str, shipped: bool, base: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "copy")) if shipped else base
    table = table_of(folder)
    assert compared(folder, table, kind) == Differences((), (), ())
    assert len(table) > (800 if shipped else 20)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_one_cell_is_one_text_and_its_comments_stay(kind: str, base: Path) -> None:
    path = base / "ru" / "presidency.yaml"
    text = path.read_text(encoding="utf-8").replace("    question:", "    # kept\n    question:   ")
    path.write_text("# first\n" + text + "# last\n", encoding="utf-8")
    old = path.read_text(encoding="utf-8")
    table = table_of(base)
    cell = row_of(table, "presidency", "presidential-term", "question")
    before, cell[4] = cell[4], "Срок президента"
    assert written(base, compared(base, table, kind)) == ["ru/presidency.yaml"]
    assert path.read_text(encoding="utf-8") == old.replace(before, cell[4], 1)


def test_a_changed_phrase_is_one_line(base: Path) -> None:
    table = table_of(base)
    row = next(row for row in table if row[2] == "phrases" and row[0] == "presidency")
    row[3] = row[3] + "\nterm of office\n"
    before = (base / "en" / "phrases" / "presidency.yaml").read_text(encoding="utf-8")
    assert written(base, compared(base, table)) == ["en/phrases/presidency.yaml"]
    after = (base / "en" / "phrases" / "presidency.yaml").read_text(encoding="utf-8")
    assert "term of office" in after
    assert len(after) - len(before) < 30


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+7 495", "- so", "@all", "'=x", "a\n\nb: c # d", '"quoted"; all', "Қ, ё; «…»", "[1, 2]", "yes", "1,500"],
)
def test_any_text_of_a_cell_comes_into_the_base_as_it_is(text: str, base: Path) -> None:
    table = table_of(base)
    row_of(table, "refusals", "visas", "say")[3] = text
    written(base, compared(base, table))
    assert load(base).refusals["visas"].texts["en"].say == text
    assert compared(base, table_of(base)).changes == ()


@pytest.mark.parametrize("items", [["a", "b"], ["[x]", "y"], ["two\nlines"], [" edge"], ["[1]"], ["=x", "'y"]])
def test_lists_come_back_whatever_their_items_are(items: list[str]) -> None:
    assert from_cell(as_cell(items), is_list=True) == items


def test_a_list_that_no_cell_holds_goes_on_in_the_next_row(base: Path) -> None:
    dice = random.Random(1)  # no two are alike: to find all that are takes five times as long
    long = [f"way number {n}: {''.join(dice.choices(string.ascii_lowercase, k=250))}" for n in range(270)]
    draft = Draft(base)
    draft.put("en/refusals.yaml", ("visas", "phrases"), long)
    draft.write()
    table = table_of(base)
    parts = [row for row in table if row[:2] == ["refusals", "visas"] and row[2].startswith("phrases")]
    assert [row[2] for row in parts] == ["phrases", "phrases (2)", "phrases (3)"]
    assert max(len(row[3]) for row in parts) <= LONGEST_CELL
    assert compared(base, table) == Differences((), (), ())
    found = compared(base, [row for row in table if row[2] != "phrases (3)"])
    assert (found.changes, len(found.misfits)) == ((), 1)
    assert '"phrases (3)" is missing' in found.misfits[0].text


def test_an_empty_cell_takes_nothing_away(base: Path) -> None:
    table = table_of(base)
    row_of(table, "presidency", "presidential-term", "answer")[4] = ""
    found = compared(base, table)
    assert found.changes == ()
    assert "column E (ru): empty; what the base says there stays" in found.notes[0]


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        (0, "presidncy", 'column A (file): the base has no file "presidncy"; did you mean "presidency"?'),
        (1, "presidental-term", 'column B (id): the base has no id "presidental-term" of presidency; did you mean "presidential-term"?'),
        (2, "answr", 'column C (part): the base has no part "answr" of presidency presidential-term; did you mean "answer"?'),
        (1, "zzz", 'column B (id): the base has no id "zzz" of presidency; correct it, or take the row out'),
    ],
)  # fmt: skip
def test_what_the_base_has_not_is_named_by_row_and_column(place: int, name: str, said: str, base: Path) -> None:
    table = table_of(base)
    row = row_of(table, "presidency", "presidential-term", "answer")
    number = table.index(row) + 1
    row[place] = name
    assert [str(one) for one in compared(base, table).misfits] == [f"row {number}, {said}"]


def test_a_character_that_nobody_sees_is_named(base: Path) -> None:
    table = table_of(base)
    row_of(table, "presidency", "", "title")[4] = "Прези\u200bдент"
    found = compared(base, table)
    assert found.changes == ()
    assert "U+200B" in found.misfits[0].text


def test_columns_that_are_no_language_are_not_read_and_unknown_languages_are_named(base: Path) -> None:
    table = [[*row, "note" if row[0] == "file" else "x"] for row in table_of(base)]
    found = compared(base, table)
    assert found.changes == ()
    assert 'column F ("note") is no code of a language' in found.notes[0]
    table[0][-1] = "fr"
    with pytest.raises(UsageError, match=r'row 1, column F: no pack of a language "fr"'):
        compared(base, table)


def test_another_language_comes_in_as_a_column_of_its_own(base: Path) -> None:
    """The files are made, and what is not translated yet is what `check` says."""
    kazakh = {
        ("presidency", "", "title"): "Президент",
        ("presidency", "", "command"): "Президент туралы",
        ("presidency", "presidential-term", "question"): "Президент қанша жыл билік етеді?",
        ("presidency", "presidential-term", "answer"): "2022 жылдан бері президент жеті жылдық бір мерзімге сайланады.",
        ("presidency", "presidential-term", "figures"): "2022\nжеті",
        ("presidency", "presidential-term", "gaps/first-bound/say"): "Мақалада кімге қатысты екені айтылмаған.",
        ("presidency", "presidential-term", "gaps/first-bound/ask"): "кімге қатысты\nкімді шектейді\nқазіргісіне ме",
        ("presidency", "presidential-term", "context/1"): "Жарлыққа қыркүйекте қол қойылды.",
        ("presidency", "presidential-term", "phrases"): "президент мерзімі\nқанша жыл басқарады",
    }
    table = [[*row, "kk" if row[0] == "file" else kazakh.get((row[0], row[1], row[2]), "")] for row in table_of(base)]
    names = written(base, compared(base, table))
    assert names == ["kk/presidency.yaml", "kk/phrases/presidency.yaml"]
    text = load(base).entries["presidential-term"].texts["kk"]
    assert text.context[0].text == "Жарлыққа қыркүйекте қол қойылды."
    assert text.gaps["first-bound"].say == "Мақалада кімге қатысты екені айтылмаған."
    found = [one for one in check(base) if one.file.startswith("kk/")]
    assert {one.rule for one in found} == {"untranslated"}
