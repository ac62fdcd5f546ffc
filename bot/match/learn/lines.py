"""Texts in memory that is mapped from a file: each is read where it is needed. Pure but for the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray


class Lines(Sequence[str]):
    """`letters` are the bytes of all texts, one behind the other, `ends` where each ends."""

    def __init__(self, letters: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._letters, self._ends = letters, ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = range(len(self))[at]  # IndexError as of a list
        start = int(self._ends[place - 1]) if place else 0
        return self._letters[start : int(self._ends[place])].tobytes().decode()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Lines:
        found = [text.encode() for text in texts]
        letters = np.frombuffer(b"".join(found), np.uint8)
        return cls(letters, np.cumsum([len(one) for one in found], dtype=np.int64))

    def place_of(self, text: str, first: int, last: int) -> int | None:
        """The place of the first line from `first` to before `last` that is the text."""
        wanted = text.encode()
        ends = self._ends[first:last]
        begins = np.concatenate(([self._ends[first - 1] if first else 0], ends[:-1]))[: len(ends)]
        for at in np.flatnonzero(ends - begins == len(wanted)).tolist():
            if self._letters[begins[at] : ends[at]].tobytes() == wanted:
                return first + int(at)
        return None

    def write(self, stem: Path) -> None:
        """Two files, whose names begin with the stem."""
        np.save(_letters(stem), self._letters)
        np.save(_ends(stem), self._ends)


def read(stem: Path) -> Lines:
    """What `Lines.write` wrote. OSError or ValueError where it cannot be read."""
    letters, ends = mapped(_letters(stem)), mapped(_ends(stem))
    if len(ends) and int(ends[-1]) != len(letters):
        raise ValueError(f"{stem.name}: texts of {ends[-1]} bytes, and {len(letters)} are there")
    return Lines(letters, ends)


def mapped(file: Path) -> Any:
    """Read as it is needed, out of memory that several copies share and that the system may take back. As a plain array over
    the file: numpy's memmap adds a step in Python to every look at it."""
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def _letters(stem: Path) -> Path:
    return stem.with_name(f"{stem.name}-letters.npy")


def _ends(stem: Path) -> Path:
    return stem.with_name(f"{stem.name}-ends.npy")
