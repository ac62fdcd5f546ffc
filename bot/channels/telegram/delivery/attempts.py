"""One try at one update: parse it, handle it, and say whether it is over or has to be tried again."""

from __future__ import annotations

import asyncio
import logging
import random
import time
import traceback
from collections.abc import Awaitable, Callable

from telegram import Bot, Update
from telegram.error import RetryAfter

from bot.channels.telegram.delivery.failures import is_network_trouble, seconds_of
from bot.channels.telegram.delivery.keeping import Item
from bot.channels.telegram.delivery.raw import RawUpdate, kept_for, kind_of

log = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]

_FIRST, _LONGEST = 1.0, 30.0  # seconds between two tries


class Attempts:
    """`patience` is the longest for one try, in seconds. As long as nothing was sent and the network is what fails, an
    update is tried again until nobody waits for its answer any more."""

    def __init__(self, handle: Handle, bot: Bot, patience: float) -> None:
        self._handle = handle
        self._bot = bot
        self._patience = patience
        self._given_up = 0

    async def make(self, item: Item) -> float | None:
        """None if the update is over; else the seconds until its next try."""
        parsed = self._parse(item.raw)
        if parsed is None:
            return None
        try:
            async with asyncio.timeout(self._patience):
                await self._handle(parsed)
        except Exception as error:  # a handler may raise anything; logged here
            return self._again(item, error)
        return None

    def take_given_up(self) -> int:
        """How many updates were given up since this was last asked: the network failed until they were too old."""
        given_up, self._given_up = self._given_up, 0
        return given_up

    def _parse(self, raw: RawUpdate) -> Update | None:
        try:
            return Update.de_json(raw, self._bot)
        except Exception as error:  # strange updates break the parser in any way
            # The error's own words may quote the update.
            log.warning(
                "Update %d (%s) cannot be read (%s); skipped", raw["update_id"], kind_of(raw), type(error).__name__
            )
            return None

    def _again(self, item: Item, error: Exception) -> float | None:
        kind, name = kind_of(item.raw), type(error).__name__
        if item.handling.sent or not (is_network_trouble(error) or isinstance(error, TimeoutError)):
            log.error("Update %d (%s) failed: %s%s", item.update_id, kind, name, _place(error))
            log.debug("The failure in full", exc_info=error)
            return None
        pause = _pause(item.tries, error)
        if time.time() + pause > item.asked + kept_for(item.raw):
            self._given_up += 1
            return None
        item.tries += 1
        item.told_to_wait = isinstance(error, RetryAfter)
        level = logging.WARNING if item.tries == 1 else logging.DEBUG
        log.log(level, "Update %d (%s): %s, nothing was sent; again in %.0f s", item.update_id, kind, name, pause)
        return pause


def _pause(tries: int, error: Exception) -> float:
    if isinstance(error, RetryAfter):
        return seconds_of(error) + random.uniform(0.05, 0.5)
    return min(_LONGEST, _FIRST * 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)


def _place(error: Exception) -> str:
    """Where it was raised, for a log line that must not hold the error's own words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""
