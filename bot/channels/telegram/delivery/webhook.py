"""The endpoint for Telegram's webhook: an update gets its 200 once it stands in the store. Also /health and /ready."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from telegram import Bot

from bot.addresses import Listen
from bot.channels.telegram.delivery.doors import Runner
from bot.channels.telegram.delivery.health import Health, health_routes, listen
from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.patience import cancelled, first_of, insist
from bot.channels.telegram.delivery.raw import RawUpdate, update_id_of
from bot.channels.telegram.delivery.webhook_watch import Refusals, WebhookWatch

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
_BODY_LIMIT = 1024 * 1024
_BODY_TIME = 10.0

_HANDLING = 25.0  # seconds for which a request waits for its update to be handled, where there is no store

# Telegram obeys Retry-After; without it, its own pauses double up to a minute or two.
_LATER = {"Retry-After": "1"}


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """`url` is where Telegram sends to, its path is ours as well; `host` and `port` are where we listen."""

    url: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8080

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"


async def run_webhook(
    bot: Bot,
    intake: Intake,
    stop: asyncio.Event,
    address: WebhookAddress,
    *,
    allowed_updates: Sequence[str],
    max_connections: int = 100,
    grace: float = 8.0,
    health: Health | None = None,
    look_every: float = 60.0,
) -> None:
    """Serve until `stop` is set, then finish what is in hand within `grace` seconds.

    Raises ReformbotError if the address cannot be listened on, or Telegram refuses the token or the webhook.
    """
    health, refusals = health or Health(), Refusals()
    runner = Runner(_application(intake, address, health, refusals))
    set_it = partial(
        bot.set_webhook,
        address.url,
        secret_token=address.secret,
        allowed_updates=list(allowed_updates),
        max_connections=max_connections,
        drop_pending_updates=False,
    )
    watch = WebhookWatch(bot, address.url, set_it, refusals, every=look_every)
    health.add(intake.health, watch.health)
    await runner.setup()
    intake.start()
    try:
        await _listen(runner, address)
        # At every start: getWebhookInfo does not tell whether the secret is still the same.
        if await insist("setWebhook", set_it, stop) is not None:
            await _watched(watch, stop)
    finally:
        for site in list(runner.sites):
            await site.stop()
        await intake.stop(grace)
        await runner.cleanup()


async def _watched(watch: WebhookWatch, stop: asyncio.Event) -> None:
    looking = asyncio.ensure_future(watch.run(stop))
    await first_of(looking, stop)
    if looking.done():
        looking.result()
    await cancelled(looking)


async def _listen(runner: Runner, address: WebhookAddress) -> None:
    place = str(Listen(address.host, address.port))
    await listen(runner, place, "WEBHOOK_LISTEN")
    log.info("Listening for Telegram on %s", place)


def _application(intake: Intake, address: WebhookAddress, health: Health, refusals: Refusals) -> web.Application:
    application = web.Application(client_max_size=_BODY_LIMIT, middlewares=[refusals.middleware])
    application.router.add_post(address.path, _Endpoint(intake, address.secret).receive)
    application.router.add_routes(health_routes(health))
    return application


class _Endpoint:
    """One POST, one update."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            return web.Response(status=403)
        if request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
            return web.Response(status=415)
        raw = await self._read(request)
        if update_id_of(raw) is None:
            return web.Response(status=400)
        if self._intake.full or not await self._accepted(raw):
            return web.Response(status=503, headers=_LATER)
        return web.Response()

    async def _accepted(self, raw: RawUpdate) -> bool:
        """Whether it is in the store, or was handled. If Telegram hangs up, the answer is still given."""
        waiting = await asyncio.shield(asyncio.ensure_future(self._intake.take([raw])))
        if not waiting:
            return True
        done, _ = await asyncio.wait(waiting.values(), timeout=_HANDLING)
        return bool(done) and all(future.result() for future in done)

    async def _read(self, request: web.Request) -> Any:
        """None for what is no JSON; raises aiohttp's 413 for what is too long and 408 for what takes too long."""
        if (request.content_length or 0) > _BODY_LIMIT:
            raise web.HTTPRequestEntityTooLarge(_BODY_LIMIT, request.content_length or 0)
        try:
            async with asyncio.timeout(_BODY_TIME):
                body = await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return None
