"""Knowledge folders as git remembers them. Reads a repository by git's own command and changes nothing in it."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import UsageError

_SECONDS = 120
# Where a hook of git starts the command, these speak of the repository of the hook, by paths from another folder.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


@dataclass(frozen=True, slots=True)
class Version:
    """A knowledge folder to look into; `name` is what people know it by."""

    name: str
    folder: Path


@contextmanager
def version_of(text: str, knowledge: Path) -> Iterator[Version]:
    """The folder `text`, or else the knowledge folder as it was in the revision `text`, as long as the context lasts.

    UsageError where it is neither."""
    if Path(text).is_dir():
        yield Version(text, Path(text))
        return
    top, commit, inside = _commit(text, knowledge)
    data = _git(top, "archive", "--format=tar", f"{commit}:{inside}")
    with TemporaryDirectory(prefix="reformbot-diff-") as place:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(place, filter="data")
        name = f"{text} ({commit[:10]})" if not commit.startswith(text) else commit[:10]
        yield Version(name, Path(place))


def revision(folder: Path) -> str | None:
    """The commit that a folder is at and its date, `a1b2c3d (2026-11-28)`, and whether the folder has changed since; None
    where git does not know."""
    try:
        commit = _git(folder, "log", "-1", "--format=%h (%cs)").decode().strip()
        changed = _git(folder, "status", "--porcelain", "--", ".").strip()
    except UsageError:
        return None
    return f"{commit}, changed since" if changed else commit or None


def _commit(text: str, knowledge: Path) -> tuple[Path, str, str]:
    """The repository, the revision's full name, and where in it the knowledge folder stands (empty: it is the whole)."""
    neither = f"{text}: neither a folder nor a revision of {knowledge}"
    try:
        top = Path(_git(knowledge, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    except UsageError as error:
        raise UsageError(f"{neither} ({error}).") from None
    inside = _git(knowledge, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    try:
        name = f"{text}^{{commit}}"
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
    except UsageError:
        hint = f"`git log --oneline -- {knowledge}` lists those that there are; one that is only on the server, fetch first"
        raise UsageError(f"{neither}: git knows no such one. {hint}.") from None
    if not inside or _git(top, "ls-tree", "-d", "--name-only", commit, "--", inside).strip():
        return top, commit, inside
    raise UsageError(f"{text}: in that revision ({commit[:10]}) there is no folder {inside}.")


def _git(folder: Path, *words: str) -> bytes:
    """What git says. UsageError with git's own words where it fails."""
    command = ["git", "-C", str(folder), *words]
    env = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS)
    except FileNotFoundError:
        raise UsageError("git is not installed, or not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git {words[0]} took longer than {_SECONDS} seconds") from None
    except OSError as error:
        raise UsageError(f"git cannot be run: {error}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"git {words[0]}: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout
