"""The base as a JSON document, and the cache that keeps it: never another answer than the files give."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.kb.cache import load_cached
from bot.kb.freeze import from_document, to_document
from bot.kb.load import load
from tests.kb_bases import SHIPPED, SMALL_BASE, edit, small_base


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


def cached(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


@pytest.mark.parametrize("folder", [SMALL_BASE, SHIPPED])
def test_there_and_back_through_json(folder: Path) -> None:
    base = load(folder)
    assert from_document(json.loads(json.dumps(to_document(base)))) == base


def test_the_document_holds_every_text(base: Path) -> None:
    document = to_document(load(base))
    text = document["entries"]["presidential-term"]["texts"]["ru"]
    assert text["gaps"]["first-bound"]["ask"][-1] == "кто попадает под этот запрет"
    assert text["context"] == [{"text": "Указ подписан в сентябре.", "source": "almanac"}]
    assert document["topics"]["liberties"]["entries"] == ["rallies-held"]
    assert document["voices"]["en"]["small_talk"]["greeting"]["say"] == "Hello!"


def test_a_document_of_another_version_is_refused(base: Path) -> None:
    with pytest.raises(ValueError, match="version 0"):
        from_document({**to_document(load(base)), "version": 0})


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
    assert os.listdir(tmp_path / "cache") == [path.name]


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
