"""The documentation is true: settings, commands, links and examples of the README are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from bot import errors
from bot.cli import app, exits
from bot.reply import plain
from bot.service import Service
from bot.settings import SHIPPED, Settings, read_settings
from bot.workbench.cases import read_cases
from tests.conftest import ROOT, STATE
from tests.test_guides import run

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
FEW = "tests/cases/en/source.jsonl"
NAMES = sorted(name.upper() for name in Settings.model_fields)
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def example() -> dict[str, str]:
    return dict(re.findall(r"^(?:# )?([A-Z_]{4,})=(.*)$", EXAMPLE, re.MULTILINE))


def examples() -> list[str]:
    """The shell commands of the README's section on commands."""
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)[0].strip().splitlines()


def test_env_example_has_every_setting_and_no_other() -> None:
    assert sorted(example()) == NAMES


def test_the_readme_has_every_setting_and_no_other() -> None:
    found = re.findall(r"^\| `([A-Z_]{4,})` \|", README, re.MULTILINE)
    assert sorted(found) == NAMES


def test_env_example_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied as it is, it changes nothing."""
    (tmp_path / ".env").write_text(EXAMPLE, encoding="utf-8")
    bare = read_settings()
    monkeypatch.chdir(tmp_path)
    assert read_settings() == bare


def test_env_example_holds_no_secret() -> None:
    secrets = [
        name for name, field in Settings.model_fields.items() if SecretStr in getattr(field.annotation, "__args__", ())
    ]
    assert len(secrets) >= 3
    assert [name for name in secrets if example()[name.upper()]] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command: str) -> None:
    found = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    assert found.help
    assert f"| `reformbot {command}` |" in README
    # They need a person, or what a running bot leaves behind: for these see tests/operations.
    if command not in ("run", "chat", "doctor", "backup", "restore"):
        assert any(f"reformbot {command}" in line for line in examples())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_explains_itself(command: str) -> None:
    options = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert [option.name for option in options if not getattr(option, "help", None)] == []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the README's commands run."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "tests").symlink_to(ROOT / "tests")
    (folder / "bin").mkdir()
    script = folder / "bin" / "reformbot"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("line", examples())
def test_the_commands_of_the_readme_run(line: str, place: Path) -> None:
    """The labelled questions are fewer here, nobody has asked in vain yet, and a folder stands for what git remembers. A line
    with a pipe is for a shell and starts processes; the others run within this one."""
    state = str(place / "state" if "unanswered" in line else STATE)
    line = line.replace("tests/cases/*/*.jsonl", FEW).replace("--cases tests/cases", f"--cases {FEW}")
    line = line.replace("diff HEAD", f"diff {SHIPPED}")
    found = (
        [in_a_shell(line, place, state)]
        if "|" in line
        else [run(one, place, STATE_DIR=state) for one in line.split(" && ")]
    )
    for done in found:
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    if not line.startswith(("reformbot check", "reformbot due")):  # what they find depends on the day
        assert bool(done.stdout) != line.startswith("reformbot unanswered")


def in_a_shell(line: str, place: Path, state: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"STATE_DIR": state, "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(line, shell=True, cwd=place, env=env, capture_output=True, text=True, timeout=120)


def test_the_python_of_the_readme_does_what_its_comments_say() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    promised = re.findall(r"print\(.*\)  # (.*)", code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == promised
    assert promised


def test_exit_codes_of_the_readme_are_those_of_the_code() -> None:
    known = {0, errors.ReformbotError.exit_code, errors.UsageError.exit_code, exits.BUG, exits.INTERRUPTED}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == known


def test_the_dialogue_of_the_readme_is_the_bots(service: Service) -> None:
    """Each question of the first screen gets the reply that stands below it; only what is cut may be missing."""
    block = README.split("\n    > ", 1)[1].split("\n\n(Cut for length", 1)[0]
    for exchange in ("> " + block).replace("\n    ", "\n").split("> ")[1:]:
        question, _, shown = exchange.strip().partition("\n")
        said = " ".join(plain(service.ask(question).reply).split())
        for paragraph in shown.split("\n\n"):
            assert " ".join(paragraph.split()) in said, question


def test_every_kind_of_case_that_the_guide_names_is_in_use_and_no_other() -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")
    kinds = {
        case.kind
        for path in sorted((ROOT / "tests" / "cases").glob("*/*.jsonl"))
        for case in read_cases(path.read_text(encoding="utf-8").splitlines())
    }
    sentence = guide.split("`kind` is ", 1)[1].split(".\n", 1)[0]
    assert {kind for kind in kinds if kind not in sentence} == set()


def test_licences_stand_where_the_package_says() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "CC BY 4.0" in (ROOT / "knowledge" / "LICENSE").read_text(encoding="utf-8")


def test_the_cache_of_the_tests_is_not_under_version_control() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{STATE.relative_to(ROOT).parts[0]}/" in ignored
