"""The weights of `bot/match/learn/following.py`, fitted to what people wrote after an answer: `python -m tools.fit_following`.

Prints them to be written there. Questions that stand for themselves are asked after some other answer, and must go on standing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.match.decide.decision import Answer, Verdict
from bot.match.decide.follow import by_itself, leans
from bot.match.learn.following import SIGNALS
from bot.match.learn.standing import Alone
from bot.match.learn.training import followers_of
from bot.open.base import open_service
from bot.service import Service

Array = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
AFTER = ("follow-ups/learnt.jsonl", "followups-dev.jsonl")
BY_ITSELF = ("questions-dev.jsonl", "questions-dev-2.jsonl")
KINDS = ("same", "gap", "neighbour", "none")
# Of a question that stands for itself, beside one after an answer. Of the blind ones lead where they should, the mean of four
# kinds: with 1.0 82.6 per cent, with 0.6 82.6, with 0.3 83.4, with 0.1 83.0; of those that stand for themselves as many stand.
_ALONE = 0.3
# The same after the entry that is likest to be leant on. Of 105 blind questions 12 lose their answer after the summary without it,
# 6 with 0.1 and 4 with 0.3 (5 with 0.1 once `names` is a signal); of 234 that lead to a neighbour 185, 183 and 179 are right.
_HARD = 0.1
_RIDGE = 0.2  # of a sum over 4,000 questions: with 1.0 the mean of the four kinds is 83.7, with this and with 0.05 85.0
_ROUNDS = 60
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Example:
    """What may be asked for, a row each with its SIGNALS; which rows are `right`; how much it counts."""

    signals: Array
    right: Array
    weight: float = 1.0


def examples(service: Service) -> list[Example]:
    """Each kind of question after an answer counts as much as any other."""
    cases = [case for name in AFTER for case in _read(name)]
    sizes = {kind: sum(case["kind"] == kind for case in cases) for kind in KINDS}
    share = len(cases) / len(KINDS)
    found = [_example(service, case, case["expect"], share / sizes[case["kind"]]) for case in cases]
    places = cycle(sorted(service.base.entries))
    alone = [case | {"prev": next(places)} for name in BY_ITSELF for case in _read(name)]
    found += [_example(service, case, None, _ALONE) for case in alone]
    found += [_example(service, case | {"prev": _hardest(service, case)}, None, _HARD) for case in alone]
    return [one for one in found if one is not None and one.right.any()]


def fit(found: Sequence[Example]) -> dict[str, float]:
    """Weights under which the right rows win: where several are right, as likely as they are now (EM), by Newton's method."""
    weights = np.zeros(len(SIGNALS))
    for _ in range(_ROUNDS):
        slope, curvature = -_RIDGE * weights, _RIDGE * np.eye(len(weights))
        for one in found:
            shares = _shares(one.signals @ weights)
            meant = shares * one.right
            meant /= meant.sum() + _LEAST
            mean = shares @ one.signals
            slope += one.weight * (meant @ one.signals - mean)
            curvature += one.weight * ((one.signals * shares[:, None]).T @ one.signals - np.outer(mean, mean))
        step = np.linalg.solve(curvature, slope)
        weights += step / max(1.0, np.abs(step).max())  # from zero a whole step would go too far
    return dict(zip(SIGNALS, weights.round(2).tolist(), strict=True))


def _without_lists(service: Service) -> Service:
    """As bases are that have no follow-ups written down: the weights are the same for all."""
    indexes = {lang: one.index for lang, one in service.judge.matchers.items()}
    followers = followers_of(service.base, indexes, lists=False)
    return Service(service.base, service.judge.matchers, packs=service.packs, followers=followers)


def _shares(utility: Array) -> Array:
    shares = np.exp(utility - utility.max())
    return np.asarray(shares / shares.sum())


def _read(name: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, (DATA / name).read_text(encoding="utf-8").splitlines())


def _example(service: Service, case: dict[str, Any], expected: list[str] | None, weight: float) -> Example | None:
    """`expected` is None for a question that stands for itself."""
    judge = service.judge
    verdict = judge.decide(judge.bare(case["q"], case["lang"]) or case["q"])
    if not leans(judge, verdict):
        return None
    reading, lang = verdict.ranking.reading, verdict.ranking.lang
    bare = judge.matchers[lang].is_bare(reading.words)
    alone = by_itself(verdict, bare, service.may_lean(lang), service.followers[lang])
    if expected is None and alone is None:
        return None
    labels, signals = service.followers[lang].ways(case["prev"], reading.words, reading.trust, alone)
    right = np.zeros(len(signals))
    if expected is None:
        right[-1] = 1.0
        return Example(signals, right, weight)
    right[: len(labels)] = [str(label) in expected for label in labels]
    right[len(labels)] = not expected
    right[len(labels) + 1 :] = _comes_to(verdict, alone, expected)
    return Example(signals, right, weight)


def _hardest(service: Service, case: dict[str, Any]) -> str:
    """The entry after which it is hardest to see that a question stands for itself: of those that are not asked for the one whose
    readers see most of its words; for a question that nothing answers the one that is likest to it."""
    if not case["expect"]:
        return service.judge.decide(case["q"], case["lang"]).ranking.first or next(iter(service.base.entries))
    follower, language = service.followers[case["lang"]], service.judge.matchers[case["lang"]].language
    stems = set(map(language.stem, language.words(case["q"])))
    asked = {one.partition("/")[0] for one in case["expect"]}
    others = [entry for entry in sorted(service.base.entries) if entry not in asked]
    return max(others, key=lambda entry: len(stems & follower.told(entry)))


def _comes_to(verdict: Verdict, alone: Alone | None, expected: list[str]) -> bool:
    decision = verdict.decision
    got = str(decision.chosen.label) if isinstance(decision, Answer) else None
    return alone is not None and (got in expected if expected else got is None)


def main() -> None:
    service = open_service(ROOT / "knowledge", ROOT / ".state" / "test" / "shipped" / "cache")
    for name, weight in fit([*examples(service), *examples(_without_lists(service))]).items():
        print(f'    "{name}": {weight},')


if __name__ == "__main__":
    main()
