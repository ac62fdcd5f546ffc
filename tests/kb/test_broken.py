"""Every folder of tests/broken is a base with one thing wrong, and the exact problems that `check` finds in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.kb.load import BrokenBase, load, read
from tests.kb_bases import BROKEN, MEMORY, SMALL_BASE, check_small

CASES = sorted(path.name for path in BROKEN.iterdir() if path.is_dir() and path.name != "_base")


@pytest.fixture
def folder(case: str, tmp_path: Path) -> Path:
    """The small base, overlaid with the files of a case."""
    base = tmp_path / "knowledge"
    shutil.copytree(SMALL_BASE, base)
    removed = BROKEN / case / "remove.txt"
    for name in removed.read_text().split() if removed.exists() else []:
        (base / name).unlink()
    shutil.copytree(BROKEN / case, base, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.txt"))
    return base


def test_the_small_base_has_no_problem() -> None:
    assert check_small(SMALL_BASE) == []
    assert load(SMALL_BASE).languages == ("en", "ru")


def _wherever(problem: str) -> str:
    """Without the line in a language pack, which moves as the pack grows."""
    return re.sub(r"(bot/languages/[\w/]+\.yaml):\d+", r"\1", problem)


@pytest.mark.parametrize("case", CASES)
def test_each_case_has_the_problems_it_expects(case: str, folder: Path) -> None:
    expected = (BROKEN / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [_wherever(str(problem)) for problem in check_small(folder)] == [_wherever(line) for line in expected]


@pytest.mark.parametrize("case", CASES)
def test_loading_refuses_what_check_calls_a_problem_and_nothing_else(case: str, folder: Path) -> None:
    """Warnings keep nothing from working, and whatever is used fits together."""
    found = check_small(folder)
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
