"""What the base, as it is now, makes of a question that was asked before: the same question costs once. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.languages.text import normalise
from bot.match.decide.decision import Decline, Verdict
from bot.match.decide.matcher import Evidence, Matcher
from bot.match.learn.labels import Kind
from bot.reply import ReplyKind
from bot.service import Outcome, Service
from bot.store.base import MissKind

_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
NEAREST = 3  # entries, and refusal groups
_SOME = 3  # this part of the score from which on an entry is offered makes it near

_KINDS = {ReplyKind.SUGGEST: MissKind.OFFERED, ReplyKind.DECLINE: MissKind.DECLINED}


@dataclass(frozen=True, slots=True)
class Near:
    """`score` is the probability that the entry is the right one, 0 to 1."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Asked:
    """`kind` is None where the question ends in an answer, of `entries`, or in small talk. `groups` are the refusal groups
    that come closest, first the one that refuses it. `words` are stems with their weights: the rarer in the base's phrases, the
    more a word tells. `form` is the kind of question by its form (who, when, how many ...), if it has one."""

    kind: MissKind | None
    entries: tuple[str, ...]
    near: tuple[Near, ...]
    groups: tuple[str, ...]
    words: Mapping[str, float]
    evidence: Evidence = field(default_factory=dict, repr=False)
    form: str | None = None


def miss_of(outcome: Outcome) -> MissKind | None:
    """How an outcome is no answer; None where it is one, or nothing was asked."""
    kind = _KINDS.get(outcome.reply.kind)
    if kind is MissKind.DECLINED and refused_by(outcome) is not None:
        return MissKind.REFUSED
    return kind if outcome.verdicts else None


def refused_by(outcome: Outcome) -> str | None:
    """The refusal group that declines a question in its own words."""
    for verdict in outcome.verdicts:
        if isinstance(verdict.decision, Decline) and verdict.decision.refusal is not None:
            return verdict.decision.refusal.label.owner
    return None


class AskedAgain:
    """Asks a service; remembers for as long as it lives, so make a new one for a new service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._known: dict[tuple[str, str], Asked] = {}

    def __call__(self, lang: str, text: str) -> Asked:
        if (lang, text) not in self._known:
            self._known[lang, text] = self._asked(lang, text)
        return self._known[lang, text]

    def _asked(self, lang: str, text: str) -> Asked:
        matchers = self.service.judge.matchers
        outcome = self.service.ask(text, lang if lang in matchers else None)
        matcher = matchers.get(lang)
        if matcher is None:  # the base had this language once
            words = dict.fromkeys(normalise(text).split(), 1.0)
            return Asked(miss_of(outcome), outcome.entries, self._near(outcome), (), words)
        evidence = matcher.evidence(text)
        return Asked(
            miss_of(outcome),
            outcome.entries,
            self._near(outcome),
            _groups(refused_by(outcome), evidence),
            _weights(matcher, text),
            evidence,
            matcher.index.asked.kind_of(matcher.read(text).words),
        )

    def _near(self, outcome: Outcome) -> tuple[Near, ...]:
        best: dict[str, float] = {}
        for verdict in outcome.verdicts:
            for entry, score in self._scores(verdict).items():
                best[entry] = max(score, best.get(entry, 0.0))
        found = sorted(best.items(), key=lambda item: -item[1])
        return tuple(Near(entry, round(score, 3)) for entry, score in found[:NEAREST])

    def _scores(self, verdict: Verdict) -> Mapping[str, float]:
        least = self.service.judge.thresholds[verdict.ranking.lang].offer / _SOME
        return {one.label.owner: one.score for one in verdict.ranking.candidates if one.score >= least}


def _groups(refusing: str | None, evidence: Evidence) -> tuple[str, ...]:
    scored = sorted((-score, owner) for (kind, owner), score in evidence.items() if kind == Kind.REFUSAL.value)
    first = [refusing] if refusing else []
    return tuple(dict.fromkeys([*first, *(owner for _, owner in scored)]))[:NEAREST]


def _weights(matcher: Matcher, text: str) -> dict[str, float]:
    """As typed: a word that is repaired may be one that the base has yet to learn."""
    counts, words = matcher.index.counts, matcher.language.words(_HYPHEN.sub("", text))
    total = sum(counts.values()) or 1
    return {matcher.language.stem(word): math.log(1 + total / (1 + counts.get(word, 0))) for word in words}
