"""From a question to its answer in the chat, and from an edited question to an edited answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from telegram import Bot, Message

from bot.channels.telegram.delivery.sending import Delivery
from bot.channels.telegram.looks import render
from bot.channels.telegram.looks.keyboards import Me
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.asker import Asker, asker_of
from bot.channels.telegram.talk.desk import Desk, Given, Who
from bot.channels.telegram.talk.incoming import in_private
from bot.channels.telegram.talk.memory import Turn, first_time
from bot.channels.telegram.talk.misses import Misses
from bot.channels.telegram.talk.speaking import Place, change, place_of, say, typing
from bot.kb.model import KnowledgeBase
from bot.reply import Reply
from bot.service import Outcome
from bot.turns import START, State, after

_RENDERED = 500  # replies, as they look: with a few hundred entries, most of what is said is said again


def me(bot: Bot) -> Me:
    return Me(bot.username, bool(bot.supports_inline_queries))


class Questions:
    """Answers questions; knows neither commands nor buttons."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.misses = Misses(desk)
        self._rendered: tuple[KnowledgeBase, Callable[[Reply, Me], tuple[Page, ...]]] | None = None

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
        if outcome.danger:
            self._takes_no_turn(asker.who, Turn.ANSWER)
        outcome = self.misses.taken_back(outcome, asker)
        ids = await self.deliver(bot, place, outcome.reply, asker, state)
        self._remember(message, Given(hash(question), ids, asker.author, before))
        self.misses.record(outcome, question, asker, ids)

    async def has_turn(self, bot: Bot, message: Message, question: str = "") -> bool:
        """False if somebody asks too fast; the first time this is said, then there is silence. Who is in danger is heard
        all the same, once a minute."""
        memory, who = self._desk.memory, asker_of(message).who
        turn = memory.turn(who)
        if turn is Turn.ANSWER:
            return True
        if self._desk.service.in_danger(question) and self._takes_no_turn(who, turn):
            return True
        if turn is Turn.WARN:
            await self.tell(bot, message, "too_fast")
        return False

    def _takes_no_turn(self, who: Who, turn: Turn) -> bool:
        """For who is in danger: once a minute."""
        first = first_time(self._desk.memory.heard, who, True)
        if first:
            self._desk.memory.rate.give_back(who, turn)
        return first

    async def tell(self, bot: Bot, message: Message, key: str, **values: object) -> None:
        """One of the bot's own sentences."""
        lang = await language.of_message(self._desk, message)
        reply = self._desk.service.info(key, lang, **values)
        await say(bot, self._desk.sender, place_of(message), self.pages(bot, reply))

    def pages(self, bot: Bot, reply: Reply, chat_id: int = 0) -> tuple[Page, ...]:
        """As they look in this chat: nobody is told of an answer in front of a group."""
        if chat_id < 0 and reply.waits:
            reply = replace(reply, waits=False)
        if reply.topic:
            return render.topic_pages(self._desk.base, reply.topic, reply.choices, 0, reply.lang)
        base = self._desk.base
        if self._rendered is None or self._rendered[0] is not base:
            self._rendered = base, lru_cache(_RENDERED)(lambda reply, me: render.pages(reply, base, me))
        return self._rendered[1](reply, me(bot))

    async def deliver(
        self, bot: Bot, place: Place, reply: Reply, asker: Asker, state: State | None = None
    ) -> tuple[int, ...]:
        """Send a reply; in a group that had the same within a minute, a pointer to it. `state`: of the conversation then,
        where the reply alone does not tell."""
        place, reply, repeated = self._pointed(place, reply)
        ids = await say(bot, self._desk.sender, place, self.pages(bot, reply, place.chat_id))
        if not repeated:
            self._desk.memory.turns[asker.both] = state or after(self._state(asker), reply)
        if ids and reply.answers and not repeated and place.chat_id < 0:
            self._desk.memory.in_group[_sameness(place, reply)] = ids[0]
        return ids

    def answered_here(self, place: Place, reply: Reply) -> bool:
        """Whether this group had this very answer within the last minute."""
        return place.chat_id < 0 and self._desk.memory.in_group.get(_sameness(place, reply)) is not None

    async def edited(self, bot: Bot, message: Message, question: str) -> None:
        """The question was edited: so is its answer, if it is recent and still there."""
        key, memory = (message.chat_id, message.message_id), self._desk.memory
        given = memory.given.get(key)
        if given is not None and given.question == hash(question):
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
        ids = await self._replace(bot, message, self.pages(bot, outcome.reply, message.chat_id), given.messages)
        if ids is None:
            await self._too_late(bot, message)
            return
        self._remember(message, replace(given, question=hash(question), messages=ids))
        self.misses.record(outcome, question, asker, ids)
        self._desk.memory.turns[asker.both] = state

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
        memory.given[key] = given
        if given.messages:
            memory.answered[key] = True


def _sameness(place: Place, reply: Reply) -> tuple[object, ...]:
    """What makes two answers in a group the same."""
    return place.chat_id, place.thread_id, reply.lang, tuple((part.entry, part.gap) for part in reply.answers)
