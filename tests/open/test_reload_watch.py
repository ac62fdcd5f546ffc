"""A running bot takes what is saved by itself, says each state once, and keeps what was good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.kb.listing import digest_of
from bot.kb.model import Problem
from bot.open.last_good import LastGood
from bot.open.reload import Reloaded, Reloader
from tests.kb_bases import edit
from tests.open.test_reload import Live, break_it, cache, folder, last_good, live, reloader

__all__ = ["cache", "folder", "last_good", "live", "reloader"]

SOON = 60.0


class Heard:
    """What was told, in order."""

    def __init__(self) -> None:
        self.told: list[Reloaded] = []

    async def hear(self, found: Reloaded) -> None:
        self.told.append(found)

    async def until(self, count: int) -> Reloaded:
        async with asyncio.timeout(SOON):
            while len(self.told) < count:
                await asyncio.sleep(0.02)
        return self.told[count - 1]


@asynccontextmanager
async def watching(reloader: Reloader, *, watch: bool = True) -> AsyncIterator[Heard]:
    heard = Heard()
    reloader.start(heard.hear, watch=watch)
    await asyncio.sleep(0.8)
    try:
        yield heard
    finally:
        await reloader.close()


def mend(folder: Path) -> None:
    edit(folder, "en/liberties.yaml", "related: [no-such-entry]", "related: [presidential-term]")


async def test_what_is_saved_is_tried_and_told_and_what_was_in_use_before_needs_no_trial(
    folder: Path, live: Live, reloader: Reloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live.service
    async with watching(reloader) as heard:
        break_it(folder)
        assert [one.rule for one in (await heard.until(1)).problems] == ["unknown-related"]
        monkeypatch.setattr("sys.executable", "/bin/false")
        mend(folder)
        assert (await heard.until(2)).good
        assert (reloader.note(), live.service) == ({}, before)


async def test_a_file_that_could_not_be_read_and_can_again_is_back_in_use(folder: Path, reloader: Reloader) -> None:
    file = folder / "en" / "liberties.yaml"
    whole = file.read_bytes()
    async with watching(reloader) as heard:
        file.unlink()
        file.symlink_to("nowhere")
        assert [one.rule for one in (await heard.until(1)).problems] == ["unreadable"]
        file.unlink()
        file.write_bytes(whole)
        assert (await heard.until(2)).good


async def test_what_was_refused_already_is_not_tried_again(
    folder: Path, reloader: Reloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(reloader) as heard:
        break_it(folder)
        await heard.until(1)
        monkeypatch.setattr("sys.executable", "/bin/false")
        file = folder / "en" / "liberties.yaml"
        file.write_bytes(file.read_bytes())
        await asyncio.sleep(2)
        assert len(heard.told) == 1


async def test_without_the_watch_nothing_is_taken_unasked(folder: Path, reloader: Reloader) -> None:
    async with watching(reloader, watch=False) as heard:
        break_it(folder)
        await asyncio.sleep(2)
        assert heard.told == []


async def test_what_changed_between_the_start_and_the_watch_is_seen(folder: Path, live: Live, cache: Path) -> None:
    reloader = Reloader(folder, cache, live, 0.7, seen=digest_of(folder))
    break_it(folder)
    async with watching(reloader) as heard:
        assert (await heard.until(1)).problems


async def test_each_state_stands_in_the_log_once_with_its_problems(
    folder: Path, reloader: Reloader, caplog: pytest.LogCaptureFixture
) -> None:
    break_it(folder)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            await reloader.reload()
    assert [record.getMessage() for record in caplog.records] == [
        "The knowledge base has 1 problem(s) and is not taken; the one in use stays.",
        'en/liberties.yaml:11 [unknown-related] no entry "no-such-entry"; write the id of an entry, or take it out',
    ]


async def test_who_asks_whether_it_is_ready_learns_why_a_newer_base_is_not_in_use(
    folder: Path, reloader: Reloader
) -> None:
    break_it(folder)
    await reloader.reload()
    [problem] = reloader.found.problems
    note = reloader.note()["base"]
    assert (note["refused"], sorted(note)) == ([str(problem)], ["refused", "since"])


def test_of_many_problems_the_first_are_named_and_the_rest_counted(folder: Path, live: Live, cache: Path) -> None:
    many = Reloaded(tuple(Problem("a.yaml", n, "rule", "text") for n in range(12)), kept="2026-11-28")
    note = Reloader(folder, cache, live, 0.7, found=many).note()["base"]
    assert (len(note["refused"]), note["more"], note["in_use"]) == (5, 7, "the last good one, kept on 2026-11-28")


async def test_a_base_that_was_taken_is_kept_and_one_that_was_refused_is_remembered(
    folder: Path, reloader: Reloader, last_good: LastGood
) -> None:
    assert (await reloader.reload()).good
    kept = last_good.find()
    assert kept
    assert kept.digest == digest_of(folder)
    break_it(folder)
    await reloader.reload()
    assert last_good.refused(digest_of(folder)) == reloader.found.problems
    assert last_good.find() == kept


async def test_the_base_of_a_start_is_kept_unless_something_is_wrong_with_it(
    folder: Path, live: Live, cache: Path, last_good: LastGood
) -> None:
    wrong = Reloaded(failure="something", kept="2026-11-28")
    await Reloader(folder, cache, live, 0.7, last_good=last_good, found=wrong).keep()
    assert last_good.find() is None
    await Reloader(folder, cache, live, 0.7, last_good=last_good).keep()
    assert last_good.find()


async def test_a_start_with_the_last_good_base_is_told_and_stays_so_until_the_folder_is_in_order(
    folder: Path, live: Live, cache: Path
) -> None:
    break_it(folder)
    start = Reloaded((Problem("a.yaml", 1, "rule", "text"),), kept="2026-11-28")
    reloader = Reloader(folder, cache, live, 0.7, found=start, seen=digest_of(folder))
    async with watching(reloader) as heard:
        assert await heard.until(1) == start
        assert (await heard.until(2)).kept == "2026-11-28"
        mend(folder)
        assert (await heard.until(3)).good
        assert reloader.note() == {}
