"""A judge who hears how a question is put: what it sets aside, what it only leads in with, in which languages it speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from bot.match.decide.asking import YEARS
from bot.match.decide.claims import Claim, Stance, counts, held, tells
from bot.match.decide.courtesy import Courtesies, by_a_sentence, says_more
from bot.match.decide.decision import SUGGESTIONS, Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.decide.manner import ABOVE, Manner
from bot.match.decide.matcher import STORY, Candidate, Matcher, Ranking
from bot.match.decide.mixture import Share, alike, mixture
from bot.match.decide.subjects import MOST
from bot.match.decide.whole import YES_NO, whole
from bot.match.learn.following import Follower
from bot.match.learn.labels import Label
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.words.reading import How

YEAR, NUMBER = "when", "number"  # kinds of questions, as the languages' packs call them
_IN_HAND = 64  # questions whose verdicts are remembered: as many as may be in hand at a time, and their parts
_CLAUSE = re.compile(r"[,;:.!?…\n]+")
_SENTENCE = 3  # words of a lead that is a clause of its own; shorter ones may be but "and" or "more"
_NAMED = 0.97  # how sure a name alone is: of 16 labelled questions that are but the name of one entry, 16 ask for it


class Hearing(Judge):
    """Decides on a question as it is, and where its form says that something else is meant, on that."""

    def __init__(
        self,
        matchers: Mapping[str, Matcher],
        manners: Mapping[str, Manner],
        caution: float = DEFAULT_CAUTION,
        followers: Mapping[str, Follower] | None = None,
    ) -> None:
        super().__init__(matchers, caution)
        self.manners = dict(manners)
        self.followers = dict(followers or {})
        spoken = {lang: matcher.language for lang, matcher in self.matchers.items()}
        self._courtesies = Courtesies({lang: (spoken[lang], one.courtesies) for lang, one in self.manners.items()})
        self._decided = lru_cache(_IN_HAND)(
            self._decide
        )  # one message, and a part of it, is asked about more than once

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        return self._decided(question, preferred)

    def _decide(self, question: str, preferred: str | None) -> Verdict:
        """The verdict on the whole; where that is no answer, on what is left without courtesies, or on one sentence."""
        verdict = self._heard(question, preferred)
        if isinstance(verdict.decision, Answer) or self.is_talk(verdict):
            return verdict
        bare, asked = self.bare(question, verdict.ranking.lang), verdict
        if bare != question:
            asked = self._heard(bare, preferred)
            asked = replace(asked, reason=f"without courtesies: {asked.reason}")
        if not isinstance(asked.decision, Answer):
            asked = by_a_sentence(self, partial(self._heard, preferred=preferred), bare, asked)
        return replace(asked, question=question) if says_more(asked, verdict) else verdict

    def _heard(self, question: str, preferred: str | None) -> Verdict:
        verdict = super().decide(question, preferred)
        verdict = self._here(self._aside(self._led(self._mixed(verdict))))
        if isinstance(verdict.decision, Suggest) and verdict.ranking.reading.how is How.TYPED:
            verdict = self._beside_the_subject(verdict)
        return self._away(self._claimed(self._whole(self._named(verdict))))

    def asks(self, part: str, lang: str) -> bool:
        words, asked = self.matchers[lang].language.words(part), self.manners[lang].asked
        left = asked.without(self.manners[lang].leads.without(words))
        return asked.kind_of(words) is not None and bool(left)

    def leads_in(self, part: str, lang: str) -> bool:
        """Whether a part of a message asks in so many words what the source says ("what does the article say about …")."""
        spans = self.manners[lang].leads.spans(self.matchers[lang].language.words(part))
        return any(end - start >= _SENTENCE for _, start, end in spans)

    def goes_on(self, part: str, lang: str) -> bool:
        spans = self.manners[lang].goes_on.spans(self.matchers[lang].language.words(part))
        return any(start == 0 for _, start, _ in spans)

    def leads_on(self, owner: str, part: str, lang: str) -> Candidate | None:
        reading = self.matchers[lang].read(part)
        if lang not in self.followers or self.matchers[lang].is_bare(reading.words):
            return None
        lead = self.followers[lang].lead(owner, reading.words, reading.trust)
        return Candidate(lead.label, lead.probability) if lead.label else None

    def bare(self, question: str, lang: str) -> str:
        return self._courtesies.cut(question, lang) or question

    def clause(self, message: str) -> str | None:
        return self._courtesies.alone(message)

    def sets_aside(self, question: str, lang: str) -> bool:
        return self.manners[lang].excluder.cut(question) is not None

    def claim(self, verdict: Verdict) -> Claim | None:
        """What the entry that answers says to the numbers that a question claims: one that says them itself and asks, if
        anything, whether they are so. None where there is no such thing, or another place is meant."""
        decision, lang, words = verdict.decision, verdict.ranking.lang, verdict.ranking.reading.words
        manner = self.manners[lang]
        if not isinstance(decision, Answer) or not self._claims(verdict):
            return None
        owner = decision.chosen.label.owner
        claimed = [one for one in counts(words, manner.numbers, manner.unit) if not manner.period.is_later(one.number)]
        if self.matchers[lang].is_elsewhere(words, owner):
            return None
        found, more = held(claimed, manner.given.get(owner, ())), manner.limits.met(words)
        asks = verdict.question.rstrip().endswith("?") or manner.asked.kind_of(words) == YES_NO
        if found is None or ABOVE in more or (more and found.stance is not Stance.DIFFERS):
            return None  # where more than the number is claimed, or more than a number, that another is given is safe to say
        if found.stance is Stance.SAYS and self._adds(words, owner, lang):
            return None
        return found if tells(found, asks=asks, least=owner in manner.bounds) else None

    def _adds(self, words: Sequence[str], owner: str, lang: str) -> bool:
        """Whether a question with a number of the entry also says what readers of it do not see ("30 for men as well?")."""
        matcher, manner = self.matchers[lang], self.manners[lang]
        said = (word for word in manner.asked.without(words) if not word.isdecimal() and word not in manner.numbers)
        telling = [word for word in said if matcher.language.stem(word) not in matcher.index.common]
        return lang in self.followers and not self.followers[lang].tells(owner, telling)

    def _claims(self, verdict: Verdict) -> bool:
        """Whether a question says something itself, and asks, if anything, whether that is so: as a whole, as it is typed and as
        it is read, or with its end."""
        lang, kind = verdict.ranking.lang, self.manners[verdict.ranking.lang].asked.kind_of
        words = self.matchers[lang].language.words
        *before, last = [found for part in _CLAUSE.split(verdict.question) if (found := words(part))] or [[]]
        said = kind([word for part in before for word in part]) in (None, YES_NO)
        whole = all(kind(one) in (None, YES_NO) for one in (words(verdict.question), verdict.ranking.reading.words))
        return whole or (bool(before) and said and YES_NO in self.manners[lang].asked.met(last))

    def _claimed(self, verdict: Verdict) -> Verdict:
        """The verdict on a claim with a number where the entry has none: the gap that asks for such a number, if there is one."""
        claim, decision = self.claim(verdict), verdict.decision
        if (
            claim is None
            or claim.stance is not Stance.SILENT
            or not isinstance(decision, Answer)
            or decision.chosen.label.gap
        ):
            return verdict
        lang, owner, year = verdict.ranking.lang, decision.chosen.label.owner, claim.number in YEARS
        has_any = any((one.number in YEARS) == year for one in self.manners[lang].given.get(owner, ()))
        gap = None if has_any else self.matchers[lang].gap_for(owner, YEAR if year else NUMBER)
        if gap is None:
            return verdict
        return replace(verdict, decision=replace(decision, chosen=replace(decision.chosen, label=gap)))

    def _whole(self, verdict: Verdict) -> Verdict:
        lang = verdict.ranking.lang
        if lang not in self.followers:
            return verdict
        manner, words = self.manners[lang], verdict.ranking.reading.words
        rest, kind = manner.leads.without(words), manner.asked.kind_of(words)
        return whole(verdict, rest, self.followers[lang], self.matchers[lang].index, kind)

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
        if aside.score >= limits.offer and ranking.score < aside.score and ranking.first == aside.first:
            ranking = matcher.rank(rest, barred=(aside.candidates[0].label.owner,))
        decision, reason = self._decision(ranking)
        if not isinstance(decision, Answer) or _score(verdict.ranking, ranking.first) < limits.beside:
            return verdict
        return replace(verdict, decision=decision, ranking=ranking, reason=f"without what it excludes: {reason}")

    # Words that say nothing of the subject

    def _led(self, verdict: Verdict) -> Verdict:
        """The verdict on what a question leads in to ("what does the article say about …"), where the answer is to the
        words that lead in alone: it knows nothing of what they lead in to."""
        decision, lang = verdict.decision, verdict.ranking.lang
        words, manner, matcher = verdict.ranking.reading.words, self.manners[lang], self.matchers[lang]
        lead, rest = manner.parted(words)
        if not isinstance(decision, Answer) or len(lead) < 2 or not rest or self._is_phrase(verdict.ranking):
            return verdict
        owner, limits = decision.chosen.label.owner, self.thresholds[lang]
        alone = matcher.rank(matcher.spelled(lead))
        if alone.first != owner or alone.score < limits.answer or matcher.is_empty(rest):
            return verdict
        asked = super().decide(matcher.spelled(manner.plainly(lead, rest, words)), lang)
        if _score(asked.ranking, owner) >= limits.answer:
            return verdict
        return replace(asked, question=verdict.question, reason=f"by what it leads in to: {asked.reason}")

    def _beside_the_subject(self, verdict: Verdict) -> Verdict:
        """The verdict on what is asked about the present ("in 2026", "still") or claims a number, where without these words
        it is clear: a number may belong to another entry."""
        lang, words = verdict.decision.lang, verdict.ranking.reading.words
        manner = self.manners[lang]
        of_now, of_then = (manner.period.without(words, changes=changes) for changes in (False, True))
        counted = [word for word in words if not (word.isdecimal() or word in manner.numbers)]
        for left in (of_now, of_then, counted):
            if 0 < len(left) < len(words):
                asked = super().decide(self.matchers[lang].spelled(left), lang)
                if isinstance(asked.decision, Answer):
                    return replace(verdict, decision=asked.decision)
        return verdict

    def _here(self, verdict: Verdict) -> Verdict:
        """The verdict on what is asked about our own place and names another to compare with, where that makes it clear."""
        lang = verdict.ranking.lang
        if isinstance(verdict.decision, Answer | SmallTalk):
            return verdict
        for asked in self.manners[lang].contrast.asked_here(verdict.question):
            ranking = self.matchers[lang].rank(asked)
            decision, reason = self._decision(ranking)
            if isinstance(decision, Answer):
                ranking = replace(ranking, reading=verdict.ranking.reading)
                return replace(verdict, decision=decision, ranking=ranking, reason=f"as to our place: {reason}")
        return verdict

    def _away(self, verdict: Verdict) -> Verdict:
        """The verdict on what names another place that the likeliest entry has nothing to do with, and not ours: no offer."""
        decision, lang, words = verdict.decision, verdict.ranking.lang, verdict.ranking.reading.words
        if not isinstance(decision, Suggest) or not decision.choices or len(words) > STORY:
            return verdict
        owner = decision.choices[0].label.owner
        if self.manners[lang].contrast.is_ours(words) or not self.matchers[lang].is_elsewhere(words, owner):
            return verdict
        group = decision.refusal if verdict.ranking.clear else None
        declined = Decline(lang, group, decision.choices)
        return replace(verdict, decision=declined, reason=f"it names another place: {verdict.reason}")

    def _named(self, verdict: Verdict) -> Verdict:
        """The verdict on a question that only names an entry or a topic, as it is written, however it leads in to it."""
        lang = verdict.ranking.lang
        matcher, manner = self.matchers[lang], self.manners[lang]
        words = manner.leads.without(verdict.ranking.reading.words)
        stems = frozenset(matcher.language.stem(word) for word in words)
        roots = frozenset(map(matcher.language.root, words))
        if isinstance(verdict.decision, SmallTalk) or not stems or verdict.ranking.reading.repairs:
            return verdict
        is_answered = isinstance(verdict.decision, Answer) and self._is_phrase(verdict.ranking)
        topic = None if is_answered else manner.subjects.topic(roots)
        if topic:
            return replace(verdict, decision=Suggest(lang, (), None, topic), reason="the name of a topic")
        if isinstance(verdict.decision, Answer) or len(stems) > MOST or stems <= matcher.index.empty:
            return verdict
        holders = manner.subjects.holders(roots)
        if not holders:
            return verdict
        scores = {c.label.owner: c for c in verdict.ranking.candidates}
        found = sorted((scores.get(name) or Candidate(Label(name), 0.0) for name in holders), key=lambda c: -c.score)
        reason = "a word of the entry's own text"
        if len(found) == 1:
            return replace(verdict, decision=Answer(lang, replace(found[0], score=_NAMED)), reason=reason)
        return replace(verdict, decision=Suggest(lang, tuple(found[:SUGGESTIONS]), None), reason=reason)

    # Two languages in one message

    def _mixed(self, verdict: Verdict) -> Verdict:
        """The verdict on a message of words that one language alone knows and of some that another does: what each makes of
        its own counts by their letters. Both readings must lead to one entry, and one of them must answer with it, and both
        if one is rather refused; the surer one wins. Of 414 messages by others, a third of them mixed, 4 more are answered rightly than where both must answer, one wrongly."""
        pairs = mixture(verdict.question, self.matchers) if not isinstance(verdict.decision, Answer) else ()
        found: list[Verdict] = []
        for pair in pairs:
            both = [self._read_with(verdict, *shares) for shares in (pair, pair[::-1])]
            sure = [one for one in both if isinstance(one.decision, Answer)]
            if alike(both[0].ranking, both[1].ranking) and (
                len(sure) > 1 or not any(one.ranking.refused for one in both)
            ):
                found += sure
        return max(found, key=lambda one: one.ranking.score, default=verdict)

    def _read_with(self, verdict: Verdict, own: Share, other: Share) -> Verdict:
        """What one language makes of a message with the words of another."""
        evidence = self.matchers[other.lang].evidence(other.alone, other.weight)
        ranking = self.matchers[own.lang].rank(own.text, evidence=evidence, weight=own.weight)
        decision, reason = self._decision(ranking)
        decision = replace(decision, lang=verdict.decision.lang)
        return replace(verdict, decision=decision, ranking=ranking, reason=f"with the words of two languages: {reason}")


def _score(ranking: Ranking, owner: str | None) -> float:
    return next((one.score for one in ranking.candidates if one.label.owner == owner), 0.0)
