"""What a matcher finds: entries with their scores, best first."""

from __future__ import annotations

from dataclasses import dataclass

from bot.match.learn.labels import Label
from bot.match.words.reading import Reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` is the calibrated probability, 0 to 1, that this is the right answer. `phrase` is the closest way to ask
    for it, empty unless `rank` was asked for phrases."""

    label: Label
    score: float
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries best first. `refusal` is the best refusal group or small talk; its score is its share of the probability.
    `refused`: it surpasses the entries; `clear`: it leads the other groups so clearly that its own sentence may be said."""

    lang: str
    reading: Reading
    candidates: tuple[Candidate, ...]
    refusal: Candidate | None
    refused: bool
    clear: bool = True

    @property
    def score(self) -> float:
        return self.candidates[0].score if self.candidates else 0.0

    @property
    def first(self) -> str | None:
        """The best entry."""
        return self.candidates[0].label.owner if self.candidates else None
