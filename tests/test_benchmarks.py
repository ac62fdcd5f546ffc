"""The benchmarks read what is named to them, and say where the rest can be had."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.data_sets import SOURCES, WANTED, sets_of
from benchmarks.reshape import reshape
from tests.conftest import ROOT

LINES = {
    "card": ["where is my card", "has the card been sent"],
    "rate": ["what is the rate today", "which rate is used"],
}
RESHAPED = {"clinc150", "banking77", "hwu64"}
OUTSIDE = "how tall is the tower"


def rows_below(heading: str, text: str) -> list[list[str]]:
    """The table below a heading: its head, then its rows."""
    lines = text.split(f"### {heading}\n")[1].partition("\n### ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [rows[0], *rows[2:]]


def published(folder: Path) -> Path:
    """The layout of the published samples, with sentences of our own."""
    for name in ("CLINC150", "BANKING77", "HWU64"):
        for part in ("train", "train_5", "train_10", "valid", "test"):
            place = folder / name / part
            place.mkdir(parents=True)
            pairs = [(text, label) for label, texts in LINES.items() for text in texts]
            (place / "seq.in").write_text("".join(f"{text}\n" for text, _ in pairs))
            (place / "label").write_text("".join(f"{label}\n" for _, label in pairs))
    outside = folder / "CLINC150" / "oos" / "valid"
    outside.mkdir(parents=True)
    (outside / "seq.in").write_text(f"{OUTSIDE}\n")
    return folder


def benchmarks(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("args", [(), ("--data", ""), ("--data", "nowhere")])
def test_without_data_it_says_where_they_can_be_had(args: tuple[str, ...]) -> None:
    done = benchmarks(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATA is not named" in done.stderr or "no data set in nowhere" in done.stderr
    for folder, source in SOURCES.items():
        assert folder in done.stderr
        assert source.where in done.stderr


def test_a_set_that_is_absent_is_skipped_with_a_line(tmp_path: Path) -> None:
    reshape(published(tmp_path / "Datasets"), tmp_path / "data")
    done = benchmarks("--data", str(tmp_path / "data"), "token_set_ratio", "reformbot")
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "skipped" in line]
    assert [line.partition(":")[0] for line in told] == [
        wanted.name for wanted in WANTED if wanted.folder not in RESHAPED
    ]
    assert any(
        line.startswith("xSID, Kazakh: skipped, there is no ") and SOURCES["xsid-kk"].where in line for line in told
    )
    rows = rows_below("Accuracy", done.stdout)
    assert rows[0] == ["set", "token_set_ratio", "reformbot"]
    assert [row[0] for row in rows[1:]] == [wanted.name for wanted in WANTED if wanted.folder in RESHAPED]
    assert [row[2] for row in rows[1:]].count("100.0") >= 4


def test_the_published_samples_are_reshaped_and_no_test_half_is_read(tmp_path: Path) -> None:
    folder = published(tmp_path / "Datasets")
    for name in ("CLINC150", "BANKING77", "HWU64"):
        (folder / name / "test" / "seq.in").unlink()
    reshape(folder, tmp_path / "data")
    found, absent = sets_of(tmp_path / "data")
    assert [data.name for data in found] == [wanted.name for wanted in WANTED if wanted.folder in RESHAPED]
    assert len(absent) == len(WANTED) - len(found)
    assert found[0].pairs == [(label, text) for label, texts in LINES.items() for text in texts]
    asked = [(text, (label,)) for label, texts in LINES.items() for text in texts]
    assert found[0].questions == [*asked, (OUTSIDE, ())]
    assert next(data for data in found if data.name == "HWU64, 10").questions == asked


def test_an_unknown_system_is_wrong_usage(tmp_path: Path) -> None:
    done = benchmarks("--data", str(tmp_path), "oracle")
    assert done.returncode == 2
    assert "unknown: oracle" in done.stderr


def test_the_page_names_each_source() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert [name for name, source in SOURCES.items() if f"| `{name}` |" not in page or source.where not in page] == []


def test_a_stroke_in_a_name_makes_no_gap_of_it(tmp_path: Path) -> None:
    """Some sets name their classes so; to the matcher it would be one entry with gaps, and each answer wrong."""
    folder = tmp_path / "xsid-kk"
    folder.mkdir()
    asked = {"alarm/set": "оят мені таңертең", "alarm/show": "оятқыштарды көрсет"}
    lines = [{"entry": name, "phrase": text} for name, text in asked.items()]
    (folder / "phrases.jsonl").write_text("\n".join(map(json.dumps, lines)))
    lines = [{"q": text, "expect": [name]} for name, text in asked.items()]
    (folder / "questions-valid.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = benchmarks("--data", str(tmp_path), "reformbot")
    assert rows_below("Accuracy", done.stdout)[1:] == [["xSID, Kazakh", "100.0"]]
