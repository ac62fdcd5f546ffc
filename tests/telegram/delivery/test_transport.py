"""What the transport says of a failed call: whether Telegram may have carried it out."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.delivery.failures import (
    ConnectTimedOut,
    NoAnswer,
    NotSent,
    ServerTrouble,
    SlowAnswer,
    TornAnswer,
)
from bot.channels.telegram.delivery.patience import Trouble
from bot.channels.telegram.delivery.transport import AiohttpRequest
from tests.botapi.driver import free_port
from tests.botapi.server import BotApiServer

pytest_plugins = ("tests.botapi.fixtures",)

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdef_"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """A server that reads a request's head and then does as told; gives the address of a method."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await answer(reader, writer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot{TOKEN}/sendMessage"


def says(text: str) -> Answer:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.replace("\n", "\r\n").encode())
        await writer.drain()

    return answer


def answers(status: str, body: str, extra: str = "") -> Answer:
    return says(f"HTTP/1.1 {status}\nContent-Length: {len(body)}\n{extra}\n{body}")


async def failure(url: str, **options: float) -> TelegramError:
    """How a call fails; checks that nothing of it holds the token."""
    async with AiohttpRequest(**options) as request:  # type: ignore[arg-type]
        with pytest.raises(TelegramError) as caught:
            await request.call(url, {"chat_id": 1, "text": "hello"}, read_timeout=0.3)
    error = caught.value
    assert TOKEN not in f"{error!s} {error!r} {error.__cause__!r}"
    assert error.__suppress_context__ or error.__context__ is None
    return error


async def test_a_refused_connection_sent_nothing() -> None:
    error = await failure(f"http://127.0.0.1:{free_port()}/bot{TOKEN}/sendMessage")
    assert type(error) is NotSent


async def test_an_unknown_host_sent_nothing() -> None:
    assert isinstance(await failure(f"http://no-such-host.invalid/bot{TOKEN}/sendMessage"), NotSent)


async def test_a_wrong_address_does_not_show_the_token() -> None:
    assert isinstance(await failure(f"http:///bot{TOKEN}/sendMessage"), NetworkError)


async def test_a_connection_that_ends_without_an_answer_leaves_the_question_open() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with server(hang_up) as url:
        assert type(await failure(url)) is NoAnswer


async def test_no_answer_in_time_is_told_apart_from_no_answer() -> None:
    async def sleep(*_: object) -> None:
        await asyncio.sleep(0.6)

    async with server(sleep) as url:
        error = await failure(url)
    assert type(error) is SlowAnswer
    assert isinstance(error, TimedOut)


async def test_no_free_connection_sent_nothing() -> None:
    async def sleep(*_: object) -> None:
        await asyncio.sleep(0.6)

    async with (
        server(sleep) as url,
        AiohttpRequest(connections=1, connect_timeout=0.1, pool_timeout=0.1) as request,
    ):
        first = asyncio.create_task(request.call(url, {"a": 1}, read_timeout=2.0))
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectTimedOut):
            await request.call(url, {"a": 1}, read_timeout=2.0)
        with pytest.raises(NoAnswer):
            await first


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answers("500 Internal Server Error", '{"ok":false,"description":"Internal Server Error"}'), ServerTrouble),
        (answers("502 Bad Gateway", "<html>Bad Gateway</html>"), ServerTrouble),
        (answers("503 Service Unavailable", ""), ServerTrouble),
        (answers("504 Gateway Timeout", "<html></html>"), SlowAnswer),
        (answers("200 OK", '{"ok":true,"result":{"message_id":10'), TornAnswer),
        (says('HTTP/1.1 200 OK\nContent-Length: 500\n\n{"ok":true,"res'), TornAnswer),
        (answers("200 OK", "<html>please log in</html>"), NoAnswer),
        (says("HTTP/1.1 500 Oh\nContent-Length: 500\n\n{"), ServerTrouble),
        (answers("429 Too Many Requests", "<html></html>", "Retry-After: 7\n"), RetryAfter),
        (answers("401 Unauthorized", '{"ok":false,"description":"Unauthorized"}'), InvalidToken),
        (answers("404 Not Found", "<html></html>"), ServerTrouble),
        (answers("400 Bad Request", '{"ok":false,"description":"Bad Request: chat not found"}'), BadRequest),
    ],
)
async def test_each_answer_has_its_meaning(answer: Answer, expected: type[TelegramError]) -> None:
    async with server(answer) as url:
        assert type(await failure(url)) is expected


async def test_an_answer_that_cannot_be_read_is_not_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with server(answers("200 OK", '{"ok":true,"result":{"text":"private matters')) as url:
        await failure(url)
    assert "private" not in caplog.text


async def test_a_connection_that_breaks_in_an_upload_sent_nothing() -> None:
    """The server hangs up while the request is still being written."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with server(hang_up) as url, AiohttpRequest() as request:
        bot = Bot(TOKEN, base_url=url.split(TOKEN)[0], request=request, get_updates_request=request)
        with pytest.raises((NotSent, NoAnswer)):
            await bot.send_document(1, io.BytesIO(b"x" * 20_000_000), filename="big.bin")


async def test_texts_and_files_arrive(api: BotApiServer) -> None:
    """Form bodies for texts, multipart for files, and text that cannot be encoded costs a letter, not the answer."""
    request = AiohttpRequest()
    api.state.add_chat(5)
    async with Bot(api.token, base_url=f"{api.base_url}/bot", request=request, get_updates_request=request) as bot:
        await bot.send_message(5, "Қазақстан & <b> 😀")
        await bot.send_message(5, "half \ud83d of a pair")
        await bot.send_document(5, io.BytesIO(b"content"), filename="report.csv", caption="The report")
    assert [sent.text for sent in api.sent[:2]] == ["Қазақстан & <b> 😀", "half ? of a pair"]
    assert api.sent[2].method == "sendDocument"
    assert len(api.sent) == 3


async def test_a_request_that_is_not_initialised_says_so() -> None:
    with pytest.raises(NetworkError, match="not initialized"):
        await AiohttpRequest().call("http://127.0.0.1:1/", {}, read_timeout=1)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("terminated by other setWebhook", "set its webhook at the same moment"),
        ("can't use getUpdates method while webhook is active; use deleteWebhook", "nobody can poll"),
        ("terminated by other getUpdates request; make sure that only one", "Another copy of this bot is running"),
    ],
)
def test_each_conflict_is_said_in_its_own_words(description: str, words: str, caplog: pytest.LogCaptureFixture) -> None:
    Trouble("a call").pause(Conflict(f"Conflict: {description}"))
    assert words in caplog.text
