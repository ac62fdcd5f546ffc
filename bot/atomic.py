"""Files and folders that are there whole or not at all: readers see the old ones until the new ones are complete."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def new_file(path: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """A file to write in (mode 600), which gets its name once the context ends without an exception.

    Without `replace` a file that has the name by then stays: of several processes that start at once, one makes it.
    OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(draft, path)
        else:
            _name_if_free(draft, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def own_folder(path: Path) -> None:
    """Makes the folder, where there is none, for its owner alone, whatever the umask. OSError where that cannot be."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def own_file(path: Path) -> bool:
    """Nobody else may read or write the file from now on; it is made where there is none. Whether others could before.
    OSError where that cannot be."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return closed_to_others(path)


def closed_to_others(path: Path) -> bool:
    """Nobody else may read or write the file from now on. Whether others could before.
    FileNotFoundError where there is none, other OSError where that cannot be."""
    if os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        return False
    path.chmod(0o600)
    return True


def _name_if_free(draft: str, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links: here the last one wins
        os.replace(draft, path)


@contextmanager
def new_folder(path: Path, *, replace: bool = True) -> Iterator[Path]:
    """A folder to write in, which takes the place of `path` once the context ends without an exception.

    Without `replace` only that of nothing, or of an empty folder: FileExistsError where there is anything else by then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield draft
        if replace:
            shutil.rmtree(path, ignore_errors=True)
        elif path.exists():
            _take_empty(path)
        os.replace(draft, path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _take_empty(path: Path) -> None:
    """Out of the way, and nothing but an empty folder."""
    try:
        path.rmdir()
    except OSError:
        raise FileExistsError(f"{path} is there already") from None
