"""The weights of `bot/match/decide/cuts.py`, fitted to what people wrote: `python -m tools.fit_cuts`.

Prints them to be written there. A message that asks two things teaches where it is cut, all others that they are not. Beside the
shipped base two FAQs of other people, whose questions are joined by chance: three more are what they are judged by."""

from __future__ import annotations

import itertools
import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bot.match.decide.cuts import SIGNALS, owner_of, pairs
from bot.open.base import open_service
from bot.service import Service
from tests.languages.test_other_faqs import asked, faq, fitted

Example = tuple[tuple[float, ...], bool, float]
ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
LEARNT = ("data/doubles/learnt.jsonl", "data/questions-dev.jsonl", "data/questions-dev-2.jsonl")
BLIND = "blind.jsonl"  # what the weights are judged by
FOREIGN = ("house", "notes")
JOINED = 300  # pairs of questions to a foreign FAQ, of up to so many words each
_WORDS = 13
# Of a message to a foreign FAQ beside one to the shipped base. Of 878 joined questions to three others 375 get both answers without
# them, 424 with 0.1, 446 with 0.2, and of 210 that ask one thing 2, 4 and 8 get two; of the blind ones to the shipped base 242, 249,
# 249 of 284, and 17, 21, 22 of 2,919.
_FOREIGN = 0.1
_RIDGE = 1.0
_ROUNDS = 50


def cases() -> Iterator[dict[str, Any]]:
    """Labelled messages that are not among the blind ones."""
    folder = sorted(path for path in (TESTS / "cases").rglob("*.jsonl") if path.name != BLIND)
    for path in [*folder, *(TESTS / name for name in LEARNT)]:
        found = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        yield from (case for case in found if "lang" in case and "q" in case)


def asked_together(case: dict[str, Any]) -> set[str]:
    """The two things that a message asks; none where it asks one."""
    if "expect_all" in case:
        return set(case["expect_all"])
    return set(case["expect"]) if case["kind"] == "multi" or case.get("want") == "multi" else set()


def foreign(name: str, service: Service) -> Iterator[dict[str, Any]]:
    """Questions to a FAQ of other people, two and two joined by chance and each alone."""
    lang, found = faq(name)["language"], list(asked(name))
    words = service.judge.matchers[lang].language.traits.joining[:2]
    joints = [*(f" {word} " for word in words), *(f", {word} " for word in words), ", ", "? ", " + "]
    short = [(question.rstrip("?.! "), entry) for question, entry in found if entry and len(question.split()) <= _WORDS]
    chance = random.Random(5)
    for joint in itertools.islice(itertools.cycle(joints), JOINED):
        (left, one), (right, other) = chance.sample(short, 2)
        if one != other:
            together = f"{left}{joint}{right[0].lower()}{right[1:]}?"
            yield {"q": together, "lang": lang, "kind": "multi", "expect": [one, other]}
    yield from ({"q": question, "lang": lang, "kind": "plain", "expect": [entry]} for question, entry in found)


def examples(service: Service, found: Iterable[dict[str, Any]], weight: float = 1.0) -> Iterator[Example]:
    """The SIGNALS of each way to cut a message, whether it is the right one, and how much it counts."""
    for case in found:
        decide = partial(service.judge.decide, preferred=case["lang"])
        for pair in pairs(service.judge, decide(case["q"]), decide):
            yield pair.signals, set(map(owner_of, pair.verdicts)) == asked_together(case), weight


def fit(found: Iterable[Example]) -> dict[str, float]:
    """By Newton's method."""
    signals, right, counts = (np.array(one, float) for one in zip(*found, strict=True))
    weights = np.zeros(signals.shape[1])
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-signals @ weights))
        slope = signals.T @ (counts * (right - likely)) - _RIDGE * weights
        curvature = (signals * (counts * likely * (1 - likely))[:, None]).T @ signals + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, slope)
        weights += step / max(1.0, np.abs(step).max())  # from zero a whole step would go too far
    return dict(zip(SIGNALS, weights.round(2).tolist(), strict=True))


def main() -> None:
    shipped = open_service(ROOT / "knowledge", ROOT / ".state" / "test" / "shipped" / "cache")
    found = [*examples(shipped, cases())]
    for name in FOREIGN:
        with tempfile.TemporaryDirectory() as folder:
            service = fitted(name, Path(folder))
            found += examples(service, foreign(name, service), _FOREIGN)
    for name, weight in fit(found).items():
        print(f'    "{name}": {weight},')


if __name__ == "__main__":
    main()
