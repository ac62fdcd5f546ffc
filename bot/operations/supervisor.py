"""Tells systemd that the bot is ready, that it lives, and that it stops (Type=notify, WatchdogSec); nothing where nobody asks.

The two variables are systemd's way of asking, and no settings."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

_SOCKET, _WATCHDOG = "NOTIFY_SOCKET", "WATCHDOG_USEC"


@asynccontextmanager
async def supervised(environment: Mapping[str, str] = os.environ) -> AsyncIterator[None]:
    """Ready now; alive as long as the loop turns, told at half the time that systemd allows; stopping at the end."""
    place = environment.get(_SOCKET)
    if not place:
        yield
        return
    _tell(place, "READY=1")
    patience = environment.get(_WATCHDOG, "")
    beating = asyncio.create_task(_beat(place, int(patience) / 2e6)) if patience.isdigit() else None
    try:
        yield
    finally:
        if beating is not None:
            beating.cancel()
        _tell(place, "STOPPING=1")


async def _beat(place: str, pause: float) -> None:
    while True:
        _tell(place, "WATCHDOG=1")
        await asyncio.sleep(pause)


def _tell(place: str, state: str) -> None:
    """A datagram; an abstract address begins with @. Whoever started the bot may be gone: that stops nothing."""
    address = f"\0{place[1:]}" if place.startswith("@") else place
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
        way.setblocking(False)  # a listener who does not read must not hold the bot up
        way.sendto(state.encode(), address)
