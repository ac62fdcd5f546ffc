"""What the last turns mean for this one; the same for every channel. Pure: the state is handed in and handed back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.languages import text
from bot.languages.packs import Packs
from bot.languages.talk import talk_pack
from bot.match.decide.decision import Decline
from bot.reply import AnswerPart, Choice, ContextPart, Reply, ReplyKind, answer_part, choice, said_all, with_address
from bot.service import Outcome, Service
from bot.topics import TopicNames
from bot.turns import START, Said, State, after, known
from bot.understood import Move, Phrasebook, Wanted

_SHORT = 6  # words of a question that does not say anew what it is about
# Messages after a cry for help in which what has no answer gets the numbers again; as many as answers are kept.
_CARED = 5
# The last of them, in which an answer, or thanks, stand alone; so they do in all after a cry that was in doubt.
_DOUBTED = 2


def phrasebook_of(service: Service, packs: Packs | None = None) -> Phrasebook:
    """What people say of the talk itself, in the languages of a service."""
    matchers = service.judge.matchers
    found = {lang: talk_pack(lang, packs or service.packs) for lang in matchers}
    words = {lang: matcher.language.words for lang, matcher in matchers.items()}
    knows = {lang: matcher.knows for lang, matcher in matchers.items()}
    ways = {lang: matcher.language.transcribed for lang, matcher in matchers.items()}
    return Phrasebook(found, words, knows, ways)


class Conversation:
    """Understands a message in the light of the last turns; asks the service where it is a question of its own."""

    def __init__(self, service: Service, packs: Packs | None = None) -> None:
        self.service = service
        matchers = service.judge.matchers
        self._phrasebook = phrasebook_of(service, packs)
        self._topics = {lang: TopicNames(service.base, one.language, lang) for lang, one in matchers.items()}
        self._moves: dict[Move, Callable[[State, Wanted], Reply | None]] = {
            Move.MORE: self._more,
            Move.SIMPLER: self._simpler,
            Move.LANGUAGE: self._in_language,
            Move.PICK: self._picked,
            Move.NUMBER: self._numbered,
            Move.YES: self._meant,
            Move.NO: lambda state, wanted: self._none(state, wanted) if state.asks else None,
            Move.NONE: self._none,
            Move.OTHER: self._none,
            Move.SOURCE: self._source,
            Move.SURE: self._source,
            Move.MISSED: self._missed,
            Move.BACK: self._back,
            Move.BARE: self._bare,
        }

    def ask(self, message: str, preferred: str | None = None, state: State = START) -> tuple[Outcome, State]:
        """The outcome of a message, and the state after it. `preferred` is the asker's language, where the talk has none yet."""
        state = known(state, self.service.base)
        outcome, later = self._understood(message, state.lang or preferred, state)
        sure = outcome.danger and not outcome.doubted
        cared = _CARED if sure else max(_DOUBTED * outcome.danger, state.cared - 1)
        settled = not outcome.danger and (bool(outcome.entries) or outcome.reply.kind is ReplyKind.SMALL_TALK)
        if not state.cared or (settled and state.cared <= _DOUBTED):
            return outcome, replace(later, cared=cared)
        return self._cared_for(message, outcome), replace(later, cared=cared)

    def _understood(self, message: str, preferred: str | None, state: State) -> tuple[Outcome, State]:
        wanted = self._wanted(message, preferred)
        if wanted is not None:  # in the pack's own words, but for a slip: nobody calls for help so
            reply = self._moves[wanted.move](state, wanted)
            if reply is not None:
                none = wanted.move in (Move.NONE, Move.MISSED, Move.NO)
                return Outcome(reply, none=none), self._then(state, wanted, reply)
        return self._asked(message, preferred, state)

    def _cared_for(self, message: str, outcome: Outcome) -> Outcome:
        """What somebody is told who called for help a little while ago ("where do I call?"): the numbers again, but for an
        answer to another question beyond doubt; below them what else is said of it, but no guesses, no general no, and of what is
        refused only who asks for it is told."""
        reply, voice = outcome.reply, self.service.base.voice(outcome.reply.lang)
        say = voice.danger_again
        if (
            say is None
            or (outcome.danger and not outcome.doubted)
            or (not outcome.danger and self._is_beyond_doubt(outcome))
        ):
            return outcome
        guess = reply.kind is ReplyKind.SUGGEST and not reply.topic
        asked = self.service.judge.leads_in(message, reply.lang)
        if outcome.danger and (asked or not guess):  # in doubt, and told already
            lead = tuple(say if line == voice.danger_doubted else line for line in reply.lead)
            return replace(outcome, reply=replace(reply, lead=lead, text=reply.text and say))
        group = any(isinstance(one.decision, Decline) and one.decision.refusal for one in outcome.verdicts)
        told = group and ("?" in message or self.service.judge.asks(message, reply.lang))
        if guess or (reply.kind is ReplyKind.DECLINE and not told):
            reply = Reply(reply.lang, ReplyKind.SMALL_TALK, text=say)
        else:
            reply = replace(reply, lead=(say, *reply.lead))
        return replace(outcome, reply=reply, danger=True, doubted=True)

    def _wanted(self, message: str, lang: str | None) -> Wanted | None:
        """What a message wants of the talk, also behind courtesies ("ok thanks, the second"): those of nobody in danger."""
        wanted = self._phrasebook.wanted(message, lang)
        if wanted is not None:
            return wanted
        others = dict.fromkeys((self._bare_of(message, lang), self.service.judge.clause(message) or message))
        wanted = next(filter(None, (self._phrasebook.wanted(one, lang) for one in others)), None)
        return None if wanted and self.service.in_danger(message) else wanted

    def _bare_of(self, message: str, lang: str | None) -> str:
        return self.service.judge.bare(message, lang or self.service.default).strip(" ,")

    def _asked(self, message: str, preferred: str | None, state: State) -> tuple[Outcome, State]:
        ways = message, self._bare_of(message, preferred)
        opens = state.entry is not None and any(map(self._phrasebook.opens, ways))
        previous = None if opens else state.entry
        calm = previous is not None and self._phrasebook.whom(message)
        offered = state.offered if state.listed else ()
        outcome = self.service.ask(message, preferred, previous, calm=calm, offered=offered)
        if not outcome.danger:  # whose reply begins with numbers to call, however often
            outcome = replace(outcome, reply=self._fresh(message, outcome, state))
        if not outcome.danger and not outcome.followed and not (outcome.entries and self._sure(outcome)):
            outcome = self._broad(message, outcome)
        return outcome, after(state, outcome.reply)

    def _then(self, state: State, wanted: Wanted, reply: Reply) -> State:
        if wanted.move is Move.BACK:
            return after(replace(state, said=state.said[:-1]), reply)
        return after(state, reply)

    def _fresh(self, message: str, outcome: Outcome, state: State) -> Reply:
        """A follow-up to the entry that was answered just now gets what is new, never the same text; a short question for a
        gap of it is one, too. Where nothing is, what other documents say of it may be."""
        reply = outcome.reply
        follows = (outcome.followed or outcome.gap) and len(text.words(message)) <= _SHORT
        if not state.said or not follows or state.lang not in (None, reply.lang):
            return reply
        last = state.said[-1]
        part = reply.answers[0] if len(reply.answers) == 1 else None if reply.answers else self._part(last, reply.lang)
        if part is None or part.entry != last.entry:
            return reply
        more = self._beyond(message, part, reply.lang)
        if more and not part.gap:
            return self._brief(reply if reply.answers else Reply(reply.lang, ReplyKind.ANSWER), part, more)
        again = last.brief and last.gap == part.gap_id
        if reply.answers and (again or (part.gap is None and _is_list(part.answer))):
            return said_all(self.service.base, part.entry, reply.lang, "no_other")
        return self._brief(reply, part) if reply.answers else reply

    def _beyond(self, message: str, part: AnswerPart, lang: str) -> tuple[ContextPart, ...]:
        """What other documents say of just that, by the words that neither the question nor many entries have."""
        matcher = self.service.judge.matchers[lang]

        def stems(said: str) -> set[str]:
            return set(map(matcher.language.stem, matcher.language.words(said)))

        telling = stems(message) - stems(part.question) - matcher.index.common
        return tuple(item for item in part.context if telling & stems(item.text))

    def _brief(self, reply: Reply, part: AnswerPart, more: tuple[ContextPart, ...] = ()) -> Reply:
        """What is asked now and was not said: of a gap that the source is silent on it, and what fills it; else the answer
        once more, as all that there is in the source, with what is `more`, or a word that more was said."""
        short = replace(part, context=more, as_of=None, corrected=None, brief=True)
        if part.gap:
            return replace(reply, answers=(replace(short, answer=""),))
        key = "all_said" if more or not part.context else "all_said_above"
        return replace(reply, lead=(*reply.lead, self._say(key, reply.lang)), answers=(short,))

    def _is_beyond_doubt(self, outcome: Outcome) -> bool:
        """Whether a question of its own is answered so surely that the highest caution would."""
        limits = self.service.judge.thresholds[outcome.reply.lang]
        return bool(outcome.entries) and not outcome.followed and outcome.score >= max(limits.strict, limits.answer)

    def _sure(self, outcome: Outcome) -> bool:
        """Whether it is the question that is answered, not just the one entry that has a word of it."""
        return outcome.followed or outcome.score >= self.service.judge.thresholds[outcome.reply.lang].answer

    def _broad(self, message: str, outcome: Outcome) -> Outcome:
        """A topic's page, where the message only names the topic."""
        lang = outcome.reply.lang
        subject = self._phrasebook.subject(message, lang)
        topic = self._topics[lang].asked_for(subject)
        if topic is None:
            return outcome
        return replace(outcome, reply=self.service.topic_page(topic, lang))

    def _more(self, state: State, wanted: Wanted) -> Reply | None:
        if state.asks and len(state.offered) == 1:
            return self._meant(state, wanted)
        if state.entry is None:
            return self._about_what(wanted)
        return replace(said_all(self.service.base, state.entry, wanted.lang), kind=ReplyKind.INFO)

    def _simpler(self, state: State, wanted: Wanted) -> Reply | None:
        if state.entry is None:
            return None
        part = self._part(state.said[-1], wanted.lang)
        short = replace(part, answer=_first(part), filled=(), context=(), as_of=None, corrected=None, brief=True)
        return Reply(wanted.lang, ReplyKind.ANSWER, (self._say("in_short", wanted.lang),), answers=(short,))

    def _in_language(self, state: State, wanted: Wanted) -> Reply | None:
        lang = str(wanted.value)
        if state.entry is None or lang not in self.service.base.languages:
            return None
        return self.service.entry(state.entry, lang, state.said[-1].gap)

    def _picked(self, state: State, wanted: Wanted) -> Reply | None:
        place = int(wanted.value)
        if not state.offered:
            return None if state.said else self._about_what(wanted)
        if place > len(state.offered) or place == 0:
            return self._offer(state.offered, "no_such_choice", wanted.lang)
        entry = state.offered[place if place < 0 else place - 1]
        return self.service.entry(entry, state.lang or wanted.lang)

    def _numbered(self, state: State, wanted: Wanted) -> Reply | None:
        """A bare number that was not offered is a question."""
        return self._picked(state, wanted) if 0 < int(wanted.value) <= len(state.offered) else None

    def _meant(self, state: State, wanted: Wanted) -> Reply | None:
        """ "Yes" to the only choice is that one, to several no choice."""
        if not state.asks or not state.offered:
            return None
        lang = state.lang or wanted.lang
        if len(state.offered) == 1:
            return self.service.entry(state.offered[0], lang)
        return replace(self._offer(state.offered, "suggest", lang), kind=ReplyKind.SUGGEST)

    def _none(self, state: State, wanted: Wanted) -> Reply | None:
        return self.service.info("ask_anew", wanted.lang) if state.said or state.offered else None

    def _source(self, state: State, wanted: Wanted) -> Reply | None:
        if state.entry is None:
            return None
        part = self._part(state.said[-1], wanted.lang)
        others = dict.fromkeys(with_address(item.source) for item in (*part.filled, *part.context))
        beyond = "\n".join([f"{part.context_title}:", *(f"• {line}" for line in others)]) if others else ""
        named = "\n\n".join(filter(None, (with_address(part.source), beyond)))
        if wanted.move is Move.SURE:
            return self.service.info("sure", wanted.lang, source=named)
        said = self.service.info("who_said", wanted.lang, source=named)  # the answer may name who said so
        return replace(said, lead=(_first(part),)) if _first(part) else said

    def _missed(self, state: State, wanted: Wanted) -> Reply | None:
        if not state.said and not state.offered:
            return None
        near = (
            [one.entry for one in said_all(self.service.base, state.entry, wanted.lang).choices] if state.entry else []
        )
        return self._offer(tuple(near) or state.offered, "missed", wanted.lang)

    def _back(self, state: State, wanted: Wanted) -> Reply | None:
        if len(state.said) < 2:
            return self._about_what(wanted) if not state.said else self._more(state, wanted)
        before = state.said[-2]
        return self.service.entry(before.entry, wanted.lang, before.gap)

    def _bare(self, state: State, wanted: Wanted) -> Reply | None:
        """A bare question means nothing by itself; after a question or a list of ours ("which?") it asks for the choices."""
        if state.offered and (state.asks or state.entry is None):
            return replace(self._offer(state.offered, "suggest", wanted.lang), kind=ReplyKind.SUGGEST)
        return self._about_what(wanted) if state.entry is None and not state.offered else None

    def _about_what(self, wanted: Wanted) -> Reply:
        return replace(self.service.info("about_what", wanted.lang), kind=ReplyKind.DECLINE)

    def _offer(self, entries: tuple[str, ...], key: str, lang: str) -> Reply:
        offered: tuple[Choice, ...] = tuple(choice(self.service.base, one, lang) for one in entries)
        return Reply(lang, ReplyKind.INFO, title=self._say(key, lang), choices=offered)

    def _part(self, said: Said, lang: str) -> AnswerPart:
        return answer_part(self.service.base, self.service.base.entries[said.entry], lang, said.gap)

    def _say(self, key: str, lang: str) -> str:
        return self.service.base.voice(lang).say(key)


def _first(part: AnswerPart) -> str:
    """The first sentence of an answer; nothing of a gap's."""
    return "" if part.gap else (text.sentences(part.answer) or [part.answer])[0]


def _is_list(answer: str) -> bool:
    """Whether an answer is made of several lines: too much to be said twice."""
    return "\n" in answer.strip()
