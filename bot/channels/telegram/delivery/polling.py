"""Fetches updates by long polling. An update is confirmed once it stands in the store, or else once it was handled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.delivery.backoff import pause_unless
from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.patience import Trouble, cancelled, first_of, insist
from bot.channels.telegram.delivery.raw import update_id_of

log = logging.getLogger(__name__)

# Telegram gives one update at a time to whoever asks again from the same one within half a second.
_AGAIN = 0.6


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
    """Poll until `stop` is set, then finish what is in hand within `grace` seconds and confirm what may be confirmed.

    `timeout` is how long Telegram may keep a poll open, in seconds. Raises ReformbotError if the token is refused;
    no other trouble ends it.
    """
    poller = _Poller(bot, intake, stop, list(allowed_updates), int(timeout), limit)
    intake.start()
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
    """getUpdates gives `limit` updates from the offset on, and confirms those before it. The offset is the first update
    that may not be confirmed, which happens only while the store is away; what follows it then comes again and again."""

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
        self._unconfirmed: dict[int, asyncio.Future[bool]] = {}
        self._next: int | None = None
        self._asked: int | None = None
        self._changed = asyncio.Event()
        self._trouble = Trouble("getUpdates")

    @property
    def _offset(self) -> int | None:
        return min(self._unconfirmed, default=self._next)

    async def run(self) -> None:
        while not self._stop.is_set():
            room = asyncio.ensure_future(self._intake.room())
            await first_of(room, self._stop)
            room.cancel()
            batch = None if self._stop.is_set() else await self._fetch()
            if batch is not None:
                await self._take(batch)
                await self._breathe()

    async def _fetch(self) -> list[Any] | None:
        """One poll; None if it failed or was stopped. It waits at Telegram's unless something waits here."""
        waiting = 0 if self._unconfirmed else self._timeout
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
        if not batch and not self._unconfirmed:
            # All is confirmed. Without an offset, the next id may be any: Telegram draws a new one after a quiet week.
            self._next = None
        return batch

    async def _get_updates(self, timeout: int, limit: int) -> list[Any]:
        parameters: dict[str, object] = {
            "timeout": timeout,
            "limit": limit,
            "allowed_updates": self._allowed,
        }
        self._asked = self._offset
        if self._asked is not None:
            parameters["offset"] = self._asked
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        request: BaseRequest = self._bot.request
        batch = await request.post(f"{self._bot.base_url}/getUpdates", data, read_timeout=timeout + 10.0)
        return batch if isinstance(batch, list) else []

    async def _take(self, batch: list[Any]) -> None:
        updates = {update_id: raw for raw in batch if (update_id := update_id_of(raw)) is not None}
        if len(updates) < len(batch) and any(update_id_of(raw) is None for raw in batch):
            log.warning("Telegram gave something that is no update; skipped")
        if not updates:
            if batch:  # nothing that could be confirmed: it comes again at once
                await pause_unless(self._stop, _AGAIN)
            return
        waiting = await self._intake.take(list(updates.values()))
        self._next = max([self._next or 0, *(update_id + 1 for update_id in updates)])
        for update_id in updates:
            self._unconfirmed.pop(update_id, None)
        for update_id, future in waiting.items():
            self._unconfirmed[update_id] = future
            future.add_done_callback(partial(self._settle, update_id))

    def _settle(self, update_id: int, done: asyncio.Future[bool]) -> None:
        if not done.cancelled() and done.result():
            self._unconfirmed.pop(update_id, None)
            self._changed.set()

    async def _breathe(self) -> None:
        """While something may not be confirmed: wait until it may, or for the shortest time after which another poll from
        the same offset gets more than one update."""
        self._changed.clear()
        if self._unconfirmed:
            offset, deadline = self._offset, asyncio.get_running_loop().time() + _AGAIN
            while offset == self._offset and not self._stop.is_set():
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                await pause_unless(self._changed, left)
                self._changed.clear()

    async def confirm(self) -> None:
        """Tell Telegram what may be confirmed, so that it does not come again after the restart."""
        if self._offset is None or self._offset == self._asked:
            return
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._get_updates(0, 1)
