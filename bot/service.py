"""One question in, one reply out: what every channel calls. Knows the base and the judge, no channel and no I/O."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import languages
from bot.composer import Composer
from bot.kb.model import KnowledgeBase
from bot.languages import text
from bot.languages.packs import Packs
from bot.match.decide.claims import Claim
from bot.match.decide.decision import SUGGESTIONS, Answer, Decline, Suggest, Verdict
from bot.match.decide.explain import explain
from bot.match.decide.follow import follow_up, leans
from bot.match.decide.hearing import Hearing
from bot.match.decide.manner import manner_of
from bot.match.decide.matcher import Matcher
from bot.match.decide.parts import decide_parts
from bot.match.learn.following import Follower
from bot.match.learn.guard import Alarm, Guard
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.learn.training import followers_of
from bot.reply import Choice, Reply, ReplyKind, about_us, answer_part, choice, contact, sources_list

_OTHERS = 2
_FAINT = 0.01  # a probability below which an entry is named by chance
LONGEST = 1500  # characters of a question that is read


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply and the verdicts behind it: one, or one for each thing that the message asked. `danger`: it begins with numbers to
    call, `doubted` if the message may be an ordinary one. `none`: what was offered last is not what was meant."""

    reply: Reply
    verdicts: tuple[Verdict, ...] = ()
    danger: bool = False
    doubted: bool = False
    claim: Claim | None = None
    followed: bool = False
    none: bool = False

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(part.entry for part in self.reply.answers)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The gaps that were asked for, as `entry/gap`."""
        return tuple(f"{part.entry}/{part.gap_id}" for part in self.reply.answers if part.gap_id)

    @property
    def gap(self) -> bool:
        return any(part.gap for part in self.reply.answers)

    @property
    def score(self) -> float:
        """Calibrated, 0 to 1: the lowest of the answers', or the best candidate's where nothing was answered."""
        answered = [verdict for verdict in self.verdicts if isinstance(verdict.decision, Answer)]
        scores = [verdict.ranking.score for verdict in answered or self.verdicts]
        return min(scores) if scores else 0.0


class Service:
    """Holds one base and its matchers; a reload makes a new Service."""

    def __init__(
        self,
        base: KnowledgeBase,
        matchers: Mapping[str, Matcher],
        caution: float = DEFAULT_CAUTION,
        guard: Guard | None = None,
        packs: Packs = languages.SHIPPED,
        followers: Mapping[str, Follower] | None = None,
    ) -> None:
        """`guard` sees who is in danger; it is asked only in languages whose voice has numbers to call."""
        self.base = base
        self.packs = packs
        manners = {lang: manner_of(base, matcher, packs) for lang, matcher in matchers.items()}
        self.followers = followers or followers_of(base, {lang: one.index for lang, one in matchers.items()})
        self.judge = Hearing(matchers, manners, caution, self.followers)
        self._composer = Composer(base, self.judge)
        self._guard = guard or Guard({})

    def ask(
        self,
        question: str,
        preferred: str | None = None,
        previous: str | None = None,
        *,
        calm: bool = False,
        offered: tuple[str, ...] = (),
    ) -> Outcome:
        """Answer a question of any length. `preferred` is the asker's language, `previous` the entry answered before, `offered` what
        the last reply offered, if it was a list.

        Who is in danger gets the numbers to call before anything else, whatever becomes of the question: unless the words
        are `calm`, and lead to a gap of `previous`."""
        alarm = self._guard.alarm(question)
        if alarm is not None and not (calm and self._asks_on(question, preferred, previous)):
            return self._in_danger(question, alarm, preferred, previous)
        if not _fits(question):
            return Outcome(self.info("too_long", preferred))
        if not text.words(question):
            return Outcome(self._decline_empty(preferred))
        verdicts = decide_parts(self.judge, question, preferred)
        if len(verdicts) > 1:
            return Outcome(self._composer.reply(verdicts), verdicts)
        verdict = self._after(previous, offered, verdicts[0], preferred)
        followed, claim = verdict is not verdicts[0], self.judge.claim(verdict)
        return Outcome(self._composer.reply((verdict,)), (verdict,), claim=claim, followed=followed)

    def with_caution(self, caution: float) -> Service:
        """The same base and matchers, more or less sure of themselves."""
        return Service(self.base, self.judge.matchers, caution, self._guard, self.packs, self.followers)

    def in_danger(self, question: str) -> bool:
        """Whether somebody is in danger by these words. Costs about a millisecond."""
        return self._guard.alarm(question) is not None

    def may_lean(self, lang: str) -> list[str]:
        """The small talk whose words may as well ask on after an answer."""
        return [kind for kind, one in self.base.voice(lang).small_talk.items() if one.may_lean]

    def entry(self, entry: str, lang: str, gap: str | None = None) -> Reply:
        """The entry itself, or with one of its gaps, as if it had been asked for. KeyError for an unknown id."""
        part = answer_part(self.base, self.base.entries[entry], lang, gap)
        return self._composer.answered((part,), lang, ())

    def others(self, question: str, lang: str, without: str) -> tuple[Choice, ...]:
        """The next best two entries, where the best is not what was meant; those near it where the question tells of no other."""
        found: dict[str, float] = {}
        for verdict in decide_parts(self.judge, question, lang) if _fits(question) else ():
            found |= {one.label.owner: one.score for one in verdict.ranking.candidates if one.score >= _FAINT}
        ranked = sorted(found, key=lambda entry: -found[entry])
        near = self.base.entries[without].related if without in self.base.entries else ()
        names = [name for name in dict.fromkeys((*ranked, *near)) if name != without]
        return tuple(choice(self.base, name, lang) for name in names[:_OTHERS])

    def random_entry(self, lang: str, dice: random.Random) -> Reply:
        return self.entry(dice.choice(sorted(self.base.entries)), lang)

    def topic(self, topic: str, lang: str) -> tuple[Choice, ...]:
        """The questions of a topic, in reading order."""
        return self._composer.topic(topic, lang)

    def topic_page(self, topic: str, lang: str) -> Reply:
        """The questions of a topic, to pick from."""
        return self._composer.topic_page(topic, lang)

    def info(self, key: str, lang: str | None, **values: object) -> Reply:
        """One of the bot's own sentences."""
        voice = self.base.voice(lang or self.default)
        return Reply(voice.lang, ReplyKind.INFO, text=voice.say(key, **values))

    def about(self, lang: str) -> Reply:
        reply = self.info("about", lang, sources=sources_list(self.base, lang))
        voice = self.base.voice(lang)
        said = "\n\n".join([reply.text.rstrip(), *about_us(voice)])  # there may be no sources
        return replace(reply, text=said, contact=contact(voice))

    def explain(self, question: str, preferred: str | None = None) -> str:
        """Why the question is decided as it is, for maintainers."""
        found = []
        for verdict in decide_parts(self.judge, question, preferred):
            ranking = self.judge.matchers[verdict.ranking.lang].rank(verdict.ranking.reading, phrases=True)
            found.append(explain(verdict, ranking, self.judge.thresholds[ranking.lang]))
        return "\n\n".join(found)

    @property
    def default(self) -> str:
        return self.base.languages[0]

    def _in_danger(self, question: str, alarm: Alarm, preferred: str | None, previous: str | None) -> Outcome:
        """The numbers, and below them an answer to what is surely asked besides, or the choices there are."""
        verdicts = self._asked_besides(question, alarm, preferred, previous) if _fits(question) else ()
        lang = verdicts[0].decision.lang if verdicts else self._language_of(question, alarm, preferred)
        said = (self.base.voice(one).to_call(doubted=alarm.doubted) for one in (lang, alarm.lang))
        say = next(filter(None, said), "")
        if not verdicts:
            more = [self.base.voice(lang).say("misread")] if alarm.doubted else []
            reply = Reply(lang, ReplyKind.SMALL_TALK, text="\n\n".join([say, *more]))
            return Outcome(reply, danger=True, doubted=alarm.doubted)
        reply = self._composer.reply(verdicts)
        return Outcome(replace(reply, lead=(say, *reply.lead)), verdicts, danger=True, doubted=alarm.doubted)

    def _asked_besides(
        self, question: str, alarm: Alarm, preferred: str | None, previous: str | None
    ) -> tuple[Verdict, ...]:
        """What is surely answered: the whole message, if it asks or is surer than there is danger, or what of it has no
        danger in it, taken together or by sentence; the surest of these. Where danger is in doubt, and the whole asks, it is
        offered choices if it has no answer: few are left with numbers alone by a false alarm."""
        whole = self._in_light_of(previous, self.judge.decide(question, preferred), preferred)
        calm = [part for part in text.sentences(question) if part != question and self._guard.alarm(part) is None]
        parts = [self.judge.decide(part, preferred) for part in dict.fromkeys([" ".join(calm), *calm] if calm else ())]
        asks = self._asks(whole)
        found = [whole] if asks or whole.ranking.score > alarm.probability else []
        found += [part for part in parts if self._stands(part, whole)]
        sure = [one for one in found if isinstance(one.decision, Answer)]
        offers = (
            asks and alarm.doubted and isinstance(whole.decision, Suggest) and whole.decision.lang in alarm.languages
        )
        offered = [whole] if offers else self._wanted_of_the_source(whole)
        return tuple(sorted(sure, key=lambda one: -one.ranking.score)[:1] or offered)

    def _wanted_of_the_source(self, verdict: Verdict) -> list[Verdict]:
        """The choices for who calls for help and asks in so many words what the source says of it ("what does the article say?")."""
        lang, ranking = verdict.ranking.lang, verdict.ranking
        near = [one for one in ranking.candidates if one.score >= self.judge.thresholds[lang].offer]
        if not near or not self.judge.leads_in(verdict.question, lang):
            return []
        return [replace(verdict, decision=Suggest(verdict.decision.lang, tuple(near[:SUGGESTIONS]), None))]

    def _asks_on(self, question: str, preferred: str | None, previous: str | None) -> bool:
        """Whether a question is for a gap of the entry answered before."""
        decision = self._in_light_of(previous, self.judge.decide(question, preferred), preferred).decision
        label = decision.chosen.label if isinstance(decision, Answer) else None
        return label is not None and label.gap is not None and label.owner == previous

    def _stands(self, part: Verdict, whole: Verdict) -> bool:
        """Whether a part of a message can be answered by itself: it asks and names a subject, or the whole is about its
        answer."""
        bare = self.judge.matchers[part.ranking.lang].is_bare(part.ranking.reading.words)
        limit = self.judge.thresholds[whole.ranking.lang].offer
        near = {one.label.owner for one in whole.ranking.candidates if one.score >= limit}
        return (self._asks(part) and not bare) or any(c.label.owner in near for c in part.ranking.candidates[:1])

    def _asks(self, verdict: Verdict) -> bool:
        return "?" in verdict.question or self.judge.asks(verdict.question, verdict.ranking.lang)

    def _language_of(self, question: str, alarm: Alarm, preferred: str | None) -> str:
        """The language of the words, if danger was seen in it, or it is the asker's; else the one in which it was."""
        lang = self.judge.decide(question, preferred).decision.lang if _fits(question) else alarm.lang
        return lang if lang in (preferred, *alarm.languages) else alarm.lang

    def _after(self, previous: str | None, offered: Sequence[str], verdict: Verdict, preferred: str | None) -> Verdict:
        """The verdict in the light of the last reply: of a list, the choice whose answer holds what is asked ("only for women?");
        else of the entry answered before. After a list nothing is said to stand above."""
        found = [
            one for entry in offered if (one := self._in_light_of(entry, verdict, preferred)) and _leads_to(one, entry)
        ]
        if found and not isinstance(verdict.decision, Answer):
            return max(found, key=lambda one: one.ranking.score)
        later = self._in_light_of(previous, verdict, preferred)
        nowhere = isinstance(later.decision, Decline) and later.decision.after is not None
        return verdict if offered and nowhere else later

    def _in_light_of(self, previous: str | None, verdict: Verdict, preferred: str | None) -> Verdict:
        """The verdict where it follows up on the entry answered before ("thanks! and since when?"), or the same."""
        if previous is None or previous not in self.base.entries:
            return verdict
        bare = self.judge.bare(verdict.question, verdict.ranking.lang)
        asked = verdict if bare == verdict.question else self.judge.decide(bare, preferred)
        if not leans(self.judge, asked):
            return verdict
        may_lean = self.may_lean(asked.decision.lang)
        found = follow_up(self.judge, self.followers[asked.ranking.lang], asked, previous, may_lean)
        return verdict if found is asked else replace(found, question=verdict.question)

    def _decline_empty(self, lang: str | None) -> Reply:
        return replace(self.info("empty", lang), kind=ReplyKind.DECLINE)


def _leads_to(verdict: Verdict, entry: str) -> bool:
    return isinstance(verdict.decision, Answer) and verdict.decision.chosen.label.owner == entry


def _fits(question: str) -> bool:
    """Whether a question is short enough to be read, also when single signs have become the letters that they stand for."""
    return len(question) <= LONGEST and len(text.clean(question)) <= LONGEST
