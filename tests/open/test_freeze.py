"""The base as a JSON document and back: nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.kb.lint.text import is_date
from bot.kb.load import check, load
from bot.open.freeze import exported, from_document, to_document
from tests.fitted import shipped_base
from tests.kb_bases import SHIPPED, SMALL_BASE, edit, small_base


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


@pytest.mark.parametrize("folder", [SMALL_BASE, SHIPPED])
def test_there_and_back_through_json(folder: Path) -> None:
    base = shipped_base() if folder == SHIPPED else load(folder)
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
    document = exported(shipped_base())
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
