"""The store goes away under the real bot: it answers on, /ready says so, and all is well again when the store is back."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.database import SQLITE_FILE, database_address
from tests.botapi.driver import Driver, Plan, Report
from tests.botapi.server import BotApiServer
from tests.delivery.figures import note
from tests.delivery.runs import QUIET, driver, full_size, misread, question, ready, until
from tests.store.test_failures_postgresql import Proxy, through
from tests.store_contract import admin, postgres_database

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

RATE = 40
SECONDS = [2, pytest.param(20, marks=full_size)]


class Outage:
    """A run during which the store goes away and comes back, with a look at /ready before, meanwhile and after."""

    def __init__(self, api: BotApiServer, folder: Path, seconds: float, **settings: str) -> None:
        plan = Plan(questions=int(RATE * (seconds + 4)), rate=RATE, mode="webhook", quiet=QUIET, text=question)
        self._api = api
        self._seconds = seconds
        self._folder = folder
        self._driver: Driver = driver(api, folder, plan, **settings)
        self.log = ""

    @contextlib.asynccontextmanager
    async def before(self) -> AsyncIterator[None]:
        """The bot runs and is asked; the block is to take the store away."""
        await self._driver.start()
        self._begin = self._api.state.clock()
        self._flood = asyncio.create_task(self._driver.flood())
        await until(lambda: self.says(200, store=True), 30)
        await asyncio.sleep(1)
        yield

    async def lasts(self) -> None:
        """Until the bot has noticed, and then as long as it is to last."""
        await until(lambda: self.says(503, store=False), 30)
        await asyncio.sleep(self._seconds)
        assert await self.says(503, store=False)

    async def over(self, case: str) -> Report:
        """The store is back: wait for the bot to notice, and for the answers."""
        try:
            await until(lambda: self.says(200, store=True), 60)
            await self._flood
            await self._driver.finish()
        finally:
            await self._driver.bot.terminate()
            self.log = self._driver.bot.output()
        report = self._driver.report(0.0, self._begin)
        self._driver.bot.log.replace(self._folder / "bot.log")
        note(case, report)
        return report

    async def says(self, status: int, *, store: bool) -> bool:
        address = self._driver.bot._env["WEBHOOK_LISTEN"]
        return await ready(address) == (status, {"intake": True, "store": store, "webhook": True})

    @property
    def longest(self) -> float:
        return self._driver.latencies()[-1]

    async def kill(self) -> None:
        await self._driver.bot.kill()


def all_answered(outage: Outage, report: Report, api: BotApiServer, losses: int = 1) -> None:
    assert (report.lost, report.doubled, report.unconfirmed, report.died) == (0, 0, 0, 0)
    assert report.p99 < 8.0  # nobody waits for the store: at full size it is away for 20 s
    assert misread(api) == []
    assert 1 <= outage.log.count("The store is away") <= losses
    assert outage.log.count("The store is back") == outage.log.count("The store is away")
    assert "Traceback" not in outage.log


@pytest.fixture
def database() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest_asyncio.fixture
async def proxy(database: str) -> AsyncIterator[Proxy]:
    url = database_address(database, Path("unused"))
    proxy = Proxy(url.host or "127.0.0.1", url.port or 5432)
    await proxy.up()
    yield proxy
    await proxy.cut()


@pytest.mark.parametrize("seconds", SECONDS)
async def test_postgresql_away(api: BotApiServer, tmp_path: Path, database: str, proxy: Proxy, seconds: float) -> None:
    outage = Outage(api, tmp_path, seconds, DATABASE_URL=through(proxy, database), IDENTITY_SECRET="s" * 32)
    try:
        async with outage.before():
            await proxy.cut()
        await outage.lasts()
        await proxy.up()
        report = await outage.over(f"PostgreSQL away for {seconds} s, webhook, {RATE}/s")
    finally:
        await outage.kill()
    all_answered(outage, report, api)
    done = await admin("SELECT count(*) FROM handled", database)
    assert done[0][0] == report.asked


@pytest.mark.parametrize("seconds", SECONDS)
async def test_postgresql_that_hangs(
    api: BotApiServer, tmp_path: Path, database: str, proxy: Proxy, seconds: float
) -> None:
    """Nothing is refused and nothing ends: only time tells."""
    outage = Outage(api, tmp_path, seconds, DATABASE_URL=through(proxy, database), IDENTITY_SECRET="s" * 32)
    try:
        async with outage.before():
            proxy.stop()
        await outage.lasts()
        proxy.go()
        report = await outage.over(f"PostgreSQL hangs for {seconds} s, webhook, {RATE}/s")
        print(f"| longest wait {outage.longest:.1f} s |")
    finally:
        await outage.kill()
    all_answered(outage, report, api)


@pytest.mark.parametrize("seconds", SECONDS)
async def test_sqlite_locked_by_somebody_else(api: BotApiServer, tmp_path: Path, seconds: float) -> None:
    outage = Outage(api, tmp_path, seconds)
    try:
        async with outage.before():
            other = sqlite3.connect(tmp_path / "state" / SQLITE_FILE, isolation_level=None, timeout=5)
            other.execute("BEGIN EXCLUSIVE")
        await outage.lasts()
        other.execute("ROLLBACK")
        other.close()
        report = await outage.over(f"SQLite locked for {seconds} s, webhook, {RATE}/s")
    finally:
        await outage.kill()
    all_answered(outage, report, api)


@full_size
async def test_sqlite_on_a_full_disk(api: BotApiServer, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("A disk of its own size needs the right to mount: run as root")
    outage = Outage(api, tmp_path, 10, DATABASE_URL=f"sqlite:///{disk / SQLITE_FILE}")
    try:
        async with outage.before():
            with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
        await outage.lasts()
        (disk / "filler").unlink()
        report = await outage.over(f"SQLite on a full disk for 10 s, webhook, {RATE}/s")
    finally:
        await outage.kill()
        subprocess.run(["umount", "-l", str(disk)], check=True)
    # Opened anew, SQLite gives some room back, and there is a store until that is full, too.
    all_answered(outage, report, api, losses=6)
