"""What words mean, as far as a table knows: stems of similar meaning have similar vectors, so that a question put in
other words than the phrases' is still near them. `tools/make_meanings.py` writes the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from marisa_trie import Trie
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TABLES = Path(__file__).parent / "tables"
_LEVELS = 127  # a coordinate is kept as a whole number from minus this to this


class Meanings:
    """`rows` numbers the stems; `coordinates` has shape (stems, dimensions), and a stem's vector is its row times its scale."""

    def __init__(self, rows: Trie, coordinates: NDArray[np.int8], scales: Floats) -> None:
        self._rows, self._coordinates, self._scales = rows, coordinates, scales

    @property
    def dimensions(self) -> int:
        return int(self._coordinates.shape[1])

    def __contains__(self, stem: str) -> bool:
        return stem in self._rows

    def vector(self, stems: Sequence[str], trust: Sequence[float] = ()) -> Floats:
        """The sum of the stems' vectors at length 1, each weighted by its trust (0 to 1, one per stem, 1 where there is
        none); nought where no stem is known."""
        known = [(row, i) for i, stem in enumerate(stems) if (row := self._rows.get(stem)) is not None]
        rows = [row for row, _ in known]
        weights = self._scales[rows]
        if trust:
            weights = weights * np.array([trust[i] for _, i in known], np.float32)
        total = weights @ self._coordinates[rows].astype(np.float32)
        length = float(np.sqrt(total @ total))
        return np.asarray(total / np.float32(length), np.float32) if length else total


NOTHING = Meanings(Trie(), np.zeros((0, 0), np.int8), np.zeros(0, np.float32))


@cache
def meanings(code: str) -> Meanings:
    """The table of a language; one without dimensions where there is none."""
    path = path_of(code)
    if not path.exists():
        return NOTHING
    with np.load(path, allow_pickle=False) as kept:
        rows = Trie().frombytes(kept["stems"].tobytes())
        return Meanings(rows, kept["coordinates"], kept["scales"].astype(np.float32))


def path_of(code: str) -> Path:
    return _TABLES / f"meanings-{code}.npz"


def write(path: Path, vectors: Mapping[str, NDArray[np.float64]]) -> None:
    """Keeps stem -> vector (all of one length), a byte a coordinate. Stems whose vector is nought are left out."""
    rows = Trie(stem for stem, vector in vectors.items() if np.any(vector))
    table = np.stack([vectors[stem] for stem in sorted(rows, key=rows.__getitem__)])
    scales = np.abs(table).max(axis=1) / _LEVELS
    coordinates = np.round(table / scales[:, None]).astype(np.int8)
    path.parent.mkdir(exist_ok=True)
    stems = np.frombuffer(rows.tobytes(), np.uint8)
    np.savez_compressed(path, stems=stems, coordinates=coordinates, scales=scales.astype(np.float32))
