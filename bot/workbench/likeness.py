"""When two questions are the same question: by their letters, by the words that tell most, and across languages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.match.decide.matcher import Evidence
from bot.workbench.asked_again import Asked

ALIKE = 86  # of 100, by rapidfuzz's token_sort_ratio of the stems: a word more or another order, but not another verb
ALIKE_WORDS = 0.75  # of the weight of all their words, the share of those that two questions have in common
# Cosine of what the words say of each entry and refusal group, from which on two questions in two languages are one: of 100
# questions that stand in Russian and in Kazakh this joins 40, and no two that differ.
ALIKE_ABROAD = 0.7


def tell_the_same(one: Asked, other: Asked) -> bool:
    """Whether most of what two questions tell, they both do."""
    weights = {**one.words, **other.words}
    shared = sum(weights[word] for word in one.words.keys() & other.words.keys())
    return shared >= ALIKE_WORDS * sum(weights.values())


def alike_abroad(left: Sequence[Evidence], right: Sequence[Evidence]) -> Iterator[tuple[int, int]]:
    """The places of the questions of two languages that are each other's best, and close."""
    owners = sorted(set(left[0]) & set(right[0]))
    if not owners:
        return
    rows = [np.array([[row[owner] for owner in owners] for row in side], np.float64) for side in (left, right)]
    centred = [side - side.mean(1, keepdims=True) for side in rows]
    units = [side / (np.linalg.norm(side, axis=1, keepdims=True) + 1e-9) for side in centred]
    close = units[0] @ units[1].T
    for a, b in enumerate(close.argmax(1).tolist()):
        same = int(rows[0][a].argmax()) == int(rows[1][b].argmax())
        if same and close[a, b] >= ALIKE_ABROAD and int(close[:, b].argmax()) == a:
            yield a, b
