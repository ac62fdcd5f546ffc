"""Lets calls to Telegram out at the pace it allows, and repeats those that failed where that cannot double a message."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.channels.telegram import handling
from bot.channels.telegram.arrivals import Arrivals
from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.failures import MaybeSent, NotSent, ServerTrouble, SlowAnswer, TornAnswer, seconds_of
from bot.channels.telegram.lanes import step_aside
from bot.channels.telegram.pace import Both, Burst, Floods, Pace, Window

log = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]
Post = Callable[..., Coroutine[Any, Any, Result]]

# Whatever does not begin like this may be repeated without harm: questions, settings, edits, answers to queries.
_DOUBLING = (
    "send",
    "copy",
    "forward",
    "post",
    "create",
    "approve",
    "decline",
    "gift",
    "transfer",
    "answerWebApp",
)
# Not worth waiting for, nor repeating.
_CASUAL = frozenset({"sendChatAction"})
# Telegram counts arrivals, we count departures: a little more than its second keeps the network's jitter out of it.
_SECOND = 1.05
_MINUTE = 60.5
# Our clock starts when the answer arrives, so it is late already; this is for rounding.
_AFTER_FLOOD = 0.05


class _Chat:
    """One chat's queue: a call at a time, so that a 429 finds no other call under way."""

    __slots__ = ("lock", "pace")

    def __init__(self, pace: Pace) -> None:
        self.lock = asyncio.Lock()
        self.pace = pace


class _Call:
    """One call and what it may still try: `unsure` are repeats after failures that leave its fate open."""

    def __init__(self, callback: Post, kwargs: dict[str, Any], endpoint: str, data: dict[str, Any]) -> None:
        self._callback = callback
        self._kwargs = kwargs
        self.endpoint = endpoint
        self.data = data
        self.doubling = endpoint.startswith(_DOUBLING)
        self.update = handling.current() if self.doubling else None
        self.key: Hashable = endpoint
        self.pace: Pace | None = None
        self.newest_before: int | None = None
        self.tries = 0
        self.unsure = 0
        self.deadline = 0.0
        self.backoff = Backoff(0.2, 8.0)

    async def make(self) -> Result:
        return await self._callback(self.endpoint, self.data, **self._kwargs)

    async def edit(self, data: dict[str, Any]) -> Result:
        return await self._callback("editMessageText", data, **self._kwargs)


class PoliteLimiter(BaseRateLimiter[int]):
    """`rate` messages a second over all chats (0: no pacing at all, neither per chat), `burst` at once and then 1 a
    second in a chat, 20 a minute in a group. Every call waits for its chat's running retry_after.

    What is repeated, with growing pauses, at most `tries` times and `patience` seconds:

    - 429: after the time given, if that is within `patience`;
    - 5xx, no connection, connection broken while the request was written: Telegram has not accepted these;
    - calls that do no harm twice (get…, set…, edit…, delete…, answers to queries): after any network failure.

    A send is never repeated after a read timeout or a 504: the message has most probably arrived, or is about to.
    A reset after the request was written and before any byte of an answer (or half an answer) tells nothing: Telegram
    may have accepted it or not; a stale keep-alive connection looks like this, too. For texts, `Arrivals` then looks
    whether the message is there; if it is, that is the result. Else the send is repeated, up to `repeat_unsure` times:
    a reply doubled to the one who asked is harmless, a reply lost is not. What remains: a text that arrived, but not
    among the ids looked at, and sends other than texts, are doubled; `counts["repeated_unsure"]` tells how many there
    may be, `counts["found"]` how many were found.
    """

    def __init__(
        self,
        rate: float = 30.0,
        *,
        burst: int = 3,
        group_per_minute: int = 20,
        tries: int = 5,
        patience: float = 30.0,
        repeat_unsure: int = 4,
        remembered: int = 10_000,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._paced = rate > 0
        self._all = Window(max(1, int(rate)), _SECOND * max(1.0, 1.0 / rate)) if rate > 0 else None
        self._all_lock = asyncio.Lock()
        self._burst = burst
        self._group_per_minute = group_per_minute
        self._tries = tries
        self._patience = patience
        self._unsure = repeat_unsure
        self._chats: OrderedDict[Hashable, _Chat] = OrderedDict()
        self._remembered = remembered
        self._floods = Floods(remembered=remembered)
        self._arrivals = Arrivals(remembered=remembered)

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Raises what the last attempt raised. `rate_limit_args` is not used."""
        call = _Call(callback, kwargs, endpoint, data)
        chat_id = data.get("chat_id")
        if endpoint in _CASUAL:
            await self._quiet(chat_id)
            return await call.make()
        if chat_id is None:
            return await self._persist(call)
        chat = self._chat(chat_id)
        call.key, call.pace = chat_id, chat.pace
        async with chat.lock:
            return await self._persist(call)

    async def _persist(self, call: _Call) -> Result:
        call.tries, call.unsure, call.deadline = self._tries, self._unsure, time.monotonic() + self._patience
        self._note_incoming(call)
        while True:
            await self._turn(call)
            call.newest_before = self._arrivals.before(call.endpoint, call.data) if _reply(call) else None
            try:
                return self._succeeded(call, await call.make())
            except TelegramError as error:
                pause = self._pause(error, call)
                self._note_failure(error, call, pause)
                if pause is None:
                    raise
                await _wait(pause)
                if call.doubling and isinstance(error, MaybeSent) and (found := await self._found(call)):
                    return self._succeeded(call, found)

    def _succeeded(self, call: _Call, result: Result) -> Result:
        self._floods.succeeded()
        if isinstance(result, dict) and call.doubling:
            self._arrivals.saw(call.data.get("chat_id"), result.get("message_id"))
        if call.update is not None:
            call.update.sent = True
        return result

    def _note_incoming(self, call: _Call) -> None:
        if call.update is not None and call.update.message is not None:
            self._arrivals.saw(*call.update.message)

    def _note_failure(self, error: TelegramError, call: _Call, pause: float | None) -> None:
        if call.update is None:
            return
        if pause is None and isinstance(error, MaybeSent):
            call.update.sent = True
        call.update.send_failed()

    async def _found(self, call: _Call) -> dict[str, Any] | None:
        """The message whose fate is open, if it arrived; else this counts as a repeat of the unsure kind."""
        newest = call.newest_before
        found = None if newest is None else await self._arrivals.find(call.edit, call.data, newest)
        self.counts["found" if found else "repeated_unsure"] += 1
        return found

    def _pause(self, error: TelegramError, call: _Call) -> float | None:
        """Seconds until the next attempt; None if there is to be none."""
        now = time.monotonic()
        if isinstance(error, RetryAfter):
            return self._flooded(call, now, seconds_of(error) + _AFTER_FLOOD)
        call.tries -= 1
        unsure = isinstance(error, MaybeSent)
        if not (unsure or isinstance(error, (NotSent, ServerTrouble))) or call.tries <= 0:
            return None
        if unsure and call.doubling:
            provable = call.newest_before is not None
            if isinstance(error, SlowAnswer) or (isinstance(error, TornAnswer) and not provable) or call.unsure <= 0:
                return None
            call.unsure -= 1
        pause = call.backoff.next()
        if now + pause > call.deadline:
            return None
        self.counts["repeated"] += 1
        log.debug("A call failed (%s); once more in %.1f s", type(error).__name__, pause)
        return pause

    def _flooded(self, call: _Call, now: float, seconds: float) -> float | None:
        self.counts["flooded"] += 1
        everybody = self._floods.hold(call.key, now, seconds)
        log.warning("Telegram asks %s for %.0f s of quiet", "the whole bot" if everybody else "one chat", seconds)
        return 0.0 if now + seconds <= call.deadline else None

    async def _turn(self, call: _Call) -> None:
        """Return when a call may leave at once."""
        while True:
            await self._quiet(call.key)
            if call.pace is not None and self._all is not None:
                await self._in_step(call.pace, self._all)
            if call.update is not None:
                await call.update.before_send()
            if self._floods.wait(call.key, time.monotonic()) <= 0:
                return
            if call.update is not None:
                call.update.send_failed()

    async def _quiet(self, key: Hashable) -> None:
        while (wait := self._floods.wait(key, time.monotonic())) > 0:
            await _wait(wait)

    async def _in_step(self, pace: Pace, everybody: Pace) -> None:
        while (wait := pace.wait(time.monotonic())) > 0:
            await _wait(wait)
        async with self._all_lock:  # first come, first served
            while (wait := everybody.wait(time.monotonic())) > 0:
                await asyncio.sleep(wait)
            everybody.take(time.monotonic())
        pace.take(time.monotonic())

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat(self._pace(chat_id))
            while len(self._chats) > self._remembered and not next(iter(self._chats.values())).lock.locked():
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        return chat

    def _pace(self, chat_id: int | str) -> Pace:
        each = Burst(1.0, self._burst)
        private = isinstance(chat_id, int) and chat_id > 0
        return each if private else Both(each, Window(self._group_per_minute, _MINUTE))


async def _wait(seconds: float) -> None:
    """Other chats go on in the meantime."""
    step_aside()
    await asyncio.sleep(seconds)


def _reply(call: _Call) -> bool:
    """A message into the chat that the update came from. In a channel, the bot may edit what others wrote: not there."""
    message = call.update.message if call.update is not None else None
    return message is not None and message[0] == call.data.get("chat_id")
