"""How much of the code the tests walk, as `make check` judges it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.covered import judged, main


def reported(walked: int, missing: list[int], branches: list[list[int]]) -> dict[str, Any]:
    summary = {"covered_lines": walked, "missing_lines": len(missing), "covered_branches": 0}
    summary["missing_branches"] = len(branches)
    return {"summary": summary, "missing_lines": missing, "missing_branches": branches}


FILES = {
    "bot/kb/one.py": reported(9, [4], []),
    "bot/kb/deep/two.py": reported(10, [], []),
    "bot/kbs.py": reported(0, [1, 2], [[2, 3]]),
}


@pytest.mark.parametrize(
    ("floor", "holds"), [("95=bot/kb", True), ("95.1=bot/kb", False), ("90=bot/kb/one.py", True), ("87=bot", False)]
)
def test_lines_and_branches_of_a_part_are_counted_together(floor: str, holds: bool) -> None:
    assert [found for found, _ in judged(FILES, [floor])] == [holds]


def test_what_was_not_walked_is_named_where_a_floor_is_missed() -> None:
    [(_, said)] = judged(FILES, ["99=bot/kb,bot/kbs.py"])
    assert "bot/kb/one.py: 4" in said
    assert "bot/kbs.py: 1, 2; 2 to 3" in said
    assert "two.py" not in said


def test_a_part_that_is_not_there_is_no_part_without_gaps() -> None:
    with pytest.raises(ValueError, match="bot/gone"):
        list(judged(FILES, ["98=bot/gone"]))


def test_one_part_below_its_floor_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": FILES}), encoding="utf-8")
    main(str(report), "95=bot/kb", "80=bot")
    with pytest.raises(SystemExit, match="1"):
        main(str(report), "95=bot/kb", "99=bot")
    assert "99" in capsys.readouterr().out
