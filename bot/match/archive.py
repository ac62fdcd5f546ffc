"""A fitted index as a folder of arrays, and back: what makes the second start fast. Losing it costs time, nothing else."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.match.features import Rows, Vocabulary
from bot.match.index import Index, Phrases
from bot.match.rule import Rule

_RULE = ("mean", "scale", "weights", "thresholds", "outside", "inside")


def save(index: Index, folder: Path) -> None:
    """Writes the folder as a whole or not at all. OSError where it cannot be written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=folder.name + "."))
    try:
        _write(index, draft)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write(index: Index, folder: Path) -> None:
    rows, rule = index.rows, asdict(index.rule)
    np.savez(folder / "small.npz", starts=rows.starts, ids=rows.ids, values=rows.values,
             known=index.vocabulary.weights, **{name: rule[name] for name in _RULE})  # fmt: skip
    np.save(folder / "weights.npy", index.weights)
    if index.dual is not None:
        np.save(folder / "dual.npy", index.dual)
    head = {"names": index.vocabulary.names, "unknown": index.vocabulary.unknown, "phrases": len(index.phrases.texts)}
    (folder / "head.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")


def load(folder: Path, phrases: Phrases) -> Index | None:
    """The index that was fitted to these very phrases, or None where there is none that can be read."""
    try:
        head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        small = np.load(folder / "small.npz", allow_pickle=False)
        weights = np.load(folder / "weights.npy", mmap_mode="r", allow_pickle=False)
        dual = folder / "dual.npy"
        if head["phrases"] != len(phrases.texts) or weights.shape != (len(head["names"]), len(phrases.label_set)):
            return None
        return Index(
            phrases,
            Vocabulary(head["names"], small["known"], head["unknown"]),
            Rows(small["starts"], small["ids"], small["values"]),
            weights,
            np.load(dual, allow_pickle=False) if dual.exists() else None,
            Rule(*(small[name] for name in _RULE)),
        )
    except (OSError, ValueError, LookupError, TypeError, EOFError):
        return None
