"""The house keeps its own rules: sizes, doors, and a map on which each room stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import make_constants, make_map

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 300, 40
LONGER = {"tests/store/test_resilient.py", "tests/store/test_sql.py"}  # to be cut in two; no other joins them
CODE = sorted(path for folder in ("bot", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
ROOMS = sorted(path.parent for path in (ROOT / "bot").rglob("__init__.py"))
PAGES = sorted(path for folder in (".", "docs", "deploy", "knowledge") for path in (ROOT / folder).glob("*.md"))
_PATH = re.compile(r"`((?:bot|tests|knowledge|tools|docs|deploy|benchmarks|requirements|\.ci)/[\w/.-]*\w)`")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    sizes = {name(path): path.read_text(encoding="utf-8").count("\n") for path in CODE}
    assert {path for path, size in sizes.items() if size > LINES_OF_A_FILE} == LONGER


def test_no_function_is_longer_than_a_screen() -> None:
    sizes = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in CODE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {where: size for where, size in sizes.items() if size > LINES_OF_A_FUNCTION} == {}


def test_no_class_has_the_name_of_another() -> None:
    found: dict[str, list[str]] = {}
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name(path))
    assert {one: where for one, where in found.items() if len(where) > 1} == {}


# Doors


def module_of(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules that a file imports."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    packages = {module_of(room / "__init__.py") for room in ROOMS}
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in packages:
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def used_from_outside(room: Path) -> dict[str, set[str]]:
    """What of a room other rooms import -> who does."""
    inside, found = module_of(room / "__init__.py") + ".", dict[str, set[str]]()
    for path in (ROOT / "bot").rglob("*.py"):
        for module in imported(path):
            if module.startswith(inside) and not f"{module_of(path)}.".startswith(inside):
                found.setdefault(module.removeprefix(inside).split(".")[0], set()).add(name(path))
    return found


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_what_others_use_of_a_room_stands_in_its_docstring(room: Path) -> None:
    says = ast.get_docstring(parsed(room / "__init__.py"))
    assert says, "what is this room for?"
    if room != ROOT / "bot":
        named = set(re.findall(r"`(\w+)", says))
        files = {path.stem for path in room.iterdir()}  # a package's own functions need no door
        assert {one: who for one, who in used_from_outside(room).items() if one in files and one not in named} == {}


# The map


def on_the_map() -> set[Path]:
    return {ROOT / "bot" / room for room in make_map.rooms()}


def test_each_room_stands_on_the_map_and_none_that_is_not_there() -> None:
    rooms = {room for room in ROOMS if room.name != "versions"} - {ROOT / "bot"}
    single = {path.with_suffix("") for path in (ROOT / "bot").glob("*.py") if path.stem != "__init__"}
    assert rooms | single <= on_the_map()
    assert {room for room in on_the_map() if not (room.is_dir() or room.with_suffix(".py").is_file())} == set()


def test_every_floor_of_the_import_contract_is_drawn() -> None:
    known = make_map.rooms()
    drawn = {one for rows in make_map.floors(known).values() for row in rows for one in row}
    text = make_map.draw()
    assert {one for one in drawn if f">{one.rpartition('/')[2]}<" not in text} == set()
    assert {path.relative_to(ROOT / "bot").as_posix() for path in on_the_map()} - drawn <= {"store/migrations"}


def test_the_picture_is_that_of_the_house_as_it_is() -> None:
    assert make_map.PICTURE.read_text(encoding="utf-8") == make_map.draw(), "run `python -m tools.make_map`"


def test_no_number_of_the_matcher_stands_without_its_reason() -> None:
    assert [f"{one.file}: {one.name}" for one in make_constants.constants() if not one.reason] == []


def test_the_page_of_numbers_is_that_of_the_code_as_it_is() -> None:
    written = make_constants.page(list(make_constants.constants()))
    assert make_constants.PAGE.read_text(encoding="utf-8") == written, "run `python -m tools.make_constants`"


@pytest.mark.parametrize("way", ["question", "phrase"])
def test_a_way_has_all_its_steps_in_order(way: str) -> None:
    marks = sorted(mark for room in make_map.rooms().values() for mark in getattr(room, way))
    assert len(marks) >= 4
    assert all(ord(later) - ord(former) == 1 for former, later in pairwise(marks))
    text = make_map.PAGE.read_text(encoding="utf-8")
    assert [mark for mark in marks if not re.search(rf"^{mark}\. ", text, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_paths_in_the_documents_exist(page: Path) -> None:
    found = _PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in found if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_in_the_documents_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [*re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text), *re.findall(r'<img src="([^"]+)"', text)]
    local = [link for link in links if not link.startswith(("http", "mailto:"))]
    assert [link for link in local if not (page.parent / link).exists()] == []
