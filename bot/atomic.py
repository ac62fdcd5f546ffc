"""Files and folders that are there whole or not at all: readers see the old ones until the new ones are complete."""

from __future__ import annotations

import os
import shutil
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


def _name_if_free(draft: str, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links: here the last one wins
        os.replace(draft, path)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to write in, which takes the place of `path` once the context ends without an exception."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield draft
        shutil.rmtree(path, ignore_errors=True)
        os.replace(draft, path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
