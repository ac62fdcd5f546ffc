"""From a question to its answer in the chat, and from an edited question to an edited answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Bot, Message

from bot.channels.telegram.delivery.sending import Delivery
from bot.channels.telegram.looks import render
from bot.channels.telegram.looks.keyboards import Me
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk, Given, Offered, Who
from bot.channels.telegram.talk.incoming import in_private
from bot.channels.telegram.talk.memory import Turn
from bot.channels.telegram.talk.speaking import Place, change, place_of, say, typing
from bot.conversation import START, State, after
from bot.match.decide.decision import Decline, Suggest
from bot.reply import Reply, ReplyKind
from bot.service import Outcome

_COUNTED = {
    ReplyKind.SUGGEST: "offered",
    ReplyKind.DECLINE: "declined",
    ReplyKind.SMALL_TALK: "small_talk",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, in whose words. A message without a sender counts as its chat's."""

    chat_id: int
    who: Who
    author: Who

    @property
    def both(self) -> tuple[int, Who]:
        return self.chat_id, self.who


def asker_of(message: Message) -> Asker:
    """A chat that speaks has one account for all such chats: it is told apart by what it is and where it speaks."""
    who: Who = message.from_user.id if message.from_user else message.chat_id
    if message.sender_chat is not None:
        who = message.chat_id, message.sender_chat.id
    return Asker(message.chat_id, who, who)


def me(bot: Bot) -> Me:
    return Me(bot.username, bool(bot.supports_inline_queries))


class Questions:
    """Answers questions; knows neither commands nor buttons."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, bot: Bot, message: Message, question: str, author: Who | None = None) -> None:
        """The answer to a question, as a message (or more) of its own. `author`: whose words it is in, if not the
        asker's."""
        place, asker = place_of(message), asker_of(message)
        if author is not None:
            asker = replace(asker, author=author)
        if not await self.has_turn(bot, message, question):
            return
        async with typing(bot, place):
            before = self._state(asker)
            outcome, state = await self._ask(message, question, before)
        ids = await self.deliver(bot, place, outcome.reply, asker, state)
        self._remember(message, Given(question, ids, asker.author, before))
        self.record(outcome, question, asker, ids)

    async def has_turn(self, bot: Bot, message: Message, question: str = "") -> bool:
        """False if somebody asks too fast; the first time this is said, then there is silence. Who is in danger is heard
        all the same, once a minute."""
        memory, who = self._desk.memory, asker_of(message).who
        if self._desk.service.in_danger(question) and memory.heard.first_time(who, True):
            return True
        turn = memory.turn(who)
        if turn is Turn.WARN:
            await self.tell(bot, message, "too_fast")
        return turn is Turn.ANSWER

    async def tell(self, bot: Bot, message: Message, key: str, **values: object) -> None:
        """One of the bot's own sentences."""
        lang = await language.of_message(self._desk, message)
        reply = self._desk.service.info(key, lang, **values)
        await say(bot, self._desk.sender, place_of(message), self.pages(bot, reply))

    def pages(self, bot: Bot, reply: Reply) -> tuple[Page, ...]:
        if reply.topic:
            return render.topic_pages(self._desk.base, reply.topic, reply.choices, 0, reply.lang)
        return render.pages(reply, self._desk.base, me(bot))

    async def deliver(
        self, bot: Bot, place: Place, reply: Reply, asker: Asker, state: State | None = None
    ) -> tuple[int, ...]:
        """Send a reply; in a group that had the same within a minute, a pointer to it. `state`: of the conversation then,
        where the reply alone does not tell."""
        place, reply, repeated = self._pointed(place, reply)
        ids = await say(bot, self._desk.sender, place, self.pages(bot, reply))
        if not repeated:
            self._desk.memory.turns.put(asker.both, state or after(self._state(asker), reply))
        if ids and reply.answers and not repeated and place.chat_id < 0:
            self._desk.memory.in_group.put(_sameness(place, reply), ids[0])
        return ids

    def answered_here(self, place: Place, reply: Reply) -> bool:
        """Whether this group had this very answer within the last minute."""
        return place.chat_id < 0 and self._desk.memory.in_group.get(_sameness(place, reply)) is not None

    async def edited(self, bot: Bot, message: Message, question: str) -> None:
        """The question was edited: so is its answer, if it is recent and still there."""
        key, memory = (message.chat_id, message.message_id), self._desk.memory
        given = memory.given.get(key)
        if given is not None and given.question == question:
            return
        if given is None and memory.answered.get(key):
            await self._too_late(bot, message)
        elif given is None or not given.messages:
            await self.answer(bot, message, question)
        elif await self.has_turn(bot, message, question):
            await self._answer_anew(bot, message, question, given)

    async def _answer_anew(self, bot: Bot, message: Message, question: str, given: Given) -> None:
        asker = asker_of(message)
        outcome, state = await self._ask(message, question, given.before)
        ids = await self._replace(bot, message, self.pages(bot, outcome.reply), given.messages)
        if ids is None:
            await self._too_late(bot, message)
            return
        self._remember(message, replace(given, question=question, messages=ids))
        self.record(outcome, question, asker, ids)
        self._desk.memory.turns.put(asker.both, state)

    async def _replace(
        self, bot: Bot, message: Message, pages: tuple[Page, ...], old: tuple[int, ...]
    ) -> tuple[int, ...] | None:
        """The ids of the messages that hold the pages now; None if the old answer is gone."""
        chat_id, sender = message.chat_id, self._desk.sender
        for message_id, page in zip(old, pages, strict=False):
            if await change(bot, sender, chat_id, message_id, page) in (Delivery.GONE, Delivery.LEFT):
                return None
        for message_id in old[len(pages) :]:
            await sender.deliver(bot.delete_message, chat_id=chat_id, message_id=message_id)
        more = await say(bot, sender, place_of(message), pages[len(old) :]) if len(pages) > len(old) else ()
        return old[: len(pages)] + more

    async def _too_late(self, bot: Bot, message: Message) -> None:
        if in_private(message):
            await self.tell(bot, message, "edited_too_late")

    def _state(self, asker: Asker) -> State:
        return self._desk.memory.turns.get(asker.both) or START

    async def _ask(self, message: Message, question: str, state: State) -> tuple[Outcome, State]:
        lang = await language.of_message(self._desk, message)
        return await self._desk.holder.converse(question, lang, state)

    def _pointed(self, place: Place, reply: Reply) -> tuple[Place, Reply, bool]:
        if not reply.answers or not self.answered_here(place, reply):
            return place, reply, False
        earlier = self._desk.memory.in_group.get(_sameness(place, reply))
        pointer = self._desk.service.info("already_answered", reply.lang)
        return replace(place, reply_to=earlier), pointer, True

    def _remember(self, message: Message, given: Given) -> None:
        key, memory = (message.chat_id, message.message_id), self._desk.memory
        memory.given.put(key, given)
        if given.messages:
            memory.answered.put(key, True)

    def record(self, outcome: Outcome, question: str, asker: Asker, ids: tuple[int, ...]) -> None:
        """Count it, and note what could not be answered."""
        desk, reply = self._desk, outcome.reply
        desk.count("asked")
        for entry in outcome.entries:
            desk.count("answered", entry)
        if kind := _COUNTED.get(reply.kind):
            desk.count(kind)
        if reply.kind is ReplyKind.SUGGEST and ids:
            offered = Offered(question, reply.lang, _nearest(outcome), asker.author)
            desk.memory.offered.put((asker.chat_id, ids[-1]), offered)
        if reply.kind is ReplyKind.DECLINE and outcome.verdicts and not outcome.followed:
            self.note_unanswered(question, reply.lang, _nearest(outcome), asker.author)

    def note_unanswered(self, question: str, lang: str, nearest: str | None, author: Who) -> None:
        desk = self._desk
        work = desk.store.add_unanswered(question, lang, nearest, desk.person(author))
        desk.background.start("Noting an unanswered question", work)


def _sameness(place: Place, reply: Reply) -> tuple[object, ...]:
    """What makes two answers in a group the same."""
    return place.chat_id, place.thread_id, reply.lang, tuple((part.entry, part.gap) for part in reply.answers)


def _nearest(outcome: Outcome) -> str | None:
    """The entry that came closest."""
    for verdict in outcome.verdicts:
        match verdict.decision:
            case Suggest(choices=found) | Decline(nearest=found) if found:
                return found[0].label.owner
    return None
