"""From rankings to what the bot does: answer, suggest, decline, small talk; and in which language. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.languages import text
from bot.match.decide.matcher import Candidate, Matcher, Ranking
from bot.match.learn.labels import Kind
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.words.lexicon import lexicon
from bot.match.words.reading import MOST_WORDS, How, Reading

# Entries offered: of what is answered wrongly the right one is among the first three in 56 to 84 per cent.
SUGGESTIONS = 3
# In brackets what is otherwise without it, of 6,917 labelled questions.
_SETTLED = 0.5  # what a sure answer or refusal counts beside the words known (7 languages, one answer lost)
_NATIVE = 0.25  # what a language gains for being written in its own script (21 languages, of 14 more the wrong one)
_PLAIN = 0.8  # share of known letters from which on nobody looks for another keyboard (3 languages, one false answer)
_RIVAL = 0.4  # a language that knows less than this part of what the best one knows is not asked (1; 1.4 ms, not 0.3)
# What a language loses that is known by letters (`Traits.marks`), where none of them is met (28, of 5 more the wrong one).
_UNMARKED = 0.1
_LIKELIER = 0.5  # than not: what is refused, small talk, an entry beside a refusal group
# Languages nearer than this are settled by the asker's own: of 6,165 labelled questions, each asked by people of all three, 32
# come in another language than theirs that is also the question's, 38 without; 13 change, 10 of them strings of letters.
_CLOSE_CALL = 0.06


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
    """Probabilities from which on an entry is answered, and offered: `refused` where a refusal group surpasses it. From
    `half` on it answers half of a message: two answers are false as often as one. `strict`: with the highest caution.
    `guess`: what an entry has by chance; what is likelier is offered too, as people ask in other words than the base has."""

    answer: float
    offer: float
    refused: float = 0.0
    half: float = 0.0
    strict: float = 0.0
    guess: float = 1.0

    @property
    def alone(self) -> float:
        """From here on an entry is offered, if no refusal group surpasses it."""
        return min(self.offer, self.guess)

    @property
    def beside(self) -> float:
        """From here on a message is about an entry beside others: as many as are shown at once are then together as likely as
        one that nearly all answerable questions surpass."""
        return self.offer / SUGGESTIONS


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a question (or a half of one), the ranking it rests on, and in words the rule that decided; how the
    languages that were asked read it. `beside` is an entry that may be asked for as well, less likely than not."""

    question: str
    decision: Decision
    ranking: Ranking
    reason: str
    readings: Mapping[str, Reading] = field(default_factory=dict)
    beside: Candidate | None = None


class Judge:
    """Asks every language's matcher and decides. `caution` 0 to 1: how much doubt it takes to stay silent."""

    def __init__(self, matchers: Mapping[str, Matcher], caution: float = DEFAULT_CAUTION) -> None:
        self.matchers = dict(matchers)
        learnt = {lang: (one.index.rule, int(one.index.label_set.is_entry.sum())) for lang, one in matchers.items()}
        self.thresholds = {
            lang: Thresholds(
                rule.threshold(caution),
                rule.offer_threshold(),
                rule.offer_threshold_of_refused(),
                rule.threshold(caution, 1 / 2),
                rule.threshold(1.0),
                1 / max(1, entries),
            )
            for lang, (rule, entries) in learnt.items()
        }

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        """`preferred` is the asker's language; it decides only where the question itself leaves it open."""
        readings = self._readings(question)
        ranking = self._ranking(question, readings, preferred)
        decision, reason = self._decision(ranking)
        return Verdict(question, decision, ranking, reason, readings)

    def asks(self, part: str, lang: str) -> bool:
        """Whether a part of a message asks something by its form, and is not its form alone ("is that so")."""
        return True

    def goes_on(self, part: str, lang: str) -> bool:
        """Whether a part of a message goes on with what the part before it asks."""
        return False

    def leads_on(self, owner: str, part: str, lang: str) -> Candidate | None:
        """What a part of a message asks for if it leans on the answer of an entry before it."""
        return None

    def bare(self, question: str, lang: str) -> str:
        """A question without what people say around it."""
        return question

    def clause(self, message: str) -> str | None:
        """The one clause of a message that is more than what people say around it."""
        return None

    def sets_aside(self, question: str, lang: str) -> bool:
        """Whether a question names something only to exclude it."""
        return False

    def _readings(self, question: str) -> dict[str, Reading]:
        """Every language's, but where one knows the question as typed only those that know a good part of it too."""
        known = {lang: matcher.coverage(question) for lang, matcher in self.matchers.items()}
        best = max(known.values())
        everyone = best < _PLAIN or not _has_letters(question)  # the person's own language may know no number
        asked = [lang for lang, share in known.items() if everyone or share >= best * _RIVAL]
        return {lang: self.matchers[lang].read(question) for lang in asked}

    def _ranking(self, question: str, readings: Mapping[str, Reading], preferred: str | None) -> Ranking:
        """That of the language whose phrases know most of the question, use its words most, and settle it best. Only
        languages between which the rest leaves it open are ranked."""
        if not _has_letters(question):
            lang = preferred if preferred in self.matchers else next(iter(self.matchers))
            return self.matchers[lang].rank(readings[lang])
        if preferred is not None and self._is_spelled(question, readings, preferred):
            return self.matchers[preferred].rank(readings[preferred])
        readings = self._as_typed(question, readings)
        if preferred is not None and preferred in readings and self._speaks(question, readings, preferred):
            return self.matchers[preferred].rank(readings[preferred])
        odds = self._odds(readings)
        fits = {lang: self._fit(question, lang, reading) + odds[lang] for lang, reading in readings.items()}
        least = max(fits.values()) - _SETTLED
        close = [lang for lang, fit in fits.items() if fit + _CLOSE_CALL * (lang == preferred) >= least]
        rankings = {lang: self.matchers[lang].rank(readings[lang]) for lang in close}
        fits = {lang: fits[lang] + _SETTLED * _settled(ranking) for lang, ranking in rankings.items()}
        best = max(fits, key=lambda lang: (fits[lang], lang == preferred))
        near = preferred in fits and fits[best] - fits[preferred] <= _CLOSE_CALL
        return rankings[preferred if preferred and near else best]

    def _fit(self, question: str, lang: str, reading: Reading) -> float:
        """How well a language fits by its letters and by what it knows."""
        if reading.how is not How.TYPED:
            return reading.share
        fit, language = reading.share, self.matchers[lang].language
        if language.traits.marks and not language.marked(question):
            fit -= _UNMARKED
        return fit + (_NATIVE if language.writes(question) else 0.0)

    def _as_typed(self, question: str, readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
        """Only the languages that read the question as typed, where one of them knows most of it, or its dictionary all."""
        typed = {lang: reading for lang, reading in readings.items() if reading.how is How.TYPED}
        plain = any(reading.share >= _PLAIN for reading in typed.values()) or any(
            self._is_of(question, lang) for lang in typed
        )
        return typed if plain else readings

    def _is_spelled(self, question: str, readings: Mapping[str, Reading], lang: str) -> bool:
        """Whether a question in other letters is made of words that the phrases of the asker's language know ("i invalidy"), and no
        language knows all of it as typed."""
        reading = readings.get(lang)
        if reading is None or reading.how is How.TYPED or reading.repairs or reading.share < 1:
            return False
        return all(
            self.matchers[other].coverage(question) < 1 and not self._is_of(question, other) for other in readings
        )

    def _is_of(self, question: str, lang: str) -> bool:
        """Whether a question is made of real words of a language, in its script ("art 10")."""
        language = self.matchers[lang].language
        words = [word for word in language.words(question)[:MOST_WORDS] if word.isalpha()]
        return bool(words) and language.writes(question) and all(map(lexicon(language.traits), words))

    def _odds(self, readings: Mapping[str, Reading]) -> dict[str, float]:
        """How much likelier than in the other languages the words are, 0 to 1 and together 1."""
        logs = {lang: self.matchers[lang].familiarity(reading.words) for lang, reading in readings.items()}
        top = max(logs.values())
        weights = {lang: math.exp(log - top) for lang, log in logs.items()}
        total = sum(weights.values())
        return {lang: weight / total for lang, weight in weights.items()}

    def _speaks(self, question: str, readings: Mapping[str, Reading], lang: str) -> bool:
        """Whether the question is one word or number that none knows better than the language, or its small talk."""
        known = readings[lang].share
        alone = known > 0 and known >= max(one.share for one in readings.values()) and len(text.words(question)) <= 1
        return alone or self.matchers[lang].says(readings[lang].words)

    def is_talk(self, verdict: Verdict) -> bool:
        """Whether it is small talk in just the words that the base has for it."""
        decision, ranking = verdict.decision, verdict.ranking
        if not isinstance(decision, SmallTalk):
            return False
        return self.matchers[ranking.lang].is_phrase(ranking.reading.words, decision.kind, Kind.SMALL_TALK)

    def _is_phrase(self, ranking: Ranking) -> bool:
        """Whether the question is, word for word, one of the phrases of the best entry."""
        if not ranking.candidates or ranking.reading.repairs:
            return False
        return self.matchers[ranking.lang].is_phrase(ranking.reading.words, ranking.candidates[0].label.owner)

    def _near(self, ranking: Ranking, least: float) -> tuple[Candidate, ...]:
        """The candidates to offer: right behind the best what the base's own phrases confuse with it."""
        likely = [c for c in ranking.candidates[:SUGGESTIONS] if c.score >= least]
        twins = self.matchers[ranking.lang].confused_with(likely[0].label.owner) if likely else set()
        return tuple(sorted(likely, key=lambda c: (c is not likely[0], c.label.owner not in twins)))

    def _offer_threshold(self, ranking: Ranking) -> float:
        """From where on entries are offered. Where a refusal group is likelier than not, so must the best entry be."""
        limits = self.thresholds[ranking.lang]
        if not ranking.refused:
            return limits.alone
        return max(limits.alone, limits.refused, _LIKELIER if ranking.clear else 0.0)

    def _decision(self, ranking: Ranking) -> tuple[Decision, str]:
        limits = self.thresholds[ranking.lang]
        refusal = ranking.refusal if ranking.refused else None
        talk = ranking.refusal if ranking.refusal and ranking.refusal.label.kind is Kind.SMALL_TALK else None
        score = ranking.score
        empty = score < max(limits.strict, limits.answer) and self.matchers[ranking.lang].is_empty(
            ranking.reading.words
        )
        verbatim = limits.offer <= score < limits.answer and self._is_phrase(ranking)
        if (score >= limits.answer and not empty) or verbatim:
            answer = Answer(ranking.lang, ranking.candidates[0], ranking.candidates[1:])
            return answer, (
                "a phrase of the entry, word for word"
                if verbatim
                else f"score {score:.2f} is at or above the answer threshold {limits.answer:.2f}"
            )
        if talk and ranking.refused and talk.score >= _LIKELIER:
            return SmallTalk(ranking.lang, talk.label.owner), f"small talk has {talk.score:.2f} of the probability"
        near = self._near(ranking, min(limits.beside, limits.guess))
        offer = self._offer_threshold(ranking)
        if near and score >= offer and not (empty and len(ranking.reading.words) == 1):
            return Suggest(ranking.lang, near, refusal), (
                "nothing but words that most entries share"
                if empty
                else f"score {score:.2f} is below the answer threshold {limits.answer:.2f}, "
                f"not below the offer threshold {offer:.2f}"
            )
        group = refusal if refusal and ranking.clear and refusal.label.kind is Kind.REFUSAL else None
        return Decline(ranking.lang, group, ranking.candidates[:SUGGESTIONS]), (
            f"score {score:.2f} is below the offer threshold {offer:.2f}"
            + (f"; the refusal group {group.label.owner} is stronger" if group else "")
        )


def _settled(ranking: Ranking) -> float:
    """How surely a question is answered or refused, 0 to 1."""
    return max(ranking.score, ranking.refusal.score if ranking.refusal and ranking.refused else 0.0)


def _has_letters(question: str) -> bool:
    return any(map(str.isalpha, text.clean(question)))
