"""The running bot beside a plain echo bot: answers a second, processor time an answer, waiting times, time to the start.

python -m benchmarks.delivery [--rounds N] [--backlog N] [--seconds N] [SYSTEM …]      systems: echo sqlite postgresql

Each is the real command in a process of its own, polls the tests' Bot API server (in this process) and gets the same
labelled questions, each once and from a person of its own: first a backlog, all at once, then 30 a second. The bot answers
from the shipped base, with its journal and inbox; nothing is paced. Processor time is user and system time of the bot's
process, of the database's server none. The rounds take turns, and the end of a line compares with the echo of the same round;
of each figure the median of the rounds is printed. PostgreSQL is that of REFORMBOT_TEST_POSTGRES or on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

from tests.botapi.driver import FIRST_USER, bot_env
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer
from tests.store_contract import postgres_database

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".pytest_cache" / "benchmark"
COMMANDS = {
    "echo": [sys.executable, "-m", "benchmarks.echo_bot"],
    "sqlite": [sys.executable, "-m", "bot", "run"],
    "postgresql": [sys.executable, "-m", "bot", "run"],
}
RATE = 30.0  # questions a second: as many answers as Telegram takes
_SETTLE = 3.0  # seconds after the start in which the bot reads its dictionaries and sets its profile
_SILENCE = 30.0  # seconds without an answer after which none is waited for any more
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """`cpu` is milliseconds of processor time an answer, in the backlog; `p50` and `p99` are milliseconds; `ready` seconds."""

    rate: float
    cpu: float
    p50: float
    p99: float
    ready: float


def questions() -> list[str]:
    """All labelled questions in the three languages, each once, in a fixed random order; commands are none."""
    found: dict[str, None] = {}
    for file in sorted((ROOT / "tests" / "cases").glob("*/*.jsonl")):
        found.update(dict.fromkeys(json.loads(line)["q"] for line in file.read_text("utf-8").splitlines() if line))
    shuffled = [question for question in found if not question.startswith("/")]
    random.Random(11).shuffle(shuffled)
    return shuffled


class Run:
    """One bot process and its server."""

    def __init__(self, server: BotApiServer, system: str, env: dict[str, str]) -> None:
        self._server = server
        self._bot = BotProcess(COMMANDS[system], bot_env(server, "polling", env))
        self._asked: dict[int, float] = {}
        self._questions = iter(questions())

    async def measure(self, backlog: int, seconds: float) -> Figures:
        try:
            ready = await self._start()
            await asyncio.sleep(_SETTLE)
            before, begin = self._cpu(), self._server.state.clock()
            for _ in range(backlog):
                self._ask()
            await self._answered()
            took, cpu = self._server.sent[-1].time - begin, self._cpu() - before
            waits = await self._steadily(seconds)
            await self._bot.terminate()
        finally:
            await self._bot.kill()
            self._bot.log.unlink()
        return Figures(backlog / took, 1000 * cpu / backlog, 1000 * median(waits), 1000 * _p99(waits), ready)

    async def _start(self) -> float:
        begin = self._server.state.clock()
        await self._bot.start()
        await self._server.wait_for(lambda: self._server.counters.requests.get("getUpdates", 0) > 0, 120.0)
        return self._server.state.clock() - begin

    def _ask(self) -> None:
        person = FIRST_USER + len(self._asked)
        self._server.private_message(person, next(self._questions))
        self._asked[person] = self._server.state.clock()

    async def _answered(self) -> None:
        """Returns when everybody has an answer. RuntimeError if the bot ends, or no answer comes for half a minute."""
        count, last = 0, self._server.state.clock()
        while (sent := len(self._server.sent)) < len(self._asked):
            now = self._server.state.clock()
            count, last = sent, now if sent > count else last
            if not self._bot.running or now - last > _SILENCE:
                raise RuntimeError(f"{sent} of {len(self._asked)} answers:\n{self._bot.output()[-3000:]}")
            await asyncio.sleep(0.02)

    async def _steadily(self, seconds: float) -> list[float]:
        """Seconds from each question to its first answer."""
        first, begin = len(self._asked), self._server.state.clock()
        for number in range(int(seconds * RATE)):
            await asyncio.sleep(max(0.0, begin + number / RATE - self._server.state.clock()))
            self._ask()
        await self._answered()
        people = list(self._asked)[first:]
        answered = {sent.chat_id: sent.time for sent in reversed(self._server.sent)}
        return sorted(answered[person] - self._asked[person] for person in people)

    def _cpu(self) -> float:
        spent = Path(f"/proc/{self._bot.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(spent[11]) + int(spent[12])) / _TICK


def _p99(waits: Sequence[float]) -> float:
    return waits[int(len(waits) * 0.99)]


async def run(system: str, database: str | None, backlog: int, seconds: float) -> Figures:
    state = Path(tempfile.mkdtemp())
    try:
        (state / "cache").symlink_to(PLACE / "cache", target_is_directory=True)
        env = {"STATE_DIR": str(state), "SEND_RATE": "0", "ASK_RATE": "0", "PYTHONPATH": str(ROOT)}
        if system == "postgresql" and database:
            env["DATABASE_URL"] = database
        async with BotApiServer() as server:
            return await Run(server, system, env).measure(backlog, seconds)
    finally:
        shutil.rmtree(state)


def learn() -> None:
    """Fill the cache, so that the start is measured as it is every day."""
    PLACE.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"STATE_DIR": str(PLACE), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "bot", "ask", "?"], env=env, check=True, capture_output=True)


def _print(system: str, figures: Sequence[Figures], echo: Sequence[Figures]) -> None:
    means = {field.name: median(getattr(one, field.name) for one in figures) for field in fields(Figures)}
    line = "{rate:10.0f} {cpu:12.2f} {p50:8.1f} {p99:8.1f} {ready:8.2f}".format(**means)
    if echo and figures is not echo:
        rates, times = zip(*((a.rate / b.rate, a.cpu / b.cpu) for a, b in zip(figures, echo, strict=True)), strict=True)
        line += f"   {median(rates):.2f} x the throughput, {median(times):.2f} x the processor time of echo"
    print(f"{system:12}{line}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", nargs="*", choices=[*COMMANDS, []], metavar="SYSTEM")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--backlog", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=20.0, help="of 30 questions each")
    options = parser.parse_args()
    systems = options.systems or list(COMMANDS)
    found: dict[str, list[Figures]] = {system: [] for system in systems}
    if systems != ["echo"]:
        learn()
    for _ in range(options.rounds):
        for system in systems:
            with ExitStack() as stack:
                database = stack.enter_context(postgres_database()) if system == "postgresql" else None
                found[system].append(asyncio.run(run(system, database, options.backlog, options.seconds)))
    print(f"{'':12}{'answers/s':>10} {'ms cpu each':>12} {'p50 ms':>8} {'p99 ms':>8} {'ready s':>8}")
    for system in systems:
        _print(system, found[system], found.get("echo", []))


if __name__ == "__main__":
    main()
