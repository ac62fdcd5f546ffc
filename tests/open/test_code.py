"""A version of code changes with each line that stands behind it, and with no other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.open.code import files_of, version_of
from bot.open.parts import _DATA, _GUARD, _INDEX
from tests.conftest import ROOT
from tests.test_house import imported, module_of

SOURCES = {
    "one.py": "from bot.two import (\n    thing,  # a comment\n    other,\n)\nimport os\n",
    "two.py": "def late():\n    import bot.three.deep as deep\n",
    "three/__init__.py": "",
    "three/deep.py": "from bot.three import beside\nfrom bot.data import table\n",
    "three/beside.py": "x = 1\n",
    "data.py": "from bot.more import x\n",
    "more.py": "",
    "stranger.py": "from bot.one import thing\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, source in SOURCES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    return tmp_path


def version(root: Path) -> str:
    version_of.cache_clear()
    return version_of(("bot.one",), ("bot.data",), root)


def test_imports_are_followed_wherever_they_stand(root: Path) -> None:
    found = files_of(("bot.one",), ("bot.data",), root)
    assert set(found) == {"bot.one", "bot.two", "bot.three.deep", "bot.three.beside"}


@pytest.mark.parametrize("name", ["one.py", "two.py", "three/deep.py", "three/beside.py"])
def test_an_edit_behind_a_module_changes_its_version(root: Path, name: str) -> None:
    before = version(root)
    (root / name).write_text(SOURCES[name] + "# another line\n")
    assert version(root) != before


@pytest.mark.parametrize("name", ["data.py", "more.py", "stranger.py", "three/__init__.py"])
def test_an_edit_of_other_code_does_not(root: Path, name: str) -> None:
    before = version(root)
    (root / name).write_text(SOURCES[name] + "# another line\n")
    assert version(root) == before


@pytest.mark.parametrize("modules", [_INDEX, _GUARD])
def test_no_import_of_a_learner_is_overlooked(modules: tuple[str, ...]) -> None:
    """Against what Python's own parser finds: code that is not told in the name would leave a stale fit in use."""
    found = files_of(modules, _DATA)
    for path in found.values():
        assert {one for one in imported(path) if one.startswith("bot.")} <= set(found) | outside(path), path


def outside(path: Path) -> set[str]:
    """What a file imports that is data to it, or a name in a module and no module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        f"{node.module}.{one.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names
    }
    files = {module_of(one) for one in (ROOT / "bot").rglob("*.py")}
    return {one for one in imported(path) if one.startswith(_DATA)} | (names - files)


@pytest.mark.parametrize(
    ("modules", "inside", "besides"),
    [
        (_INDEX, "bot.match.learn.crossfit", "bot.match.learn.danger"),
        (_INDEX, "bot.match.words.language", "bot.match.words.repair"),
        (_GUARD, "bot.match.learn.traces", "bot.match.learn.linear"),
        (_GUARD, "bot.languages.text", "bot.kb.lint.rules"),
    ],
)
def test_each_learner_goes_by_its_own_code(modules: tuple[str, ...], inside: str, besides: str) -> None:
    found = files_of(modules, _DATA)
    assert besides not in found
    assert inside in found
