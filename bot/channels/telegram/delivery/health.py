"""GET /health and /ready: for whoever watches the process. On the webhook's address, and on one of their own (HEALTH_LISTEN)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.addresses import listen_address
from bot.channels.telegram.delivery.doors import Runner
from bot.errors import ReformbotError

log = logging.getLogger(__name__)

Parts = dict[str, bool]
Ask = Callable[[], Awaitable[Parts]]


class Health:
    """What is said. At first the bot learns and is not ready; `ask` is added by whatever has to work, `note` by whatever has
    something to say that makes nobody less ready."""

    def __init__(self, *, learning: bool = False) -> None:
        self.learning = learning
        self._asks: list[Ask] = []
        self._notes: list[Callable[[], dict[str, Any]]] = []
        self._asking: asyncio.Task[Parts] | None = None

    def add(self, *asks: Ask) -> None:
        self._asks += asks

    def add_note(self, note: Callable[[], dict[str, Any]]) -> None:
        self._notes.append(note)

    def notes(self) -> dict[str, Any]:
        return {name: said for note in self._notes for name, said in note().items()}

    def alive(self) -> Parts:
        return {"alive": True, "learning": True} if self.learning else {"alive": True}

    async def parts(self) -> Parts:
        """Part -> whether it works. Who asks while it is being found out gets the same answer: it costs a write."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Parts:
        if not self._asks:
            return {"intake": False}
        return {name: works for ask in self._asks for name, works in (await ask()).items()}


def health_routes(health: Health) -> list[web.RouteDef]:
    """GET /health: the process lives. GET /ready: updates come in, are handled and remembered; else 503 and what is not."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response(health.alive())

    async def ready(_: web.Request) -> web.Response:
        parts = await health.parts()
        return web.json_response(parts | health.notes(), status=200 if all(parts.values()) else 503)

    return [web.get("/health", alive), web.get("/ready", ready)]


@asynccontextmanager
async def listening(address: str | None, health: Health) -> AsyncIterator[None]:
    """Serve the two routes on an address of their own meanwhile; nothing where there is none."""
    if address is None:
        yield
        return
    application = web.Application()
    application.router.add_routes(health_routes(health))
    runner = Runner(application)
    await runner.setup()
    try:
        await listen(runner, address, "HEALTH_LISTEN")
        log.info("Listening for GET /health and /ready on %s", address)
        yield
    finally:
        await runner.cleanup()


async def listen(runner: Runner, address: str, setting: str) -> None:
    """Raises ReformbotError, which names the setting."""
    place = listen_address(address)
    try:
        await runner.listen(place.host or None, place.port)
    except OSError as error:
        raise ReformbotError(f"Cannot listen on {address} ({error.strerror}). Check {setting}.") from error
