"""What Telegram says of the bot: who it is, where updates go, and whether the two clocks agree. Nothing is changed there."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot import commands
from bot.operations.findings import Finding, note, ok, wrong
from bot.settings import Settings

_PATIENCE = aiohttp.ClientTimeout(total=15)
_SHORTEST_LIFE = 30  # seconds for which Telegram takes an answer to an inline query: no clock may be further off
_RECENT = 3600  # seconds; an error of Telegram's that lies further back is history
_REFUSED = (401, 404)  # of getMe: no bot has this token


class _Away(Exception):
    """Telegram gave no answer that could be read."""


async def telegram(settings: Settings) -> AsyncIterator[Finding]:
    """Token, abilities, clock, webhook, commands, in this order; without an answer to the first nothing else is asked."""
    if settings.telegram_bot_token is None:
        yield note(
            "telegram", "no token is set: this is the bot in the terminal", "TELEGRAM_BOT_TOKEN, from @BotFather"
        )
        return
    proxy = settings.proxy
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        ask = _Asking(session, settings, proxy.get_secret_value() if proxy else None)
        try:
            status, me, headers = await ask("getMe")
            if status in _REFUSED:
                yield wrong(
                    "token", "Telegram knows no bot with this token", "@BotFather, /token, gives the one that holds now"
                )
                return
            yield ok("token", f"@{me.get('username')} ({me.get('id')})")
            for one in (_groups(me), _inline(me), _clock(headers), *await _admins(settings, me, ask)):
                yield one
            yield _webhook(settings, (await ask("getWebhookInfo"))[1])
            yield _commands((await ask("getMyCommands", scope='{"type": "all_private_chats"}'))[1])
        except _Away as error:
            yield wrong("telegram", f"no answer ({error})", _way_out(settings))


class _Refused(_Away):
    """It answered, and would not."""


class _Asking:
    """Calls a method of the Bot API: status, result and headers."""

    def __init__(self, session: aiohttp.ClientSession, settings: Settings, proxy: str | None) -> None:
        token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
        self._base = f"{settings.telegram_base_url.rstrip('/')}/bot{token}"
        self._session, self._proxy = session, proxy

    async def __call__(self, method: str, **params: str) -> tuple[int, Any, Mapping[str, str]]:
        try:
            async with self._session.post(f"{self._base}/{method}", data=params, proxy=self._proxy) as response:
                if response.status in _REFUSED:
                    return response.status, {}, response.headers
                document = await response.json(content_type=None)
                if not document.get("ok"):
                    raise _Refused(f"{method}: {response.status} {document.get('description', '')}".strip())
                return response.status, document["result"], response.headers
        except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError, KeyError) as error:
            raise _Away(f"{method}: {type(error).__name__}") from None


def _way_out(settings: Settings) -> str:
    host = urlsplit(settings.telegram_base_url).hostname
    way = "by the proxy that is set" if settings.proxy else "with no proxy: HTTPS_PROXY or TELEGRAM_PROXY names one"
    return f"see whether this machine reaches {host}, {way}"


def _groups(me: Mapping[str, Any]) -> Finding:
    if me.get("can_read_all_group_messages"):
        return note(
            "groups",
            "privacy mode is off: all that is said in groups comes here",
            "@BotFather, /setprivacy, unless that is wanted",
        )
    return ok("groups", "privacy mode is on: from groups come commands, mentions and replies")


def _inline(me: Mapping[str, Any]) -> Finding:
    if me.get("supports_inline_queries"):
        return ok("inline", "inline mode is on")
    return note(
        "inline", "inline mode is off: nobody can ask from other chats", "@BotFather, /setinline, if that is wanted"
    )


def _clock(headers: Mapping[str, str]) -> Finding:
    try:
        theirs = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return note("clock", "Telegram's answer bears no date to compare with")
    off = time.time() - theirs
    if abs(off) <= _SHORTEST_LIFE:
        return ok("clock", f"{abs(off):.0f} s from Telegram's")
    way = "ahead of" if off > 0 else "behind"
    return wrong(
        "clock",
        f"{abs(off):.0f} s {way} Telegram's: questions look old or answers late",
        "let the machine keep time: timedatectl set-ntp true",
    )


async def _admins(settings: Settings, me: Mapping[str, Any], ask: _Asking) -> list[Finding]:
    """A bot may write to nobody who has not written to it."""
    if me.get("id") in settings.admin_ids:
        return [wrong("admins", "ADMIN_IDS holds the bot itself", "put your own id there: ask @userinfobot")]
    if not settings.admin_ids:
        return [note("admins", "nobody is told of trouble", "ADMIN_IDS, your own id, if you want to be")]
    strangers = 0
    for admin in settings.admin_ids:
        try:
            await ask("getChat", chat_id=str(admin))
        except _Refused:
            strangers += 1
    if strangers:
        says = f"{strangers} of {len(settings.admin_ids)} in ADMIN_IDS cannot be told of trouble"
        return [wrong("admins", says, "each of them has to write /start to the bot once")]
    return [ok("admins", f"{len(settings.admin_ids)} can be told of trouble")]


def _webhook(settings: Settings, info: Mapping[str, Any]) -> Finding:
    """Polling and a webhook exclude each other; with one, Telegram says how its last deliveries went."""
    there, wanted = str(info.get("url") or ""), settings.webhook_url if settings.bot_mode == "webhook" else None
    waits = f"{info.get('pending_update_count', 0)} updates wait at Telegram"
    if wanted is None and not there:
        return ok("updates", f"by polling; {waits}")
    if wanted is None:
        return wrong("updates", f"BOT_MODE is polling, and Telegram delivers to a webhook at {urlsplit(there).hostname}",
                     "start the bot here, which takes the webhook away; if another copy sets it again, stop that one or @BotFather, /revoke")  # fmt: skip
    if not there:
        return wrong("updates", "no webhook is set", "start the bot, which sets it")
    if there != wanted:
        return wrong(
            "updates",
            f"the webhook leads to {urlsplit(there).hostname}, not to WEBHOOK_URL",
            "another copy with other settings, or another program, has the token",
        )
    when, error = info.get("last_error_date"), info.get("last_error_message")
    if error and when and time.time() - float(when) < _RECENT:
        at = datetime.fromtimestamp(float(when), UTC)
        return wrong(
            "updates",
            f"Telegram could not deliver at {at:%H:%M} UTC: {error}; {waits}",
            "see what stands before the bot: DNS, certificate, port, the proxy's path",
        )
    return ok("updates", f"by the webhook at {urlsplit(there).hostname}; {waits}")


def _commands(listed: Any) -> Finding:
    there = {one.get("command") for one in listed}
    always = [name for name in commands.PRIVATE if name != commands.NEWS]  # that one, where there are news
    if missing := [name for name in always if name not in there]:
        return note("commands", f"Telegram's list lacks /{', /'.join(missing)}", "the bot lists them at its start")
    return ok("commands", f"{len(there)} listed")
