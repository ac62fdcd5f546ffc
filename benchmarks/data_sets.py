"""Public intent data, from a folder that is named: phrases to learn from, validation questions to ask. Nothing is tuned
to them, and none of them is part of this repository: `SOURCES` says where each can be had. Our own questions are written
into such a folder by `python -m benchmarks.questions`."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FEW_SHOT = "https://github.com/jianguoz/Few-Shot-Intent-Detection"
_OWN = "python -m benchmarks.questions DATA/questions"


@dataclass(frozen=True, slots=True)
class Source:
    """What others published: its terms, whom to cite, and where it is."""

    licence: str
    cite: str
    where: str


SOURCES = {
    "clinc150": Source("CC BY 3.0", "Larson et al., EMNLP 2019", _FEW_SHOT),
    "banking77": Source("CC BY 4.0", "Casanueva et al., NLP4ConvAI 2020", _FEW_SHOT),
    "banking77_oos": Source("CC BY 4.0", "Zhang et al., NLP4ConvAI 2022", _FEW_SHOT),
    "hint3": Source("ODbL 1.0", "Arora et al., Insights at EMNLP 2020", "https://github.com/hellohaptik/HINT3"),
    "hwu64": Source("CC BY 4.0", "Liu et al., IWSDS 2019", _FEW_SHOT),
    "questions": Source("CC BY 4.0", "benchmarks/questions/README.md", _OWN),
    "xsid-kk": Source("CC BY-SA 4.0", "van der Goot et al., NAACL 2021", "https://github.com/mainlp/xsid"),
}
"""By the name of the folder."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A set of the tables: phrases and questions of one folder."""

    name: str
    folder: str
    phrases: str = "phrases.jsonl"
    questions: str = "questions-valid.jsonl"
    language: str = "en"
    typos: bool = False


WANTED = (
    Wanted("CLINC150, 10", "clinc150", "phrases-10.jsonl"),
    Wanted("CLINC150, 5", "clinc150", "phrases-5.jsonl"),
    Wanted("CLINC150, all", "clinc150"),
    Wanted("CLINC150, 10, mistyped", "clinc150", "phrases-10.jsonl", typos=True),
    Wanted("BANKING77, 10", "banking77", "phrases-10.jsonl"),
    Wanted("BANKING77, 5", "banking77", "phrases-5.jsonl"),
    Wanted("BANKING77, all", "banking77"),
    Wanted("BANKING77-OOS", "banking77_oos"),
    Wanted("HWU64, 10", "hwu64", "phrases-10.jsonl"),
    Wanted("HINT3, curekart", "hint3/curekart"),
    Wanted("HINT3, powerplay11", "hint3/powerplay11"),
    Wanted("HINT3, sofmattress", "hint3/sofmattress"),
    Wanted("xSID, Kazakh", "xsid-kk", language="kk"),
    Wanted("Our questions, English", "questions/en", questions="questions.jsonl"),
    Wanted("Our questions, Russian", "questions/ru", questions="questions.jsonl", language="ru"),
    Wanted("Our questions, Kazakh", "questions/kk", questions="questions.jsonl", language="kk"),
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """`pairs` are (entry, phrase); `questions` are (question, right entries), none of which where nothing answers it."""

    name: str
    language: str
    pairs: list[tuple[str, str]]
    questions: list[tuple[str, tuple[str, ...]]]


def sets_of(data: Path) -> tuple[list[DataSet], list[str]]:
    """The sets that the folder has, and for each one that it has not a line that says what is missing and where it is."""
    found, absent = [], []
    for wanted in WANTED:
        try:
            found.append(_load(data / wanted.folder, wanted))
        except FileNotFoundError as error:
            absent.append(f"{wanted.name}: skipped, there is no {error.filename}; {told(wanted.folder)}")
    return found, absent


def told(folder: str) -> str:
    """Where a set can be had, and on what terms."""
    source = SOURCES[folder.partition("/")[0]]
    return f"{source.where} has it ({source.licence}; {source.cite})"


def _load(folder: Path, wanted: Wanted) -> DataSet:
    pairs = [(entry_of(item["entry"]), item["phrase"]) for item in lines_of(folder / wanted.phrases)]
    lines = [
        item for item in lines_of(folder / wanted.questions) if "seen" not in item
    ]  # those are phrases, word for word
    asked = [(item["q"], tuple(map(entry_of, item["expect"]))) for item in lines]
    data = DataSet(wanted.name, wanted.language, pairs, asked)
    return mistyped(data) if wanted.typos else data


def entry_of(name: str) -> str:
    """A name of one part: to the matcher `a/b` is a gap of the entry `a`."""
    return name.replace("/", ".")


def lines_of(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def mistyped(data: DataSet, seed: int = 7) -> DataSet:
    """One random edit in ten characters of each question: a letter dropped, doubled, swapped, replaced or added."""
    dice = random.Random(seed)
    return replace(data, questions=[(mistype(question, dice), right) for question, right in data.questions])


def mistype(text: str, dice: random.Random) -> str:
    letters = list(text)
    for _ in range(max(1, len(text) // 10)):
        at = dice.randrange(len(letters))
        match dice.randrange(4):
            case 0 if len(letters) > 1:
                del letters[at]
            case 1:
                letters.insert(at, dice.choice(_LETTERS))
            case 2 if at + 1 < len(letters):
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case _:
                letters[at] = dice.choice(_LETTERS)
    return "".join(letters)
