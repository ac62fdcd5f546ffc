"""Sets logging up for the whole process: one handler on stderr, text or JSON, and no secret in any line of it."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

# A bot's token, as it is or within a quoted address; and the password of a database address.
_TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_PASSWORD = re.compile(r"(://[^/@\s:]*:)[^/@\s]+(?=@)")
_HIDDEN = "[secret]"
_SHORTEST_SECRET = 6
_OURS = "bot"
_LONGEST_ARGUMENT = 200


class Redactor:
    """Replaces tokens, passwords in addresses and the given secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2])}
        # The longest first: a secret may be part of another.
        known = sorted(
            (part for part in parts if len(part) >= _SHORTEST_SECRET),
            key=len,
            reverse=True,
        )
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        return _PASSWORD.sub(rf"\1{_HIDDEN}", _TOKEN.sub(_HIDDEN, text))


class _TextFormatter(logging.Formatter):
    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _JsonFormatter(logging.Formatter):
    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        elif record.exc_text:
            fields["exception"] = record.exc_text
        if record.stack_info:
            fields["stack"] = record.stack_info
        # Field by field, before JSON quotes what a secret may be made of.
        return json.dumps(
            {name: self._redact(value) for name, value in fields.items()},
            ensure_ascii=False,
        )


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """The usual one prints the arguments of a call that cannot be formatted, secrets and all."""
        sys.stderr.write(f"A log line of {record.name} at {record.pathname}:{record.lineno} cannot be written\n")


def _without_users_text(record: logging.LogRecord) -> bool:
    """PTB writes whole updates into some of its lines; above DEBUG, long or structured arguments are left out."""
    if record.levelno > logging.DEBUG and record.name.startswith("telegram") and isinstance(record.args, tuple):
        record.args = tuple(_short(argument) for argument in record.args)
    return True


def _short(argument: object) -> object:
    if isinstance(argument, (int, float, BaseException)) or argument is None:
        return argument
    if isinstance(argument, str) and len(argument) <= _LONGEST_ARGUMENT and "\n" not in argument:
        return argument
    update_id = getattr(argument, "update_id", None)
    return f"update {update_id}" if isinstance(update_id, int) else f"<{type(argument).__name__}>"


def configure(
    level: str = "INFO",
    style: Literal["text", "json"] = "text",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Replace the root logger's handlers. `secrets` are hidden wherever they stand, those of fewer than 6 characters
    excepted. Whatever is not ours is heard from WARNING on, at the level DEBUG from DEBUG on."""
    redact = Redactor(secrets)
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_JsonFormatter(redact) if style == "json" else _TextFormatter(redact))
    handler.addFilter(_without_users_text)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("WARNING" if level.upper() == "INFO" else level.upper())
    logging.getLogger(_OURS).setLevel(level.upper())
    logging.captureWarnings(True)
    # PTB warns of its own use of attributes such as `retry_after`.
    warnings.filterwarnings("ignore", message=".*In a future major version attribute")
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(_OURS).critical("Uncaught exception", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: Any) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
