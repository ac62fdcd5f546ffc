"""A change of the folder is noticed, whichever way it is made, and read only once the folder is quiet."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.open import watch
from bot.open.watch import changes, look, settled

SOON = 20.0  # seconds; on a machine that has nothing else to do it takes a twentieth of one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "knowledge"
    (made / "en" / "phrases").mkdir(parents=True)
    for name in ("sources.yaml", "en/a.yaml", "en/phrases/a.yaml"):
        (made / name).write_text("one: 1\n")
    return made


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Callable[[], int]]:
    """How often a change has been seen."""
    seen = 0

    async def count() -> None:
        nonlocal seen
        async for _ in changes(folder, 0.2):
            seen += 1

    task = asyncio.create_task(count())
    await asyncio.sleep(0.3)
    try:
        yield lambda: seen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def noticed(folder: Path, change: Callable[[], object]) -> None:
    async with watched(folder) as seen:
        assert seen() == 1  # to begin with
        before = seen()
        await asyncio.to_thread(change)
        async with asyncio.timeout(SOON):
            while seen() == before:
                await asyncio.sleep(0.02)


def as_vim_does(file: Path) -> None:
    """The old file gets another name, a new one its own."""
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text("two: 2\n")
    file.with_name(f"{file.name}~").unlink()


def as_code_does(file: Path) -> None:
    """A new file takes the place of the old one."""
    draft = file.with_name(f".{file.name}.tmp")
    draft.write_text("two: 2\n")
    os.replace(draft, file)


def in_place_with_the_old_date(file: Path) -> None:
    before = file.stat()
    file.write_text("two: 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [as_vim_does, as_code_does, in_place_with_the_old_date, Path.unlink, lambda file: file.chmod(0)],
    ids=["vim", "code", "in place", "deleted", "rights"],
)
async def test_whatever_is_done_to_a_file_is_noticed(folder: Path, change: Callable[[Path], None]) -> None:
    await noticed(folder, lambda: change(folder / "en" / "phrases" / "a.yaml"))


async def test_a_new_file_in_a_new_folder_is_noticed(folder: Path) -> None:
    def add() -> None:
        (folder / "ru").mkdir()
        (folder / "ru" / "a.yaml").write_text("one: 1\n")

    await noticed(folder, add)


async def test_a_link_that_is_turned_is_noticed(tmp_path: Path) -> None:
    """As a cluster does with a map of settings: the files are links through `..data`, and that one is turned."""
    folder = tmp_path / "mounted"
    for version in ("..2026_1", "..2026_2"):
        (folder / version / "en").mkdir(parents=True)
        (folder / version / "en" / "a.yaml").write_text(f"version: {version}\n")
    (folder / "..data").symlink_to("..2026_1")
    (folder / "en").symlink_to("..data/en")

    def turn() -> None:
        (folder / "..data_tmp").symlink_to("..2026_2")
        os.replace(folder / "..data_tmp", folder / "..data")

    await noticed(folder, turn)


async def test_a_folder_that_is_itself_a_link_is_noticed_when_it_is_turned(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    current, draft = tmp_path / "current", tmp_path / "draft"
    current.symlink_to(folder)
    draft.symlink_to(other)
    await noticed(current, lambda: os.replace(draft, current))


async def test_a_folder_that_goes_and_comes_back_is_noticed_each_time_and_watched_again(
    folder: Path, tmp_path: Path
) -> None:
    async with watched(folder) as seen:
        for step in (
            lambda: folder.rename(tmp_path / "away"),
            lambda: (tmp_path / "away").rename(folder),
            lambda: (folder / "sources.yaml").write_text("two: 2\n"),
        ):
            before = seen()
            step()
            async with asyncio.timeout(SOON):
                while seen() == before:
                    await asyncio.sleep(0.02)
    assert seen() <= 5


async def test_what_the_system_does_not_tell_is_seen_by_looking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network disk tells nothing, and a system may have no more watches to give."""

    def no_more(*_: object, **__: object) -> None:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr(watch, "awatch", no_more)
    await noticed(folder, lambda: (folder / "sources.yaml").write_text("two: 2\n"))


async def test_hidden_files_and_reading_are_no_change(folder: Path) -> None:
    before = look(folder)
    (folder / ".git").mkdir()
    (folder / "en" / ".a.yaml.swp").write_text("draft")
    (folder / "sources.yaml").read_text()
    assert look(folder) == before


async def test_a_circle_of_links_is_looked_at_as_far_as_a_base_is_deep(folder: Path) -> None:
    (folder / "en" / "round").symlink_to(folder)
    (folder / "en" / "nowhere").symlink_to(folder / "no such file")
    assert look(folder)


async def test_it_is_settled_when_nothing_is_written_any_more(folder: Path) -> None:
    """As with a checkout of many files: none of them is read before the last one stands there."""
    written, quiet = 0, 0.4

    async def write() -> None:
        nonlocal written
        for number in range(8):
            (folder / "en" / f"{number}.yaml").write_text("one: 1\n")
            written += 1
            await asyncio.sleep(quiet / 8)

    task = asyncio.create_task(write())
    await settled(folder, quiet)
    assert written == 8
    await task


async def test_a_folder_that_is_never_quiet_is_read_at_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_LONGEST", 0.3)
    task = asyncio.create_task(_write_on(folder))
    async with asyncio.timeout(SOON):
        await settled(folder, 0.1)
    task.cancel()


async def _write_on(folder: Path) -> None:
    number = 0
    while True:
        (folder / "sources.yaml").write_text(f"{number}\n")
        number += 1
        await asyncio.sleep(0.01)
