"""A reload exchanges the service only for one from a base without a problem, and never takes the loop's time."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot.kb.listing import digest_of
from bot.match.decide.matcher import Matcher
from bot.open import trial
from bot.open.base import open_service
from bot.open.last_good import LastGood
from bot.open.reload import Holder, Reloaded, Reloader
from bot.service import Service
from tests.kb_bases import edit, fitted_soon, small_base


class Live:
    """What a channel has: the service in use."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.quiet = 0.0

    def idle(self) -> float:
        return self.quiet


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fitted_soon(small_base(tmp_path))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For all tests here: they begin with the same base."""
    return tmp_path_factory.mktemp("fitted") / "cache"


@pytest.fixture
def live(folder: Path, cache: Path) -> Live:
    return Live(open_service(folder, cache))


@pytest.fixture
def last_good(tmp_path: Path) -> LastGood:
    return LastGood(tmp_path / "state")


@pytest.fixture
def reloader(folder: Path, live: Live, cache: Path, last_good: LastGood) -> Reloader:
    holder: Holder = live
    return Reloader(folder, cache, holder, 0.7, last_good=last_good)


def break_it(folder: Path) -> None:
    edit(folder, "en/liberties.yaml", "related: [presidential-term]", "related: [no-such-entry]")


async def test_an_edited_answer_is_in_use_after_a_reload(folder: Path, live: Live, reloader: Reloader) -> None:
    edit(folder, "en/liberties.yaml", "There have been over 1,500 rallies.", "So far there were over 1,500 rallies.")
    found = await reloader.reload()
    assert found.good
    assert (found.entries, found.phrases) == (2, sum(map(len, _phrases(live.service))))
    assert live.service.base.entries["rallies-held"].text("en").answer.startswith("So far")
    assert live.service.judge.decide("How many rallies were there?").ranking.candidates[0].label.owner == "rallies-held"


async def test_old_bases_go_when_nobody_asks_and_no_base_is_searched_for_garbage(
    live: Live, reloader: Reloader
) -> None:
    """A whole base holds up those who ask while it is looked at."""
    gc.unfreeze()
    gc.collect()
    before = _matchers()
    assert (await reloader.reload()).good
    assert gc.get_freeze_count() > 1000
    await asyncio.sleep(1.5)
    assert _matchers() > before
    live.quiet = 60.0
    for _ in range(300):
        if _matchers() == before:
            break
        await asyncio.sleep(0.1)
    assert (_matchers(), gc.get_freeze_count() > 1000) == (before, True)
    await reloader.close()


def _matchers() -> int:
    """How many there are, frozen ones among them."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    found = sum(isinstance(one, Matcher) for one in gc.get_objects())
    if frozen:
        gc.freeze()
    return found


def _phrases(service: Service) -> list[tuple[str, ...]]:
    texts = [text for entry in service.base.entries.values() for text in entry.texts.values()]
    return [text.phrases for text in texts] + [gap.ask for text in texts for gap in text.gaps.values()]


async def test_a_broken_base_changes_nothing(folder: Path, live: Live, reloader: Reloader) -> None:
    before = live.service
    break_it(folder)
    found = await reloader.reload()
    assert not found.good
    assert [problem.rule for problem in found.problems] == ["unknown-related"]
    assert live.service is before


async def test_what_check_alone_finds_is_reason_enough(folder: Path, live: Live, reloader: Reloader) -> None:
    """Figures that are not in the answer do not keep a base from working, but a reload does not take them."""
    before = live.service
    edit(folder, "en/liberties.yaml", 'figures: ["over 1,500"]', 'figures: ["over 1,600"]')
    assert (await reloader.reload()).problems
    assert live.service is before


async def test_a_base_that_was_mended_is_taken(folder: Path, live: Live, reloader: Reloader) -> None:
    break_it(folder)
    await reloader.reload()
    edit(folder, "en/liberties.yaml", "related: [no-such-entry]", "related: []")
    assert (await reloader.reload()).good


async def test_a_folder_that_is_gone_changes_nothing(
    folder: Path, live: Live, reloader: Reloader, tmp_path: Path
) -> None:
    before = live.service
    folder.rename(tmp_path / "elsewhere")
    assert not (await reloader.reload()).good
    assert live.service is before


async def test_the_loop_goes_on_meanwhile(reloader: Reloader) -> None:
    task, ticks = asyncio.create_task(reloader.reload()), 0
    while not task.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert (await task).good
    assert ticks > 10


async def test_two_reloads_at_once_come_one_after_the_other(reloader: Reloader) -> None:
    found = await asyncio.gather(reloader.reload(), reloader.reload())
    assert [one.good for one in found] == [True, True]


async def test_without_a_cache_to_write_in_it_works_too(folder: Path, live: Live, tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("")
    assert (await Reloader(folder, no_folder, live, 0.5).reload()).good


async def test_a_check_that_breaks_down_is_a_failure_not_a_problem(
    live: Live, reloader: Reloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live.service
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = await reloader.reload()
    assert found == Reloaded(failure="The check of the base did not end well: exit code 1")
    assert live.service is before


def says(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the check will say this."""
    script = folder / "python"
    script.write_text(f"#!/bin/sh\necho '{text}'\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


async def test_a_check_that_says_nothing_sensible_is_a_failure(
    reloader: Reloader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says("no report", tmp_path, monkeypatch)
    assert (await reloader.reload()).failure.startswith("The check of the base did not end well")


async def test_a_check_that_does_not_end_is_given_up(
    folder: Path, live: Live, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else no later base would be looked at."""
    says("'; sleep 600; echo '", tmp_path, monkeypatch)
    found = await Reloader(folder, cache, live, 0.5, patience=0.2).reload(quiet=True)
    assert found == Reloaded(failure="The check of the base did not end well: it takes more than 0.2 s")
    assert not await _left(_children())


@pytest.mark.parametrize("broken", [False, True])
async def test_a_folder_that_is_not_the_one_that_was_checked_is_not_taken(
    folder: Path, live: Live, reloader: Reloader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    before = live.service
    says('{"digest": "of something else", "problems": []}', tmp_path, monkeypatch)
    if broken:
        break_it(folder)
    assert await reloader.reload() == Reloaded(failure="The folder kept changing while it was read.")
    assert live.service is before


async def test_giving_up_ends_the_process_of_the_check(folder: Path, live: Live, tmp_path: Path) -> None:
    task = asyncio.create_task(Reloader(folder, tmp_path / "cache", live, 0.5).reload(quiet=True))
    while not (children := _children()):
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert not await _left(children)


async def _left(children: set[str]) -> set[str]:
    """Those of them that are still there after a while."""
    for _ in range(300):
        if not children & _children():
            break
        await asyncio.sleep(0.01)
    return children & _children()


def _children() -> set[str]:
    """Processes of this one that check a base."""
    found = set()
    for process in Path("/proc").iterdir():
        with suppress(OSError, IndexError):
            parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
            words = (process / "cmdline").read_bytes()
            if parent == str(os.getpid()) and b"bot.open.trial" in words:
                found.add(process.name)
    return found


def test_the_report_names_the_content_it_speaks_of(folder: Path, cache: Path, tmp_path: Path) -> None:
    report = json.loads(trial.main(folder, cache, tmp_path))
    assert report == {"digest": digest_of(folder), "problems": []}


def test_the_report_of_a_broken_base_fits_nothing(folder: Path, tmp_path: Path) -> None:
    break_it(folder)
    report = json.loads(trial.main(folder, tmp_path / "cache", tmp_path))
    assert [problem[2] for problem in report["problems"]] == ["unknown-related"]
    assert not (tmp_path / "cache").exists()
