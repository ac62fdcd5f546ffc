"""Looks at the webhook each minute: whether it is still ours, what Telegram says of it, and who was turned away at it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.delivery.backoff import pause_unless
from bot.channels.telegram.delivery.patience import give_up, in_words

log = logging.getLogger(__name__)

_STALE = timedelta(hours=1)  # an error that lies further back is history
_QUIET = timedelta(minutes=10)  # one that comes again sooner is still the same trouble


class Refusals:
    """Counts the posts that were turned away, for one line a minute."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            self._note(request, error.status)
            raise
        self._note(request, response.status)
        return response

    def _note(self, request: web.Request, status: int) -> None:
        if request.method == "POST" and status in (403, 404):
            self._counts[status] += 1

    def tell(self) -> None:
        """The line, if there is anything to say."""
        if not self._counts:
            return
        log.warning(
            "Turned away since the last such line: %d posts with a wrong secret (403), %d to another path (404). If they "
            "are Telegram's, WEBHOOK_SECRET or WEBHOOK_URL differs between copies of the bot.",
            self._counts[403],
            self._counts[404],
        )
        self._counts.clear()


class WebhookWatch:
    """`set_it` sets the webhook to `url` once more. `run` once it has been set for the first time."""

    def __init__(
        self,
        bot: Bot,
        url: str,
        set_it: Callable[[], Awaitable[object]],
        refusals: Refusals,
        *,
        every: float = 60.0,
    ) -> None:
        self._bot = bot
        self._url = url
        self._set_it = set_it
        self._refusals = refusals
        self._every = every
        self._works = False
        self._as_set: object = None
        self._error: tuple[str, datetime] | None = None
        self._blind = False

    async def health(self) -> dict[str, bool]:
        return {"webhook": self._works}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises ReformbotError if the token is refused; no other trouble ends it."""
        self._works = True
        while not stop.is_set():
            try:
                await self._look()
            except InvalidToken as error:
                give_up("getWebhookInfo", error)
            except TelegramError as error:
                # Whether it works is as unknown as before.
                log.log(logging.DEBUG if self._blind else logging.WARNING, "The webhook's state: %s", in_words(error))
                self._blind = True
            self._refusals.tell()
            await pause_unless(stop, self._every)

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        self._blind = False
        self._tell_error(info)
        settings = (sorted(info.allowed_updates), info.max_connections, info.has_custom_certificate)
        if info.url != self._url:
            await self._set_again(f"leads to {urlsplit(info.url).hostname}" if info.url else "was taken away")
        elif self._as_set not in (None, settings):
            await self._set_again("has other settings")
        else:
            self._as_set, self._works = settings, True

    async def _set_again(self, what: str) -> None:
        self._works = False
        log.warning("The webhook %s: somebody else has this bot's token in use. It is set again.", what)
        await self._set_it()
        self._as_set, self._works = None, True

    def _tell_error(self, info: WebhookInfo) -> None:
        """Why Telegram could not deliver: once, and again if it comes back after a while."""
        when, message = info.last_error_date, info.last_error_message
        if when is None or not message or datetime.now(UTC) - when > _STALE:
            return
        known = self._error is not None and self._error[0] == message and when - self._error[1] < _QUIET
        self._error = message, when
        if not known:
            log.warning(
                "Telegram could not deliver to the webhook (%s UTC): %s. Updates that wait: %d",
                f"{when.astimezone(UTC):%H:%M:%S}",
                message.rstrip("."),
                info.pending_update_count,
            )
