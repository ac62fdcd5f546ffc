"""One question in, one reply out: what every channel calls. Knows the base and the judge, no channel and no I/O."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.explain import explain
from bot.kb.model import KnowledgeBase
from bot.match import text
from bot.match.decision import Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.follow import follow_up, leans
from bot.match.labels import Kind
from bot.match.matcher import Candidate, Matcher
from bot.match.parts import decide_parts
from bot.match.reading import How
from bot.match.rule import DEFAULT_CAUTION
from bot.reply import AnswerPart, Choice, Reply, ReplyKind, answer_part, choice, related, sources_list

LONGEST = 1500  # characters of a question that is read
EMERGENCY = "cry-for-help"
_RELATED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply and the verdicts behind it: one, or two where the message asked two things."""

    reply: Reply
    verdicts: tuple[Verdict, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(part.entry for part in self.reply.answers)

    @property
    def gap(self) -> bool:
        return any(part.gap for part in self.reply.answers)

    @property
    def score(self) -> float:
        """Calibrated, 0 to 1: the lowest of the answers', or the best candidate's where nothing was answered."""
        scores = [verdict.ranking.score for verdict in self.verdicts]
        return min(scores) if scores else 0.0


class Service:
    """Holds one base and its matchers; a reload makes a new Service."""

    def __init__(self, base: KnowledgeBase, matchers: Mapping[str, Matcher], caution: float = DEFAULT_CAUTION) -> None:
        self.base = base
        self.judge = Judge(matchers, caution)

    def ask(self, question: str, preferred: str | None = None, previous: str | None = None) -> Outcome:
        """Answer a question of any length. `preferred` is the asker's language, `previous` the entry answered before."""
        if len(question) > LONGEST:
            return Outcome(self.info("too_long", preferred))
        if not text.words(question):
            return Outcome(self._decline_empty(preferred))
        verdicts = decide_parts(self.judge, question, preferred)
        if previous and previous in self.base.entries and len(verdicts) == 1 and leans(self.judge, verdicts[0]):
            verdicts = (self._followed_up(verdicts[0], previous),)
        return Outcome(self._reply(verdicts), verdicts)

    def entry(self, entry: str, lang: str) -> Reply:
        """The entry itself, as if it had been asked for. KeyError for an unknown id."""
        part = answer_part(self.base, self.base.entries[entry], lang)
        return self._answered((part,), lang, ())

    def random_entry(self, lang: str, dice: random.Random) -> Reply:
        return self.entry(dice.choice(sorted(self.base.entries)), lang)

    def topic(self, topic: str, lang: str) -> tuple[Choice, ...]:
        """The questions of a topic, in reading order."""
        return tuple(choice(self.base, entry.id, lang) for entry in self.base.entries_of(topic))

    def info(self, key: str, lang: str | None, **values: object) -> Reply:
        """One of the bot's own sentences."""
        voice = self.base.voice(lang or self.default)
        return Reply(voice.lang, ReplyKind.INFO, text=voice.say(key, **values))

    def about(self, lang: str) -> Reply:
        return self.info("about", lang, sources=sources_list(self.base, lang))

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

    def _followed_up(self, verdict: Verdict, previous: str) -> Verdict:
        before = self.base.entries[previous].text(verdict.decision.lang).question
        return follow_up(self.judge, verdict, previous, before) or verdict

    def _reply(self, verdicts: tuple[Verdict, ...]) -> Reply:
        if len(verdicts) > 1:
            return self._two(verdicts)
        verdict = verdicts[0]
        match verdict.decision:
            case Answer(lang=lang, chosen=chosen, distress=distress):
                part = self._part(chosen, lang)
                return self._answered((part,), lang, self._lead(verdict, distress))
            case Suggest(lang=lang, choices=choices, refusal=refusal):
                return self._suggested(lang, choices, refusal, self._lead(verdict, False))
            case Decline(lang=lang, refusal=refusal):
                return self._declined(lang, refusal)
            case SmallTalk(lang=lang, kind=kind):
                say = self.base.voice(lang).small_talk[kind].say
                return Reply(lang, ReplyKind.SMALL_TALK, text=say)

    def _two(self, verdicts: tuple[Verdict, ...]) -> Reply:
        lang = verdicts[0].decision.lang
        parts = tuple(self._part(v.decision.chosen, lang) for v in verdicts if isinstance(v.decision, Answer))
        return self._answered(parts, lang, (self.base.voice(lang).say("two_answers"),))

    def _part(self, chosen: Candidate, lang: str) -> AnswerPart:
        return answer_part(self.base, self.base.entries[chosen.label.owner], lang, chosen.label.gap)

    def _answered(self, parts: tuple[AnswerPart, ...], lang: str, lead: tuple[str, ...]) -> Reply:
        shown = tuple(part.entry for part in parts)
        more = dict.fromkeys(c for e in shown for c in related(self.base, self.base.entries[e], lang, shown))
        title = self.base.voice(lang).say("related") if more else ""
        return Reply(lang, ReplyKind.ANSWER, lead, "", parts, title, tuple(more)[:_RELATED])

    def _suggested(
        self, lang: str, choices: tuple[Candidate, ...], refusal: Candidate | None, lead: tuple[str, ...]
    ) -> Reply:
        voice = self.base.voice(lang)
        say = self._refusal_text(lang, refusal) if refusal else ""
        offered = tuple(choice(self.base, c.label.owner, lang) for c in choices)
        return Reply(lang, ReplyKind.SUGGEST, lead, say, (), voice.say("suggest"), offered)

    def _refusal_text(self, lang: str, refusal: Candidate) -> str:
        if refusal.label.kind is Kind.SMALL_TALK or refusal.label.owner not in self.base.refusals:
            return ""
        return self.base.refusals[refusal.label.owner].text(lang).say

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

    def _lead(self, verdict: Verdict, distress: bool) -> tuple[str, ...]:
        """What comes first: the numbers to call, and how the question was read where that matters."""
        voice = self.base.voice(verdict.decision.lang)
        lead = [voice.small_talk[EMERGENCY].say] if distress and EMERGENCY in voice.small_talk else []
        reading = verdict.ranking.reading
        mattered = any(len(repair.typed) > 2 for repair in reading.repairs)
        if mattered or reading.how is not How.TYPED:
            spelled = self.judge.matchers[verdict.ranking.lang].spelled(reading.words)
            lead.append(voice.say("read_as", text=spelled))
        return tuple(lead)
