"""One question in, one reply out: what every channel calls. Knows the base and the judge, no channel and no I/O."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import languages
from bot.kb.model import KnowledgeBase
from bot.languages.packs import Packs
from bot.match.decide.claims import Claim
from bot.match.decide.claims import Verdict as Held
from bot.match.decide.decision import Answer, Decline, SmallTalk, Suggest, Verdict
from bot.match.decide.explain import explain
from bot.match.decide.follow import follow_up, leans
from bot.match.decide.hearing import Hearing
from bot.match.decide.manner import manner_of
from bot.match.decide.matcher import Candidate, Matcher
from bot.match.decide.parts import decide_parts
from bot.match.learn.danger import Alarm, Guard
from bot.match.learn.following import Follower
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.learn.training import followers_of
from bot.match.words import text
from bot.match.words.reading import How
from bot.reply import AnswerPart, Choice, Reply, ReplyKind, answer_part, choice, related, said_all, sources_list

LONGEST = 1500  # characters of a question that is read
_RELATED = 3
_CLAIMS = {Held.SAYS: "claim_says", Held.DIFFERS: "claim_differs", Held.SILENT: "claim_silent"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply and the verdicts behind it: one, or one for each thing that the message asked."""

    reply: Reply
    verdicts: tuple[Verdict, ...] = ()
    danger: bool = False
    claim: Claim | None = None
    followed: bool = False

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
        self.judge = Hearing(matchers, manners, caution)
        self._guard = guard or Guard({})
        self.followers = followers or followers_of(base, {lang: one.index for lang, one in matchers.items()})

    def ask(self, question: str, preferred: str | None = None, previous: str | None = None) -> Outcome:
        """Answer a question of any length. `preferred` is the asker's language, `previous` the entry answered before.

        Who is in danger gets the numbers to call before anything else, whatever becomes of the question."""
        alarm = self._guard.alarm(question)
        if alarm is not None:
            return self._in_danger(question, alarm, preferred, previous)
        if not _fits(question):
            return Outcome(self.info("too_long", preferred))
        if not text.words(question):
            return Outcome(self._decline_empty(preferred))
        verdicts = decide_parts(self.judge, question, preferred)
        if len(verdicts) > 1:
            return Outcome(self._reply(verdicts), verdicts)
        verdict = self._in_light_of(previous, verdicts[0])
        followed, claim = verdict is not verdicts[0], self.judge.claim(verdict)
        return Outcome(self._reply((verdict,)), (verdict,), claim=claim, followed=followed)

    def in_danger(self, question: str) -> bool:
        """Whether somebody is in danger by these words. Costs about a millisecond."""
        return self._guard.alarm(question) is not None

    def entry(self, entry: str, lang: str, gap: str | None = None) -> Reply:
        """The entry itself, or with one of its gaps, as if it had been asked for. KeyError for an unknown id."""
        part = answer_part(self.base, self.base.entries[entry], lang, gap)
        return self._answered((part,), lang, ())

    def random_entry(self, lang: str, dice: random.Random) -> Reply:
        return self.entry(dice.choice(sorted(self.base.entries)), lang)

    def topic(self, topic: str, lang: str) -> tuple[Choice, ...]:
        """The questions of a topic, in reading order."""
        return tuple(choice(self.base, entry.id, lang) for entry in self.base.entries_of(topic))

    def topic_page(self, topic: str, lang: str) -> Reply:
        """The questions of a topic, to pick from."""
        found = self.base.topics[topic]
        title = f"{found.emoji} {found.text(lang).title}\n{self.base.voice(lang).say('topic_pick')}"
        return Reply(lang, ReplyKind.SUGGEST, title=title, choices=self.topic(topic, lang), topic=topic)

    def info(self, key: str, lang: str | None, **values: object) -> Reply:
        """One of the bot's own sentences."""
        voice = self.base.voice(lang or self.default)
        return Reply(voice.lang, ReplyKind.INFO, text=voice.say(key, **values))

    def about(self, lang: str) -> Reply:
        reply = self.info("about", lang, sources=sources_list(self.base, lang))
        return replace(reply, text=reply.text.rstrip())  # there may be none

    def explain(self, question: str, preferred: str | None = None) -> str:
        """Why the question is decided as it is, for maintainers."""
        found = []
        for verdict in decide_parts(self.judge, question, preferred):
            ranking = self.judge.matchers[verdict.ranking.lang].rank(verdict.question, phrases=True)
            found.append(explain(verdict, ranking, self.judge.thresholds[ranking.lang]))
        return "\n\n".join(found)

    @property
    def default(self) -> str:
        return self.base.languages[0]

    def _in_danger(self, question: str, alarm: Alarm, preferred: str | None, previous: str | None) -> Outcome:
        """The numbers, and below them an answer to what is surely asked besides."""
        verdicts = self._asked_besides(question, alarm, preferred, previous) if _fits(question) else ()
        lang = verdicts[0].decision.lang if verdicts else self._language_of(question, alarm, preferred)
        say = self.base.voice(lang).danger or self.base.voice(alarm.lang).danger or ""
        if not verdicts:
            return Outcome(Reply(lang, ReplyKind.SMALL_TALK, text=say), danger=True)
        reply = self._reply(verdicts)
        return Outcome(replace(reply, lead=(say, *reply.lead)), verdicts, danger=True)

    def _asked_besides(
        self, question: str, alarm: Alarm, preferred: str | None, previous: str | None
    ) -> tuple[Verdict, ...]:
        """What is answered more surely than there is danger: the whole message, or what of it has no danger in it, taken
        together or by sentence."""
        whole = self._in_light_of(previous, self.judge.decide(question, preferred))
        calm = [part for part in text.sentences(question) if part != question and self._guard.alarm(part) is None]
        parts = dict.fromkeys([" ".join(calm), *calm]) if calm else ()
        found = [(whole, alarm.probability), *((self.judge.decide(part, preferred), 0.0) for part in parts)]
        sure = [v for v, danger in found if isinstance(v.decision, Answer) and v.ranking.score > danger]
        return tuple(sure[:1])

    def _language_of(self, question: str, alarm: Alarm, preferred: str | None) -> str:
        """The language of the words, if danger was seen in it; else the one in which it was."""
        lang = self.judge.decide(question, preferred).decision.lang if _fits(question) else alarm.lang
        return lang if lang in alarm.languages else alarm.lang

    def _in_light_of(self, previous: str | None, verdict: Verdict) -> Verdict:
        """The verdict where it follows up on the entry answered before, or the same."""
        if previous is None or previous not in self.base.entries or not leans(self.judge, verdict):
            return verdict
        talk = self.base.voice(verdict.decision.lang).small_talk
        may_lean = [kind for kind, one in talk.items() if one.may_lean]
        return follow_up(self.judge, self.followers[verdict.ranking.lang], verdict, previous, may_lean)

    def _reply(self, verdicts: tuple[Verdict, ...]) -> Reply:
        if len(verdicts) > 1:
            return self._several(verdicts)
        verdict = verdicts[0]
        match verdict.decision:
            case Answer(lang=lang, chosen=chosen):
                part = self._part(chosen, lang)
                return self._answered((part,), lang, self._lead(verdict, part))
            case Suggest(lang=lang, topic=str(topic)):
                return replace(self.topic_page(topic, lang), lead=self._lead(verdict))
            case Suggest(lang=lang, choices=choices):
                return self._suggested(lang, choices, self._lead(verdict))
            case Decline(lang=lang, after=str(before)):
                return said_all(self.base, before, lang)
            case Decline(lang=lang, refusal=refusal):
                return self._declined(lang, refusal)
            case SmallTalk(lang=lang, kind=kind):
                say = self.base.voice(lang).small_talk[kind].say
                return Reply(lang, ReplyKind.SMALL_TALK, text=say)

    def _several(self, verdicts: tuple[Verdict, ...]) -> Reply:
        """The answers in the order asked; what has none is named above them."""
        answered = [verdict for verdict in verdicts if isinstance(verdict.decision, Answer)]
        lang = answered[0].decision.lang
        voice = self.base.voice(lang)
        parts = tuple(self._part(v.decision.chosen, lang) for v in answered if isinstance(v.decision, Answer))
        said = {1: (), 2: (voice.say("two_answers"),)}.get(len(parts), (voice.say("more_answers"),))
        left = (text.shortened(text.clean(v.question)) for v in verdicts if v not in answered)
        return self._answered(parts, lang, (*said, *(voice.say("part_open", text=one) for one in left)))

    def _part(self, chosen: Candidate, lang: str) -> AnswerPart:
        return answer_part(self.base, self.base.entries[chosen.label.owner], lang, chosen.label.gap)

    def _answered(self, parts: tuple[AnswerPart, ...], lang: str, lead: tuple[str, ...]) -> Reply:
        parts = tuple(part.led_by(lead) for part in parts)
        shown = tuple(part.entry for part in parts)
        lead = (*lead, *self._untranslated(shown, lang))
        more = dict.fromkeys(c for e in shown for c in related(self.base, self.base.entries[e], lang, shown))
        title = self.base.voice(lang).say("related") if more else ""
        return Reply(lang, ReplyKind.ANSWER, lead, "", parts, title, tuple(more)[:_RELATED])

    def _untranslated(self, entries: tuple[str, ...], lang: str) -> list[str]:
        """A word that an answer is in another language, where its entry is not translated."""
        others = dict.fromkeys(self.base.entries[entry].language(lang) for entry in entries)
        voice = self.base.voice(lang)
        names = [voice.languages.get(other, other) for other in others if other != lang]
        return [voice.say("untranslated", language=name) for name in names]

    def _suggested(self, lang: str, choices: tuple[Candidate, ...], lead: tuple[str, ...]) -> Reply:
        """Without a word of what is refused: one of the choices may well answer the question."""
        offered = tuple(choice(self.base, c.label.owner, lang) for c in choices)
        return Reply(lang, ReplyKind.SUGGEST, lead, "", (), self.base.voice(lang).say("suggest"), offered)

    def _declined(self, lang: str, refusal: Candidate | None) -> Reply:
        voice = self.base.voice(lang)
        if refusal is None:
            return Reply(lang, ReplyKind.DECLINE, text=voice.say("decline"))
        group = self.base.refusals[refusal.label.owner]
        lines = [group.text(lang).say]
        if group.near:
            title = self.base.topics[group.near].text(lang).title
            lines.append(voice.say("decline_topic", topic=title, command=group.near))
        return Reply(lang, ReplyKind.DECLINE, text="\n\n".join(lines))

    def _decline_empty(self, lang: str | None) -> Reply:
        return replace(self.info("empty", lang), kind=ReplyKind.DECLINE)

    def _lead(self, verdict: Verdict, part: AnswerPart | None = None) -> tuple[str, ...]:
        """What comes first: how the question was read where that matters, and the date of the answer where it is asked
        about a time after the source's."""
        lang = verdict.decision.lang
        voice = self.base.voice(lang)
        lead = []
        reading = verdict.ranking.reading
        mattered = any(len(repair.typed) > 2 for repair in reading.repairs)
        if mattered or reading.how is not How.TYPED:
            spelled = self.judge.matchers[verdict.ranking.lang].spelled(reading.words)
            lead.append(voice.say("read_as", text=spelled))
        if part is not None and self.judge.matchers[verdict.ranking.lang].is_elsewhere(reading.words, part.entry):
            lead.append(voice.say("elsewhere"))
        lead += self._said_of(self.judge.claim(verdict), part, lang)
        if part is not None and self.judge.manners[lang].period.after_source(reading.words):
            lead.append(part.as_of or voice.say("still"))
        return tuple(lead)

    def _said_of(self, claim: Claim | None, part: AnswerPart | None, lang: str) -> list[str]:
        """What the entry says to a number that is claimed; a gap that is asked for says enough, unless the number is wrong."""
        if claim is None or (part and part.gap and claim.verdict is not Held.DIFFERS):
            return []
        several = claim.verdict is Held.DIFFERS and claim.given is None
        key = "claim_other" if several else _CLAIMS[claim.verdict]
        return [self.base.voice(lang).say(key, number=claim.number, given=claim.given)]


def _fits(question: str) -> bool:
    """Whether a question is short enough to be read, also when single signs have become the letters that they stand for."""
    return len(question) <= LONGEST and len(text.clean(question)) <= LONGEST
