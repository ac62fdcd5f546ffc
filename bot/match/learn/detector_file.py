"""A detector as a file, and back. Losing it costs time, nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bot.atomic import new_file
from bot.languages.traits import Traits
from bot.match.learn.danger import Detector
from bot.match.learn.traces import COLUMNS
from bot.match.words.language import Language

_SCALARS = ("bias", "threshold", "slope", "offset")


def save(detector: Detector, path: Path) -> None:
    """Writes the file as a whole or not at all. OSError where it cannot be written."""
    head: dict[str, Any] = {name: getattr(detector, name) for name in _SCALARS}
    head["groups"] = [[list(key), names] for key, names in detector.language.group_keys.items()]
    with new_file(path) as file:
        np.savez(file, head=json.dumps(head), idf=detector.idf, weights=detector.weights)


def load(path: Path, traits: Traits) -> Detector | None:
    """The detector kept in the file, or None where there is none that can be read."""
    try:
        kept = np.load(path, allow_pickle=False)
        head = json.loads(str(kept["head"]))
        language = Language.from_keys(traits, {tuple(key): names for key, names in head["groups"]}, ())
        arrays = (_of_shape(kept[name], (COLUMNS,)) for name in ("idf", "weights"))
        return Detector(language, *arrays, *(float(head[name]) for name in _SCALARS))
    except Exception:  # what a damaged file makes of its readers cannot be foreseen; it is learnt anew
        return None


def _of_shape(array: Any, shape: tuple[int, ...]) -> Any:
    if array.shape != shape:
        raise ValueError(f"weights of shape {array.shape}, not {shape}")
    return array
