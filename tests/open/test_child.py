"""Nothing is imported from the working directory, which may be anybody's: neither by the command nor by what it starts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.open import child
from tests.conftest import ROOT

TRAPS = ("yaml", "pickle", "typer", "numpy", "dotenv")


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in TRAPS:
        (tmp_path / f"{name}.py").write_text(f"import os; os.close(os.open({str(tmp_path / 'sprung')!r}, os.O_CREAT))")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["", os.pathsep, f"{os.pathsep}/nowhere"])
async def test_a_process_that_we_start(trapped: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    process = await child.started("bot.open.trial", "nowhere", "cache", "state")
    assert process.stdout
    async with asyncio.timeout(60):
        said = (
            await process.stdout.read()
        )  # `communicate` may close its input first, by which it knows that we are gone
        await process.wait()
    assert b"digest" in said
    assert not (trapped / "sprung").exists()


def test_what_is_started_in_its_turn(trapped: Path) -> None:
    """Workers are Pythons of their own, started by a library with `-m`."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'yaml.__main__'])"
    subprocess.run(
        [sys.executable, "-P", "-c", code], env=child.environment(), capture_output=True, check=True, timeout=60
    )
    assert not (trapped / "sprung").exists()


@pytest.mark.parametrize("command", [["-m", "bot"], ["-P", "-m", "bot"]])
def test_the_command(trapped: Path, command: list[str]) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command, "check", "--knowledge", "nowhere"], env=environment, capture_output=True, timeout=60
    )
    assert b"nowhere" in done.stdout + done.stderr
    assert not (trapped / "sprung").exists()
