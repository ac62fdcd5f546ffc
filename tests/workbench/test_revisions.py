"""A knowledge folder as it was: taken out of git into a folder of its own, the checkout untouched, each failure told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.workbench.revisions import revision, version_of


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A folder inside a repository: one revision without it, one with it, and a change that is in none."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "README").write_text("x")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    folder = tmp_path / "some where" / "knowledge"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "a.yaml").write_text("old")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "second")
    git(tmp_path, "tag", "v1")
    (folder / "en" / "a.yaml").write_text("new")
    return folder


@pytest.mark.parametrize("name", ["HEAD", "main", "v1", "HEAD~0"])
def test_a_revision_is_the_folder_as_it_was(name: str, knowledge: Path) -> None:
    with version_of(name, knowledge) as version:
        assert (version.folder / "en" / "a.yaml").read_text() == "old"
        assert version.name == f"{name} ({git(knowledge, 'rev-parse', 'HEAD')[:10]})"
    assert not version.folder.exists()


def test_the_checkout_is_left_alone(knowledge: Path) -> None:
    before = git(knowledge, "status", "--porcelain", "--branch"), git(knowledge, "worktree", "list")
    with version_of("HEAD", knowledge):
        pass
    assert (git(knowledge, "status", "--porcelain", "--branch"), git(knowledge, "worktree", "list")) == before
    assert (knowledge / "en" / "a.yaml").read_text() == "new"


def test_the_folder_may_be_the_whole_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.yaml").write_text("old")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    with version_of("HEAD", tmp_path) as version:
        assert (version.folder / "a.yaml").read_text() == "old"


def test_a_folder_is_itself(knowledge: Path) -> None:
    with version_of(str(knowledge), Path("/nowhere")) as version:
        assert (version.folder, version.name) == (knowledge, str(knowledge))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such", "no-such: neither a folder nor a revision of .*git knows no such one.*fetch first"),
        ("--all", "neither a folder nor a revision"),
        ("HEAD:README", "neither a folder nor a revision"),
        ("HEAD~1", r"in that revision \(.*\) there is no folder some where/knowledge"),
    ],
)
def test_what_is_no_revision_of_it_is_told(name: str, says: str, knowledge: Path) -> None:
    with pytest.raises(UsageError, match=says), version_of(name, knowledge):
        pass


def test_a_folder_outside_of_git_has_no_revisions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"), version_of("HEAD", tmp_path):
        pass
    assert revision(tmp_path) is None


def test_without_git_it_says_so(knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(knowledge))
    with pytest.raises(UsageError, match="git is not installed"), version_of("HEAD", knowledge):
        pass
    assert revision(knowledge) is None


def test_a_report_names_the_commit_and_whether_the_folder_changed_since(knowledge: Path) -> None:
    commit = git(knowledge, "log", "-1", "--format=%h (%cs)")
    assert revision(knowledge) == f"{commit}, changed since"
    (knowledge / "en" / "a.yaml").write_text("old")
    assert revision(knowledge) == commit


def test_a_hook_of_git_may_ask(knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There git's own variables lead to the repository from the hook's folder, not from the base's."""
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    with version_of("HEAD", knowledge) as version:
        assert (version.folder / "en" / "a.yaml").read_text() == "old"
