"""The port the server listens on. It can be closed and opened again, as in an outage of the network."""

from __future__ import annotations

import asyncio

from aiohttp import web


class Port:
    """One port of 127.0.0.1, the same one after each opening."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        self._site: web.TCPSite | None = None
        self.number = 0

    async def start(self) -> None:
        """Listen on a free port."""
        await self._runner.setup()
        await self.open()

    async def open(self) -> None:
        """Listen (again)."""
        if self._site is None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self.number, reuse_address=True)
            await self._site.start()
            self.number = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Refuse connections, and cut those that are open: whoever waits for an answer does not get it."""
        if self._site is not None:
            site, self._site = self._site, None
            await site.stop()
            for connection in self._runner.server.connections if self._runner.server else []:
                if connection.transport:
                    connection.transport.abort()

    async def closed(self, seconds: float) -> None:
        """Close it and open it again after `seconds`."""
        await self.close()
        await asyncio.sleep(seconds)
        await self.open()

    async def stop(self) -> None:
        """End for good."""
        await self._runner.cleanup()
