"""A small bot for the tests of the driver: answers each text with "echo: " and the text.

Settings by environment: those of the driver, and ECHO_CONFIRM (after | before: when an update is confirmed, relative to
its answer), ECHO_WORK (seconds each answer takes), ECHO_POISON (a text that ends the bot).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import Any

import aiohttp
from aiohttp import web

Update = dict[str, Any]


class EchoBot:
    """One bot, polling or with a webhook."""

    def __init__(self, session: aiohttp.ClientSession, env: dict[str, str]) -> None:
        self._session = session
        self._env = env
        self._api = f"{env['TELEGRAM_BASE_URL']}/bot{env['TELEGRAM_BOT_TOKEN']}"
        self._before = env.get("ECHO_CONFIRM") == "before"
        self._work = float(env.get("ECHO_WORK", "0"))
        self._seen: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method; gives its result, None when it was refused."""
        async with self._session.post(f"{self._api}/{method}", json=params) as response:
            body = await response.json(content_type=None)
        return body.get("result") if response.status == 200 else None

    async def handle(self, update: Update) -> None:
        """Answer a text message once."""
        message = update.get("message")
        text, chat = (message.get("text"), message.get("chat")) if isinstance(message, dict) else (None, None)
        if not isinstance(text, str) or not text.strip() or not chat or update["update_id"] in self._seen:
            return
        if text == self._env.get("ECHO_POISON"):
            raise SystemExit(3)
        await asyncio.sleep(self._work)
        await self.call("sendMessage", chat_id=chat["id"], text=f"echo: {text[:4000]}")
        self._seen.add(update["update_id"])

    def _later(self, update: Update) -> None:
        task = asyncio.create_task(self.handle(update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def poll(self) -> None:
        """Fetch, answer, confirm; or confirm first, as careless bots do."""
        await self.call("deleteWebhook")
        offset = 0
        while True:
            updates = await self.call("getUpdates", offset=offset, timeout=10, limit=10) or []
            for update in updates:
                await self._take(update)
                offset = update["update_id"] + 1

    async def _take(self, update: Update) -> None:
        if self._before:
            self._later(update)
        else:
            await self.handle(update)

    async def serve(self) -> None:
        """Take updates by webhook."""
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, port = self._env["WEBHOOK_LISTEN"].split(":")
        await web.TCPSite(runner, host, int(port)).start()
        secret = self._env["WEBHOOK_SECRET"]
        await self.call("setWebhook", url=self._env["WEBHOOK_URL"] + "/hook", secret_token=secret, max_connections=8)
        await asyncio.Event().wait()

    async def _hook(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != self._env["WEBHOOK_SECRET"]:
            return web.Response(status=403)
        await self._take(await request.json())
        return web.Response()


async def main() -> None:
    """Run until SIGTERM."""
    async with aiohttp.ClientSession() as session:
        bot = EchoBot(session, dict(os.environ))
        work = asyncio.ensure_future(bot.serve() if os.environ.get("BOT_MODE") == "webhook" else bot.poll())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
        print("started", flush=True)
        with contextlib.suppress(asyncio.CancelledError):
            await work


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
