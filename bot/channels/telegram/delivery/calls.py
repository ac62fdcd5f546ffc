"""One call to Telegram on its way through the limiter: what it may double, and what may still be tried when it fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter, TelegramError

from bot import metrics
from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.backoff import Backoff
from bot.channels.telegram.delivery.failures import (
    MaybeSent,
    NotSent,
    SentAndGone,
    ServerTrouble,
    Unheard,
    is_network_trouble,
)

log = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]
Post = Callable[..., Coroutine[Any, Any, Result]]

# Whatever does not begin like this may be repeated without harm: questions, settings, edits, answers to queries.
_DOUBLING = ("send", "copy", "forward", "post", "create", "approve", "decline", "gift", "transfer", "answerWebApp")
_DAY = 86_400.0


class Call:
    """`tries` and `patience` (seconds) bound what is tried here. They do not bind the further messages of an update that
    has said something already: for the first one there is another try of the whole update, for these there is none.

    A send whose fate is unknown is made again `unsure` times at most, and only once Telegram has answered something
    harmless: a message doubled to the one who asked is a nuisance, a message lost is a broken promise.
    """

    def __init__(self, callback: Post, kwargs: dict[str, Any], endpoint: str, data: dict[str, Any]) -> None:
        self._callback = callback
        self._kwargs = kwargs
        self.endpoint = endpoint
        self.data = data
        self.doubling = endpoint.startswith(_DOUBLING)
        self.update = handling.current() if self.doubling else None
        self._backoff = Backoff(0.2, 30.0)
        self._tries = 0
        self._unsure = 0
        self._deadline = 0.0

    def begin(self, tries: int, patience: float, unsure: int) -> None:
        if self.update is not None and self.update.sent:
            tries, patience = 1_000_000, max(patience, self.update.asked + _DAY - time.time())
        self._tries, self._unsure, self._deadline = tries, unsure, time.monotonic() + patience

    async def make(self) -> Result:
        try:
            result = await self._callback(self.endpoint, self.data, **self._kwargs)
        except Exception as error:
            metrics.CALLS.labels(self.endpoint, type(error).__name__).inc()
            raise
        metrics.CALLS.labels(self.endpoint, "ok").inc()
        return result

    def waits_for(self, seconds: float) -> bool:
        """Whether so long a silence is sat out here."""
        return time.monotonic() + seconds <= self._deadline

    def again(self, error: TelegramError) -> float:
        """Seconds until the next attempt. Raises what is to be raised if there is to be none."""
        unknown = self.doubling and isinstance(error, MaybeSent)
        if isinstance(error, SentAndGone) or not isinstance(error, (MaybeSent, NotSent, ServerTrouble)):
            raise error
        if unknown and not self._may_be_unsure():
            log.warning("What became of a message is not known, and it is not sent again: %s", error.message)
            raise error
        pause = self._pause(error)
        log.debug("A call failed (%s); once more in %.1f s", type(error).__name__, pause)
        return pause

    async def life(self, wait: Callable[[float], Coroutine[Any, Any, None]]) -> None:
        """Returns once Telegram answers anything. Raises `Unheard` if it does not, within this call's bounds."""
        while True:
            try:
                await self._callback("getMe", {}, **self._kwargs)
            except RetryAfter:
                return
            except TelegramError as error:
                if not is_network_trouble(error):
                    return
                await wait(self._pause(error))
            else:
                return

    def _may_be_unsure(self) -> bool:
        """Counted for the update, over all its tries."""
        if self.update is not None:
            self.update.unsure += 1
            return self.update.unsure <= self._unsure
        self._unsure -= 1
        return self._unsure >= 0

    def _pause(self, error: TelegramError) -> float:
        pause = self._backoff.next()
        self._tries -= 1
        if self._tries <= 0 or not self.waits_for(pause):
            if self.update is not None and self.update.unsure:
                raise Unheard("Telegram does not answer, and what became of a message is not known.") from None
            raise error
        return pause
