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
from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.failures import (
    MaybeSent,
    NoAnswer,
    NotSent,
    ServerTrouble,
    seconds_of,
)
from bot.channels.telegram.pace import Both, Burst, Floods, Pace, Window

log = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]

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


class _Attempts:
    """What one call may still try: `unsure` are repeats of calls that may have been carried out."""

    def __init__(self, tries: int, unsure: int, deadline: float) -> None:
        self.tries = tries
        self.unsure = unsure
        self.deadline = deadline
        self.backoff = Backoff(0.2, 8.0)


class PoliteLimiter(BaseRateLimiter[int]):
    """`rate` messages a second over all chats (0: no pacing at all, neither per chat), `burst` at once and then 1 a
    second in a chat, 20 a minute in a group. Every call waits for its chat's running retry_after.

    What is repeated, with growing pauses, at most `tries` times and `patience` seconds:

    - 429: after the time given, if that is within `patience`;
    - 5xx, no connection, connection broken while the request was written: Telegram has not accepted these;
    - calls that do no harm twice (get…, set…, edit…, delete…, answers to queries): after any network failure.

    A send is never repeated after a read timeout, a 504 or half an answer: the message has most probably arrived.
    A reset after the request was written and before any byte of an answer cannot be told apart: Telegram may have
    accepted it or not (a stale keep-alive connection looks like this, too, and is the usual cause). Such a send is
    repeated once if `repeat_unsure`: a reply doubled to the one who asked is harmless, a reply lost is not. How often
    that happened stands in `counts["repeated_unsure"]`; it is the only way in which this class can double a message.
    """

    def __init__(
        self,
        rate: float = 30.0,
        *,
        burst: int = 3,
        group_per_minute: int = 20,
        tries: int = 5,
        patience: float = 30.0,
        repeat_unsure: bool = True,
        remembered: int = 10_000,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._paced = rate > 0
        self._all = (
            Window(max(1, int(rate)), _SECOND * max(1.0, 1.0 / rate))
            if rate > 0
            else None
        )
        self._all_lock = asyncio.Lock()
        self._burst = burst
        self._group_per_minute = group_per_minute
        self._tries = tries
        self._patience = patience
        self._unsure = int(repeat_unsure)
        self._chats: OrderedDict[Hashable, _Chat] = OrderedDict()
        self._remembered = remembered
        self._floods = Floods(remembered=remembered)

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
        chat_id = data.get("chat_id")

        def call() -> Coroutine[Any, Any, Result]:
            return callback(*args, **kwargs)

        if endpoint in _CASUAL:
            await self._quiet(chat_id)
            return await call()
        attempts = _Attempts(
            self._tries, self._unsure, time.monotonic() + self._patience
        )
        if chat_id is None:
            return await self._persist(call, endpoint, endpoint, None, attempts)
        chat = self._chat(chat_id)
        async with chat.lock:
            attempts.deadline = time.monotonic() + self._patience
            return await self._persist(call, endpoint, chat_id, chat.pace, attempts)

    async def _persist(
        self,
        call: Callable[[], Coroutine[Any, Any, Result]],
        endpoint: str,
        key: Hashable,
        pace: Pace | None,
        attempts: _Attempts,
    ) -> Result:
        doubling = endpoint.startswith(_DOUBLING)
        update = handling.current() if doubling else None
        while True:
            await self._turn(key, pace, update)
            try:
                result = await call()
            except TelegramError as error:
                pause = self._pause(error, key, doubling, attempts)
                if update is not None:
                    if pause is None and isinstance(error, MaybeSent):
                        update.sent = True
                    update.send_failed()
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                self._floods.succeeded()
                if update is not None:
                    update.sent = True
                return result

    def _pause(
        self, error: TelegramError, key: Hashable, doubling: bool, attempts: _Attempts
    ) -> float | None:
        """Seconds until the next attempt; None if there is to be none."""
        now = time.monotonic()
        if isinstance(error, RetryAfter):
            return self._flooded(key, now, seconds_of(error) + _AFTER_FLOOD, attempts)
        attempts.tries -= 1
        unsure = isinstance(error, MaybeSent)
        if (
            not (unsure or isinstance(error, (NotSent, ServerTrouble)))
            or attempts.tries <= 0
        ):
            return None
        if unsure and doubling:
            if not isinstance(error, NoAnswer) or attempts.unsure <= 0:
                return None
            attempts.unsure -= 1
            self.counts["repeated_unsure"] += 1
        pause = attempts.backoff.next()
        if now + pause > attempts.deadline:
            return None
        self.counts["repeated"] += 1
        log.debug(
            "A call failed (%s); once more in %.1f s", type(error).__name__, pause
        )
        return pause

    def _flooded(
        self, key: Hashable, now: float, seconds: float, attempts: _Attempts
    ) -> float | None:
        self.counts["flooded"] += 1
        everybody = self._floods.hold(key, now, seconds)
        log.warning(
            "Telegram asks %s for %.0f s of quiet",
            "the whole bot" if everybody else "one chat",
            seconds,
        )
        return 0.0 if now + seconds <= attempts.deadline else None

    async def _turn(
        self, key: Hashable, pace: Pace | None, update: handling.Handling | None
    ) -> None:
        """Return when a call may leave at once."""
        while True:
            await self._quiet(key)
            if pace is not None and self._all is not None:
                await self._in_step(pace, self._all)
            if update is not None:
                await update.before_send()
            if self._floods.wait(key, time.monotonic()) <= 0:
                return
            if update is not None:
                update.send_failed()

    async def _quiet(self, key: Hashable) -> None:
        while (wait := self._floods.wait(key, time.monotonic())) > 0:
            await asyncio.sleep(wait)

    async def _in_step(self, pace: Pace, everybody: Pace) -> None:
        while (wait := pace.wait(time.monotonic())) > 0:
            await asyncio.sleep(wait)
        async with self._all_lock:  # first come, first served
            while (wait := everybody.wait(time.monotonic())) > 0:
                await asyncio.sleep(wait)
            everybody.take(time.monotonic())
        pace.take(time.monotonic())

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat(self._pace(chat_id))
            while (
                len(self._chats) > self._remembered
                and not next(iter(self._chats.values())).lock.locked()
            ):
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        return chat

    def _pace(self, chat_id: int | str) -> Pace:
        each = Burst(1.0, self._burst)
        private = isinstance(chat_id, int) and chat_id > 0
        return each if private else Both(each, Window(self._group_per_minute, _MINUTE))
