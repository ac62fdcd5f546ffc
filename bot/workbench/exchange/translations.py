"""All texts of a base side by side, one row a text and one column a language: as a table, and back into the files.

What is for one language alone (synonyms, names of places) is no part of it, nor what is not text (sources, dates)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import process

from bot.characters import TRAP
from bot.errors import UsageError
from bot.kb.ids import is_language
from bot.kb.listing import read_folder
from bot.kb.yaml_text import read_yaml
from bot.languages.packs import Packs
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.records import Misfit
from bot.workbench.exchange.sheets import LONGEST_CELL, Row, Sheet, column_name
from bot.workbench.exchange.slots import Slot, slots

HEAD = ("file", "id", "part")
_MORE = re.compile(r" \((\d+)\)$")  # a list that is too long for a cell goes on in the next row

Trees = Mapping[str, Any]
"""The content of each file by its name."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text or list that the table has otherwise than the base; `old` is None where there is none yet."""

    lang: str
    slot: Slot
    old: str | list[str] | None
    new: str | list[str]
    place: str


@dataclass(frozen=True, slots=True)
class Differences:
    changes: tuple[TextChange, ...]
    misfits: tuple[Misfit, ...]
    notes: tuple[str, ...]


def trees(folder: Path) -> Trees:
    return {name: read_yaml(data, name)[0] for name, data in read_folder(folder).contents.items()}


def as_cell(value: str | Sequence[str]) -> str:
    """A list has an item a line; one whose items are no single lines is written as JSON."""
    if isinstance(value, str):
        return value
    plain = all(item and item == item.strip() and "\n" not in item for item in value)
    if plain and value and not value[0].startswith("["):
        return "\n".join(value)
    return json.dumps(list(value), ensure_ascii=False) if value else ""


def from_cell(cell: str, *, is_list: bool) -> str | list[str]:
    if not is_list:
        return cell
    if cell.startswith("["):
        try:
            found = json.loads(cell)
        except json.JSONDecodeError:
            found = None
        if isinstance(found, list) and all(isinstance(item, str) for item in found):
            return found
    return [line.strip() for line in cell.split("\n") if line.strip()]


def rows(folder: Path, primary: str, languages: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The table, its head first. The base must be one that can be loaded."""
    yield (*HEAD, *languages)
    written = trees(folder)
    for slot in slots(written, primary, languages):
        values = [slot.value(written, lang) for lang in languages]
        pieces = [_pieces(value) for value in values]
        for number in range(max(map(len, pieces), default=0)):
            part = slot.part + (f" ({number + 1})" if number else "")
            yield (slot.file, slot.id, part, *(one[number] if number < len(one) else "" for one in pieces))


def _pieces(value: str | list[str] | None) -> list[str]:
    """As few cells as hold it; lists are cut between their items."""
    if value is None:
        return [""]
    if isinstance(value, str) or len(as_cell(value)) <= LONGEST_CELL:
        return [as_cell(value)]
    pieces: list[list[str]] = [[]]
    size = 0
    for item in value:
        size += len(item) + 8
        if size > LONGEST_CELL and pieces[-1]:
            pieces.append([])
            size = len(item) + 8
        pieces[-1].append(item)
    return [as_cell(piece) for piece in pieces]


def differences(folder: Path, sheet: Sheet, primary: str, languages: Sequence[str]) -> Differences:
    """What the table would change. UsageError for a column of a language that nobody has a pack of."""
    columns, notes = _columns(sheet.rows[0], folder)
    written = trees(folder)
    known = {(one.file, one.id, one.part): one for one in slots(written, primary, [*languages, *columns])}
    misfits: list[Misfit] = []
    found: dict[tuple[Slot, str], list[tuple[str, str]]] = {}
    for row in sheet.rows[1:]:
        key = (row[0].strip(), row[1].strip(), _MORE.sub("", row[2].strip()))
        slot = known.get(key)
        if slot is None:
            misfits.append(_unknown(row, key, known))
            continue
        for lang, at in columns.items():
            found.setdefault((slot, lang), []).append((row[at], f"row {row.number}, column {column_name(at)} ({lang})"))
    changes: list[TextChange] = []
    for (slot, lang), cells in found.items():
        _compare(slot, lang, cells, written, changes, misfits, notes)
    return Differences(tuple(changes), tuple(misfits), tuple(notes))


def _columns(head: Row, folder: Path) -> tuple[dict[str, int], list[str]]:
    found, notes = {}, []
    for at, cell in enumerate(head.cells[len(HEAD) :], len(HEAD)):
        code = cell.strip()
        if is_language(code):
            if Packs.of_base(folder).folder(code) is None:
                text = f'no pack of a language "{code}"; write one first (reformbot new language {code}), or take the column out'
                raise UsageError(f"row {head.number}, column {column_name(at)}: {text}")
            found[code] = at
        elif code:
            notes.append(f'column {column_name(at)} ("{code[:30]}") is no code of a language and is not read')
    return found, notes


def _unknown(row: Row, key: tuple[str, str, str], known: Mapping[tuple[str, str, str], Slot]) -> Misfit:
    """In words, which of the three names nothing, and what comes near it."""
    for depth, column in enumerate(HEAD):
        there = dict.fromkeys(one[depth] for one in known if one[:depth] == key[:depth])
        if key[depth] not in there:
            near = process.extractOne(key[depth], [one for one in there if one], score_cutoff=70)
            hint = f'did you mean "{near[0]}"?' if near else "correct it, or take the row out"
            where = f" of {' '.join(filter(None, key[:depth]))}" if depth else ""
            place = f"row {row.number}, column {column_name(depth)} ({column})"
            return Misfit(place, f'the base has no {column} "{key[depth]}"{where}; {hint}')
    raise AssertionError(key)


def _compare(
    slot: Slot,
    lang: str,
    cells: Sequence[tuple[str, str]],
    written: Trees,
    changes: list[TextChange],
    misfits: list[Misfit],
    notes: list[str],
) -> None:
    old = slot.value(written, lang)
    place = cells[0][1]
    pieces = _pieces(old)
    if [cell for cell, _ in cells] == [piece.replace("\r\n", "\n") for piece in pieces]:
        return
    if not any(cell.strip() for cell, _ in cells):
        if old:
            notes.append(f"{place}: empty; what the base says there stays")
        return
    if len(cells) < len(pieces):
        misfits.append(
            Misfit(place, f'the row "{slot.part} ({len(cells) + 1})" is missing; without it a part would be lost')
        )
        return
    parts = [from_cell(cell, is_list=slot.is_list) for cell, _ in cells if cell]
    new: str | list[str] = [item for part in parts for item in part] if slot.is_list else str(parts[0])
    if new == old:
        return
    if trap := TRAP.search("".join(new)):
        what = "a tab" if trap[0] == "\t" else f"the invisible character U+{ord(trap[0]):04X}"
        misfits.append(Misfit(place, f"{what} in the text; take it out"))
    else:
        changes.append(TextChange(lang, slot, old, new, place))


def put_into(draft: Draft, changes: Sequence[TextChange]) -> None:
    """The changes as edits of the files. Texts of context that are new come as the list that they are."""
    lists: dict[tuple[str, tuple[str | int, ...]], list[Any]] = {}
    for one in changes:
        name, path = one.slot.home(one.lang)
        if one.old is None and "context" in path:
            at = path.index("context")
            lists.setdefault((name, path[: at + 1]), []).append({"text": one.new})
        else:
            draft.put(name, path, one.new)
    for (name, path), items in lists.items():
        draft.put(name, path, items)
