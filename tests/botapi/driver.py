"""Floods a real bot process with questions, kills it on the way, and counts what was answered, lost and doubled."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.botapi.model import Sent
from tests.botapi.odd_updates import odd_updates
from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer

FIRST_USER = 100_000
SECRET = "driver-secret_16"
STARTED = 90.0  # seconds within which a bot is there, on a machine that is busy with ten other things; one is the rule


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `kills` and `terms` are shares of the questions answered, at which SIGKILL or SIGTERM comes."""

    questions: int = 300
    rate: float = 0.0  # a second; 0: all at once
    users: int = 0  # 0: each question from a user of its own
    mode: str = "polling"
    kills: Sequence[float] = ()
    terms: Sequence[float] = ()
    grace: float = 10.0
    pause: float = 0.2  # seconds between an end and the next start
    quiet: float = 3.0  # seconds without a message after which the rest counts as lost
    settle: float = 0.3  # seconds to wait for doubled answers
    replies: int = 1  # messages the bot sends for one question
    odd: bool = False  # odd updates between the questions
    text: Callable[[int], str] = field(default=lambda number: f"question {number}")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run; times in seconds."""

    asked: int
    answered: int
    lost: int
    doubled: int
    starts: int
    ready: float
    seconds: float
    p50: float
    p99: float
    peak_per_second: int
    exit_codes: tuple[int, ...]
    died: int  # ends that nobody asked for
    unconfirmed: int  # updates still in the queue
    log_bytes: int
    token_in_log: int
    cpu_seconds: float
    peak_rss_mb: float
    conflicts: int
    flood_violations: int
    violations: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Answers a second, from the first question to the last answer."""
        return self.answered / self.seconds if self.seconds else 0.0


# Below the ports that systems give to outgoing connections, and from another start in each test process, so that what was
# free just now is free still when the bot takes it.
_PORTS = (10_000 + number % 20_000 for number in itertools.count(997 * os.getpid()))


def free_port() -> int:
    """A port of 127.0.0.1 that was free just now."""
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("they never end")


def bot_env(server: BotApiServer, mode: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The settings that lead a bot to the server; of the real environment only PATH and HOME come along."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_BASE_URL": server.base_url,
        "BOT_MODE": mode,
        "WEBHOOK_URL": f"http://{address}",
        "WEBHOOK_LISTEN": address,
        "WEBHOOK_SECRET": SECRET,
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONUNBUFFERED": "1"} | settings | dict(extra or {})


class Driver:
    """One server, one bot process, one plan."""

    def __init__(
        self, server: BotApiServer, command: Sequence[str], plan: Plan, env: Mapping[str, str] | None = None
    ) -> None:
        """`env` is added to that of `bot_env`."""
        self.server = server
        self.plan = plan
        self.bot = BotProcess(command, bot_env(server, plan.mode, env))
        self.asked: dict[int, int] = {}
        self._odd = odd_updates() if plan.odd else iter(())

    async def run(self) -> Report:
        """Start the bot, carry the plan out, stop the bot."""
        try:
            ready = await self.start()
            begin = self.server.state.clock()
            flood = asyncio.create_task(self.flood())
            await self.strike()
            await flood
            await self.finish()
            await self.bot.terminate(self.plan.grace)
        finally:
            await self.bot.kill()
        return self.report(ready, begin)

    async def start(self, timeout: float = STARTED) -> float:
        """Start the bot and wait until it fetches updates or has set its webhook; gives the seconds it took."""
        method = "setWebhook" if self.plan.mode == "webhook" else "getUpdates"
        requests = self.server.counters.requests
        before, begin = requests.get(method, 0), self.server.state.clock()
        await self.bot.start()

        def ready() -> bool:
            return requests.get(method, 0) > before or not self.bot.running

        await self.server.wait_for(ready, timeout)
        if not self.bot.running:
            raise RuntimeError(f"the bot ended at its start:\n{self.bot.output()[-3000:]}")
        return self.server.state.clock() - begin

    async def flood(self) -> None:
        """Ask all the questions at the rate of the plan."""
        plan, begin = self.plan, self.server.state.clock()
        for number in range(plan.questions):
            if plan.rate and (wait := begin + number / plan.rate - self.server.state.clock()) > 0:
                await asyncio.sleep(wait)
            for _, update in [odd for odd in [next(self._odd, None)] if odd]:
                self.server.push(update)
            user = FIRST_USER + (number % plan.users if plan.users else number)
            self.asked[self.server.private_message(user, plan.text(number))] = user

    async def strike(self) -> None:
        """End the bot at each point of the plan and start it again."""
        points = sorted([(share, "kill") for share in self.plan.kills] + [(share, "term") for share in self.plan.terms])
        for share, how in points:
            goal = int(share * self.plan.questions * self.plan.replies)
            if not await self._progress(lambda goal=goal: len(self._answers()) >= goal):  # type: ignore[misc]
                continue
            await (self.bot.kill() if how == "kill" else self.bot.terminate(self.plan.grace))
            await asyncio.sleep(self.plan.pause)
            await self.start()

    async def finish(self) -> None:
        """Wait for the answers, as long as there are any, and a little longer for doubled ones."""
        await self._progress(lambda: self.lost() == 0)
        await asyncio.sleep(self.plan.settle)

    async def _progress(self, done: Callable[[], bool]) -> bool:
        seen = -1
        while not done():
            if not self.bot.running:
                return False
            if seen == len(self.server.sent) and len(self.asked) == self.plan.questions:
                return False
            seen = len(self.server.sent)
            for _ in range(int(self.plan.quiet / 0.02)):
                await asyncio.sleep(0.02)
                if len(self.server.sent) != seen or done() or not self.bot.running:
                    break
        return True

    def _answers(self) -> list[Sent]:
        users = FIRST_USER + (self.plan.users or self.plan.questions)
        return [sent for sent in self.server.sent if FIRST_USER <= sent.chat_id < users]

    def _counts(self) -> tuple[Counter[int], Counter[int]]:
        """Messages wanted and messages got, by chat."""
        wanted = Counter({user: n * self.plan.replies for user, n in Counter(self.asked.values()).items()})
        return wanted, Counter(sent.chat_id for sent in self._answers())

    def lost(self) -> int:
        """Questions without an answer so far, those not asked yet among them."""
        wanted, got = self._counts()
        missing = (wanted - got).total()
        return -(-missing // self.plan.replies) + self.plan.questions - len(self.asked)

    def doubled(self) -> int:
        """Messages beyond those wanted."""
        wanted, got = self._counts()
        return (got - wanted).total()

    def latencies(self) -> list[float]:
        """Seconds from question to first answer; exact when each question has a chat of its own."""
        times: dict[int, list[float]] = defaultdict(list)
        for sent in self._answers():
            times[sent.chat_id].append(sent.time)
        found = []
        for update_id, user in self.asked.items():
            asked = self.server.state.pushed[update_id].time
            found += [min(later) - asked for later in [[t for t in times[user] if t >= asked]] if later]
        return sorted(found)

    def report(self, ready: float, begin: float) -> Report:
        """Count."""
        server, lost, times = self.server, self.lost(), self.latencies()
        return Report(
            asked=len(self.asked),
            answered=len(self.asked) - lost,
            lost=lost,
            doubled=self.doubled(),
            starts=self.bot.starts,
            ready=ready,
            seconds=max((sent.time for sent in server.sent), default=begin) - begin,
            p50=statistics.median(times) if times else 0.0,
            p99=times[int(len(times) * 0.99)] if times else 0.0,
            peak_per_second=peak_per_second(server.sent),
            exit_codes=tuple(self.bot.exit_codes),
            died=self.bot.died,
            unconfirmed=len(server.unconfirmed),
            log_bytes=self.bot.log_bytes(),
            token_in_log=self.bot.occurrences(server.token.split(":")[1]),
            cpu_seconds=self.bot.cpu_seconds,
            peak_rss_mb=self.bot.peak_rss_mb,
            conflicts=server.inbox.conflicts,
            flood_violations=len(server.flood_violations),
            violations=tuple(server.violations),
        )


def peak_per_second(sent: Sequence[Sent]) -> int:
    """The most messages within any one second."""
    times, first, peak = sorted(message.time for message in sent), 0, 0
    for last, moment in enumerate(times):
        while moment - times[first] >= 1.0:
            first += 1
        peak = max(peak, last - first + 1)
    return peak


if __name__ == "__main__":
    from tests.botapi.command import main

    main()
