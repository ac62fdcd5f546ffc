"""From rankings to what the bot does: answer, suggest, decline, small talk; and in which language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.match import text
from bot.match.labels import Kind
from bot.match.matcher import Candidate, Matcher, Ranking
from bot.match.reading import How
from bot.match.rule import DEFAULT_CAUTION

SUGGESTIONS = 3
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_SURE_TALK = 0.35  # share of the probability that small talk needs to be taken for it
_NOT_TYPED = 0.15  # what a reading on another keyboard loses against one as typed
_NATIVE = 0.1  # what a language gains for being written in its own script
_CLOSE_CALL = 0.06  # languages nearer than this are settled by the user's own choice


@dataclass(frozen=True, slots=True)
class Answer:
    lang: str
    chosen: Candidate
    others: tuple[Candidate, ...] = ()
    distress: bool = False


@dataclass(frozen=True, slots=True)
class Suggest:
    lang: str
    choices: tuple[Candidate, ...]
    refusal: Candidate | None


@dataclass(frozen=True, slots=True)
class Decline:
    """`refusal` is the group that the question belongs to, if one is likely; `nearest` the entries that came closest."""

    lang: str
    refusal: Candidate | None
    nearest: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallTalk:
    lang: str
    kind: str


Decision = Answer | Suggest | Decline | SmallTalk


@dataclass(frozen=True, slots=True)
class Thresholds:
    answer: float
    offer: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a question (or a half of one), the ranking it rests on, and in words the rule that decided."""

    question: str
    decision: Decision
    ranking: Ranking
    reason: str
    rankings: Mapping[str, Ranking] = field(default_factory=dict)


class Judge:
    """Asks every language's matcher and decides. `caution` 0 to 1: how much doubt it takes to stay silent."""

    def __init__(self, matchers: Mapping[str, Matcher], caution: float = DEFAULT_CAUTION) -> None:
        self.matchers = dict(matchers)
        self.thresholds = {
            lang: Thresholds(matcher.index.rule.threshold(caution), matcher.index.rule.offer_threshold())
            for lang, matcher in self.matchers.items()
        }

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        """`preferred` is the asker's language; it decides only where the question itself leaves it open."""
        rankings = {lang: matcher.rank(question) for lang, matcher in self.matchers.items()}
        lang = self.language_of(question, rankings, preferred)
        ranking = rankings[lang]
        decision, reason = self._decision(ranking)
        return Verdict(question, decision, ranking, reason, rankings)

    def language_of(self, question: str, rankings: Mapping[str, Ranking], preferred: str | None) -> str:
        """The language whose phrases know most of the question and answer it best."""
        fits = {lang: self._fit(question, ranking) for lang, ranking in rankings.items()}
        best = max(fits, key=lambda lang: (fits[lang], lang == preferred))
        if preferred in fits and fits[best] - fits[preferred] <= _CLOSE_CALL:
            return preferred
        if best not in ("en", preferred) and "en" in fits and fits[best] - fits["en"] <= 1e-6:
            return "en"
        return best

    def _fit(self, question: str, ranking: Ranking) -> float:
        fit = ranking.reading.share + ranking.score
        if ranking.reading.how is not How.TYPED:
            return fit - _NOT_TYPED
        native = text.is_cyrillic(question) == self.matchers[ranking.lang].language.cyrillic
        if ranking.lang == "ru" and _KAZAKH.search(question):
            fit -= 0.5
        return fit + (_NATIVE if native else 0.0)

    def _decision(self, ranking: Ranking) -> tuple[Decision, str]:
        limits = self.thresholds[ranking.lang]
        refusal = ranking.refusal if ranking.refused else None
        talk = ranking.refusal if ranking.refusal and ranking.refusal.label.kind is Kind.SMALL_TALK else None
        distress = bool(talk and talk.label.owner == "cry-for-help" and talk.score >= _SURE_TALK)
        score = ranking.score
        if score >= limits.answer:
            answer = Answer(ranking.lang, ranking.candidates[0], ranking.candidates[1:], distress)
            return answer, f"score {score:.2f} is at or above the answer threshold {limits.answer:.2f}"
        if talk and ranking.refused and talk.score >= _SURE_TALK:
            return SmallTalk(ranking.lang, talk.label.owner), f"small talk has {talk.score:.2f} of the probability"
        near = tuple(c for c in ranking.candidates[:SUGGESTIONS] if c.score >= limits.offer / 3)
        if score >= limits.offer:
            return Suggest(ranking.lang, near, refusal), (
                f"score {score:.2f} is below the answer threshold {limits.answer:.2f}, "
                f"not below the offer threshold {limits.offer:.2f}"
            )
        group = refusal if refusal and refusal.label.kind is Kind.REFUSAL else None
        return Decline(ranking.lang, group, ranking.candidates[:SUGGESTIONS]), (
            f"score {score:.2f} is below the offer threshold {limits.offer:.2f}"
            + (f"; the refusal group {group.label.owner} is stronger" if group else "")
        )
