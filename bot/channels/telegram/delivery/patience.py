"""Calls that are insisted on until Telegram answers: the start in spite of the network; and what ends the waiting, signals."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.delivery.backoff import Backoff, pause_unless
from bot.channels.telegram.delivery.failures import seconds_of
from bot.errors import ReformbotError

log = logging.getLogger(__name__)

T = TypeVar("T")


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set. Call within the loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def start_bot(bot: Bot, stop: asyncio.Event) -> bool:
    """Initialise, which asks Telegram who we are, as often as need be; False if `stop` came first."""

    async def initialise() -> bool:
        await bot.initialize()
        return True

    return await insist("getMe", initialise, stop) is not None


async def insist(what: str, call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Call until it succeeds or `stop` is set (None). Raises ReformbotError for what no patience mends."""
    trouble = Trouble(what)
    while not stop.is_set():
        task = asyncio.ensure_future(call())
        await first_of(task, stop)
        if not task.done():
            await cancelled(task)
            return None
        try:
            result = task.result()
        except (BadRequest, Forbidden) as error:
            give_up(what, error)
        except TelegramError as error:
            await pause_unless(stop, trouble.pause(error))
        else:
            trouble.over()
            return result
    return None


class Trouble:
    """A row of failures of one call: told once, in words a person can act upon, until it is over."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._backoff = Backoff()
        self._told = ""

    def pause(self, error: TelegramError) -> float:
        """Seconds until the next attempt. Raises ReformbotError if the token is refused."""
        if isinstance(error, InvalidToken):
            give_up(self._what, error)
        pause = self._backoff.next()
        words = in_words(error)
        level = logging.DEBUG if self._told == words else logging.WARNING
        log.log(level, "%s failed: %s Trying on, now in %.1f s.", self._what, words, pause)
        self._told = words
        return max(pause, seconds_of(error)) if isinstance(error, RetryAfter) else pause

    def over(self) -> None:
        if self._told:
            log.info("%s works again after %d failures.", self._what, self._backoff.failures)
        self._backoff.reset()
        self._told = ""


def in_words(error: TelegramError) -> str:
    """For the log: what to do about it, where that is known."""
    if isinstance(error, Conflict):
        if "setwebhook" in error.message.lower():
            return "Another copy of this bot set its webhook at the same moment, and Telegram carries out only one."
        if "webhook" in error.message.lower():
            return "A webhook is set for this bot, and as long as it is, nobody can poll."
        return "Another copy of this bot is running with the same token, and Telegram serves only one of them."
    return f"{error.message.rstrip('.')} ({type(error).__name__})."


def give_up(what: str, error: TelegramError) -> NoReturn:
    """Raise what `error` means, in words for a person. Not chained: PTB's text holds the token."""
    if isinstance(error, InvalidToken):
        raise ReformbotError(
            "Telegram does not accept the token. Check TELEGRAM_BOT_TOKEN against what @BotFather gave, "
            "and TELEGRAM_BASE_URL if it is set."
        ) from None
    raise ReformbotError(f"Telegram refuses {what}: {error.message}.") from None


async def first_of(task: asyncio.Future[Any], stop: asyncio.Event) -> None:
    """Wait until the task is done or `stop` is set, whichever comes first."""
    waiting = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


async def cancelled(task: asyncio.Future[Any]) -> None:
    """Cancel and wait for the end, whatever it is."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
