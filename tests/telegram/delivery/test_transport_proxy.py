"""The way to Telegram through a proxy: that it is taken, what is said of its failures, and that its password stays hidden."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from telegram.error import TelegramError

from bot.channels.telegram.app import build_bot
from bot.channels.telegram.delivery.failures import NotSent
from bot.channels.telegram.delivery.transport import AiohttpRequest
from tests.botapi.driver import bot_env, free_port
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.delivery.runs import question
from tests.delivery.runs import settings as settings_of
from tests.telegram_bot import settings_for

pytest_plugins = ("tests.botapi.fixtures",)

NAME = "Basic " + base64.b64encode(b"me:hunter2secret").decode()


class HttpProxy:
    """A proxy that notes what it is asked for; `status` other than 200 refuses."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[str] = []
        self.names: list[str] = []
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[HttpProxy]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.decode().split(" ", 2)
            self.asked.append(f"{method} {target}")
            self.names += [line[21:] for line in head.decode().split("\r\n") if line.startswith("Proxy-Authorization:")]
            if self.status != 200:
                writer.write(f"HTTP/1.1 {self.status} No\r\nContent-Length: 0\r\n\r\n".encode())
            elif method != "CONNECT":
                await self._forward(target, head, reader, writer)
        writer.close()

    async def _forward(
        self, target: str, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, _, path = target.removeprefix("http://").partition("/")
        name, _, port = host.partition(":")
        there, onward = await asyncio.open_connection(name, int(port))
        onward.write(head.replace(target.encode(), f"/{path}".encode(), 1))
        await asyncio.gather(_pump(reader, onward), _pump(there, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
    sink.close()


async def failure(proxy: str, url: str) -> TelegramError:
    async with AiohttpRequest(proxy=proxy) as request:
        with pytest.raises(TelegramError) as caught:
            await request.call(url, {"a": 1}, read_timeout=1)
    assert "hunter2secret" not in f"{caught.value!s}{caught.value!r}"
    return caught.value


@pytest.mark.parametrize("status", [403, 407, 502])
async def test_a_proxy_that_refuses_the_way_sent_nothing(status: int) -> None:
    async with HttpProxy(status).running() as proxy:
        error = await failure(
            f"http://me:hunter2secret@127.0.0.1:{proxy.port}", "https://api.telegram.org/bot1:x/getMe"
        )
    assert type(error) is NotSent
    assert str(status) in str(error)
    assert proxy.asked == ["CONNECT api.telegram.org:443"]
    assert proxy.names == [NAME]


async def test_a_proxy_that_is_not_there_is_told_from_telegram() -> None:
    error = await failure(f"http://127.0.0.1:{free_port()}", "https://api.telegram.org/bot1:x/getMe")
    assert type(error) is NotSent
    assert "proxy" in str(error)


@pytest.mark.delivery
@pytest.mark.parametrize("name", ["TELEGRAM_PROXY", "HTTP_PROXY"])
@pytest.mark.enable_socket
async def test_the_whole_bot_talks_through_the_proxy_and_hides_its_password(
    api: BotApiServer, tmp_path: Path, name: str
) -> None:
    async with HttpProxy().running() as proxy:
        more = {name: f"http://me:hunter2secret@127.0.0.1:{proxy.port}", "LOG_LEVEL": "DEBUG"}
        bot = BotProcess(
            [sys.executable, "-m", "bot", "run"],
            bot_env(api, "polling", settings_of(tmp_path, **more)),
            tmp_path / "bot.log",
        )
        await bot.start()
        try:
            assert "seven years" in (await api.reply_to(api.private_message(100_000, question(0)))).text
            assert await bot.terminate() == 0
        finally:
            await bot.kill()
    # Only the first call on each connection is seen here; that they all go this way shows the next test.
    assert "getMe" in {line.rpartition("/")[2] for line in proxy.asked}
    assert set(proxy.names) == {NAME}
    assert bot.occurrences("hunter2secret") == 0
    assert bot.occurrences(NAME.removeprefix("Basic ")) == 0


async def test_without_the_proxy_no_call_gets_through(
    api: BotApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    settings = settings_for(api, tmp_path)
    telegram_bot = build_bot(settings)
    with pytest.raises(TelegramError, match="proxy"):
        await telegram_bot.initialize()
    await telegram_bot.shutdown()
    assert api.counters.requests == {}


async def test_no_proxy_leads_past_it(api: BotApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings = settings_for(api, tmp_path)
    telegram_bot = build_bot(settings)
    async with telegram_bot:
        assert telegram_bot.username
