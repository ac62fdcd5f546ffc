"""How a fault looks on the wire: pages, halves, resets and silence."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.botapi.faults import Fault
from tests.botapi.state import State

Accept = Callable[[], Awaitable[web.Response]]

_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_HALF = b'{"ok":true,"result":{"message_id":10'


async def answer(fault: Fault | None, request: web.Request, state: State, accept: Accept) -> web.StreamResponse:
    """Answer a call with its fault, if it has one; `accept` makes it take effect and gives the good answer."""
    if fault is None:
        return await accept()
    good = await accept() if fault.accepted else None
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return good if good is not None else await accept()
    if fault.kind == "silent":
        await _silence(request, fault.seconds)
        return _reset(request)
    if fault.kind == "reset":
        return _reset(request)
    if fault.kind == "deleted" and good is not None:
        if good.status != 200:
            return good
        _delete(state, good)
    return _failure(fault)


def _failure(fault: Fault) -> web.Response:
    if fault.kind == "bad_gateway":
        return web.Response(status=502, body=_BAD_GATEWAY, content_type="text/html")
    if fault.kind == "half_json":
        return web.Response(body=_HALF, content_type="application/json")
    assert fault.error
    return web.json_response(fault.error.body(), status=fault.error.code)


async def _silence(request: web.Request, seconds: float) -> None:
    """As long as the client waits, `seconds` at most."""
    end = time.monotonic() + seconds
    while request.transport and not request.transport.is_closing() and time.monotonic() < end:
        await asyncio.sleep(0.02)


def _delete(state: State, answer: web.Response) -> None:
    assert isinstance(answer.body, bytes)
    message = json.loads(answer.body)["result"]
    state.messages.pop((message["chat"]["id"], message["message_id"]), None)


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
