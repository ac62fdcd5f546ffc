"""The door of the HTTP servers: who sends no request, or half of one, keeps nobody out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.channels.telegram.delivery import doors
from bot.channels.telegram.delivery.doors import Runner
from tests.botapi import inputs
from tests.botapi.driver import free_port
from tests.botapi.server import BotApiServer
from tests.telegram.delivery.test_intake import message
from tests.telegram.delivery.test_intake_bot import running
from tests.telegram.delivery.test_intake_webhook import JSON, SECRET, post

pytest_plugins = ("tests.botapi.fixtures",)

HALF = json.loads((inputs.FOLDER / "lists" / "half-requests.json").read_text(encoding="utf-8"))


@asynccontextmanager
async def serving(work: Callable[[], Awaitable[None]] | None = None, **options: float) -> AsyncIterator[int]:
    """A server behind a door; gives its port."""

    async def respond(request: web.Request) -> web.Response:
        if work is not None:
            await work()
        return web.Response(text=await request.text())

    application = web.Application()
    application.router.add_post("/", respond)
    runner, port = Runner(application, **options), free_port()  # type: ignore[arg-type]
    await runner.setup()
    await runner.listen("127.0.0.1", port)
    try:
        yield port
    finally:
        await runner.cleanup()


async def connected(stack: AsyncExitStack, port: int, said: str = "") -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)
    writer.write(said.encode())
    return reader


async def ended(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Whether the other side hangs up within that time."""
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(seconds):
            return await reader.read() == b""
        return False
    return reader.exception() is not None or reader.at_eof()


async def answer(port: int, text: str = "hello") -> str:
    async with aiohttp.ClientSession() as session, session.post(f"http://127.0.0.1:{port}/", data=text) as response:
        return await response.text()


@pytest.mark.parametrize("said", ["", *HALF])
async def test_half_a_request_is_not_waited_for(said: str) -> None:
    async with serving(headers=0.2) as port, AsyncExitStack() as stack:
        reader = await connected(stack, port, said)
        assert not await ended(reader, 0.05)
        assert await ended(reader, 60)


async def test_an_answer_may_take_longer_than_the_headers() -> None:
    async with serving(lambda: asyncio.sleep(0.5), headers=0.1) as port:
        assert await answer(port) == "hello"


async def test_of_too_many_the_one_that_waits_longest_goes() -> None:
    async with serving(most=3) as port, AsyncExitStack() as stack:
        first, *others = [await connected(stack, port, HALF[0]) for _ in range(4)]
        assert await ended(first, 60)
        assert not any([await ended(reader, 0.05) for reader in others])
        assert await answer(port) == "hello"


async def test_whoever_is_being_answered_is_not_sent_away() -> None:
    going = asyncio.Event()
    async with serving(going.wait, most=2) as port, AsyncExitStack() as stack:  # type: ignore[arg-type]
        asked = asyncio.create_task(answer(port))
        await asyncio.sleep(0.1)
        for _ in range(10):
            await connected(stack, port, HALF[0])
        await asyncio.sleep(0.1)
        going.set()
        assert await asked == "hello"


async def test_who_comes_back_on_the_same_connection_is_let_in() -> None:
    async with serving(headers=0.2) as port, aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(f"http://127.0.0.1:{port}/", data="hello") as response:
                assert await response.text() == "hello"
            await asyncio.sleep(0.3)  # longer than a first request may take


async def test_a_crowd_at_the_door_keeps_nobody_out(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(most=10) as port, AsyncExitStack() as stack:
        for number in range(100):
            await connected(stack, port, HALF[0])
            if number % 20 == 0:
                assert await answer(port) == "hello"
    assert caplog.records == []


@pytest.mark.parametrize("said", ["GET / HTTP/1.1\r\n\r\nGET /\x00 HTTP/1.1\r\n\r\n", "\x16\x03\x01 no HTTP\r\n\r\n"])
async def test_what_is_no_http_costs_no_traceback(said: str, caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as port, AsyncExitStack() as stack:
        reader = await connected(stack, port, said)
        assert b"400" in await asyncio.wait_for(reader.read(), 60)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "XX\r\n\r\n",
    ],
)
async def test_nobody_is_told_which_program_answers(said: str) -> None:
    async with serving(headers=0.2) as port, AsyncExitStack() as stack:
        reader = await connected(stack, port, said)
        answered = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        assert b"Server: bot\r\n" in answered
        assert not any(name in answered.lower() for name in (b"python", b"aiohttp"))


async def test_the_webhook_stands_behind_a_door(api: BotApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which has room for a third of the files that may be open."""
    monkeypatch.setattr(doors, "open_files", lambda: 90)
    async with running(api, mode="webhook") as bot, AsyncExitStack() as stack:
        await api.wait_for(lambda: api.webhook.url)
        waiting = [await connected(stack, bot.port, HALF[0]) for _ in range(90 // 3 + 1)]
        assert await ended(waiting[0], 60)
        assert await post(bot, message(1), SECRET | JSON) == 200
