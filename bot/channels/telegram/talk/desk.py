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

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.sending import Sender
from bot.channels.telegram.talk.memory import Rate, Recent, Seconds, Turn
from bot.channels.telegram.talk.tally import Tally
from bot.conversation import START, Conversation, State
from bot.kb.model import KnowledgeBase
from bot.service import Outcome, Service
from bot.store.base import Store
from bot.store.identity import chat_key, message_key, person_key

log = logging.getLogger(__name__)

_MINUTE = 60.0
_CONVERSATION = 600.0  # seconds for follow-ups and edits
_DAY = 86_400.0  # seconds for which "none of these" knows its question, and an edit what it edits
# Clients send an inline query after each pause in typing, about five for a question; one more for second thoughts.
_QUERIES_A_QUESTION = 6

Message = tuple[int, int]  # chat id, message id
# Who asks: a person's id; or, where a chat speaks (a channel, a group for its admins), the chat it speaks in and its own.
Who = int | tuple[int, int]


class ServiceHolder:
    """The service in use; a reload puts another one in its place, and the next update sees it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._conversation: Conversation | None = None

    @property
    def conversation(self) -> Conversation:
        if self._conversation is None or self._conversation.service is not self.service:
            self._conversation = Conversation(self.service)
        return self._conversation

    @property
    def base(self) -> KnowledgeBase:
        return self.service.base

    async def ask(self, question: str, preferred: str | None) -> Outcome:
        """`Service.ask` on the service in use, on the spot: it takes some milliseconds. A thread would take turns with
        the loop at the interpreter, which costs both more than that."""
        return self._timely(self.service.ask(question, preferred))

    async def converse(self, message: str, preferred: str | None, state: State) -> tuple[Outcome, State]:
        """The same in the light of the last turns; with the state after it."""
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
    """A reply that went out: to which question, in which messages; whose words the question is; the state before."""

    question: str
    messages: tuple[int, ...]
    author: Who
    before: State = START


@dataclass(frozen=True, slots=True)
class Offered:
    """A question that was answered with a choice."""

    question: str
    lang: str
    nearest: str | None
    author: Who


class Memory:
    """The last minutes of all chats. Keys are Telegram's own ids: this never leaves the process."""

    def __init__(self, ask_rate: int = 20, clock: Seconds = time.monotonic) -> None:
        self.rate = Rate(ask_rate, clock=clock)
        self.inline_rate = Rate(ask_rate * _QUERIES_A_QUESTION, clock=clock)
        self.turns: Recent[tuple[int, Who], State] = Recent(_CONVERSATION, clock=clock)
        self.given: Recent[Message, Given] = Recent(_CONVERSATION, clock=clock)
        self.offered: Recent[Message, Offered] = Recent(_DAY, clock=clock)
        self.seen: Recent[Message, int] = Recent(_DAY, clock=clock)  # what was read there last, as a hash
        self.answered: Recent[Message, bool] = Recent(_DAY, clock=clock)
        self.in_group: Recent[tuple[object, ...], int] = Recent(_MINUTE, clock=clock)
        self.heard: Recent[Who, bool] = Recent(_MINUTE, clock=clock)  # who asked too fast, but was in danger
        self.told_not_text: Recent[int, bool] = Recent(_MINUTE, clock=clock)
        self.albums: Recent[tuple[int, str], bool] = Recent(_MINUTE, clock=clock)  # whether one has come with words
        self.votes: Recent[tuple[str, str, str], bool] = Recent(_DAY, clock=clock)

    def turn(self, person: Hashable) -> Turn:
        """Take a person's turn to ask; the update in hand keeps it over all its tries."""
        update = handling.current()
        if update is None:
            return self.rate.turn(person)
        found = update.once.setdefault("turn", None) or self.rate.turn(person)
        update.once["turn"] = found
        assert isinstance(found, Turn)
        return found

    def forget_chat(self, chat_id: int) -> None:
        """All that is known of a chat but its pace."""
        self.turns.forget(lambda key, _: key[0] == chat_id)
        for recent in (self.given, self.offered, self.seen, self.answered):
            recent.forget(lambda key, _: key[0] == chat_id)

    def forget_person(self, who: Who, name: str) -> None:
        """What is known of somebody in all chats, but the pace. `name` is the store's."""
        self.turns.forget(lambda key, _: key[1] == who)
        self.given.forget(lambda _, given: given.author == who)
        self.offered.forget(lambda _, offered: offered.author == who)
        self.votes.forget(lambda key, _: key[0] == name)


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
        store: Store,
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
        self.sender = Sender(on_migrated=self.moved)
        self.dice = dice or random.Random()
        self.admin_ids = admin_ids
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
        return person_key(self._key, who) if isinstance(who, int) else self._hashed("speaker", f"{who[0]}/{who[1]}")

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
        self.memory.forget_chat(old)

    def _hashed(self, kind: str, value: str) -> str:
        return f"{kind}-{hashlib.blake2b(value.encode(), key=self._key, digest_size=16).hexdigest()}"
