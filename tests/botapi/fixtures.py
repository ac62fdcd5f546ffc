"""The pytest fixture `api`. A test module gets it by `pytest_plugins = ("tests.botapi.fixtures",)`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.botapi.server import BotApiServer


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApiServer]:
    """A running server; the test fails if a client broke a rule of the Bot API, unless it clears `violations`."""
    server = await BotApiServer().start()
    try:
        yield server
    finally:
        await server.stop()
    if server.violations:
        pytest.fail("broken rules of the Bot API:\n" + "\n".join(server.violations))
