"""Several bots behind one webhook: a balancer in front of them, and the driver that kills them in turn."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.botapi.driver import STARTED, Driver, Plan, bot_env
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.delivery.base import state_folder
from tests.delivery.runs import settings


class Balancer:
    """One address for several: each request to the next of them, to another if there is no connection. Every
    `mirror`-th goes to two at the same time, as no balancer should do; the answer is that of the first."""

    def __init__(self, upstreams: Sequence[str], mirror: int = 0) -> None:
        self._upstreams = list(upstreams)
        self._turn = itertools.count()
        self._mirror = mirror
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    async def __aenter__(self) -> Balancer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner and self._session:
            await self._runner.cleanup()
            await self._session.close()

    async def _pass(self, request: web.Request) -> web.Response:
        turn, body = next(self._turn), await request.read()
        first = self._forward(request, body, turn)
        if not self._mirror or turn % self._mirror:
            return await first
        return (await asyncio.gather(first, self._forward(request, body, turn + 1)))[0]

    async def _forward(self, request: web.Request, body: bytes, turn: int) -> web.Response:
        assert self._session
        for offset in range(len(self._upstreams)):
            url = f"http://{self._upstreams[(turn + offset) % len(self._upstreams)]}{request.path}"
            try:
                async with self._session.request(request.method, url, data=body, headers=request.headers) as answer:
                    kept = {k: v for k, v in answer.headers.items() if k == "Retry-After"}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except aiohttp.ClientConnectorError:
                continue  # it is down: the next one
            except (aiohttp.ClientError, OSError):
                return web.Response(status=502)  # it went down with the request
        return web.Response(status=502)


class Fleet:
    """Several bot processes, as one for the driver."""

    def __init__(self, bots: Sequence[BotProcess]) -> None:
        self.bots = list(bots)

    @property
    def running(self) -> bool:
        return any(bot.running for bot in self.bots)

    @property
    def starts(self) -> int:
        return sum(bot.starts for bot in self.bots)

    @property
    def died(self) -> int:
        return sum(bot.died for bot in self.bots)

    @property
    def exit_codes(self) -> list[int]:
        return [code for bot in self.bots for code in bot.exit_codes]

    @property
    def cpu_seconds(self) -> float:
        return sum(bot.cpu_seconds for bot in self.bots)

    @property
    def peak_rss_mb(self) -> float:
        return max(bot.peak_rss_mb for bot in self.bots)

    async def start(self) -> None:
        await asyncio.gather(*(bot.start() for bot in self.bots if not bot.running))

    async def kill(self) -> None:
        await asyncio.gather(*(bot.kill() for bot in self.bots))

    async def terminate(self, grace: float = 10.0) -> int:
        return max(await asyncio.gather(*(bot.terminate(grace) for bot in self.bots)))

    def output(self) -> str:
        return "\n".join(bot.output() for bot in self.bots)

    def log_bytes(self) -> int:
        return sum(bot.log_bytes() for bot in self.bots)

    def occurrences(self, secret: str) -> int:
        return sum(bot.occurrences(secret) for bot in self.bots)


class FleetDriver(Driver):
    """Kills one replica after the other; the rest goes on."""

    def __init__(
        self, server: BotApiServer, command: Sequence[str], plan: Plan, envs: Sequence[Mapping[str, str]]
    ) -> None:
        super().__init__(server, command, plan)
        self.bot.log.unlink()
        self.fleet = Fleet([BotProcess(command, env) for env in envs])
        self.bot = self.fleet  # type: ignore[assignment]

    async def start(self, timeout: float = STARTED) -> float:
        """Until each replica that did not run has set the webhook."""
        sets, begin = self.server.counters.requests, self.server.state.clock()
        goal = sets.get("setWebhook", 0) + sum(not bot.running for bot in self.fleet.bots)
        await self.fleet.start()
        await self.server.wait_for(lambda: sets.get("setWebhook", 0) >= goal, timeout)
        return self.server.state.clock() - begin

    async def strike(self) -> None:
        for number, share in enumerate(sorted(self.plan.kills)):
            goal = int(share * self.plan.questions)
            if not await self._progress(lambda goal=goal: len(self._answers()) >= goal):  # type: ignore[misc]
                return
            await self.fleet.bots[number % len(self.fleet.bots)].kill()
            await asyncio.sleep(self.plan.pause)
            await self.start()


def environments(api: BotApiServer, folder: Path, database: str, url: str, ports: list[int]) -> list[dict[str, str]]:
    """As on three machines: nothing in common but the database, the secrets and the address."""
    common = {"DATABASE_URL": database, "IDENTITY_SECRET": "shared-by-all-replicas-0123456789", "WEBHOOK_URL": url}
    each = []
    for port in ports:
        own = {"WEBHOOK_LISTEN": f"127.0.0.1:{port}", "STATE_DIR": str(state_folder(folder, f"state-{port}"))}
        each.append(bot_env(api, "webhook", settings(folder) | common | own))
    return each
