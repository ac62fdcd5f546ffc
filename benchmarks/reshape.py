"""Makes the files that the benchmarks read of the published few-shot samples.

python -m benchmarks.reshape DATASETS DATA      DATASETS: the folder of that name in a clone of Few-Shot-Intent-Detection
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

PUBLISHED = {"clinc150": "CLINC150", "banking77": "BANKING77", "hwu64": "HWU64"}
PHRASES = {"train_5": "phrases-5.jsonl", "train_10": "phrases-10.jsonl", "train": "phrases.jsonl"}


def reshape(published: Path, data: Path) -> None:
    """Texts and labels stay as they are. The test halves are left where they are: nothing is to be tuned on them."""
    for folder, name in PUBLISHED.items():
        (data / folder).mkdir(parents=True, exist_ok=True)
        for part, file in PHRASES.items():
            pairs = _pairs(published / name / part)
            write(data / folder / file, ({"entry": label, "phrase": text} for text, label in pairs))
        asked: list[dict[str, object]] = [
            {"q": text, "expect": [label]} for text, label in _pairs(published / name / "valid")
        ]
        outside = published / name / "oos" / "valid" / "seq.in"
        if outside.is_file():
            asked += [{"q": text, "expect": []} for text in outside.read_text(encoding="utf-8").splitlines()]
        write(data / folder / "questions-valid.jsonl", asked)


def _pairs(folder: Path) -> Iterable[tuple[str, str]]:
    texts, labels = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("seq.in", "label"))
    return zip(texts, labels, strict=True)


def write(path: Path, items: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")


if __name__ == "__main__":
    reshape(Path(sys.argv[1]), Path(sys.argv[2]))
