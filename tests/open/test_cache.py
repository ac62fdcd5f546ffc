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
from bot.kb.lint.memory import Remembered
from bot.kb.load import check, load
from bot.open.cache import keep, load_cached, memory_of, place_of, sound, used
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
    (path,) = folder.glob("base/*")
    return path


def test_the_cache_is_written_once_and_then_read(base: Path, tmp_path: Path) -> None:
    first = load_cached(base, tmp_path / "cache")
    written = cached(tmp_path / "cache").stat().st_ino
    assert load_cached(base, tmp_path / "cache") == first == load(base)
    assert cached(tmp_path / "cache").stat().st_ino == written


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


def test_the_cache_forgets_all_but_the_last_two_bases(base: Path, tmp_path: Path) -> None:
    old = "How many rallies were there?"
    for number in range(4):
        new = f"How many rallies were there in {2020 + number}?"
        edit(base, "en/liberties.yaml", old, new)
        made, old = load_cached(base, tmp_path / "cache"), new
    kept = [json.loads(path.read_bytes())["digest"] for path in (tmp_path / "cache").glob("base/*")]
    assert len(kept) == 2
    assert made.digest in kept


def test_what_is_in_use_is_forgotten_last(tmp_path: Path) -> None:
    """Whoever goes back to an old base and forth to new ones keeps the old one."""
    first, second, third = (tmp_path / "part" / name for name in ("first", "second", "third"))
    for number, place in enumerate((first, second)):
        keep(place, lambda place: written(place))
        os.utime(place, (number, number))
    used(first)
    keep(third, lambda place: written(place))
    assert {path.name for path in first.parent.iterdir()} == {"first", "third"}


def test_a_draft_that_somebody_left_is_thrown_away_and_one_in_work_is_not(tmp_path: Path) -> None:
    old, new = tmp_path / "part" / ".old.x", tmp_path / "part" / ".new.x"
    for draft in (old, new):
        draft.mkdir(parents=True)
    os.utime(old, (0, 0))
    keep(tmp_path / "part" / "whole", lambda place: written(place))
    assert {path.name for path in old.parent.iterdir()} == {".new.x", "whole"}


def test_what_a_part_is_made_of_names_it(tmp_path: Path) -> None:
    """Whole: no part of one thing counts as a part of the next."""
    names = {place_of(tmp_path, "x", *made).name for made in (("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c"), ())}
    assert len(names) == 5
    assert place_of(tmp_path, "x", "a") == place_of(tmp_path, "x", b"a") != place_of(tmp_path, "y", "a")


def written(place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_text("")


def test_ways_to_ask_that_were_in_order_are_not_compared_again_and_a_new_clash_is_found(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir()
    assert memory_of(tmp_path / "nowhere").proven is None
    proven = memory_of(tmp_path / "cache").proven
    assert [one for one in check(base, memory=Remembered(proven)) if not one.warning] == []
    compared: list[str] = []
    monkeypatch.setattr("bot.kb.lint.memory.near_pairs", lambda texts: compared.append(texts[0]) or [])
    assert [one for one in check(base, memory=Remembered(proven)) if not one.warning] == []
    assert compared == []
    edit(base, "en/liberties.yaml", "How many rallies were there?", "How long may a president serve?")
    assert "phrase-clash" in {one.rule for one in check(base, memory=Remembered(proven))}
    assert len(compared) == 1


def parts(place: Path) -> None:
    place.mkdir(parents=True)
    for name in ("texts-letters.npy", "weights.npy"):
        (place / name).write_bytes(b"as it was written")


@pytest.mark.parametrize("name", ["texts-letters.npy", "weights.npy", "sums.json"])
def test_a_byte_that_changed_on_the_disk_is_seen_before_a_question_meets_it(tmp_path: Path, name: str) -> None:
    place = tmp_path / "index-en" / "one"
    keep(place, parts)
    assert sound(place)
    content = (place / name).read_bytes()
    (place / name).write_bytes(content[:4] + b"\0" + content[5:])
    assert not sound(place)


def test_a_part_that_lacks_a_file_or_has_one_too_many_is_not_sound(tmp_path: Path) -> None:
    place = tmp_path / "index-en" / "one"
    keep(place, parts)
    (place / "more.json").touch()
    assert not sound(place)
    (place / "more.json").unlink()
    (place / "texts-letters.npy").unlink()
    assert not sound(place)


def test_a_link_in_the_cache_is_taken_away_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    folder = tmp_path / "cache" / "index-en"
    folder.mkdir(parents=True)
    (folder / "old").symlink_to(elsewhere)
    for name in ("one", "two", "three"):
        keep(folder / name, parts)
    assert (elsewhere / "file").exists()
    assert {path.name for path in folder.iterdir()} == {"two", "three"}
