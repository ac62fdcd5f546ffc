"""Puts the Telegram channel together from its parts and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import itertools
import logging
import os
import secrets
import socket
from collections.abc import Sequence

from telegram import Bot
from telegram.ext import ExtBot

from bot import logs
from bot.addresses import listen_address
from bot.channels.telegram.delivery.ending import to_the_end
from bot.channels.telegram.delivery.health import Health, listening
from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.limiter import PoliteLimiter
from bot.channels.telegram.delivery.patience import start_bot, stop_on_signals
from bot.channels.telegram.delivery.polling import run_polling
from bot.channels.telegram.delivery.raw import bot_id_of
from bot.channels.telegram.delivery.transport import AiohttpRequest
from bot.channels.telegram.delivery.webhook import WebhookAddress, run_webhook
from bot.channels.telegram.talk import profile
from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.desk import Desk, Memory, ServiceHolder
from bot.channels.telegram.talk.digest import Digest
from bot.channels.telegram.talk.dispatch import Dispatcher
from bot.errors import SettingsError
from bot.match.learn.crew import Step
from bot.match.learn.encoder import demand_encoder
from bot.match.words.lexicon import read_dictionaries
from bot.open.fallback import Make, Opened, Opening
from bot.open.last_good import LastGood
from bot.open.reload import Reloader
from bot.operations.metrics import Watched, measured
from bot.operations.supervisor import supervised
from bot.settings import Settings
from bot.store.base import Store, utc_now
from bot.store.connect import open_store
from bot.store.database import database_address
from bot.store.identity import load_key
from bot.store.inbox import Copy
from bot.store.scrub import scrub
from bot.store.sealing import Seal

log = logging.getLogger(__name__)

_FOR_US_ALONE = 0o077
_TIDY = 60  # minutes between two prunings of the store


def run(settings: Settings, make_service: Make, step: Step) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises ReformbotError for what no patience mends.

    `make_service` gets a folder and the cache in which its base has been learned; `step` hears how far that is."""
    os.umask(_FOR_US_ALONE)  # all that it writes is the state folder
    _start_log(settings)
    asyncio.run(to_the_end(_run(settings, make_service, step)))


def _start_log(settings: Settings, *more: str) -> None:
    """With all secrets hidden, `more` among them."""
    given = (settings.telegram_bot_token, settings.webhook_secret, settings.identity_secret, settings.proxy)
    known = [secret.get_secret_value() for secret in given if secret]
    logs.configure(settings.log_level, settings.log_format, [*known, *more])


async def _run(settings: Settings, make_service: Make, step: Step) -> None:
    stop, health = stop_on_signals(), Health(learning=True)
    if server := settings.other_server:
        log.warning("Calls do not go to Telegram but, with the token, to %s", server)
    # What is wrong with the address, or missing, is said before anything is learned.
    database_address(settings.database_url, settings.state_dir)
    if settings.encoder:
        demand_encoder()
    async with listening(settings.health_listen, health):
        where = settings.knowledge_dir, settings.cache_dir, LastGood(settings.state_dir)
        opening = Opening(*where, make_service, step, encoded=settings.encoder)
        opened = await opening.run(stop)
        if opened is None:
            return
        health.learning = False
        if settings.bot_mode == "webhook":
            _start_log(settings, _webhook_secret(settings))  # it may be made from a key, and libraries log it
        store = await open_store(settings.database_url, settings.state_dir)
        try:
            await serve(settings, ServiceHolder(opened.service), store, stop, health=health, opened=opened)
        finally:
            await store.close()


async def serve(
    settings: Settings,
    holder: ServiceHolder,
    store: Store,
    stop: asyncio.Event,
    *,
    desk: Desk | None = None,
    health: Health | None = None,
    opened: Opened | None = None,
) -> None:
    """Answer until `stop` is set. `store` is open and stays so. `opened` tells how the base came to be."""
    desk = desk or make_desk(settings, holder, store)
    bot = build_bot(settings)
    health, reloader = health or Health(), make_reloader(settings, desk.holder, opened)
    health.add_note(reloader.note)
    digest = Digest(desk, bot)
    admin = Admin(desk, reloader, bot, digest, settings.knowledge_dir)
    dispatcher = Dispatcher(bot, desk, admin)
    me = Copy(bot_id_of(bot.token), _owner())
    seal = Seal(_key(settings), me.bot)
    intake = Intake(store, dispatcher.process_update, bot, me, seal, entering=desk.languages.expect)
    try:
        if await start_bot(bot, stop):
            _note_abilities(bot)
            admin.start(watch=settings.reload == "watch")
            desk.background.start("Setting the profile", profile.publish(bot, holder.base, settings.admin_ids))
            desk.background.start("Reading the dictionaries", asyncio.to_thread(_read_ahead, holder))
            if opened is not None:
                desk.background.start("Keeping the base", reloader.keep())
            desk.background.start("Tidying up", _tidy(store, desk.memory, stop))
            watched = Watched(settings.knowledge_dir, lambda: holder.base, health.parts, intake.waiting)
            with measured(settings.metrics_listen, watched):
                async with supervised():
                    await _take_updates(settings, bot, dispatcher.allowed_updates, intake, stop, health)
    finally:
        stop.set()
        await admin.close()
        await desk.close()
        await bot.shutdown()


def make_reloader(settings: Settings, holder: ServiceHolder, opened: Opened | None) -> Reloader:
    found, seen = (opened.found, opened.seen) if opened else (None, None)
    last_good = LastGood(settings.state_dir)
    return Reloader(
        settings.knowledge_dir,
        settings.cache_dir,
        holder,
        settings.caution,
        last_good=last_good,
        found=found,
        seen=seen,
        encoded=settings.encoder,
    )


def make_desk(settings: Settings, holder: ServiceHolder, store: Store) -> Desk:
    return Desk(holder, store, _key(settings), ask_rate=settings.ask_rate, admin_ids=settings.admin_ids)


def build_bot(settings: Settings) -> ExtBot[int]:
    """Telegram's methods, on our transport and limiter."""
    if settings.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set (environment or .env).")
    proxy = settings.proxy
    request = AiohttpRequest(proxy=proxy.get_secret_value() if proxy else None)
    return ExtBot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_base_url.rstrip('/')}/bot",
        request=request,
        get_updates_request=request,
        rate_limiter=PoliteLimiter(settings.send_rate),
    )


def _note_abilities(bot: Bot) -> None:
    """What is switched on at BotFather's, for whoever wonders why something does not work."""
    inline = "on" if bot.supports_inline_queries else "off (BotFather: /setinline)"
    log.info("This is @%s; inline mode is %s", bot.username, inline)


def _read_ahead(holder: ServiceHolder) -> None:
    """What would else be read when the first question needs it, while the others wait. All that was read is then left out
    of looking for garbage, which would take that long each time."""
    read_dictionaries(tuple(holder.base.traits.values()))
    scrub("")
    gc.freeze()


async def _take_updates(
    settings: Settings, bot: Bot, updates: Sequence[str], intake: Intake, stop: asyncio.Event, health: Health
) -> None:
    if settings.bot_mode == "polling":
        health.add(intake.health)
        await run_polling(bot, intake, stop, allowed_updates=updates)
        return
    place = listen_address(settings.webhook_listen)
    address = WebhookAddress(settings.webhook_url or "", _webhook_secret(settings), place.host, place.port)
    await run_webhook(bot, intake, stop, address, allowed_updates=updates, health=health)


async def _tidy(store: Store, memory: Memory, stop: asyncio.Event, minute: float = 60.0) -> None:
    """Prune the store now and then, and let go each minute what was remembered long enough, until `stop` is set."""
    for number in itertools.count():
        memory.let_go()
        if number % _TIDY == 0:
            try:
                await store.prune(utc_now())
            except Exception as error:  # the next time may be better
                log.warning("The store could not be pruned: %s", type(error).__name__)
        try:
            async with asyncio.timeout(minute):
                await stop.wait()
            return
        except TimeoutError:
            continue


def _owner() -> str:
    """Names this process in the inbox. After a restart it is another: its lanes are then free like those of any other."""
    return f"{socket.gethostname()[:40]}/{secrets.token_hex(8)}"


def _key(settings: Settings) -> bytes:
    secret = settings.identity_secret
    return load_key(settings.state_dir, secret.get_secret_value() if secret else None)


def _webhook_secret(settings: Settings) -> str:
    """The one that is set, else one that all copies with the same identity key share."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    return hmac.digest(_key(settings), b"webhook secret", hashlib.sha256).hex()
