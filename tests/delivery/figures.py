"""The figures of a run as a line of the table in docs/delivery.md. The full-size runs keep theirs in a file."""

from __future__ import annotations

import os
import platform
from datetime import date
from pathlib import Path

from tests.botapi.driver import Report

FILE = Path(__file__).parents[2] / ".pytest_cache" / "delivery" / "figures.md"


def note(case: str, report: Report) -> None:
    counted = f"{report.asked} | {report.answered} | {report.lost} | {report.doubled}"
    times = f"{_seconds(report.p50)} / {_seconds(report.p99)}"
    line = f"| {case} | {counted} | {times} | {date.today().isoformat()} | {machine()} |"
    print(line)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def machine() -> str:
    """Processors, and how many processes wanted one in the last minute."""
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
