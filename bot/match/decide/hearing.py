"""A judge who hears how a question is put: what it sets aside, what it only leads in with, in which languages it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.match.decide.asking import Period
from bot.match.decide.claims import YEARS, Claim, held, numbers
from bot.match.decide.claims import Verdict as Held
from bot.match.decide.decision import SUGGESTIONS, Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.decide.exclusion import Excluder
from bot.match.decide.matcher import Candidate, Matcher, Ranking
from bot.match.decide.subjects import MOST, Subjects
from bot.match.learn.labels import Label
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.words import text
from bot.match.words.frames import Frames
from bot.match.words.reading import How

YES_NO, YEAR, NUMBER = "yes_no", "when", "number"  # kinds of questions, as the languages' packs call them
_NAMED = 0.97  # how sure a name alone is: of 16 labelled questions that are but the name of one entry, 16 ask for it


@dataclass(frozen=True, slots=True)
class Manner:
    """How people put questions in one language, and what the base's things are called in it."""

    period: Period
    excluder: Excluder
    leads: Frames
    asked: Frames
    goes_on: Frames
    subjects: Subjects
    numbers: Mapping[str, int]
    given: Mapping[str, tuple[int, ...]]


class Hearing(Judge):
    """Decides on a question as it is, and where its form says that something else is meant, on that."""

    def __init__(
        self, matchers: Mapping[str, Matcher], manners: Mapping[str, Manner], caution: float = DEFAULT_CAUTION
    ) -> None:
        super().__init__(matchers, caution)
        self.manners = dict(manners)

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        verdict = super().decide(question, preferred)
        verdict = self._mixed(verdict, preferred)
        verdict = self._aside(verdict)
        if isinstance(verdict.decision, Suggest):
            verdict = self._of_now(verdict)
        return self._claimed(self._named(verdict))

    def asks(self, part: str, lang: str) -> bool:
        return self.manners[lang].asked.kind_of(self.matchers[lang].language.words(part)) is not None

    def goes_on(self, part: str, lang: str) -> bool:
        spans = self.manners[lang].goes_on.spans(self.matchers[lang].language.words(part))
        return any(start == 0 for _, start, _ in spans)

    def sets_aside(self, question: str, lang: str) -> bool:
        return self.manners[lang].excluder.cut(question) is not None

    def claim(self, verdict: Verdict) -> Claim | None:
        """What the entry that answers says to the numbers that a question claims: one that says them itself and asks, if
        anything, whether they are so. None where there is no such thing, or another place is meant."""
        decision, lang, words = verdict.decision, verdict.ranking.lang, verdict.ranking.reading.words
        manner = self.manners[lang]
        if not isinstance(decision, Answer) or manner.asked.kind_of(words) not in (None, YES_NO):
            return None
        owner = decision.chosen.label.owner
        claimed = numbers(words, manner.numbers)
        if not claimed or self.matchers[lang].is_elsewhere(words, owner):
            return None
        return held(claimed, manner.given.get(owner, ()))

    def _claimed(self, verdict: Verdict) -> Verdict:
        """The verdict on a claim with a number that the entry does not have: the gap that asks for such a number, if there
        is one."""
        claim, decision = self.claim(verdict), verdict.decision
        if (
            claim is None
            or claim.verdict is not Held.SILENT
            or not isinstance(decision, Answer)
            or decision.chosen.label.gap
        ):
            return verdict
        kind = YEAR if claim.number in YEARS else NUMBER
        gap = self.matchers[verdict.ranking.lang].gap_for(decision.chosen.label.owner, kind)
        if gap is None:
            return verdict
        return replace(verdict, decision=replace(decision, chosen=replace(decision.chosen, label=gap)))

    # What is excluded

    def _aside(self, verdict: Verdict) -> Verdict:
        """The verdict on what is left when the excluded is cut. The entry that the excluded alone names is barred, unless
        the rest names it more surely; and nothing is answered that the whole is not about at all."""
        lang = verdict.ranking.lang
        cut = self.manners[lang].excluder.cut(verdict.question)
        if cut is None:
            return verdict
        matcher, limits = self.matchers[lang], self.thresholds[lang]
        aside, rest = max(
            ((matcher.rank(aside), rest) for aside, rest in cut.shorter()),
            key=lambda one: (one[0].score, -len(one[0].reading.words)),
        )
        ranking = matcher.rank(rest)
        if aside.score >= limits.offer and ranking.score < aside.score and _first(ranking) == _first(aside):
            ranking = matcher.rank(rest, barred=(aside.candidates[0].label.owner,))
        decision, reason = self._decision(ranking)
        if not isinstance(decision, Answer) or _score(verdict.ranking, _first(ranking)) < limits.offer / 3:
            return verdict
        return replace(verdict, decision=decision, ranking=ranking, reason=f"without what it excludes: {reason}")

    # Words that say nothing of the subject

    def _of_now(self, verdict: Verdict) -> Verdict:
        """The verdict on what is asked about the present ("in 2026", "still"), where without these words it is clear."""
        lang, words = verdict.decision.lang, verdict.ranking.reading.words
        left = self.manners[lang].period.without(words)
        if not left or len(left) == len(words):
            return verdict
        asked = super().decide(self.matchers[lang].spelled(left), lang)
        return replace(verdict, decision=asked.decision) if isinstance(asked.decision, Answer) else verdict

    def _named(self, verdict: Verdict) -> Verdict:
        """The verdict on a question that only names an entry or a topic, however it leads in to it."""
        lang = verdict.ranking.lang
        matcher, manner = self.matchers[lang], self.manners[lang]
        words = manner.leads.without(verdict.ranking.reading.words)
        stems = frozenset(matcher.language.stem(word) for word in words)
        if isinstance(verdict.decision, SmallTalk) or not stems:
            return verdict
        is_answered = isinstance(verdict.decision, Answer) and self._is_phrase(verdict.ranking)
        topic = None if is_answered else manner.subjects.topic(stems)
        if topic:
            return replace(verdict, decision=Suggest(lang, (), None, topic), reason="the name of a topic")
        if isinstance(verdict.decision, Answer) or len(stems) > MOST or stems <= matcher.index.empty:
            return verdict
        holders = manner.subjects.holders(stems)
        if not holders:
            return verdict
        scores = {c.label.owner: c for c in verdict.ranking.candidates}
        found = sorted((scores.get(name) or Candidate(Label(name), 0.0) for name in holders), key=lambda c: -c.score)
        reason = "a word of the entry's own text"
        if len(found) == 1:
            return replace(verdict, decision=Answer(lang, replace(found[0], score=_NAMED)), reason=reason)
        return replace(verdict, decision=Suggest(lang, tuple(found[:SUGGESTIONS]), None), reason=reason)

    # Two languages in one message

    def _mixed(self, verdict: Verdict, preferred: str | None) -> Verdict:
        """The verdict on a message of two scripts of which neither language alone makes anything: what each knows of its
        own words counts together."""
        if not isinstance(verdict.decision, Decline):
            return verdict
        parts = text.by_script(verdict.question)
        if len(parts) != 2:
            return verdict
        read = [super(Hearing, self).decide(part, preferred) for part in parts]
        if len({one.ranking.lang for one in read}) < 2 or any(one.ranking.reading.how is not How.TYPED for one in read):
            return verdict
        main, other = sorted(read, key=lambda one: -len(one.ranking.reading.words))
        evidence = self.matchers[other.ranking.lang].evidence(other.question)
        ranking = self.matchers[main.ranking.lang].rank(main.question, evidence=evidence)
        decision, reason = self._decision(ranking)
        if not isinstance(decision, Answer):
            return verdict
        return replace(verdict, decision=decision, ranking=ranking, reason=f"with the words of two languages: {reason}")


def _first(ranking: Ranking) -> str | None:
    return ranking.candidates[0].label.owner if ranking.candidates else None


def _score(ranking: Ranking, owner: str | None) -> float:
    return next((one.score for one in ranking.candidates if one.label.owner == owner), 0.0)
