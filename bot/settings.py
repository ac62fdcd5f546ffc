"""The only reader of the environment: variables, then `.env`, then defaults. Everybody else gets the frozen object."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import addresses
from bot.errors import SettingsError

_HERE = Path(__file__).resolve().parent
# Beside the code where it was installed, as the wheel has it, else the checkout's.
SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent / "knowledge"

ENV_FILE = Path(".env")  # of the working directory
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CREDENTIALS = "CREDENTIALS_DIRECTORY"  # where systemd puts what LoadCredential names: a file a setting, below .env
_HIGHEST_ID = 2**52  # Telegram's ids of people have at most 52 bits
_SHORTEST = {"webhook_secret": 16, "identity_secret": 32}
_LETTERS = {"webhook_secret": "A-Za-z0-9_- A-Z a-z 0-9 _ and -"}


class Settings(BaseSettings):
    """Names are those of the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = Field(None, description="Token from @BotFather; without it: the terminal.")
    telegram_base_url: str = Field(addresses.TELEGRAM, description="Bot API server; /bot<token> is appended.")
    telegram_proxy: SecretStr | None = Field(None, description="http(s) proxy; default: HTTPS_PROXY, NO_PROXY.")
    bot_mode: Literal["polling", "webhook"] = Field("polling", description="How updates come in.")
    webhook_url: str | None = Field(None, description="Public https address that Telegram calls (webhook mode).")
    webhook_listen: str = Field("127.0.0.1:8080", description="host:port the webhook server listens on.")
    webhook_secret: SecretStr | None = Field(
        None, max_length=256, description="16 to 256 of A-Z a-z 0-9 _ -; checked on each call."
    )
    health_listen: str | None = Field(None, description="host:port for GET /health and /ready, in polling too.")
    metrics_listen: str | None = Field(None, description="host:port for GET /metrics (Prometheus).")
    database_url: str | None = Field(
        None, repr=False, description="postgresql://… for several replicas; default: SQLite."
    )
    send_rate: float = Field(
        30, ge=0, allow_inf_nan=False, description="Messages a second over all chats; 0 = no limit."
    )
    ask_rate: int = Field(20, ge=0, description="Questions a minute from one chat; 0 = no limit.")
    knowledge_dir: Path = Field(SHIPPED, description="Folder of the knowledge base.")
    reload: Literal["watch", "signal"] = Field("watch", description="When the base is read anew: see README.")
    caution: float = Field(0.35, ge=0, le=1, description="0 answers readily, 1 only when nearly certain.")
    encoder: bool = Field(False, description="on: a sentence encoder (extra `encoder`) for bases of few phrases.")
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field((), description="Telegram user ids, separated by commas.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="One line of text or of JSON an event.")
    state_dir: Path = Field(Path(".state"), description="Database, fitted base, keys.")
    identity_secret: SecretStr | None = Field(None, description="Key of the chat hashes; default: a file in STATE_DIR.")

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, info: ValidationInfo) -> object:
        """An empty line sets nothing; what has to be one of several words is left to complain."""
        if isinstance(value, str) and not value.strip() and info.field_name in _MAY_BE_EMPTY:
            return cls.model_fields[info.field_name].default
        return value

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("admin_ids")
    @classmethod
    def _people(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not all(0 < one < _HIGHEST_ID for one in value):
            raise ValueError("ids of people are positive numbers (those of groups are negative): ask @userinfobot")
        return value

    @field_validator("telegram_bot_token", "telegram_proxy", "webhook_secret", "identity_secret")
    @classmethod
    def _sound_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        name, text = str(info.field_name), value.get_secret_value() if value else ""
        if value is None:
            return None
        if name == "telegram_proxy":
            return SecretStr(addresses.proxy_url(text))
        if name != "telegram_bot_token":
            return SecretStr(addresses.secret(text, _SHORTEST[name], _LETTERS.get(name, "")))
        if not _TOKEN.fullmatch(text.strip()):
            raise ValueError("a token is a number, a colon and letters, as @BotFather gives it")
        return SecretStr(text.strip())

    @field_validator("webhook_listen", "health_listen", "metrics_listen")
    @classmethod
    def _sound_listen(cls, value: str | None) -> str | None:
        return str(addresses.listen_address(value)) if value else None

    @field_validator("telegram_base_url", "webhook_url")
    @classmethod
    def _sound_url(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None or info.field_name == "telegram_base_url":
            return value and addresses.server_url(value)
        return addresses.webhook_url(value, info.data.get("telegram_base_url", addresses.TELEGRAM))

    @property
    def cache_dir(self) -> Path:
        return self.state_dir / "cache"

    @property
    def proxy(self) -> SecretStr | None:
        """The way to Telegram: TELEGRAM_PROXY, else what the environment names for all programs."""
        if self.telegram_proxy is not None:
            return self.telegram_proxy
        found = addresses.proxy_from_environment(self.telegram_base_url)
        if found is None:
            return None
        try:
            return SecretStr(addresses.proxy_url(found[1]))
        except ValueError as error:
            raise SettingsError(f"{found[0]}: {error}; or NO_PROXY names Telegram's host.") from None

    @property
    def other_server(self) -> str | None:
        """Where the calls go, and the token with them, and by whose word, if that is not Telegram."""
        if self.telegram_base_url.rstrip("/") == addresses.TELEGRAM:
            return None
        manner = ", unencrypted" if addresses.goes_in_the_open(self.telegram_base_url) else ""
        return f"{urlsplit(self.telegram_base_url).netloc}{manner} (TELEGRAM_BASE_URL, {_origin('TELEGRAM_BASE_URL')})"


def _origin(name: str) -> str:
    """Where the setting was read: a `.env` of the working directory may be anybody's."""
    if name in map(str.upper, os.environ):
        return "environment"
    if ENV_FILE.is_file() and name in map(str.upper, dotenv_values(ENV_FILE)):
        return str(ENV_FILE.resolve())
    return "as given"


_MAY_BE_EMPTY = {
    name for name in Settings.model_fields if name not in ("bot_mode", "log_level", "log_format", "reload")
}


def read_settings(**overrides: object) -> Settings:
    """The settings; SettingsError names each wrong variable and what is expected, not what it holds."""
    try:
        settings = Settings(_secrets_dir=os.environ.get(_CREDENTIALS), **overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [_in_words(found) for found in error.errors(include_input=False)]
        raise SettingsError("Settings (environment or .env):\n  " + "\n  ".join(lines)) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"The file .env cannot be read ({type(error).__name__}): it has to be UTF-8.") from None
    if settings.bot_mode == "webhook" and settings.telegram_bot_token and not settings.webhook_url:
        raise SettingsError("BOT_MODE=webhook needs WEBHOOK_URL, the public https address that Telegram calls.")
    if settings.bot_mode == "webhook" and settings.health_listen == settings.webhook_listen:
        raise SettingsError(
            "HEALTH_LISTEN is the address of WEBHOOK_LISTEN, where /health and /ready are served anyway."
        )
    _ = settings.proxy  # wrong in the environment is wrong as well
    return settings


def _in_words(found: Any) -> str:
    return f"{'.'.join(map(str, found['loc'])).upper()}: {found['msg'].removeprefix('Value error, ')}"
