"""A file or a folder is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from bot.atomic import new_file, new_folder


class Full(Exception):
    """What a full disk would raise."""


def test_a_file_takes_the_place_of_the_old_one_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    for content in (b"old", b"new"):
        with new_file(path) as file:
            file.write(content)
            assert not path.exists() or path.read_bytes() == b"old"
        assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_of_several_that_must_not_replace_the_first_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with new_file(path, replace=False) as slow:
        slow.write(b"slow")
        with new_file(path, replace=False) as quick:
            quick.write(b"quick")
    assert path.read_bytes() == b"quick"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("replace", [True, False])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, replace: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with suppress(Full), new_file(path, replace=replace) as file:
        file.write(b"half")
        raise Full
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_takes_the_place_of_the_old_one_with_all_that_was_in_it(tmp_path: Path) -> None:
    for name in ("old", "new"):
        with new_folder(tmp_path / "folder") as folder:
            (folder / name).write_text(name)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["new"]


def test_a_folder_that_must_not_replace_takes_the_place_of_nothing_but_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("none", "empty"):
        with new_folder(tmp_path / name, replace=False) as folder:
            (folder / "new").write_text("")
        assert [path.name for path in (tmp_path / name).iterdir()] == ["new"]
    with pytest.raises(FileExistsError), new_folder(tmp_path / "none", replace=False) as folder:
        (folder / "newer").write_text("")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "empty", "empty/new", "none", "none/new",
    ]  # fmt: skip


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path: Path) -> None:
    with new_folder(tmp_path / "folder") as folder:
        (folder / "old").write_text("")
    with suppress(Full), new_folder(tmp_path / "folder") as folder:
        (folder / "half").write_text("")
        raise Full
    assert [path.name for path in tmp_path.rglob("*")] == ["folder", "old"]
