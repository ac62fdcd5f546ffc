"""From what was decided to what is said: the reply to a question, free of any channel. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.kb.model import KnowledgeBase
from bot.languages import text
from bot.match.decide.claims import Claim, Stance
from bot.match.decide.decision import Answer, Decline, SmallTalk, Suggest, Verdict
from bot.match.decide.hearing import Hearing
from bot.match.decide.matcher import Candidate
from bot.match.words.reading import How
from bot.reply import (
    AnswerPart,
    Choice,
    Reply,
    ReplyKind,
    SourceLine,
    answer_part,
    choice,
    contact,
    related,
    said_all,
)

_RELATED = 3
_QUOTED = 80  # characters of a part of a question that is said again
_CLAIMS = {Stance.SAYS: "claim_says", Stance.DIFFERS: "claim_differs", Stance.SILENT: "claim_silent"}


class Composer:
    """Puts replies together out of a base; the judge tells how a question was read and what it claims."""

    def __init__(self, base: KnowledgeBase, judge: Hearing) -> None:
        self.base = base
        self.judge = judge

    def reply(self, verdicts: tuple[Verdict, ...]) -> Reply:
        if len(verdicts) > 1:
            return self._several(verdicts)
        verdict = verdicts[0]
        match verdict.decision:
            case Answer(lang=lang, chosen=chosen):
                part = self._part(chosen, lang)
                beside = (choice(self.base, verdict.beside.label.owner, lang),) if verdict.beside else ()
                return self.answered((part,), lang, self._lead(verdict, part), beside)
            case Suggest(lang=lang, topic=str(topic)):
                return replace(self.topic_page(topic, lang), lead=self._lead(verdict))
            case Suggest(lang=lang, choices=choices):
                return self._suggested(lang, choices, self._lead(verdict))
            case Decline(lang=lang, nearest=nearest, after=str(before)):
                return said_all(self.base, before, lang, "not_found_after", [one.label.owner for one in nearest])
            case Decline(lang=lang, refusal=refusal):
                return self._declined(lang, refusal)
            case SmallTalk(lang=lang, kind=kind):
                talk = self.base.voice(lang).small_talk[kind]
                return Reply(lang, ReplyKind.SMALL_TALK, text=talk.say, contact=self._contact(lang, talk.person))

    def _several(self, verdicts: tuple[Verdict, ...]) -> Reply:
        """The answers in the order asked; what has none is named above them."""
        answered = [verdict for verdict in verdicts if isinstance(verdict.decision, Answer)]
        lang = answered[0].decision.lang
        voice = self.base.voice(lang)
        parts = tuple(self._part(v.decision.chosen, lang) for v in answered if isinstance(v.decision, Answer))
        said = {1: (), 2: (voice.say("two_answers"),)}.get(len(parts), (voice.say("more_answers"),))
        left = (text.shortened(text.clean(v.question), _QUOTED) for v in verdicts if v not in answered)
        return self.answered(parts, lang, (*said, *(voice.say("part_open", text=one) for one in left)))

    def _part(self, chosen: Candidate, lang: str) -> AnswerPart:
        return answer_part(self.base, self.base.entries[chosen.label.owner], lang, chosen.label.gap)

    def answered(
        self, parts: tuple[AnswerPart, ...], lang: str, lead: tuple[str, ...], beside: tuple[Choice, ...] = ()
    ) -> Reply:
        """The answers below what comes first, and above the questions related to them, first those that may be asked `beside`."""
        parts = tuple(part.led_by(lead) for part in parts)
        shown = tuple(part.entry for part in parts)
        lead = (*lead, *self._untranslated(shown, lang))
        near = (one for entry in shown for one in related(self.base, self.base.entries[entry], lang, shown))
        more = dict.fromkeys((*beside, *near))
        title = self.base.voice(lang).say("related") if more else ""
        waits = len(parts) == 1 and parts[0].gap is not None and not parts[0].filled
        return Reply(lang, ReplyKind.ANSWER, lead, "", parts, title, tuple(more)[:_RELATED], waits=waits)

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
            return Reply(lang, ReplyKind.DECLINE, text=voice.say("decline"), waits=True, contact=contact(voice))
        group = self.base.refusals[refusal.label.owner]
        lines = [group.text(lang).say]
        if group.near:
            title = self.base.topics[group.near].text(lang).title
            lines.append(voice.say("decline_topic", topic=title, command=group.near))
        return Reply(lang, ReplyKind.DECLINE, text="\n\n".join(lines), contact=self._contact(lang, group.person))

    def _contact(self, lang: str, needed: bool) -> SourceLine | None:
        return contact(self.base.voice(lang)) if needed else None

    def topic(self, topic: str, lang: str) -> tuple[Choice, ...]:
        """The questions of a topic, in reading order."""
        return tuple(choice(self.base, entry.id, lang) for entry in self.base.entries_of(topic))

    def topic_page(self, topic: str, lang: str) -> Reply:
        """The questions of a topic, to pick from."""
        found = self.base.topics[topic]
        title = f"{found.emoji} {found.text(lang).title}\n{self.base.voice(lang).say('topic_pick')}"
        return Reply(lang, ReplyKind.SUGGEST, title=title, choices=self.topic(topic, lang), topic=topic)

    def _lead(self, verdict: Verdict, part: AnswerPart | None = None) -> tuple[str, ...]:
        """What comes first: how the question was read where that matters, and the date of the answer where it is asked
        about a time after the source's."""
        lang = verdict.decision.lang
        voice = self.base.voice(lang)
        lead = []
        reading = verdict.ranking.reading
        mattered = any(len(repair.typed) > 2 for repair in reading.repairs) and not self._is_mixed(verdict)
        if mattered or reading.how is not How.TYPED:
            spelled = self.judge.matchers[verdict.ranking.lang].spelled(reading.words)
            lead.append(voice.say("read_as", text=spelled))
        if part is not None and self.judge.matchers[verdict.ranking.lang].is_elsewhere(reading.words, part.entry):
            lead.append(voice.say("elsewhere"))
        lead += self._said_of(self.judge.claim(verdict), part, lang)
        if part is not None and self.judge.manners[verdict.ranking.lang].period.after_source(reading.words):
            lead.append(part.as_of or voice.say("still"))
        return tuple(lead)

    def _is_mixed(self, verdict: Verdict) -> bool:
        """Whether a word that was taken for a slip is one of another language: then the reading is no help to read."""
        others = [matcher for lang, matcher in self.judge.matchers.items() if lang != verdict.ranking.lang]
        return any(other.knows(repair.typed) for repair in verdict.ranking.reading.repairs for other in others)

    def _said_of(self, claim: Claim | None, part: AnswerPart | None, lang: str) -> list[str]:
        """What the entry says to a number that is claimed; a gap that is asked for says enough, unless the number is wrong."""
        if claim is None or (part and part.gap and claim.stance is not Stance.DIFFERS):
            return []
        several = claim.stance is Stance.DIFFERS and claim.given is None
        key = "claim_other" if several else _CLAIMS[claim.stance]
        return [self.base.voice(lang).say(key, number=claim.number, given=claim.given)]
