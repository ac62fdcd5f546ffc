"""What a command loads before it is there: what it has no use for would take longer than all else."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT, STATE, Base


def loaded_by(*args: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import sys\nfrom bot.cli import app\ntry:\n    app(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "STATE_DIR": str(STATE), "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", code, *args], env=env, capture_output=True, text=True, timeout=120)
    assert run.stdout, run.stderr
    return set(run.stderr.splitlines()[-1].split())


def test_a_list_of_commands_is_there_at_once() -> None:
    """It loads nothing that takes longer than all else: neither the base's models, nor numbers, nor what draws boxes."""
    found = loaded_by("--help")
    assert "bot.cli.checking" in found
    assert found.isdisjoint({"pydantic", "numpy", "rich", "asyncio", "bot.kb.model", "bot.kb.lint.causes"})


def test_a_warm_question_loads_no_reader_of_yaml_and_no_list_of_words(shipped: Base) -> None:
    found = loaded_by("ask", "how long can the president stay in office")
    assert "bot.kb.model" in found
    assert found.isdisjoint({"bot.kb.load", "bot.kb.shapes", "bot.kb.lint.memory", "spellchecker", "loky"})
