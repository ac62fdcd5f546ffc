"""The base as a JSON document, and the cache that keeps it: never another answer than the files give."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
import yaml

from bot.errors import KnowledgeError
from bot.kb.lint.text import is_date
from bot.kb.load import check, load
from bot.open.cache import load_cached
from bot.open.freeze import exported, from_document, to_document
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
    assert text["context"] == [{"text": "Указ подписан в сентябре.", "source": "almanac", "fills": []}]
    assert document["topics"]["liberties"]["entries"] == ["rallies-held"]
    assert document["voices"]["en"]["small_talk"]["greeting"]["say"] == "Hello!"
    assert document["traits"]["ru"]["alike"]["ё"] == "е"
    assert document["entries"]["rallies-held"]["as_of"] == "new-law"
    assert document["changes"]["new-law"]["texts"]["ru"]["ask"] == ["новый закон", "закон 2026 года"]
    assert document["sources"]["almanac"]["read"] == "2026-11-20"


def test_what_is_optional_comes_back_as_it_was(base: Path) -> None:
    """Numbers to call, what fills a gap, a button's text, who carried a copy: nothing is lost on the way."""
    for lang, say in (("en", "Call 112."), ("ru", "Звоните 112.")):
        voice = base / lang / "voice.yaml"
        voice.write_text(voice.read_text(encoding="utf-8") + f"danger: {{say: {say}}}\n", encoding="utf-8")
    edit(
        base,
        "en/presidency.yaml",
        "      - source: almanac\n",
        "      - source: almanac\n        fills: [first-bound]\n",
    )
    edit(base, "en/liberties.yaml", "    figures:", "    short: Rallies held\n    figures:")
    edit(base, "sources.yaml", "  editor: Ann Example\n", "  editor: Ann Example\n  copy: The Daily\n")
    made = load(base)
    assert check(base) == []
    assert made.voice("ru").danger == "Звоните 112."
    assert made.entries["presidential-term"].text("ru").context[0].fills == ("first-bound",)
    assert (made.entries["rallies-held"].text("en").label, made.entries["rallies-held"].text("ru").label) == (
        "Rallies held",
        "Сколько было митингов?",
    )
    assert made.sources["gazette-2025-07-10"].copy == "The Daily"
    assert from_document(json.loads(json.dumps(to_document(made)))) == made


def test_the_export_dates_each_context_item_by_its_source(base: Path) -> None:
    """And it is otherwise the document that the cache keeps."""
    made = load(base)
    document = exported(made)
    for lang in ("en", "ru"):
        [item] = document["entries"]["presidential-term"]["texts"][lang]["context"]
        assert (item["source"], item["published"], item["read"]) == ("almanac", "2022-09", "2026-11-20")
        del item["published"], item["read"]
    assert document == to_document(made)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_export_of_the_shipped_base_shows_where_each_context_item_comes_from(lang: str) -> None:
    """A source that stands in sources.yaml, a date at which it was read, and the address as it is cited there."""
    document = exported(load(SHIPPED))
    written = yaml.safe_load((SHIPPED / "sources.yaml").read_text(encoding="utf-8"))
    items = [item for entry in document["entries"].values() for item in entry["texts"][lang]["context"]]
    assert items
    for item in items:
        source = written[item["source"]]
        assert (source["kind"], str(source["read"])) == ("context", item["read"])
        assert is_date(item["read"])
        assert item["published"] is None or is_date(item["published"])
        assert document["sources"][item["source"]]["url"] == source["url"]


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
