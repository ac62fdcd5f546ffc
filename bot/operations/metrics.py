"""GET /metrics for Prometheus (METRICS_LISTEN): what was counted, and what is found out when somebody asks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.addresses import listen_address
from bot.errors import ReformbotError
from bot.kb.load import due
from bot.kb.model import KnowledgeBase
from bot.metrics import REGISTRY

log = logging.getLogger(__name__)

_PATIENCE = 8.0  # seconds; Prometheus gives up after ten
_NAMED = 12  # hexadecimal digits of the digest, as /stats and the cache show it


@dataclass(slots=True)
class Watched:
    """What is asked when somebody measures. `waiting` gives the dates of the updates that this copy has in hand, in
    seconds since 1970; `parts` what has to work, as /ready says it."""

    folder: Path
    base: Callable[[], KnowledgeBase]
    parts: Callable[[], Awaitable[Mapping[str, bool]]]
    waiting: Callable[[], Sequence[float]]
    loaded: dict[str, float] = field(default_factory=dict)


@contextmanager
def measured(address: str | None, watched: Watched) -> Iterator[None]:
    """Serve /metrics meanwhile; nothing where there is no address. ReformbotError where it cannot be listened on."""
    if address is None:
        yield
        return
    place, gauges = listen_address(address), _Gauges(watched, asyncio.get_running_loop())
    try:
        host = place.host or "0.0.0.0"  # noqa: S104 - an empty host in METRICS_LISTEN means just that
        server, thread = start_http_server(place.port, host, REGISTRY)
    except OSError as error:
        raise ReformbotError(f"METRICS_LISTEN={address} cannot be listened on: {error.strerror}.") from None
    REGISTRY.register(gauges)
    log.info("Listening for GET /metrics on %s", address)
    try:
        yield
    finally:
        REGISTRY.unregister(gauges)
        server.shutdown()
        server.server_close()
        thread.join()


class _Gauges(Collector):
    """Asked in the server's thread; what belongs to the loop is asked there."""

    def __init__(self, watched: Watched, loop: asyncio.AbstractEventLoop) -> None:
        self._watched, self._loop = watched, loop

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # it is not asked before there is a loop to ask in

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._works()
        waiting = self._watched.waiting()
        yield GaugeMetricFamily("reformbot_inbox_updates", "Updates in this copy's hands.", value=len(waiting))
        age = max((time.time() - asked for asked in waiting), default=0.0)
        yield GaugeMetricFamily("reformbot_inbox_oldest_seconds", "Age of the oldest of them.", value=age)
        yield from self._base()

    def _works(self) -> GaugeMetricFamily:
        found = GaugeMetricFamily("reformbot_works", "Whether a part works, as /ready says it.", labels=["part"])
        asked = asyncio.run_coroutine_threadsafe(_as_coroutine(self._watched.parts()), self._loop)
        try:
            parts = asked.result(_PATIENCE)
        except TimeoutError:  # the loop stands still, which is worth knowing
            parts = {"loop": False}
        for part, works in parts.items():
            found.add_metric([part], int(works))
        return found

    def _base(self) -> Iterator[GaugeMetricFamily]:
        base, today = self._watched.base(), date.today()
        since = self._watched.loaded.setdefault(base.digest, time.time())
        info = GaugeMetricFamily("reformbot_base_info", "The knowledge in use.", labels=["digest"])
        info.add_metric([base.digest[:_NAMED]], 1)
        yield info
        yield GaugeMetricFamily("reformbot_base_entries", "Entries in it.", value=len(base.entries))
        yield GaugeMetricFamily("reformbot_base_loaded_timestamp_seconds", "Since when it is in use.", value=since)
        overdue = _overdue(self._watched.folder, base.digest, today)
        yield GaugeMetricFamily(
            "reformbot_base_overdue", "Parts of it that should have been checked by now.", value=overdue
        )


@lru_cache(1)
def _overdue(folder: Path, digest: str, today: date) -> int:
    """Read once for each base and day."""
    try:
        return len(due(folder, today))
    except (ReformbotError, OSError):
        return 0


async def _as_coroutine(asked: Awaitable[Mapping[str, bool]]) -> Mapping[str, bool]:
    return await asked
