"""A fitted index as a folder of files, and back: what makes the second start fast. Losing it costs time, nothing else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from marisa_trie import Trie

from bot.atomic import new_folder
from bot.languages.traits import Traits
from bot.match.learn import lines
from bot.match.learn.confusions import Confusion
from bot.match.learn.encoder import encoder
from bot.match.learn.features import Rows, Vocabulary
from bot.match.learn.gaps import GapRule
from bot.match.learn.index import Index, Learner
from bot.match.learn.kernel import Columns, KernelLearner
from bot.match.learn.labels import Kind, Label, LabelSet
from bot.match.learn.leads import LeadRule
from bot.match.learn.linear import LinearLearner
from bot.match.learn.lines import Lines, mapped
from bot.match.learn.rule import Rule
from bot.match.learn.space import Space
from bot.match.words.frames import Frames
from bot.match.words.language import Language

_NAMES = "names.marisa"
_MORE = "more.npy"
_ROWS = ("starts", "ids", "values")
_RULE = ("mean", "scale", "weights", "thresholds", "outside", "inside", "lost")


def save(index: Index, folder: Path) -> None:
    """Writes the folder as a whole or not at all. OSError where it cannot be written."""
    with new_folder(folder) as draft:
        _write(index, draft)


def _write(index: Index, folder: Path) -> None:
    rows, rule = index.rows(), {f"rule_{name}": getattr(index.rule, name) for name in _RULE}
    np.savez(folder / "small.npz", first=index.first, known=index.space.vocabulary.weights, **_tables(index), **rule)
    _write_rows(rows, folder)
    np.save(folder / _MORE, index.gap_rule.more)
    _write_learner(index.learner, folder)
    head = {
        "foreign": sorted(index.language.names),
        "groups": [[list(key), names] for key, names in index.language.group_keys.items()],
        "labels": [[label.owner, label.gap, label.kind.value] for label in index.label_set.labels],
        "share": index.space.share,
        "encoded": index.space.encoder is not None,
        "unknown": index.space.vocabulary.unknown,
        "counts": dict(index.counts),
        "plain": index.learner.plain if isinstance(index.learner, KernelLearner) else None,
        "common": sorted(index.common),
        "empty": sorted(index.empty),
        "sayings": sorted(index.sayings),
        "spellings": dict(index.spellings),
        "confused": [[one.entry, one.other, one.phrases] for one in index.confused],
        "unseen": index.unseen,
        "wants": index.wants.document(),
        "asked": index.asked.document(),
    }
    index.space.vocabulary.names.save(str(folder / _NAMES))
    Lines.of(index.texts()).write(folder / "texts")
    index.spoken().write(folder / "spoken")
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    _write_json(folder / "head.json", head | {"sizes": sizes})


def _tables(index: Index) -> dict[str, Any]:
    rules = {"gap_rule": index.gap_rule.weights, "lead_rule": index.lead_rule.weights}
    return {"unusual": index.unusual, "likely": index.likely, **rules}


def _write_learner(learner: Learner, folder: Path) -> None:
    if isinstance(learner, LinearLearner):
        np.save(folder / "weights.npy", learner.weights)
        np.save(folder / "scales.npy", learner.scales)
    else:
        np.save(folder / "dual.npy", learner.dual)


def load(folder: Path, traits: Traits) -> Index | None:
    """The index kept in the folder, or None where there is none that can be read. `traits` are those of its language."""
    try:
        head = json.loads((folder / "head.json").read_bytes())
        if any((folder / name).stat().st_size != size for name, size in head["sizes"].items()):
            return None
        small = np.load(folder / "small.npz", allow_pickle=False)
        labels = LabelSet([Label(owner, gap, Kind(kind)) for owner, gap, kind in head["labels"]])
        groups = {tuple(key): names for key, names in head["groups"]}
        language = Language.from_keys(traits, groups, head["foreign"])
        vocabulary = Vocabulary(Trie().mmap(str(folder / _NAMES)), small["known"], head["unknown"])
        space = Space(language, vocabulary, head["share"], encoder() if head["encoded"] else None)
        return Index(
            language=language,
            label_set=labels,
            space=space,
            counts=head["counts"],
            learner=_learner(folder, head["plain"], small["first"], (space.columns, len(labels))),
            rule=Rule(*(small[f"rule_{name}"] for name in _RULE)),
            rows=cache(lambda: _rows(folder)),
            texts=cache(lambda: lines.read(folder / "texts")),
            spoken=cache(lambda: lines.read(folder / "spoken")),
            first=small["first"],
            common=frozenset(head["common"]),
            empty=frozenset(head["empty"]),
            sayings=frozenset(map(tuple, head["sayings"])),
            spellings=head["spellings"],
            confused=tuple(Confusion(entry, other, tuple(found)) for entry, other, found in head["confused"]),
            unseen=(head["unseen"][0], head["unseen"][1]),
            wants=Frames.of_document(language.words, head["wants"]),
            unusual=small["unusual"],
            asked=Frames.of_document(language.words, head["asked"]),
            likely=small["likely"],
            gap_rule=GapRule(small["gap_rule"], _of_shape(mapped(folder / _MORE), (space.columns,))),
            lead_rule=LeadRule(small["lead_rule"]),
        )
    except Exception:  # what a damaged file makes of its readers cannot be foreseen; it is fitted anew
        return None


def _learner(folder: Path, plain: list[str] | None, first: Any, shape: tuple[int, int]) -> Learner:
    columns, classes = shape
    if plain is None:
        scales = np.load(folder / "scales.npy", allow_pickle=False)
        return LinearLearner(_of_shape(mapped(folder / "weights.npy"), shape), _of_shape(scales, (columns,)))
    dual = np.load(folder / "dual.npy", allow_pickle=False)
    return KernelLearner(
        _of_shape(dual, (len(plain), classes)), Columns.of(_rows(folder), columns), tuple(plain), first
    )


def save_rows(rows: Rows, folder: Path) -> None:
    """Writes the folder as a whole or not at all. OSError where it cannot be written."""
    with new_folder(folder) as draft:
        _write_rows(rows, draft)


def load_rows(folder: Path) -> Rows | None:
    """The rows kept in the folder, or None where there are none that can be read."""
    try:
        return _rows(folder)
    except (OSError, ValueError):
        return None


def _write_rows(rows: Rows, folder: Path) -> None:
    for name in _ROWS:
        np.save(folder / f"row-{name}.npy", getattr(rows, name))


def _of_shape(array: Any, shape: tuple[int, ...]) -> Any:
    if array.shape != shape:
        raise ValueError(f"weights of shape {array.shape}, not {shape}")
    return array


def _rows(folder: Path) -> Rows:
    return Rows(*(mapped(folder / f"row-{name}.npy") for name in _ROWS))


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
