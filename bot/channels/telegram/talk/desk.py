"""What the handlers share: the service in use, the store, the sender, and the memory of the last minutes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import time
from collections.abc import Coroutine, Hashable
from dataclasses import dataclass, replace
from typing import Any

from cachetools import TTLCache

from bot import metrics
from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.sending import Sender
from bot.channels.telegram.talk.languages import Languages
from bot.channels.telegram.talk.memory import Rate, Seconds, Turn, forget
from bot.channels.telegram.talk.tally import Tally
from bot.conversation import Conversation
from bot.kb.model import KnowledgeBase
from bot.service import Outcome, Service
from bot.store.base import Records
from bot.store.identity import chat_key, message_key, person_key
from bot.store.sealing import Envelope
from bot.turns import START, State

log = logging.getLogger(__name__)

_MINUTE = 60.0
_CONVERSATION = 600.0  # seconds for follow-ups and edits
# Of each thing, the latest used: at 100,000 questions a day those of the last hour. A message takes 3 KB in all of these memories.
_KEPT = 4_000
_DAY = 86_400.0  # seconds for which the buttons under a reply know its question, and an edit what it edits
# Clients send an inline query after each pause in typing, about five for a question; one more for second thoughts.
_QUERIES_A_QUESTION = 6

MessageKey = tuple[int, int]  # chat id, message id
# Who asks: a person's id; or, where a chat speaks (a channel, a group for its admins), the chat it speaks in and its own.
Who = int | tuple[int, int]


class ServiceHolder:
    """The service in use; a reload puts another one in its place, and the next update sees it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._asked = time.monotonic()

    def idle(self) -> float:
        """For how many seconds nobody has asked."""
        return time.monotonic() - self._asked

    @property
    def service(self) -> Service:
        return self.conversation.service

    @service.setter
    def service(self, service: Service) -> None:
        self.conversation = Conversation(service)

    @property
    def base(self) -> KnowledgeBase:
        return self.service.base

    async def ask(self, question: str, preferred: str | None) -> Outcome:
        """`Service.ask` on the service in use, on the spot: it takes some milliseconds. A thread would take turns with
        the loop at the interpreter, which costs both more than that."""
        self._asked = time.monotonic()
        return self._timely(self.service.ask(question, preferred))

    async def converse(self, message: str, preferred: str | None, state: State) -> tuple[Outcome, State]:
        """The same in the light of the last turns; with the state after it."""
        self._asked = time.monotonic()
        with metrics.DECIDING.time():
            outcome, state = self.conversation.ask(message, preferred, state)
        return self._timely(outcome), state

    def _timely(self, outcome: Outcome) -> Outcome:
        return _late(self.service, outcome) if handling.is_late() else outcome


def _late(service: Service, outcome: Outcome) -> Outcome:
    """With a word on the delay; before all else, but not before the numbers to call."""
    reply = outcome.reply
    word = service.base.voice(reply.lang).say("late")
    if not outcome.danger:
        reply = replace(reply, lead=(word, *reply.lead))
    elif reply.lead:
        reply = replace(reply, lead=(*reply.lead, word))
    else:
        reply = replace(reply, text=f"{reply.text}\n\n{word}")
    return replace(outcome, reply=reply)


@dataclass(frozen=True, slots=True)
class Given:
    """A reply that went out: to which question, as a hash; in which messages; whose words the question is; the state before."""

    question: int
    messages: tuple[int, ...]
    author: Who
    before: State = START


@dataclass(frozen=True, slots=True)
class Replied:
    """The question behind a reply, in whose words; `nearest` is the entry that was answered or came closest. `offers`: the
    reply is a choice."""

    question: str
    lang: str
    nearest: str | None
    author: Who
    offers: bool = False


@dataclass(frozen=True, slots=True)
class Reporting:
    """Somebody is about to write what is wrong with an answer; `question` is "" where nobody knows it any more."""

    entry: str
    lang: str
    question: str


class Memory:
    """The last minutes of all chats. Keys are Telegram's own ids: this never leaves the process."""

    def __init__(self, ask_rate: int = 20, clock: Seconds = time.monotonic) -> None:
        self.rate = Rate(ask_rate, clock=clock)
        self.inline_rate = Rate(ask_rate * _QUERIES_A_QUESTION, clock=clock)
        self.turns: TTLCache[tuple[int, Who], State] = TTLCache(_KEPT, _CONVERSATION, clock)
        self.given: TTLCache[MessageKey, Given] = TTLCache(_KEPT, _CONVERSATION, clock)
        self.replied: TTLCache[MessageKey, Replied] = TTLCache(_KEPT, _DAY, clock)
        # Where the last reply stands that answers or offers.
        self.last_reply: TTLCache[tuple[int, Who], MessageKey] = TTLCache(_KEPT, _CONVERSATION, clock)
        self.reporting: TTLCache[tuple[int, Who], Reporting] = TTLCache(_KEPT, _CONVERSATION, clock)
        self.seen: TTLCache[MessageKey, int] = TTLCache(_KEPT, _DAY, clock)  # what was read there last, as a hash
        self.answered: TTLCache[MessageKey, bool] = TTLCache(_KEPT, _DAY, clock)
        self.in_group: TTLCache[tuple[object, ...], int] = TTLCache(_KEPT, _MINUTE, clock)
        self.heard: TTLCache[Who, bool] = TTLCache(_KEPT, _MINUTE, clock)  # who asked too fast, but was in danger
        self.told_not_text: TTLCache[int, bool] = TTLCache(_KEPT, _MINUTE, clock)
        self.albums: TTLCache[tuple[int, str], bool] = TTLCache(
            _KEPT, _MINUTE, clock
        )  # whether one has come with words
        self.votes: TTLCache[tuple[str, str, str], bool] = TTLCache(_KEPT, _DAY, clock)

    def turn(self, person: Hashable) -> Turn:
        """Take a person's turn to ask; the update in hand keeps it over all its tries."""
        update = handling.current()
        if update is None:
            return self.rate.turn(person)
        found = update.once.setdefault("turn", None) or self.rate.turn(person)
        update.once["turn"] = found
        assert isinstance(found, Turn)
        return found

    def let_go(self) -> None:
        """What has had its time; a cache by itself keeps it until the place is needed."""
        for kept in vars(self).values():
            if isinstance(kept, TTLCache):
                kept.expire()
        self.rate.let_go()
        self.inline_rate.let_go()

    def forget_chat(self, chat_id: int) -> None:
        """All that is known of a chat but its pace."""
        forget(self.turns, lambda key, _: key[0] == chat_id)
        forget(self.last_reply, lambda key, _: key[0] == chat_id)
        forget(self.reporting, lambda key, _: key[0] == chat_id)
        by_message: tuple[TTLCache[MessageKey, Any], ...] = (self.given, self.replied, self.seen, self.answered)
        for kept in by_message:
            forget(kept, lambda key, _: key[0] == chat_id)

    def forget_person(self, who: Who, name: str) -> None:
        """What is known of somebody in all chats, but the pace. `name` is the store's."""
        forget(self.turns, lambda key, _: key[1] == who)
        forget(self.last_reply, lambda key, _: key[1] == who)
        forget(self.reporting, lambda key, _: key[1] == who)
        forget(self.given, lambda _, given: given.author == who)
        forget(self.replied, lambda _, replied: replied.author == who)
        forget(self.votes, lambda key, _: key[0] == name)


class Background:
    """Work that no answer waits for. A failure of it is logged, never raised."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, what: str, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(self._guarded(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float = 3.0) -> None:
        """Wait for what is under way, as long as that is allowed."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def close(self) -> None:
        """Let it finish in a moment, and end what does not."""
        await self.drain()
        for task in set(self._tasks):
            task.cancel()

    async def _guarded(self, what: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # whatever it is, the answer is out already
            log.warning("%s failed: %s", what, type(error).__name__)


class Desk:
    """Everything a handler works with; one for the whole channel."""

    def __init__(
        self,
        holder: ServiceHolder,
        store: Records,
        key: bytes,
        *,
        ask_rate: int = 20,
        clock: Seconds = time.monotonic,
        dice: random.Random | None = None,
        admin_ids: tuple[int, ...] = (),
    ) -> None:
        self.holder = holder
        self.store = store
        self.memory = Memory(ask_rate, clock)
        self.background = Background()
        self.tally = Tally(store)
        self.languages = Languages(store, self.chat)
        self.sender = Sender(on_migrated=self.moved)
        self.dice = dice or random.Random()
        self.admin_ids = admin_ids
        self.envelope = Envelope(key)
        self._key = key

    @property
    def service(self) -> Service:
        return self.holder.service

    @property
    def base(self) -> KnowledgeBase:
        return self.holder.service.base

    def chat(self, chat_id: int) -> str:
        """The store's name of a chat."""
        return chat_key(self._key, chat_id)

    def person(self, who: Who) -> str:
        """The store's name of somebody who asks."""
        return person_key(self._key, who) if isinstance(who, int) else self.hashed("speaker", f"{who[0]}/{who[1]}")

    def message(self, chat_id: int, message_id: int) -> str:
        """The store's name of a message."""
        return message_key(self._key, chat_id, message_id)

    def count(self, kind: str, entry: str | None = None) -> None:
        """One more of this kind, written when there is time."""
        self.tally.add(kind, entry)

    async def close(self) -> None:
        """Finish what no answer waits for."""
        await self.background.close()
        await self.tally.close()

    async def moved(self, old: int, new: int) -> None:
        """A group has another id now; its settings go along."""
        await self.store.move_chat(self.chat(old), self.chat(new))
        self.languages.changed(old, new)
        self.memory.forget_chat(old)

    def hashed(self, kind: str, value: str) -> str:
        """A name that says nothing to who has not the key."""
        return f"{kind}-{hashlib.blake2b(value.encode(), key=self._key, digest_size=16).hexdigest()}"
