"""What a question after an answer comes to by itself, and where it leads."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.match.learn.labels import Label
from bot.match.learn.logistic import log_odds

_LIKELIER = 0.5  # what leads somewhere less surely is answered wrongly as often as rightly


@dataclass(frozen=True, slots=True)
class Alone:
    """What a question comes to that is read for itself: it is `answered` with that `score`, something is `offered` for it, or
    it is small `talk`; `refused` is the share, 0 to 1, of a refusal that surpasses the entries. It has so many `words`; of their
    letters the share `unknown`, 0 to 1, stands in no phrase. `names`: it has a word that tells what its answer is about."""

    score: float = 0.0
    answered: bool = False
    offered: bool = False
    talk: bool = False
    refused: float = 0.0
    words: int = 1
    unknown: float = 0.0
    names: bool = False

    def signals(self) -> dict[str, float]:
        return {
            "alone": 1.0,
            "answered": float(self.answered),
            "sureness": log_odds(self.score) * self.answered,
            "offered": float(self.offered),
            "talk": float(self.talk),
            "refused": self.refused,
            "length": math.log(max(1, self.words)),
            "unknown": self.unknown,
            "names": float(self.names),
        }


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a question leads: `label` is None for nowhere, or where it `stands` for itself. `probability`, 0 to 1, of that."""

    label: Label | None
    probability: float
    stands: bool = False


def lead_of(shares: Mapping[Label, float], others: Sequence[float]) -> Lead:
    """Of an entry and its gaps together one must be likelier than anything in `others`: that it leads nowhere, and that it
    stands for itself. Where that may be, it must be likelier than not as well; and so must a gap of all that is the entry's."""
    entries: dict[Label, float] = defaultdict(float)
    for label, share in shares.items():
        entries[Label(label.owner)] += share
    entry = max(entries, key=lambda label: entries[label])
    likely, may_stand = entries[entry], len(others) > 1
    if likely < max(others) or (may_stand and likely <= _LIKELIER):
        return Lead(None, max(others), stands=others[-1] > others[0])
    asked = max((label for label in shares if label.owner == entry.owner), key=lambda label: shares[label])
    return Lead(asked if shares[asked] > likely * _LIKELIER else entry, likely)
