"""Public intent data, few-shot halves: phrases to learn from, validation questions to ask. Nothing is tuned to them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class DataSet:
    """`pairs` are (entry, phrase); `questions` are (question, right entry)."""

    name: str
    pairs: list[tuple[str, str]]
    questions: list[tuple[str, str]]


def load(folder: str, shots: int, name: str) -> DataSet:
    phrases = [json.loads(line) for line in (DATA / folder / f"phrases-{shots}.jsonl").read_text().splitlines()]
    asked = [json.loads(line) for line in (DATA / folder / "questions-valid.jsonl").read_text().splitlines()]
    pairs = [(item["entry"], item["phrase"]) for item in phrases]
    return DataSet(name, pairs, [(item["q"], item["expect"][0]) for item in asked if item["expect"]])


def mistyped(data: DataSet, name: str, seed: int = 7) -> DataSet:
    """One random edit in ten characters of each question: a letter dropped, doubled, swapped, replaced or added."""
    dice = random.Random(seed)
    return DataSet(name, data.pairs, [(mistype(question, dice), entry) for question, entry in data.questions])


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


def all_sets() -> list[DataSet]:
    clinc = load("clinc150", 10, "CLINC150, 10")
    return [
        clinc,
        load("clinc150", 5, "CLINC150, 5"),
        load("banking77", 10, "BANKING77, 10"),
        mistyped(clinc, "CLINC150, 10, mistyped"),
    ]
