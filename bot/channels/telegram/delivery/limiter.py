"""Lets calls to Telegram out at the pace it allows, and repeats those that failed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.channels.telegram.delivery.calls import Call, Result
from bot.channels.telegram.delivery.failures import MaybeSent, seconds_of
from bot.channels.telegram.delivery.hush import Hush
from bot.channels.telegram.delivery.lanes import step_aside
from bot.channels.telegram.delivery.pace import Both, Burst, Floods, Pace, Recently, Window

log = logging.getLogger(__name__)

# Not worth waiting for, nor repeating.
_CASUAL = frozenset({"sendChatAction"})
# Telegram counts arrivals, we count departures: a little more than its second keeps the network's jitter out of it.
_SECOND = 1.05
_MINUTE = 60.5
# Our clock starts when the answer arrives, so it is late already; this is for rounding.
_AFTER_FLOOD = 0.05


class _Chat:
    """One chat's queue: a call at a time, so that a 429 finds no other call under way."""

    __slots__ = ("lock", "pace", "recently")

    def __init__(self, pace: Pace) -> None:
        self.lock = asyncio.Lock()
        self.pace = pace
        self.recently = Recently()


class PoliteLimiter(BaseRateLimiter[int]):
    """`rate` messages a second over all chats (0: no pacing at all, neither per chat), `burst` at once and then 1 a
    second in a chat, 20 a minute in a group. Every call waits for its chat's running retry_after, if that ends within
    `patience` seconds; else RetryAfter is raised, and the update waits where it takes no place.

    What is repeated, with growing pauses, at most `tries` times and `patience` seconds:

    - 5xx, no connection, connection broken while the request was written: Telegram has not accepted these;
    - calls that do no harm twice (get…, set…, edit…, delete…, answers to queries): after any network failure;
    - sends of which nobody knows whether they arrived, since no answer came, or half of one: `repeat_unsure` times for one
      update, each time only after Telegram has answered a harmless call. Nothing tells whether a message arrived without
      touching messages, those of others among them; so one of these may be doubled. `counts["repeated_unsure"]` tells
      how many there may be.

    Telegram's "sent message was immediately deleted" is a success: the message was there.
    """

    def __init__(
        self,
        rate: float = 30.0,
        *,
        burst: int = 3,
        group_per_minute: int = 20,
        tries: int = 5,
        patience: float = 30.0,
        repeat_unsure: int = 3,
        remembered: int = 10_000,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._all = Window(max(1, int(rate)), _SECOND * max(1.0, 1.0 / rate)) if rate > 0 else None
        self._all_lock = asyncio.Lock()
        self._burst = burst
        self._group_per_minute = group_per_minute
        self._bounds = (tries, patience, repeat_unsure)
        self._chats: OrderedDict[Hashable, _Chat] = OrderedDict()
        self._remembered = remembered
        self._floods = Floods(remembered=remembered)
        self._hush = Hush()

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
        call = Call(callback, kwargs, endpoint, data)
        chat_id = data.get("chat_id")
        if endpoint in _CASUAL:
            quiet = self._floods.wait(chat_id, time.monotonic()) > 0 or self._hush.now
            return True if quiet else await call.make()
        if chat_id is None:
            return await self._persist(call, None)
        chat = self._chat(chat_id)
        if chat.lock.locked():
            step_aside()
        async with chat.lock:
            return await self._persist(call, chat)

    async def _persist(self, call: Call, chat: _Chat | None) -> Result:
        call.begin(*self._bounds)
        while True:
            await self._turn(call, chat)
            try:
                return self._succeeded(call, chat, await call.make())
            except RetryAfter as error:
                self._flooded(call, chat, seconds_of(error) + _AFTER_FLOOD)
                self._failed(call)
            except TelegramError as error:
                await self._mend(call, error)

    async def _mend(self, call: Call, error: TelegramError) -> None:
        """Returns when another attempt may be made; else raises."""
        try:
            pause = call.again(error)
        except MaybeSent:
            if call.update is not None:
                call.update.sent = True
            raise
        self._failed(call)
        self.counts["repeated"] += 1
        await _wait(call, pause)
        if call.doubling and isinstance(error, MaybeSent):
            self.counts["repeated_unsure"] += 1
            await call.life(partial(_wait, call))

    @staticmethod
    def _failed(call: Call) -> None:
        if call.update is not None:
            call.update.send_failed()

    def _succeeded(self, call: Call, chat: _Chat | None, result: Result) -> Result:
        if chat is not None:
            chat.recently.note(time.monotonic())
            self._floods.succeeded()
            if self._hush.now:
                self._hush.over()
        if call.update is not None:
            call.update.accepted()
        return result

    def _flooded(self, call: Call, chat: _Chat | None, seconds: float) -> None:
        now = time.monotonic()
        self.counts["flooded"] += 1
        surprising = chat is not None and not chat.recently.near(now)
        everybody = self._floods.hold(_key(call), now, seconds, surprising=surprising)
        whom = "a chat" if chat is not None else call.endpoint
        log.log(
            logging.INFO if self._hush.now else logging.WARNING, "Telegram asks %s for %.0f s of quiet", whom, seconds
        )
        if everybody > 0 and not self._hush.now:
            log.warning(
                "Telegram asks several chats for quiet that said nothing lately: all wait, %.0f s at most", everybody
            )
            self._hush.begin(everybody)

    async def _turn(self, call: Call, chat: _Chat | None) -> None:
        """Return when a call may leave at once."""
        while True:
            await self._quiet(call)
            if chat is not None:
                if self._hush.now:
                    step_aside()
                    await self._hush.wait()
                if self._all is not None:
                    await self._in_step(call, chat.pace, self._all)
            if call.update is not None:
                await call.update.before_send()
            if self._floods.wait(_key(call), time.monotonic()) <= 0:
                return
            self._failed(call)

    async def _quiet(self, call: Call) -> None:
        """Wait for the end of a running retry_after; raise it if that is too long to be sat out here."""
        while (wait := self._floods.wait(_key(call), time.monotonic())) > 0:
            if not call.waits_for(wait):
                raise RetryAfter(int(wait) + 1)
            await _wait(call, wait)

    async def _in_step(self, call: Call, pace: Pace, everybody: Pace) -> None:
        while (wait := pace.wait(time.monotonic())) > 0:
            await _wait(call, wait)
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


def _key(call: Call) -> Hashable:
    """What a refusal holds up: the chat, or the method where there is no chat."""
    chat_id = call.data.get("chat_id")
    return call.endpoint if chat_id is None else chat_id


async def _wait(call: Call, seconds: float) -> None:
    """Other chats go on in the meantime."""
    step_aside()
    if call.update is not None:
        call.update.leave()
    await asyncio.sleep(seconds)
