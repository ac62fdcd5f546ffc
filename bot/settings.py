"""The only reader of the environment: variables, then `.env`, then defaults. Everybody else gets the frozen object."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

SHIPPED = Path(__file__).resolve().parent.parent / "knowledge"


class Settings(BaseSettings):
    """Names are those of the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = Field(None, description="Token from @BotFather; without it: the terminal.")
    telegram_base_url: str = Field("https://api.telegram.org", description="Bot API server; /bot<token> is appended.")
    bot_mode: Literal["polling", "webhook"] = Field("polling", description="How updates come in.")
    webhook_url: str | None = Field(None, description="Public https address that Telegram calls (webhook mode).")
    webhook_listen: str = Field("127.0.0.1:8080", description="host:port the webhook server listens on.")
    webhook_secret: SecretStr | None = Field(None, description="1 to 256 of A-Z a-z 0-9 _ -; checked on each call.")
    database_url: str | None = Field(
        None, repr=False, description="postgresql://… for several replicas; default: SQLite."
    )
    send_rate: float = Field(30, ge=0, description="Messages a second over all chats; 0 = no limit.")
    ask_rate: int = Field(20, ge=0, description="Questions a minute from one chat; 0 = no limit.")
    knowledge_dir: Path = Field(SHIPPED, description="Folder of the knowledge base.")
    caution: float = Field(0.35, ge=0, le=1, description="0 answers readily, 1 only when nearly certain.")
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field((), description="Telegram user ids, separated by commas.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="One line of text or of JSON an event.")
    state_dir: Path = Field(Path(".state"), description="Database, fitted base, keys.")
    identity_secret: SecretStr | None = Field(None, description="Key of the chat hashes; default: a file in STATE_DIR.")

    @field_validator(
        "telegram_bot_token", "webhook_url", "webhook_secret", "database_url", "identity_secret", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("knowledge_dir", "state_dir", mode="before")
    @classmethod
    def _empty_is_the_default(cls, value: object, info: ValidationInfo) -> object:
        return value or cls.model_fields[str(info.field_name)].default

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def cache_dir(self) -> Path:
        return self.state_dir / "cache"


def read_settings(**overrides: object) -> Settings:
    """The settings; SettingsError names each wrong variable, what it holds and what is expected."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False)]
        raise SettingsError("Settings (environment or .env):\n  " + "\n  ".join(lines)) from None
    if settings.bot_mode == "webhook" and settings.telegram_bot_token and not settings.webhook_url:
        raise SettingsError("BOT_MODE=webhook needs WEBHOOK_URL, the public https address that Telegram calls.")
    return settings
