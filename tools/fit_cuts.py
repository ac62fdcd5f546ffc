"""The weights of `bot/match/decide/cuts.py`, fitted to what people wrote: `python -m tools.fit_cuts`.

Prints them to be written there. A message that asks two things teaches where it is cut, all others that they are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.match.decide.cuts import SIGNALS, owner_of, pairs
from bot.open.base import open_service
from bot.service import Service

Array = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
LEARNT = ("data/doubles/learnt.jsonl", "data/questions-dev.jsonl", "data/questions-dev-2.jsonl")
BLIND = "blind.jsonl"  # what the weights are judged by
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


def examples(service: Service) -> tuple[Array, Array]:
    """The SIGNALS of each way to cut a message, and whether it is the right one."""
    signals, right = [], []
    for case in cases():
        decide = partial(service.judge.decide, preferred=case["lang"])
        for pair in pairs(service.judge, decide(case["q"]), decide):
            signals.append(pair.signals)
            right.append(set(map(owner_of, pair.verdicts)) == asked_together(case))
    return np.array(signals), np.array(right, float)


def fit(signals: Array, right: Array) -> dict[str, float]:
    """By Newton's method."""
    weights = np.zeros(signals.shape[1])
    for _ in range(_ROUNDS):
        found = 1 / (1 + np.exp(-signals @ weights))
        slope = signals.T @ (right - found) - _RIDGE * weights
        curvature = (signals * (found * (1 - found))[:, None]).T @ signals + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, slope)
        weights += step / max(1.0, np.abs(step).max())  # from zero a whole step would go too far
    return dict(zip(SIGNALS, weights.round(2).tolist(), strict=True))


def main() -> None:
    service = open_service(ROOT / "knowledge", TESTS.parent / ".state" / "test" / "shipped" / "cache")
    for name, weight in fit(*examples(service)).items():
        print(f'    "{name}": {weight},')


if __name__ == "__main__":
    main()
