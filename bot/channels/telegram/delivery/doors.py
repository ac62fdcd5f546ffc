"""The door of an HTTP server: how many connections are open at a time, and how long one may be without a whole request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

try:
    import resource
except ImportError:  # there is no such limit where there is no such module
    resource = None  # type: ignore[assignment]

_log = logging.getLogger(f"{__name__}.server")

HEADERS = 10.0  # seconds for a request's line and headers; Telegram sends them at once
_NAME = "bot"
IDLE = 75.0  # seconds between two requests of a connection; nginx closes its own after 60


def open_files() -> int:
    """How many files this process may have open at a time; as usual on Linux where that is not limited."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else -1
    return soft if soft > 0 else 1024


def _is_ours(record: logging.LogRecord) -> bool:
    """Not what somebody sent that is no HTTP: whoever sends it gets a 400, and would else fill the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """Which program answers, and of which version, is nobody's business."""
    response.headers[hdrs.SERVER] = _NAME


class _Handler(web.RequestHandler):
    """Says no more of itself where it meets what is no HTTP, which no application hears of."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)
        said = web.Response(status=status, text=f"{status}\n", headers={hdrs.SERVER: _NAME})
        said.force_close()
        return said


class Runner(web.AppRunner):
    """Runs an application behind a door.

    `most` connections are open at a time: by default a third of the files that the process may open, since a server
    takes some more before it can close what is too much. For one more, the one that waits longest for a request goes.
    """

    def __init__(self, app: web.Application, *, most: int | None = None, headers: float = HEADERS) -> None:
        self._door = _Door(most or max(1, min(1000, open_files() // 3)), headers)
        app.middlewares.append(self._door.middleware)
        app.on_response_prepare.append(_unnamed)
        _log.addFilter(_is_ours)
        # What is packed stays so: a small body could else become a large one.
        self._manner: dict[str, Any] = {
            "access_log": None,
            "logger": _log,
            "keepalive_timeout": IDLE,
            "auto_decompress": False,
        }
        super().__init__(app, shutdown_timeout=1.0, **self._manner)

    @property
    def server(self) -> web.Server | None:
        """What makes a protocol for each connection; more is not asked of it."""
        server = super().server
        if server is None:
            return None
        loop, manner = asyncio.get_running_loop(), self._manner
        return cast(web.Server, lambda: _Visitor(_Handler(server, loop=loop, **manner), self._door))

    async def listen(self, host: str | None, port: int) -> None:
        """Raises OSError. Of a crowd at the door, the loop lets in as many as `backlog` in one go."""
        await web.TCPSite(self, host, port, backlog=max(8, min(128, open_files() // 16))).start()


class _Door:
    def __init__(self, most: int, headers: float) -> None:
        self._most = most
        self._headers = headers
        self._busy: set[asyncio.BaseTransport] = set()
        # Without a request, the one first that is so for the longest time.
        self._waiting: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        transport = request.transport
        if transport is None:
            return await handler(request)
        self.left(transport)
        self._busy.add(transport)
        try:
            return await handler(request)
        finally:
            self._busy.discard(transport)
            if not transport.is_closing():
                self._wait(transport, IDLE)

    def entered(self, transport: asyncio.Transport) -> None:
        self._wait(transport, self._headers)
        if len(self._waiting) + len(self._busy) > self._most:
            longest = cast(asyncio.Transport, next(iter(self._waiting)))
            self.left(longest)
            longest.abort()

    def left(self, transport: asyncio.BaseTransport) -> None:
        self._busy.discard(transport)
        if (timer := self._waiting.pop(transport, None)) is not None:
            timer.cancel()

    def _wait(self, transport: asyncio.Transport, seconds: float) -> None:
        self._waiting[transport] = asyncio.get_running_loop().call_later(seconds, transport.abort)


class _Visitor(asyncio.Protocol):
    """Between a connection and the server: tells the door who comes and goes, and passes all on."""

    def __init__(self, server: asyncio.Protocol, door: _Door) -> None:
        self._server = server
        self._door = door
        self._gone: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.connection_made(transport)
        self._gone = lambda: self._door.left(transport)
        self._door.entered(cast(asyncio.Transport, transport))

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self._server.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._server.data_received(data)

    def eof_received(self) -> bool | None:
        return self._server.eof_received()

    def pause_writing(self) -> None:
        self._server.pause_writing()

    def resume_writing(self) -> None:
        self._server.resume_writing()
