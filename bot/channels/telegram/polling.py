"""Fetches updates by long polling. Telegram is the queue: an update is confirmed only after it has been handled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.backoff import Backoff, pause_unless
from bot.channels.telegram.intake import Intake, Outcome
from bot.channels.telegram.raw import RawUpdate, update_id_of
from bot.channels.telegram.startup import Trouble, cancelled, first_of, insist

log = logging.getLogger(__name__)

_SHORTEST, _LONGEST = 0.01, 0.25  # pauses between polls while updates are in hand


async def run_polling(
    bot: Bot,
    intake: Intake,
    stop: asyncio.Event,
    *,
    allowed_updates: Sequence[str],
    timeout: float = 50.0,
    limit: int = 100,
    grace: float = 8.0,
) -> None:
    """Poll until `stop` is set, then finish what is in hand within `grace` seconds and confirm it.

    `timeout` is how long Telegram may keep a poll open, in seconds. Raises ReformbotError if the token is refused;
    no other trouble ends it.
    """
    poller = _Poller(bot, intake, stop, list(allowed_updates), int(timeout), limit)
    try:
        removed = await insist(
            "deleteWebhook",
            lambda: bot.delete_webhook(drop_pending_updates=False),
            stop,
        )
        if removed is not None:
            await poller.run()
    finally:
        await intake.stop(grace)
        await poller.confirm()


class _Poller:
    """The window of updates in hand. getUpdates gives `limit` updates from the offset on, and confirms those before
    it, so the offset is the first update that is not finished; what is in hand comes along again and is skipped.

    A chat that floods fills the window for as long as its answers take, a second each, and others wait as long: to
    confirm what is not handled would let a kill lose it. Therefore a crowd (see `Intake`) gets few answers.
    """

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        stop: asyncio.Event,
        allowed: list[str],
        timeout: int,
        limit: int,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._stop = stop
        self._allowed = allowed
        self._timeout = timeout
        self._limit = limit
        self._unfinished: dict[int, Backoff] = {}  # with the pauses between attempts
        self._finished: set[int] = set()  # those behind an unfinished one: they come again, too
        self._next: int | None = None
        self._pause = _SHORTEST
        self._changed = asyncio.Event()
        self._trouble = Trouble("getUpdates")

    @property
    def _offset(self) -> int | None:
        return min(self._unfinished, default=self._next)

    def _forget_confirmed(self) -> None:
        offset = self._offset
        self._finished = {number for number in self._finished if offset is not None and number >= offset}

    async def run(self) -> None:
        while not self._stop.is_set():
            self._forget_confirmed()
            batch = await self._fetch()
            if batch is not None:
                news = self._take(batch)
                await self._breathe(news)

    async def _fetch(self) -> list[Any] | None:
        """One poll; None if it failed or was stopped. It waits at Telegram's only while nothing is in hand."""
        waiting = 0 if self._unfinished else self._timeout
        task = asyncio.ensure_future(self._get_updates(waiting, self._limit))
        await first_of(task, self._stop)
        if not task.done():
            await cancelled(task)
            return None
        try:
            batch = task.result()
        except TelegramError as error:
            await pause_unless(self._stop, self._trouble.pause(error))
            return None
        self._trouble.over()
        if not batch and not self._unfinished:
            # All is confirmed. Without an offset, the next id may be any: Telegram draws a new one after a quiet week.
            self._next = None
        return batch

    async def _get_updates(self, timeout: int, limit: int) -> list[Any]:
        parameters: dict[str, object] = {
            "timeout": timeout,
            "limit": limit,
            "allowed_updates": self._allowed,
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        request: BaseRequest = self._bot.request
        batch = await request.post(f"{self._bot.base_url}/getUpdates", data, read_timeout=timeout + 10.0)
        return batch if isinstance(batch, list) else []

    def _take(self, batch: list[Any]) -> int:
        """Hand over what is new; gives its number."""
        news = 0
        for raw in batch:
            update_id = update_id_of(raw)
            if update_id is None:
                log.warning("Telegram gave something that is no update; skipped")
            elif update_id not in self._unfinished and update_id not in self._finished:
                news += 1
                self._next = max(update_id + 1, self._next or 0)
                self._unfinished[update_id] = Backoff(1.0, 10.0)
                self._offer(update_id, raw)
        return news

    def _offer(self, update_id: int, raw: RawUpdate) -> None:
        future = self._intake.take(raw, takeover=True)
        future.add_done_callback(lambda done: self._settle(update_id, raw, done))

    def _settle(self, update_id: int, raw: RawUpdate, done: asyncio.Future[Outcome]) -> None:
        if done.cancelled() or (self._stop.is_set() and done.result() is not Outcome.DONE):
            return
        if done.result() is Outcome.DONE:
            del self._unfinished[update_id]
            self._finished.add(update_id)
            self._changed.set()
        else:
            pause = self._unfinished[update_id].next()
            asyncio.get_running_loop().call_later(pause, self._offer, update_id, raw)

    async def _breathe(self, news: int) -> None:
        """Wait until another poll makes sense: at once if nothing is in hand, else when there is room or time passed.

        A poll brings again what is in hand. So the pause grows while polls bring nothing new, and with much in hand,
        when what is new would have to wait anyway, it is long from the start.
        """
        self._pause = _SHORTEST if news else min(_LONGEST, self._pause * 1.5)
        crowd = self._limit // 4
        crowded = len(self._unfinished) > crowd
        room = crowd if crowded else 0
        deadline = asyncio.get_running_loop().time() + (_LONGEST if crowded else self._pause)
        while len(self._unfinished) > room and not self._stop.is_set():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return
            self._changed.clear()
            await pause_unless(self._changed, left)

    async def confirm(self) -> None:
        """Tell Telegram what has been handled, so that it does not come again after the restart."""
        if self._next is None:
            return
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._get_updates(0, 1)
