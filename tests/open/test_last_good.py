"""A restart with a broken base takes the last good one, whatever became of the folder; a base that was refused stays so."""

from __future__ import annotations

import asyncio
import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.kb.listing import digest_of
from bot.kb.load import load, obstacles
from bot.kb.model import KnowledgeBase
from bot.open import fallback
from bot.open.fallback import Opened, Opening
from bot.open.last_good import LastGood
from bot.service import Service
from tests.kb_bases import edit, small_base

DAY = datetime.date(2026, 11, 28)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_base(tmp_path)


@pytest.fixture
def last_good(folder: Path, tmp_path: Path) -> LastGood:
    kept = LastGood(tmp_path / "state")
    kept.keep(folder, digest(folder), DAY)
    return kept


def digest(folder: Path) -> str:
    found = digest_of(folder)
    assert found
    return found


def unreadable(folder: Path) -> None:
    (folder / "en" / "liberties.yaml").write_text("entries: [", encoding="utf-8")


def unfitting(folder: Path) -> None:
    edit(folder, "en/liberties.yaml", "related: [presidential-term]", "related: [no-such-entry]")


BREAKS = [unreadable, unfitting, shutil.rmtree, lambda folder: (folder / "sources.yaml").unlink()]


class Answering:
    """Stands for a service: nothing is fitted here."""

    def __init__(self, base: KnowledgeBase, folder: Path) -> None:
        self.base, self.folder = base, folder


async def restart(folder: Path, last_good: LastGood, monkeypatch: pytest.MonkeyPatch) -> tuple[Opened, Path]:
    """What a start comes to; and from which folder it answers."""
    monkeypatch.setattr(fallback, "learned", _learned)

    def make(folder: Path, _: Path) -> Service:
        return Answering(load(folder), folder)  # type: ignore[return-value]

    opening = Opening(folder, last_good.place.parent / "cache", last_good, make, lambda share: None)
    opened = await opening.run(asyncio.Event())
    assert opened
    return opened, opened.service.folder  # type: ignore[attr-defined]


class _learned:
    """All is in the cache."""

    def __init__(self, folder: Path, cache: Path, *_: object, encoded: bool) -> None:
        self._cache = cache

    async def __aenter__(self) -> Path:
        return self._cache

    async def __aexit__(self, *_: object) -> None: ...


async def test_a_good_folder_is_what_answers(
    folder: Path, last_good: LastGood, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "en/liberties.yaml", "There have been over 1,500", "So far there were over 1,500")
    opened, where = await restart(folder, last_good, monkeypatch)
    assert (where, opened.found.good, opened.seen) == (folder, True, digest(folder))


@pytest.mark.parametrize("broken", BREAKS, ids=["unreadable", "unfitting", "no folder", "no sources"])
async def test_a_broken_one_gives_way_to_the_last_good_one(
    folder: Path,
    last_good: LastGood,
    broken: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken(folder)
    opened, where = await restart(folder, last_good, monkeypatch)
    kept = last_good.find()
    assert kept
    assert where == kept.folder
    assert opened.service.base.entries["rallies-held"].text("en").answer == "There have been over 1,500 rallies."
    assert (opened.found.kept, list(opened.found.problems)) == ("2026-11-28", obstacles(folder))
    assert "The last good base answers, kept on 2026-11-28." in caplog.text
    assert str(opened.found.problems[0]) in caplog.text


async def test_without_a_last_good_one_it_fails_as_ever(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfitting(folder)
    with pytest.raises(KnowledgeError, match="unknown-related"):
        await restart(folder, LastGood(tmp_path / "empty"), monkeypatch)


async def test_a_last_good_one_that_is_damaged_is_no_help(
    folder: Path, last_good: LastGood, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfitting(folder)
    kept = last_good.find()
    assert kept
    (kept.folder / "sources.yaml").unlink()
    with pytest.raises(KnowledgeError, match="unknown-related"):
        await restart(folder, last_good, monkeypatch)


async def test_what_a_reload_has_refused_is_not_taken_by_a_restart(
    folder: Path, last_good: LastGood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures that are not in the answer keep no base from working; but nobody wants it after a refusal."""
    edit(folder, "en/liberties.yaml", 'figures: ["over 1,500"]', 'figures: ["over 1,600"]')
    last_good.refuse(digest_of(folder), problems := obstacles(folder))
    opened, where = await restart(folder, last_good, monkeypatch)
    assert (where != folder, list(opened.found.problems)) == (True, problems)
    edit(folder, "en/liberties.yaml", 'figures: ["over 1,600"]', 'figures: ["1,500 rallies"]')
    assert (await restart(folder, last_good, monkeypatch))[1] == folder


def test_keeping_twice_writes_once_and_another_takes_its_place(folder: Path, last_good: LastGood) -> None:
    first = last_good.find()
    last_good.keep(folder, digest(folder), DAY + datetime.timedelta(days=1))
    assert last_good.find() == first
    edit(folder, "en/liberties.yaml", "There have been over 1,500", "So far there were over 1,500")
    last_good.keep(folder, digest(folder), DAY + datetime.timedelta(days=1))
    second = last_good.find()
    assert second
    assert second.day == "2026-11-29"
    assert [path.name for path in last_good.place.iterdir() if path.is_dir()] == [second.folder.name]
    assert digest_of(second.folder) == digest(folder)


def test_a_folder_that_changes_while_it_is_copied_is_not_kept(folder: Path, last_good: LastGood) -> None:
    before = last_good.find()
    with pytest.raises(ValueError, match="changed meanwhile"):
        last_good.keep(folder, "0" * 64, DAY)
    assert last_good.find() == before


def test_a_folder_of_links_is_copied_as_what_they_lead_to(folder: Path, tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    shutil.copytree(folder, mounted / "..data")
    for name in ("en", "ru", "sources.yaml"):
        (mounted / name).symlink_to(f"..data/{name}")
    kept = LastGood(tmp_path / "state")
    kept.keep(mounted, digest(mounted), DAY)
    found = kept.find()
    assert found
    shutil.rmtree(mounted)
    assert load(found.folder).digest == digest(folder)


@pytest.mark.parametrize("text", ["", "[]", '{"folder": 1}', json.dumps({"folder": "gone", "day": "x", "digest": "y"})])
def test_notes_that_cannot_be_read_count_as_none(last_good: LastGood, text: str) -> None:
    for name in ("kept.json", "refused.json"):
        (last_good.place / name).write_text(text)
    assert last_good.find() is None
    assert last_good.refused("y") == ()
