"""Looks at all that the bot stands on and says of each whether it is well, or what to do. Nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.errors import SettingsError
from bot.logs import Redactor
from bot.operations import at_home
from bot.operations.at_store import database
from bot.operations.at_telegram import telegram
from bot.operations.findings import Finding, wrong
from bot.settings import Settings, read_settings

Look = Callable[[Settings], Awaitable[list[Finding]]]


async def examine(read: Callable[[], Settings] = read_settings) -> tuple[list[Finding], Redactor]:
    """All findings, in the order in which one would look, and what hides the secrets in them."""
    found = [*at_home.versions(), *at_home.settings_apart()]
    try:
        settings = read()
    except SettingsError as error:
        return [*found, wrong("settings", str(error), "mend it, then look again: the rest depends on it")], Redactor()
    for name, look in _LOOKS.items():
        try:
            found += await look(settings)
        except Exception as error:  # one look that fails hides no other
            found.append(wrong(name, f"could not be looked at ({type(error).__name__}: {error})", "please report this"))
    given = (settings.telegram_bot_token, settings.webhook_secret, settings.identity_secret, settings.proxy)
    return found, Redactor([one.get_secret_value() for one in given if one])


async def _home(settings: Settings) -> list[Finding]:
    return [*at_home.contradictions(settings), *at_home.state_folder(settings)]


async def _knowledge(settings: Settings) -> list[Finding]:
    return list(at_home.knowledge(settings))


async def _telegram(settings: Settings) -> list[Finding]:
    return [one async for one in telegram(settings)]


_LOOKS: dict[str, Look] = {"state": _home, "database": database, "knowledge": _knowledge, "telegram": _telegram}
