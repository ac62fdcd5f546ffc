"""The cache of the parsed base: never another answer than the files give, and never one of other code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.kb.load import load
from bot.open.cache import load_cached, place_of, version_of
from tests.conftest import ROOT
from tests.kb_bases import edit, small_base

ASK = """
import sys
from pathlib import Path
from bot.open.cache import load_cached
base = load_cached(Path(sys.argv[1]), Path(sys.argv[2]))
print(base.entries["presidential-term"].text("en").question)
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


def cached(folder: Path) -> Path:
    (path,) = folder.glob("*/*")
    return path


def test_the_cache_is_written_once_and_then_read(base: Path, tmp_path: Path) -> None:
    first = load_cached(base, tmp_path / "cache")
    written = cached(tmp_path / "cache").stat().st_mtime_ns
    assert load_cached(base, tmp_path / "cache") == first == load(base)
    assert cached(tmp_path / "cache").stat().st_mtime_ns == written


def test_an_edit_makes_the_cache_old(base: Path, tmp_path: Path) -> None:
    load_cached(base, tmp_path / "cache")
    edit(base, "en/liberties.yaml", "How many rallies were there?", "How many rallies were held?")
    assert (
        load_cached(base, tmp_path / "cache").entries["rallies-held"].text("en").question
        == "How many rallies were held?"
    )


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\x00", b"[]", b"{}", b'{"version": 9, "digest": "x"}', b"[" * 99_999]
)
def test_a_damaged_cache_is_written_anew(base: Path, tmp_path: Path, damage: bytes) -> None:
    first = load_cached(base, tmp_path / "cache")
    cached(tmp_path / "cache").write_bytes(damage)
    assert load_cached(base, tmp_path / "cache") == first
    assert json.loads(cached(tmp_path / "cache").read_bytes())["digest"] == first.digest


def test_a_cache_with_a_part_missing_is_written_anew(base: Path, tmp_path: Path) -> None:
    first = load_cached(base, tmp_path / "cache")
    document = json.loads(cached(tmp_path / "cache").read_bytes())
    for part in ("entries", "voices", "sources"):
        cached(tmp_path / "cache").write_text(json.dumps({**document, part: {"x": []}}))
        assert load_cached(base, tmp_path / "cache") == first


def test_a_cache_that_cannot_be_written_is_no_failure(base: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    assert load_cached(base, tmp_path / "cache") == load(base)


def test_a_cache_that_is_a_folder_leaves_nothing_behind(base: Path, tmp_path: Path) -> None:
    load_cached(base, tmp_path / "cache")
    path = cached(tmp_path / "cache")
    path.unlink()
    (path / "inside").mkdir(parents=True)
    assert load_cached(base, tmp_path / "cache") == load(base)
    assert [path.name for path in path.parent.iterdir()] == [path.name]


def test_the_cache_hides_no_problem(base: Path, tmp_path: Path) -> None:
    load_cached(base, tmp_path / "cache")
    (base / "stray.txt").write_text("x")
    with pytest.raises(KnowledgeError, match="stray-file"):
        load_cached(base, tmp_path / "cache")


def test_several_writers_at_once(base: Path, tmp_path: Path) -> None:
    threads = [threading.Thread(target=load_cached, args=(base, tmp_path / "cache")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads(cached(tmp_path / "cache").read_bytes())["digest"] == load(base).digest


def asked_by(package: Path, base: Path, cache: Path) -> str:
    """The question that a process reads which has the code of that folder."""
    command = [sys.executable, "-P", "-c", ASK, str(base), str(cache)]
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout


def test_other_code_reads_the_files_anew(base: Path, tmp_path: Path) -> None:
    """An upgrade that reads a key in another way must not serve what the old code made of it."""
    shutil.copytree(ROOT / "bot", tmp_path / "code" / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    first = asked_by(tmp_path / "code", base, tmp_path / "cache")
    assert first == asked_by(tmp_path / "code", base, tmp_path / "cache") == asked_by(ROOT, base, tmp_path / "cache")
    edit(tmp_path / "code", "bot/kb/build.py", "question=item.question,", "question=item.question.upper(),")
    assert asked_by(tmp_path / "code", base, tmp_path / "cache") == first.upper()


@pytest.mark.parametrize("change", ["edited", "new", "renamed", "gone"])
def test_each_file_of_the_rooms_counts(tmp_path: Path, change: str) -> None:
    """Tables and language packs as well as code; what Python compiles does not."""
    folder = tmp_path / "room"
    (folder / "__pycache__").mkdir(parents=True)
    pack = folder / "pack.yaml"
    pack.write_text("now: [today]\n")
    before = version_of([folder])
    (folder / "__pycache__" / "pack.pyc").write_text("x")
    assert version_of([folder]) == before
    match change:
        case "edited":
            pack.write_text("now: [to-day]\n")
        case "new":
            (folder / "table.npz").write_bytes(b"")
        case "renamed":
            pack.rename(folder / "danger.yaml")
        case "gone":
            pack.unlink()
    assert version_of([folder]) != before


def test_the_cache_forgets_all_but_the_last_bases(base: Path, tmp_path: Path) -> None:
    old = "How many rallies were there?"
    for number in range(5):
        new = f"How many rallies were there in {2020 + number}?"
        edit(base, "en/liberties.yaml", old, new)
        made, old = load_cached(base, tmp_path / "cache"), new
    kept = list((tmp_path / "cache").iterdir())
    assert len(kept) == 3
    assert place_of(tmp_path / "cache", made.digest) in kept
