"""The bot as a real process: start, kill, terminate, and what it wrote and used. Knows nothing of questions."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


class BotProcess:
    """One command line, started as often as need be; all its output goes to one file."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path | None = None) -> None:
        """`env` is the whole environment of the bot; nothing is inherited."""
        self._command = list(command)
        self._env = dict(env)
        if log is None:
            handle, name = tempfile.mkstemp(prefix="bot-", suffix=".log")
            os.close(handle)
            log = Path(name)
        self.log = log
        self.starts = 0
        self.exit_codes: list[int] = []
        self.died = 0
        self.cpu_seconds = 0.0
        self.peak_rss_mb = 0.0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Of the living process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it (again)."""
        with self.log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self.starts += 1

    async def kill(self) -> None:
        """SIGKILL, to it and its children."""
        await self._end(signal.SIGKILL, None)

    async def terminate(self, grace: float = 10.0) -> int:
        """SIGTERM, and SIGKILL after `grace` seconds; gives the exit code, -9 if it had to be killed."""
        return await self._end(signal.SIGTERM, grace)

    async def _end(self, how: signal.Signals, grace: float | None) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.returncode is not None:
            self.died += 1
            self.exit_codes.append(process.returncode)
            return process.returncode
        self.measure(process.pid)
        os.killpg(process.pid, how)
        try:
            code = await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            code = await process.wait()
        self.exit_codes.append(code)
        return code

    def measure(self, pid: int) -> None:
        """Add the CPU time of a living process and note the highest memory."""
        place = Path(f"/proc/{pid}")
        try:
            fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
            status = (place / "status").read_text()
        except OSError:
            return
        self.cpu_seconds += (int(fields[11]) + int(fields[12])) / _TICK
        peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        self.peak_rss_mb = max(self.peak_rss_mb, int(peak) / 1024)

    def output(self) -> str:
        """Everything it wrote to stdout and stderr."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def log_bytes(self) -> int:
        """The size of its output."""
        return self.log.stat().st_size

    def occurrences(self, secret: str) -> int:
        """How often a secret stands in its output."""
        return self.log.read_bytes().count(secret.encode())
