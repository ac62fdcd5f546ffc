"""The running bot for a long while, on a network with faults: does its memory, its files and its waiting times stay as they are?

python -m benchmarks.soak [--minutes N] [--rate N] [--people N]        two hours: --minutes 120

The real command polls the tests' Bot API server (in this process), with the shipped base and SQLite, and gets the labelled
questions over and over, from people who come back. One send in fifty fails: connections break, before Telegram has taken it
and after, it answers 500 and 502, or asks for a second of quiet. A line each minute: what was answered, waiting times from
question to first answer, resident memory, open files. Ends with 1 where a question is lost, or where memory or files of the
last minute are more than a tenth above those of the third, when all has been read that is read once.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.delivery import COMMANDS, PLACE, ROOT, learn, questions
from tests.botapi import faults
from tests.botapi.driver import FIRST_USER, bot_env
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer

_WARM = 2  # minutes in which the bot reads what it reads once
_MORE = 1.1  # of what it had then
_FAULTS = (
    (faults.reset_before(), 0.005),
    (faults.reset_after(), 0.002),
    (faults.server_error(), 0.005),
    (faults.bad_gateway(), 0.004),
    (faults.flood(1), 0.004),
)


@dataclass(frozen=True, slots=True)
class Minute:
    """What one minute came to; `p50` and `p99` in seconds, `memory` in MB."""

    asked: int
    answered: int
    p50: float
    p99: float
    memory: float
    files: int

    def __str__(self) -> str:
        waits = f"{1000 * self.p50:8.0f} {1000 * self.p99:8.0f}"
        return f"{self.asked:7} {self.answered:9} {waits} {self.memory:8.0f} {self.files:6}"


class Soak:
    """One bot process and its server. Each person waits for an answer before the next question, as people do."""

    def __init__(self, server: BotApiServer, rate: float, people: int, env: dict[str, str]) -> None:
        self._server, self._rate, self._people = server, rate, people
        self._bot = BotProcess(COMMANDS["sqlite"], bot_env(server, "polling", env))
        self._questions = itertools.cycle(questions())
        self._asked: list[tuple[int, float]] = []

    async def run(self, minutes: int) -> tuple[list[Minute], int]:
        """What each minute came to, and how many questions have no answer."""
        for fault, probability in _FAULTS:
            self._server.faults.on("sendMessage", fault, probability=probability)
        try:
            await self._bot.start()
            await self._server.wait_for(lambda: self._server.counters.requests.get("getUpdates", 0) > 0, 120.0)
            print(
                f"{'':7}{'asked':>7} {'answered':>9} {'p50 ms':>8} {'p99 ms':>8} {'RSS MB':>8} {'files':>6}", flush=True
            )
            found = [await self._minute(number) for number in range(minutes)]
            await asyncio.sleep(10.0)  # for what was put off
            await self._bot.terminate()
        finally:
            await self._bot.kill()
        return found, self._lost()

    async def _minute(self, number: int) -> Minute:
        begin, first, sent = self._server.state.clock(), len(self._asked), len(self._server.sent)
        for turn in range(int(60 * self._rate)):
            await asyncio.sleep(max(0.0, begin + turn / self._rate - self._server.state.clock()))
            person = FIRST_USER + len(self._asked) % self._people
            self._asked.append((person, self._server.state.clock()))
            self._server.private_message(person, next(self._questions))
        waits = self._waits(first)
        minute = Minute(
            len(self._asked) - first, len(self._server.sent) - sent, median(waits), waits[int(len(waits) * 0.99)],
            self._memory(), len(list(Path(f"/proc/{self._bot.pid}/fd").iterdir())),
        )  # fmt: skip
        print(f"{number + 1:4} m {minute}", flush=True)
        return minute

    def _waits(self, first: int) -> Sequence[float]:
        """Seconds to the first message after each question of the minute that has one."""
        times: dict[int, list[float]] = {}
        for sent in self._server.sent[-20 * int(60 * self._rate) :]:
            times.setdefault(sent.chat_id, []).append(sent.time)
        later = (
            min((at for at in times.get(who, ()) if at >= asked), default=None) for who, asked in self._asked[first:]
        )
        waits = sorted(at - asked for at, (_, asked) in zip(later, self._asked[first:], strict=True) if at is not None)
        return waits or [float("nan")]

    def _memory(self) -> float:
        status = Path(f"/proc/{self._bot.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def _lost(self) -> int:
        asked, got = Counter(who for who, _ in self._asked), Counter(sent.chat_id for sent in self._server.sent)
        return (asked - got).total()


async def soak(minutes: int, rate: float, people: int) -> tuple[list[Minute], int]:
    state = Path(tempfile.mkdtemp())
    try:
        (state / "cache").symlink_to(PLACE / "cache", target_is_directory=True)
        env = {"STATE_DIR": str(state), "SEND_RATE": "0", "ASK_RATE": "0", "PYTHONPATH": str(ROOT)}
        async with BotApiServer() as server:
            return await Soak(server, rate, people, env).run(minutes)
    finally:
        shutil.rmtree(state)


def grown(minutes: Sequence[Minute]) -> list[str]:
    """What the last minute has more of than the first after the warm ones; empty where there is none to compare."""
    if len(minutes) < _WARM + 2:
        return []
    before, after = minutes[_WARM], minutes[-1]
    found = ("memory", before.memory, after.memory), ("files", before.files, after.files)
    return [f"{what}: {old:.0f}, then {new:.0f}" for what, old, new in found if new > _MORE * old]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--rate", type=float, default=30.0, help="questions a second")
    parser.add_argument("--people", type=int, default=5000)
    options = parser.parse_args()
    learn()
    minutes, lost = asyncio.run(soak(options.minutes, options.rate, options.people))
    more = grown(minutes)
    print(
        f"{sum(one.asked for one in minutes)} questions, {lost} without an answer; "
        + ("; ".join(more) or "nothing grew")
    )
    sys.exit(1 if lost or more else 0)


if __name__ == "__main__":
    main()
