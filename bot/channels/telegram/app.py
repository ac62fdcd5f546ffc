"""Builds the Telegram application from its parts and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from telegram import Update
from telegram.ext import Application, ContextTypes, TypeHandler

from bot import logs
from bot.addresses import listen_address
from bot.channels.telegram.delivery.health import Health, listening
from bot.channels.telegram.delivery.intake import Intake
from bot.channels.telegram.delivery.limiter import PoliteLimiter
from bot.channels.telegram.delivery.patience import AnyApplication, start_application, stop_on_signals, watched
from bot.channels.telegram.delivery.polling import run_polling
from bot.channels.telegram.delivery.raw import bot_id_of
from bot.channels.telegram.delivery.transport import AiohttpRequest
from bot.channels.telegram.delivery.webhook import WebhookAddress, run_webhook
from bot.channels.telegram.talk import profile
from bot.channels.telegram.talk.admin import register_admin
from bot.channels.telegram.talk.apology import register_apology
from bot.channels.telegram.talk.callbacks import Callbacks
from bot.channels.telegram.talk.commands import Commands
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.channels.telegram.talk.guests import Guests
from bot.channels.telegram.talk.inline import register_inline
from bot.channels.telegram.talk.messages import Messages
from bot.channels.telegram.talk.questions import Questions
from bot.errors import SettingsError
from bot.match.learn.index import Step
from bot.match.words.lexicon import read_dictionaries
from bot.open.learn import learned
from bot.open.reload import Reloader
from bot.service import Service
from bot.settings import Settings
from bot.store.base import Store, utc_now
from bot.store.connect import open_store
from bot.store.database import database_address
from bot.store.identity import load_key
from bot.store.inbox import Copy
from bot.store.sealing import Seal

log = logging.getLogger(__name__)

UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.CHOSEN_INLINE_RESULT,
    Update.MY_CHAT_MEMBER,
    Update.GUEST_MESSAGE,
)
_TIDY = 3600.0  # seconds between two prunings of the store

Register = Callable[[AnyApplication, Desk], None]
# What comes before the handlers of this module; the first that takes an update keeps it.
EXTENSIONS: tuple[Register, ...] = (register_inline,)


def run(settings: Settings, make_service: Callable[[Path], Service], step: Step) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises ReformbotError for what no patience mends.

    `make_service` gets the cache in which the base has been learned; `step` hears how far that is."""
    _start_log(settings)
    asyncio.run(_run(settings, make_service, step))


def _start_log(settings: Settings, *more: str) -> None:
    """With all secrets hidden, `more` among them."""
    given = (settings.telegram_bot_token, settings.webhook_secret, settings.identity_secret, settings.proxy)
    known = [secret.get_secret_value() for secret in given if secret]
    logs.configure(settings.log_level, settings.log_format, [*known, *more])


async def _run(settings: Settings, make_service: Callable[[Path], Service], step: Step) -> None:
    stop, health = stop_on_signals(), Health(learning=True)
    # If the address is wrong, that is said before anything is learned.
    database_address(settings.database_url, settings.state_dir)
    async with listening(settings.health_listen, health):
        async with learned(settings.knowledge_dir, settings.cache_dir, step, stop) as cache:
            if cache is None:
                return
            service = await asyncio.to_thread(make_service, cache)
        health.learning = False
        if settings.bot_mode == "webhook":
            _start_log(settings, _webhook_secret(settings))  # it may be made from a key, and libraries log it
        store = await open_store(settings.database_url, settings.state_dir)
        try:
            await serve(settings, ServiceHolder(service), store, stop, health=health)
        finally:
            await store.close()


async def serve(
    settings: Settings,
    holder: ServiceHolder,
    store: Store,
    stop: asyncio.Event,
    *,
    desk: Desk | None = None,
    extensions: Sequence[Register] = EXTENSIONS,
    health: Health | None = None,
) -> None:
    """Answer until `stop` is set. `store` is open and stays so."""
    desk = desk or make_desk(settings, holder, store)
    application = build_application(settings, desk, extensions)
    reloader = Reloader(settings.knowledge_dir, settings.cache_dir, desk.holder, settings.caution)
    admin = register_admin(application, desk, reloader)
    me = Copy(bot_id_of(application.bot.token), _owner())
    intake = Intake(store, watched(application), application.bot, me, Seal(_key(settings), me.bot))
    try:
        if await start_application(application, stop):
            _note_abilities(application)
            admin.start()
            desk.background.start(
                "Setting the profile", profile.publish(application.bot, holder.base, settings.admin_ids)
            )
            dictionaries = asyncio.to_thread(read_dictionaries, tuple(holder.base.traits.values()))
            desk.background.start("Reading the dictionaries", dictionaries)
            desk.background.start("Tidying up", _tidy(store, stop))
            await _take_updates(settings, application, intake, stop, health or Health())
    finally:
        stop.set()
        await admin.close()
        await desk.close()
        await application.shutdown()


def make_desk(settings: Settings, holder: ServiceHolder, store: Store) -> Desk:
    return Desk(holder, store, _key(settings), ask_rate=settings.ask_rate, admin_ids=settings.admin_ids)


def build_application(settings: Settings, desk: Desk, extensions: Sequence[Register] = EXTENSIONS) -> AnyApplication:
    """An Application without an updater, on our transport and limiter, with all its handlers."""
    if settings.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set (environment or .env).")
    proxy = settings.proxy
    request = AiohttpRequest(proxy=proxy.get_secret_value() if proxy else None)
    application = (
        Application.builder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_base_url.rstrip('/')}/bot")
        .updater(None)
        .job_queue(None)
        .request(request)
        .get_updates_request(request)
        .rate_limiter(PoliteLimiter(settings.send_rate))
        .build()
    )
    for register in extensions:
        register(application, desk)
    _register(application, desk)
    return application


def _register(application: AnyApplication, desk: Desk) -> None:
    """One handler that takes what the extensions leave: their handlers stand before it in the same group."""
    questions = Questions(desk)
    messages = Messages(desk, questions, Commands(desk, questions))
    callbacks, guests = Callbacks(desk, questions), Guests(desk, questions)

    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await messages.came(context.bot, update.message)
        elif update.edited_message is not None:
            await messages.edited(context.bot, update.edited_message)
        elif update.callback_query is not None:
            await callbacks.pressed(context.bot, update.callback_query)
        elif update.guest_message is not None:
            await guests.called(context.bot, update.guest_message)
        elif update.my_chat_member is not None:
            await messages.membership(update.my_chat_member)

    application.add_handler(TypeHandler(Update, handle))
    register_apology(application, desk, questions)


def _note_abilities(application: AnyApplication) -> None:
    """What is switched on at BotFather's, for whoever wonders why something does not work."""
    bot = application.bot
    inline = "on" if bot.supports_inline_queries else "off (BotFather: /setinline)"
    log.info("This is @%s; inline mode is %s", bot.username, inline)


async def _take_updates(
    settings: Settings, application: AnyApplication, intake: Intake, stop: asyncio.Event, health: Health
) -> None:
    if settings.bot_mode == "polling":
        health.add(intake.health)
        await run_polling(application.bot, intake, stop, allowed_updates=UPDATES)
        return
    place = listen_address(settings.webhook_listen)
    address = WebhookAddress(settings.webhook_url or "", _webhook_secret(settings), place.host, place.port)
    await run_webhook(application.bot, intake, stop, address, allowed_updates=UPDATES, health=health)


async def _tidy(store: Store, stop: asyncio.Event) -> None:
    """Prune the store now and then, until `stop` is set."""
    while not stop.is_set():
        try:
            await store.prune(utc_now())
        except Exception as error:  # the next time may be better
            log.warning("The store could not be pruned: %s", type(error).__name__)
        try:
            async with asyncio.timeout(_TIDY):
                await stop.wait()
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
