"""Questions that ask for no more than an entry tells: for the whole of it, and not for a gap that their words come close to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.match.decide.decision import Answer, Verdict
from bot.match.learn.following import Follower
from bot.match.learn.index import Index
from bot.match.learn.labels import Label

YES_NO = "yes_no"


def whole(verdict: Verdict, rest: Sequence[str], follower: Follower, index: Index, kind: str | None) -> Verdict:
    """The verdict without the gap, where all words but those that many entries share stand, by themselves or by one of their
    group, in what readers see of the entry, and it is asked whether something is so; or where just all words do of the `rest` of
    what leads in ("what does it say on torture?"), or of what is asked with no word that asks ("Capital punishment abolished?").
    Of 12 labelled questions of the first form none asks for a gap, nor does one of 3 of the last."""
    decision = verdict.decision
    if not isinstance(decision, Answer) or decision.chosen.label.gap is None:
        return verdict
    words, owner = verdict.ranking.reading.words, decision.chosen.label.owner
    asked, led = list(rest), 0 < len(rest) < len(words)
    if kind == YES_NO:
        asked = [word for word in rest if index.language.stem(word) not in index.common]
    elif not led and (kind is not None or not verdict.question.rstrip().endswith("?")):
        return verdict
    if not follower.tells(owner, asked):
        return verdict
    return replace(verdict, decision=replace(decision, chosen=replace(decision.chosen, label=Label(owner))))
