"""Keeps what did not end in an answer, and the question behind each reply, so that its buttons know it."""

from __future__ import annotations

from bot import metrics
from bot.channels.telegram.talk.asker import Asker
from bot.channels.telegram.talk.desk import Desk, MessageKey, Replied, Who
from bot.match.decide.decision import Answer, Decline, Suggest, Verdict
from bot.reply import ReplyKind
from bot.service import Outcome
from bot.store.base import MissKind
from bot.workbench.asked_again import miss_of, refused_by

_COUNTED = {
    ReplyKind.SUGGEST: "offered",
    ReplyKind.DECLINE: "declined",
    ReplyKind.SMALL_TALK: "small_talk",
}


class Misses:
    """Counts and notes; sends nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, outcome: Outcome, question: str, asker: Asker, ids: tuple[int, ...]) -> None:
        """Count an outcome, and note what could not be answered of it. `ids` are the messages it went out in."""
        memory, reply = self._desk.memory, outcome.reply
        before = memory.last_reply.pop(asker.both, None)
        self._count(outcome)
        if outcome.danger:
            return
        if before is not None and reply.answers and not outcome.verdicts:  # picked by words
            self.drop(before, MissKind.OFFERED)
        key = (asker.chat_id, ids[-1]) if ids else None
        kind = miss_of(outcome)
        nearest = refused_by(outcome) or _nearest(outcome)
        if key is not None and outcome.verdicts and not outcome.followed:
            offers = kind is MissKind.OFFERED
            memory.replied[key] = Replied(question, reply.lang, nearest, asker.author, offers)
            memory.last_reply[asker.both] = key
        if kind is not None and not outcome.followed:
            self.note(question, reply.lang, nearest, asker.author, kind, key=key)
        elif kind is None and len(outcome.verdicts) > 1:
            self._note_parts(outcome, asker)

    def taken_back(self, outcome: Outcome, asker: Asker) -> Outcome:
        """The outcome; where it says that the last reply was not what was meant, that is noted as by its button."""
        memory = self._desk.memory
        last = memory.last_reply.get(asker.both) if outcome.none else None
        replied = memory.replied.get(last) if last else None
        if last is None or replied is None:
            return outcome
        self.not_meant(last, replied)
        if not replied.offers:
            return outcome
        return Outcome(self._desk.service.info("none_noted", outcome.reply.lang), none=True)

    def not_meant(self, key: MessageKey, replied: Replied) -> None:
        """Nothing of what was offered, or another question than was answered."""
        self._desk.memory.replied.pop(key, None)
        kind = MissKind.NONE if replied.offers else MissKind.NOT_MEANT
        self.note(replied.question, replied.lang, replied.nearest, replied.author, kind, key=key)

    def note(
        self,
        question: str,
        lang: str,
        nearest: str | None,
        author: Who,
        kind: MissKind,
        *,
        key: MessageKey | None = None,
        note: str = "",
    ) -> None:
        """`key`: the message it is about, of which the last word counts."""
        desk = self._desk
        reply = desk.message(*key) if key else None
        person = desk.person(author)
        work = desk.store.add_unanswered(question, lang, nearest, person, kind=kind, note=note, reply=reply)
        desk.background.start("Noting an unanswered question", work)

    def drop(self, key: MessageKey, kind: MissKind) -> None:
        """What was said under this message is so no more."""
        desk = self._desk
        desk.background.start("Dropping a question", desk.store.drop_unanswered(desk.message(*key), kind))

    def _count(self, outcome: Outcome) -> None:
        self._desk.count("asked")
        metrics.QUESTIONS.labels(outcome.reply.lang, outcome.reply.kind.value).inc()
        if outcome.danger:
            metrics.DANGER.labels(outcome.reply.lang).inc()
        for entry in outcome.entries:
            self._desk.count("answered", entry)
        if kind := _COUNTED.get(outcome.reply.kind):
            self._desk.count(kind)

    def _note_parts(self, outcome: Outcome, asker: Asker) -> None:
        """Of a message that asked several things, those that were left open."""
        for verdict in outcome.verdicts:
            if isinstance(verdict.decision, Decline | Suggest):
                lang = verdict.decision.lang
                self.note(verdict.question, lang, _closest(verdict), asker.author, MissKind.DECLINED)


def _nearest(outcome: Outcome) -> str | None:
    """The entry that was answered, or came closest."""
    if outcome.entries:
        return outcome.entries[0]
    return next((found for verdict in outcome.verdicts if (found := _closest(verdict))), None)


def _closest(verdict: Verdict) -> str | None:
    match verdict.decision:
        case Answer(chosen=found):
            return found.label.owner
        case Suggest(choices=found) | Decline(nearest=found) if found:
            return found[0].label.owner
    return None
