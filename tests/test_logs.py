"""No secret and no user's text in the log, wherever it comes from."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
from telegram import Update

from bot import logs

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdef_"
SECRET = 'web"hook\\secret'


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    with warnings.catch_warnings():
        yield
    root.handlers[:], level, sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    ours.setLevel(logging.NOTSET)
    logging.captureWarnings(False)


def configured(style: Literal["text", "json"] = "text", level: str = "DEBUG") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level, style, [TOKEN, SECRET, "4242:short", "abc", ""], stream)
    return stream


def write_everything() -> None:
    """The secrets in every place where a log line can hold them."""
    log = logging.getLogger("some.library")
    log.debug("In the message: %s" % TOKEN)  # noqa: UP031
    log.info("An argument: %s, %r, %s", TOKEN, {"secret": SECRET}, SECRET)
    log.info("An address: https://api.telegram.org/bot%s/getMe and quoted 123456%%3A%s", TOKEN, TOKEN[7:])
    log.info("Another bot's: 99999:%s", "x" * 35)
    log.info("A database: postgresql://user:pass-word@host/db, a short token 4242:short", stack_info=True)
    try:
        raise ValueError(f"bot{TOKEN}/sendMessage") from KeyError(SECRET)
    except ValueError:
        log.exception("An exception")


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_secret_in_any_part_of_any_line(style: Literal["text", "json"]) -> None:
    stream = configured(style)
    write_everything()
    text = stream.getvalue()
    lines = [str(json.loads(line)) for line in text.splitlines()] if style == "json" else text.splitlines()
    for line in lines:
        for secret in (TOKEN, TOKEN[7:], SECRET, "pass-word", "x" * 35, "4242:short"):
            assert secret not in line
    assert "[secret]" in text
    assert "An exception" in text
    assert "ValueError" in text


def test_json_lines_have_their_fields() -> None:
    stream = configured("json")
    logging.getLogger("bot.x").warning("Қазақстан\n%d", 5)
    fields = json.loads(stream.getvalue())
    assert (fields["level"], fields["logger"], fields["message"]) == ("WARNING", "bot.x", "Қазақстан\n5")
    assert fields["time"].endswith("+00:00")


def test_libraries_are_quiet_unless_debugging() -> None:
    stream = configured(level="INFO")
    logging.getLogger("httpx").info("noise")
    logging.getLogger("telegram.ext.Application").info("noise")
    logging.getLogger("of.a.library.to.come").info("noise")
    logging.getLogger("bot.x").info("heard")
    assert stream.getvalue().count("\n") == 1
    stream = configured(level="DEBUG")
    logging.getLogger("httpx").debug("noise")
    assert "noise" in stream.getvalue()


def test_users_text_in_ptbs_lines_is_left_out_above_debug() -> None:
    stream = configured(level="INFO")
    log = logging.getLogger("telegram.ext.Application")
    log.critical("Update %s will not be processed: %s, %d", Update(17), '{"text": "private"}\n', 3)
    log.error("A payload: %s", "private " * 100)
    assert "private" not in stream.getvalue()
    assert "Update update 17 will not be processed: <str>, 3" in stream.getvalue()


def test_a_line_that_cannot_be_written_shows_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    logging.getLogger("bot.x").info("%d", TOKEN)
    assert TOKEN not in capsys.readouterr().err


def test_uncaught_exceptions_go_through_it() -> None:
    stream = configured()
    try:
        raise ValueError(TOKEN)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
        thread = threading.Thread(target=_raise)
        thread.start()
        thread.join()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue().count("Uncaught exception") == 2
    assert TOKEN not in stream.getvalue()


def _raise() -> None:
    raise ValueError(TOKEN)


def test_exceptions_in_the_loop_and_warnings_go_through_it() -> None:
    stream = configured("text", "INFO")

    async def main() -> None:
        asyncio.get_running_loop().call_soon(_raise)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        warnings.warn(f"Beware of {TOKEN}", stacklevel=1)

    asyncio.run(main())
    assert "Exception in callback" in stream.getvalue()
    assert "Beware of [secret]" in stream.getvalue()
    assert TOKEN not in stream.getvalue()
