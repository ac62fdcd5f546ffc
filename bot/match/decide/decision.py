"""From rankings to what the bot does: answer, suggest, decline, small talk; and in which language. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.match.decide.matcher import Candidate, Matcher, Ranking
from bot.match.learn.labels import Kind
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.words import text
from bot.match.words.reading import How

SUGGESTIONS = 3
_SURE_TALK = 0.35  # share of the probability that small talk needs to be taken for it
_SETTLED = 0.5  # what a sure answer or refusal counts beside the words known
_NOT_TYPED = 0.3  # what a reading on another keyboard loses against one as typed
_NATIVE = 0.25  # what a language gains for being written in its own script
_PLAIN = 0.8  # share of known letters from which on nobody looks for another keyboard
_RIVAL = 0.4  # a language that knows less than this part of what the best one knows is not asked
_UNMARKED = 0.1  # what a language loses that is known by letters (`Traits.marks`), where none of them is met
_MARKED = 0.5  # what the others lose where one of them is
_NEVER_EMPTY = 0.95  # a score from which on an answer is given though most entries share each word of the question
_CLOSE_CALL = 0.06  # languages nearer than this are settled by the user's own choice


@dataclass(frozen=True, slots=True)
class Answer:
    lang: str
    chosen: Candidate
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggest:
    """Choices to pick from; or all that a topic has, where it is asked for by its name."""

    lang: str
    choices: tuple[Candidate, ...]
    refusal: Candidate | None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """`refusal` is the group that the question belongs to, if one is likely; `nearest` the entries that came closest.
    `after`: it only made sense after the answer of this entry, which says no more."""

    lang: str
    refusal: Candidate | None
    nearest: tuple[Candidate, ...] = ()
    after: str | None = None


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
        rankings = self._rankings(question)
        lang = self.language_of(question, rankings, preferred)
        ranking = rankings[lang]
        decision, reason = self._decision(ranking)
        return Verdict(question, decision, ranking, reason, rankings)

    def asks(self, part: str, lang: str) -> bool:
        """Whether a part of a message asks something by its form."""
        return True

    def goes_on(self, part: str, lang: str) -> bool:
        """Whether a part of a message goes on with what the part before it asks."""
        return False

    def sets_aside(self, question: str, lang: str) -> bool:
        """Whether a question names something only to exclude it."""
        return False

    def _rankings(self, question: str) -> dict[str, Ranking]:
        """Every language's, but where one knows the question as typed only those that know a good part of it too."""
        known = {lang: matcher.coverage(question) for lang, matcher in self.matchers.items()}
        best = max(known.values())
        everyone = best < _PLAIN or not any(
            map(str.isalpha, text.clean(question))
        )  # the person's own language may know no number
        asked = [lang for lang, share in known.items() if everyone or share >= best * _RIVAL]
        return {lang: self.matchers[lang].rank(question) for lang in asked}

    def language_of(self, question: str, rankings: Mapping[str, Ranking], preferred: str | None) -> str:
        """The language whose phrases know most of the question, use its words most, and settle it best."""
        rankings = self._as_typed(rankings)
        odds = self._odds(rankings)
        fits = {lang: self._fit(question, ranking) + odds[lang] for lang, ranking in rankings.items()}
        best = max(fits, key=lambda lang: (fits[lang], lang == preferred))
        if not any(c.isalpha() for c in text.clean(question)):
            return preferred if preferred in self.matchers else next(iter(self.matchers))
        if preferred in fits and (fits[best] - fits[preferred] <= _CLOSE_CALL or self._bare(question, rankings)):
            return preferred
        return best

    def _fit(self, question: str, ranking: Ranking) -> float:
        refusal = ranking.refusal.score if ranking.refusal and ranking.refused else 0.0
        fit = ranking.reading.share + _SETTLED * max(ranking.score, refusal)
        if ranking.reading.how is not How.TYPED:
            return fit - _NOT_TYPED
        language = self.matchers[ranking.lang].language
        if not language.marked(question):
            others = any(matcher.language.marked(question) for matcher in self.matchers.values())
            fit -= _MARKED * others + _UNMARKED * bool(language.traits.marks)
        return fit + (_NATIVE if language.writes(question) else 0.0)

    @staticmethod
    def _as_typed(rankings: Mapping[str, Ranking]) -> Mapping[str, Ranking]:
        """Only the languages that read the question as typed, where one of them knows most of it."""
        typed = {lang: ranking for lang, ranking in rankings.items() if ranking.reading.how is How.TYPED}
        return typed if any(ranking.reading.share >= _PLAIN for ranking in typed.values()) else rankings

    def _odds(self, rankings: Mapping[str, Ranking]) -> dict[str, float]:
        """How much likelier than in the other languages the words are, 0 to 1 and together 1."""
        logs = {lang: self.matchers[lang].familiarity(ranking.reading.words) for lang, ranking in rankings.items()}
        top = max(logs.values())
        weights = {lang: math.exp(log - top) for lang, log in logs.items()}
        total = sum(weights.values())
        return {lang: weight / total for lang, weight in weights.items()}

    @staticmethod
    def _bare(question: str, rankings: Mapping[str, Ranking]) -> bool:
        """Whether the question is one word or number that several languages know."""
        knowing = sum(ranking.reading.share > 0.99 for ranking in rankings.values())
        return len(text.words(question)) <= 1 and knowing > 1

    def _is_phrase(self, ranking: Ranking) -> bool:
        """Whether the question is, word for word, one of the phrases of the best entry."""
        if not ranking.candidates or ranking.reading.repairs:
            return False
        return self.matchers[ranking.lang].is_phrase(ranking.reading.words, ranking.candidates[0].label.owner)

    def _decision(self, ranking: Ranking) -> tuple[Decision, str]:
        limits = self.thresholds[ranking.lang]
        refusal = ranking.refusal if ranking.refused else None
        talk = ranking.refusal if ranking.refusal and ranking.refusal.label.kind is Kind.SMALL_TALK else None
        score = ranking.score
        empty = score < _NEVER_EMPTY and self.matchers[ranking.lang].is_empty(ranking.reading.words)
        verbatim = limits.offer <= score < limits.answer and self._is_phrase(ranking)
        if (score >= limits.answer and not empty) or verbatim:
            answer = Answer(ranking.lang, ranking.candidates[0], ranking.candidates[1:])
            return answer, (
                "a phrase of the entry, word for word"
                if verbatim
                else f"score {score:.2f} is at or above the answer threshold {limits.answer:.2f}"
            )
        if talk and ranking.refused and talk.score >= _SURE_TALK:
            return SmallTalk(ranking.lang, talk.label.owner), f"small talk has {talk.score:.2f} of the probability"
        near = tuple(c for c in ranking.candidates[:SUGGESTIONS] if c.score >= limits.offer / 3)
        if near and score >= limits.offer and not (empty and len(ranking.reading.words) == 1):
            return Suggest(ranking.lang, near, refusal), (
                "nothing but words that most entries share"
                if empty
                else f"score {score:.2f} is below the answer threshold {limits.answer:.2f}, "
                f"not below the offer threshold {limits.offer:.2f}"
            )
        group = refusal if refusal and refusal.label.kind is Kind.REFUSAL else None
        return Decline(ranking.lang, group, ranking.candidates[:SUGGESTIONS]), (
            f"score {score:.2f} is below the offer threshold {limits.offer:.2f}"
            + (f"; the refusal group {group.label.owner} is stronger" if group else "")
        )
