"""Odd folders: whatever stands on the disk, reading it gives a base or located problems, never a traceback."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.kb.files import read_files
from bot.kb.listing import digest_of
from bot.kb.load import check, load, read
from bot.kb.yaml_text import MAX_BYTES
from tests.kb_bases import edit, small_base


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A small base read by a user who is not its owner: root could read everything."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o755)
    user = os.geteuid()
    try:
        folder = small_base(above)
        check(folder)  # Python loads what reading needs, a codec for one, while it may
        if user == 0:
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(user)
        shutil.rmtree(above, ignore_errors=True)


def forbid(path: Path) -> None:
    user = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    path.chmod(0)
    os.seteuid(user)


def found(folder: Path) -> list[str]:
    return [str(problem) for problem in check(folder)]


def test_a_missing_folder(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    assert found(folder) == [
        ".:1 [empty-base] not a single entry; write en/<topic>.yaml",
        ".:1 [unreadable] No such file or directory; check the folder and its rights",
    ]
    with pytest.raises(KnowledgeError, match="nowhere cannot be used"):
        load(folder)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert found(tmp_path) == [".:1 [empty-base] not a single entry; write en/<topic>.yaml"]
    assert read(tmp_path)[0] is None


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "Not a directory" in "\n".join(found(tmp_path / "file"))


def test_a_folder_without_permission(guarded: Path) -> None:
    forbid(guarded / "ru")
    assert found(guarded) == ["ru:1 [unreadable] Permission denied; check the folder and its rights"]


def test_a_file_without_permission(guarded: Path) -> None:
    """What hangs on the file is not judged: the entries' phrases may well stand in it."""
    forbid(guarded / "en" / "phrases" / "presidency.yaml")
    assert found(guarded) == [
        "en/phrases/presidency.yaml:1 [unreadable] Permission denied; check the file and its rights"
    ]
    assert read(guarded)[0] is None


def test_a_huge_file_is_not_read_to_its_end(base: Path) -> None:
    with (base / "en" / "names.yaml").open("wb") as stream:
        stream.truncate(10 * MAX_BYTES)
    assert found(base) == ["en/names.yaml:1 [too-large] more than 5,000,000 bytes; split the file"]


def test_a_folder_named_like_a_file(base: Path) -> None:
    (base / "en" / "names.yaml").unlink()
    (base / "en" / "names.yaml").mkdir()
    assert [problem.split("]")[0] for problem in found(base)] == ["en/names.yaml:1 [stray-file"]


def test_a_file_named_like_a_language(base: Path) -> None:
    (base / "kk").write_text("x")
    assert [problem.split("]")[0] for problem in found(base)] == ["kk:1 [stray-file"]


def test_a_pipe_does_not_block(base: Path) -> None:
    os.mkfifo(base / "en" / "world.yaml")
    assert found(base) == ["en/world.yaml:1 [unreadable] not a regular file; check the file and its rights"]


def test_links_that_lead_in_circles(base: Path) -> None:
    (base / "en" / "round.yaml").symlink_to("round.yaml")
    (base / "en" / "up").symlink_to("..")
    (base / "ru" / "phrases" / "up").symlink_to("../..")
    assert [problem.split(";")[0] for problem in found(base)] == [
        "en/round.yaml:1 [unreadable] Too many levels of symbolic links",
        "en/up:1 [stray-file] not a part of the knowledge base",
        "ru/phrases/up:1 [stray-file] not a part of the knowledge base",
    ]


def test_a_link_to_a_file_is_a_file(base: Path, tmp_path: Path) -> None:
    """Kubernetes mounts files so, and keeps its own in hidden folders."""
    (base / "..data").mkdir()
    shutil.move(base / "sources.yaml", base / "..data" / "sources.yaml")
    (base / "sources.yaml").symlink_to("..data/sources.yaml")
    assert found(base) == []


def test_names_that_are_not_utf_8_are_named_in_escapes(base: Path) -> None:
    os.close(os.open(os.fsencode(base / "en") + b"/\xff.yaml", os.O_CREAT))
    (base / "two\nlines").write_text("x")
    assert [problem.split(" ")[0] for problem in found(base)] == ["en/\\udcff.yaml:1", "two\\nlines:1"]


def test_notes_and_cases_are_passed_over(base: Path) -> None:
    (base / "README.md").write_text("x")
    (base / "en" / "cases").mkdir()
    (base / "en" / "cases" / "presidency.yaml").write_text("[")
    (base / "en" / ".presidency.yaml.swp").write_bytes(b"\0")
    assert found(base) == []


def test_the_digest_changes_with_names_and_bytes(base: Path) -> None:
    seen = {digest_of(base)}
    edit(base, "en/synonyms.yaml", "march", "marches")
    seen.add(digest_of(base))
    (base / "en" / "synonyms.yaml").rename(base / "ru" / "synonyms.yaml")
    seen.add(digest_of(base))
    assert len(seen) == 3
    assert read_files(base).digest == digest_of(base)


def test_there_is_no_digest_of_what_cannot_be_read(base: Path) -> None:
    (base / "stray.txt").write_text("x")
    assert digest_of(base) is None
