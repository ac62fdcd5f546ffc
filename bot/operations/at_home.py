"""What the bot stands on at this machine: settings, state folder, disk, knowledge, what was learned. Nothing is changed."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values
from rapidfuzz import fuzz, process

from bot.addresses import goes_in_the_open
from bot.errors import SettingsError
from bot.kb.load import check
from bot.match.learn.encoder import demand_encoder
from bot.open.base import is_learned
from bot.open.cache import memory_of
from bot.operations.findings import Finding, note, ok, wrong
from bot.operations.versions import version_of
from bot.settings import ENV_FILE, Settings
from bot.store.identity import KEY_FILE

_LIBRARIES = ("python-telegram-bot", "rapidfuzz", "numpy", "SQLAlchemy", "aiohttp", "asyncpg")
_ALMOST = 80  # of 100: as near as one slip of the hand or one word left out brings a name of ours
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def versions() -> Iterator[Finding]:
    """Of the program and of what it runs on, for whoever reads a bug report."""
    names = [f"{name} {found}" for name in _LIBRARIES if (found := version_of(name))]
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield ok("version", f"reformbot {version_of('reformbot') or 'from a checkout'}, {python}; {', '.join(names)}")


def settings_apart() -> Iterator[Finding]:
    """What stands in the environment and in `.env` beside the settings themselves: slips, and who may read them."""
    named = {**dotenv_values(ENV_FILE), **os.environ} if ENV_FILE.is_file() else dict(os.environ)
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(set(named) - set(known)):
        near = process.extractOne(name.upper(), known, scorer=fuzz.ratio, score_cutoff=_ALMOST)
        if near and near[0] not in named:
            yield wrong("settings", f"{name} is no setting", f"is {near[0]} meant?")
    if ENV_FILE.is_file() and (mode := _open_mode(ENV_FILE)):
        yield wrong("settings", f".env can be read by others (mode {mode})", "chmod 600 .env")


def contradictions(settings: Settings) -> Iterator[Finding]:
    """Settings that are sound each by itself and not together."""
    found = list(_contradictions(settings))
    yield from found or [ok("settings", f"{settings.bot_mode}, log {settings.log_level}, caution {settings.caution:g}")]


def _contradictions(settings: Settings) -> Iterator[Finding]:
    if server := settings.other_server:
        make = wrong if goes_in_the_open(settings.telegram_base_url) else note
        yield make(
            "settings", f"the token goes to {server}", "leave it out, unless that server is yours; then by https"
        )
    if settings.bot_mode == "polling" and settings.webhook_url:
        yield note(
            "settings", "WEBHOOK_URL is set and not used: BOT_MODE is polling", "BOT_MODE=webhook, or leave it out"
        )
    if settings.database_url and settings.database_url.startswith("postgres") and settings.identity_secret is None:
        yield note(
            "settings",
            "PostgreSQL without IDENTITY_SECRET: the key is a file of this machine",
            "set it, the same for all copies, if there are several",
        )
    if settings.log_level == "DEBUG":
        yield note(
            "settings", "LOG_LEVEL is DEBUG: lines may hold what people write", "INFO, when you have seen enough"
        )
    if not settings.send_rate:
        yield note(
            "settings", "SEND_RATE is 0: Telegram takes 30 messages a second and then asks for quiet", "SEND_RATE=30"
        )


def state_folder(settings: Settings) -> Iterator[Finding]:
    """The folder of the database, the cache and the key."""
    folder = settings.state_dir
    if not folder.exists():
        yield ok("state", f"{folder} is not there yet; the first start makes it")
        return
    if not folder.is_dir():
        yield wrong("state", f"{folder} is no folder", "STATE_DIR names a folder of the bot's own")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong("state", f"{folder} cannot be written by {_me()}", f"chown {_me()} {folder}")
    elif mode := _open_mode(folder):
        yield wrong("state", f"{folder} is open to others (mode {mode})", f"chmod 700 {folder}")
    else:
        yield ok("state", f"{folder} is the bot's own")
    key = folder / KEY_FILE
    if key.exists() and (mode := _open_mode(key)):
        yield wrong("state", f"{key} can be read by others (mode {mode}): it names chats", f"chmod 600 {key}")
    yield _disk(folder)


def knowledge(settings: Settings) -> Iterator[Finding]:
    """As `check` finds it, and whether it is learned."""
    if settings.encoder:
        try:
            demand_encoder()
        except SettingsError as error:
            yield wrong("encoder", str(error), "install it, or ENCODER=off")
            return
    folder = settings.knowledge_dir
    found = check(folder, datetime.date.today(), memory_of(settings.cache_dir))
    problems, warnings = [one for one in found if not one.warning], [one for one in found if one.warning]
    if problems:
        yield wrong(
            "knowledge",
            f"{len(problems)} problem(s) in {folder}; the first: {problems[0]}",
            "reformbot check names them all",
        )
        return
    if warnings:
        yield note(
            "knowledge",
            f"{len(warnings)} warning(s) in {folder}; the first: {warnings[0]}",
            "reformbot check, reformbot due",
        )
    else:
        yield ok("knowledge", f"{folder} has no problem")
    if is_learned(folder, settings.cache_dir, encoded=settings.encoder):
        yield ok("learned", "the knowledge as it is now")
    else:
        yield note("learned", "not this state of the knowledge: the next start learns it first")


def _disk(folder: Path) -> Finding:
    """A new fit and a database that is put in order stand beside the old ones until they are whole."""
    held = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder).free
    says = f"{free / 1e6:,.0f} MB free, {held / 1e6:,.0f} MB used by the bot"
    return (
        ok("disk", says)
        if free > held
        else wrong("disk", says, "make room: as much as the bot uses has to be free beside it")
    )


def _open_mode(path: Path) -> str | None:
    """The mode where others than the owner may do anything with it; None where not, and where modes mean nothing."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return f"{mode:o}" if os.name == "posix" and mode & _OPEN_TO_OTHERS else None


def _me() -> str:
    return os.environ.get("USER") or (str(os.getuid()) if sys.platform != "win32" else "you")
