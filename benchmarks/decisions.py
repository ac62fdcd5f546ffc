"""Whether the matcher answers what it should, and nothing else: its threshold, drawn from the phrases alone, beside the best one.

python -m benchmarks.decisions DATA [--half 0|1] [--pack]      DATA: as for `python -m benchmarks`; of the questions one half,
or all; beside the phrases nothing, or what a base of its own has: the refusals and the small talk of the language
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from benchmarks.data_sets import entry_of, lines_of, told
from bot.languages.packs import SHIPPED, traits
from bot.match.decide.matcher import Matcher
from bot.match.learn.fit import fit
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language

Pairs = list[tuple[str, str]]
Asked = list[tuple[str, str]]
"""Question and entry; no entry where nothing answers it."""


@dataclass(frozen=True, slots=True)
class Base:
    """`phrases`: how many of each entry are learnt from, all where it is 0; `without`: the share of the entries left out, so
    that their questions have no answer."""

    folder: str
    file: str
    phrases: int = 0
    without: float = 0.0


BASES = (
    Base("clinc150", "phrases-10.jsonl"),
    Base("clinc150", "phrases-5.jsonl"),
    Base("banking77_oos", "phrases.jsonl", 10),
    Base("banking77_oos", "phrases.jsonl", 5),
    Base("banking77_oos", "phrases.jsonl", 1),
    Base("hwu64", "phrases-10.jsonl", without=0.25),
    Base("hwu64", "phrases-5.jsonl", without=0.25),
    Base("hint3/curekart", "phrases.jsonl"),
    Base("hint3/powerplay11", "phrases.jsonl"),
    Base("hint3/sofmattress", "phrases.jsonl"),
)


def load(data: Path, base: Base) -> tuple[Pairs, Asked]:
    pairs = [(entry_of(item["entry"]), item["phrase"]) for item in lines_of(data / base.folder / base.file)]
    asked = [
        (item["q"], entry_of(item["expect"][0]) if item["expect"] else "")
        for item in lines_of(data / base.folder / "questions-valid.jsonl")
    ]
    entries = sorted({entry for entry, _ in pairs})
    random.Random(5).shuffle(entries)
    out = set(entries[: int(len(entries) * base.without)])
    asked = [(question, "" if entry in out else entry) for question, entry in asked]
    return list(_sample([pair for pair in pairs if pair[0] not in out], base.phrases)), asked


def _sample(pairs: Pairs, most: int) -> Iterator[tuple[str, str]]:
    dice = random.Random(1)
    for entry in sorted({entry for entry, _ in pairs}):
        phrases = sorted(phrase for owner, phrase in pairs if owner == entry)
        dice.shuffle(phrases)
        yield from ((entry, phrase) for phrase in phrases[: most or None])


def half_of(question: str) -> int:
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2


@dataclass(frozen=True, slots=True)
class Found:
    """Of the questions with an answer the share answered rightly and wrongly, of the others the share answered."""

    right: float
    wrong: float
    false: float

    @property
    def balance(self) -> float:
        return (self.right + 100 - self.false) / 2


def at(threshold: float, scores: np.ndarray, right: np.ndarray, inside: np.ndarray) -> Found:
    answered = scores >= threshold
    share = [100 * (answered & rows).sum() for rows in (right & inside, ~right & inside, ~inside)]
    sizes = (inside.sum(), inside.sum(), max(1, (~inside).sum()))
    return Found(*(float(part / size) for part, size in zip(share, sizes, strict=True)))


def pack_of(lang: str) -> list[tuple[Label, str]]:
    """What every base in the language has beside its entries."""
    refusals = yaml.safe_load((SHIPPED / lang / "refusals.yaml").read_bytes())
    talk = yaml.safe_load((SHIPPED / lang / "phrases" / "smalltalk.yaml").read_bytes())
    found = [(Label(key, kind=Kind.REFUSAL), phrase) for key, one in refusals.items() for phrase in one["phrases"]]
    return found + [(Label(key, kind=Kind.SMALL_TALK), phrase) for key, phrases in talk.items() for phrase in phrases]


def measure(pairs: Pairs, asked: Asked, beside: Sequence[tuple[Label, str]] = ()) -> tuple[float, Found, Found]:
    """The threshold, what comes of it, and what would have come of the best one for these questions."""
    labelled = [(Label(entry), phrase) for entry, phrase in pairs]
    phrases = Phrases.of(Language(traits("en")), [*labelled, *beside])
    matcher = Matcher(fit({"en": phrases})["en"])
    ranked = [matcher.rank(question, 1) for question, _ in asked]
    scores = np.array([one.score for one in ranked])
    best = [one.candidates[0].label.owner if one.candidates else "" for one in ranked]
    right = np.array([owner == entry for owner, (_, entry) in zip(best, asked, strict=True)])
    seen = scores, right, np.array([bool(entry) for _, entry in asked])
    threshold = matcher.index.rule.threshold()
    choices: Sequence[float] = [*np.unique(scores).tolist(), 1.01]
    return threshold, at(threshold, *seen), max((at(one, *seen) for one in choices), key=lambda found: found.balance)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--pack", action="store_true")
    chosen = parser.parse_args()
    beside = pack_of("en") if chosen.pack else []
    print(f"{'':36}{'threshold':>10}{'right':>8}{'wrong':>8}{'false':>8}{'balance':>9}{'best':>8}")
    for base in BASES:
        name = f"{base.folder}, {base.phrases or base.file.removesuffix('.jsonl')}"
        if not (chosen.data / base.folder).is_dir():
            print(f"{name}: skipped; {told(base.folder.partition('/')[0])}")
            continue
        pairs, asked = load(chosen.data, base)
        asked = [one for one in asked if chosen.half is None or half_of(one[0]) == chosen.half]
        limit, found, best = measure(pairs, asked, beside)
        row = f"{limit:10.2f}{found.right:8.1f}{found.wrong:8.1f}{found.false:8.1f}{found.balance:9.1f}{best.balance:8.1f}"
        print(f"{name:36}{row}", flush=True)


if __name__ == "__main__":
    main()
