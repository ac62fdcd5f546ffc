"""Every folder of tests/broken is a base with one thing wrong, and the exact problems that `check` finds in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.kb.load import BrokenBase, load, read
from bot.kb.model import Problem
from tests.kb_bases import BROKEN, MEMORY, SMALL_BASE, check_small

CASES = sorted(path.name for path in BROKEN.iterdir() if path.is_dir() and path.name != "_base")


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(case: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small base, overlaid with the files of a case."""
    base = tmp_path_factory.mktemp("broken") / "knowledge"
    shutil.copytree(SMALL_BASE, base)
    removed = BROKEN / case / "remove.txt"
    for name in removed.read_text().split() if removed.exists() else []:
        (base / name).unlink()
    shutil.copytree(BROKEN / case, base, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.txt"))
    return base


@pytest.fixture(scope="module")
def found(folder: Path) -> list[Problem]:
    return check_small(folder)


def test_the_small_base_has_no_problem() -> None:
    assert check_small(SMALL_BASE) == []
    assert load(SMALL_BASE).languages == ("en", "ru")


def _wherever(problem: str) -> str:
    """Without the line in a language pack, which moves as the pack grows."""
    return re.sub(r"(bot/languages/[\w/]+\.yaml):\d+", r"\1", problem)


def test_each_case_has_the_problems_it_expects(case: str, found: list[Problem]) -> None:
    expected = (BROKEN / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [_wherever(str(problem)) for problem in found] == [_wherever(line) for line in expected]


def test_loading_refuses_what_check_calls_a_problem_and_nothing_else(folder: Path, found: list[Problem]) -> None:
    """Warnings keep nothing from working, and whatever is used fits together."""
    wrong = {str(problem) for problem in found if not problem.warning}
    base, problems = read(folder, MEMORY)
    assert {(one.file, one.line, one.rule) for one in problems} <= {(one.file, one.line, one.rule) for one in found}
    if wrong:
        with pytest.raises(BrokenBase) as caught:
            load(folder, MEMORY)
        assert {str(problem) for problem in caught.value.problems} == wrong
    else:
        assert base is not None
        assert load(folder, MEMORY) == base
