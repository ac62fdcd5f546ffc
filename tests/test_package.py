"""What is built is whole: installed alone, away from the checkout, it answers from the knowledge base that it carries."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.service import Service
from tests.conftest import ROOT, STATE

NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
TESTED = ("3.11", "3.12", "3.13")  # the whole suite with the first, the others by hand before a release
pytestmark = pytest.mark.delivery  # the real command, built and installed
KEPT_OUT = re.compile(r"__pycache__|\.pyc$|(^|/)\.(state|venv|env)(/|$)")


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=240)


def built(*command: str, folder: Path, into: Path, **more: str) -> Path:
    """The one file that a command, started in the folder, puts into the other. It may not reach out for what it needs."""
    environment = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}
    done = run(sys.executable, "-m", *command, str(into), folder=folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = into.iterdir()
    return path


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dated("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def dated(kind: str, folder: Path, into: Path) -> Path:
    """The day it is dated by is the commit's, given as SOURCE_DATE_EPOCH."""
    return built("hatchling", "build", "-t", kind, "-d", folder=folder, into=into, SOURCE_DATE_EPOCH="1767225600")


@pytest.fixture(scope="module")
def installed(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and nothing else: from the wheel that was made of the unpacked sdist."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    with tarfile.open(sdist) as archive:
        archive.extractall(source, filter="data")
    (unpacked,) = source.iterdir()
    pip = ["pip", "wheel", "-q", "--no-build-isolation", "--no-deps", ".", "-w"]
    wheel = built(*pip, folder=unpacked, into=tmp_path_factory.mktemp("wheel"))
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--target",
        str(target),
        str(wheel),
    ]
    done = run(*install, folder=target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def reformbot(installed: Path, folder: Path, *args: str, state: Path | None = None) -> str:
    """What the installed command says, in an empty folder: the checkout cannot be imported from there."""
    command: Sequence[str] = [sys.executable, "-P", "-m", "bot", *args]
    environment = {"PYTHONPATH": str(installed), "STATE_DIR": str(state or folder / "state")}
    done = run(*command, folder=folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_who_builds_it_anew_gets_the_same_to_the_byte(sdist: Path, tmp_path: Path, kind: str) -> None:
    """Wherever it lies, whenever its files were touched, whoever may read them; an sdist of the checkout as of what it holds."""
    found = [sdist] if kind == "sdist" else []
    for name, mode, touched in (("elsewhere", 0o600, 1_600_000_000), ("here", 0o644, 1_700_000_000))[: 2 - len(found)]:
        with tarfile.open(sdist) as archive:
            archive.extractall(tmp_path / name, filter="data")
        (folder,) = (tmp_path / name).iterdir()
        for path in folder.rglob("*"):
            if path.is_file():
                path.chmod(mode)
                os.utime(path, (touched, touched))
        into = tmp_path / f"of-{name}"
        into.mkdir()
        found.append(dated(kind, folder, into))
    first, second = (path.read_bytes() for path in found)
    assert found[0].name == found[1].name
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


EXTRAS = {
    "asyncpg": "from bot.store.database import database_address as a; import pathlib; a('postgresql://u:p@h/d', pathlib.Path('.'))",
    "bm25s": "from benchmarks.measuring import SYSTEMS, installed; installed(SYSTEMS)",
    "sklearn": "from benchmarks.measuring import SYSTEMS, installed; installed(SYSTEMS)",
}


@pytest.mark.parametrize("missing", EXTRAS)
def test_what_an_extra_brings_is_asked_for_in_a_line(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; {EXTRAS[missing]}"
    done = run(sys.executable, "-c", code, folder=ROOT)
    assert done.returncode
    assert re.search(r"pip install 'reformbot\[(postgres|bench)\]'", done.stderr.splitlines()[-1])


def test_it_is_declared_for_the_versions_that_it_was_tested_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        line.rpartition(" ")[2]
        for line in project["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    }
    assert declared == set(TESTED)
    assert project["requires-python"] == f">={TESTED[0]}"
    assert "{}.{}".format(*sys.version_info) in declared


def test_newer_versions_are_looked_for_where_versions_are_locked() -> None:
    found = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
    [pattern] = found["pip-compile"]["managerFilePatterns"]
    locked = {path.relative_to(ROOT).as_posix() for path in (ROOT / "requirements").glob("*.txt")}
    assert {
        path for path in locked if not re.fullmatch(pattern.strip("/").removeprefix("^").removesuffix("$"), path)
    } == set()
    [image] = found["dockerfile"]["managerFilePatterns"]
    assert re.fullmatch(image.strip("/").removeprefix("^").removesuffix("$"), "deploy/Dockerfile")


def test_it_is_the_installed_code_that_runs(installed: Path, tmp_path: Path) -> None:
    """All that follows would prove nothing if it were the checkout's."""
    code = "import bot, bot.settings; print(bot.__file__); print(bot.settings.SHIPPED)"
    done = run(sys.executable, "-P", "-c", code, folder=tmp_path, PYTHONPATH=str(installed))
    assert done.stdout.split() == [str(installed / "bot" / "__init__.py"), str(installed / "bot" / "shipped")]


def test_it_has_help_and_a_command_of_its_name(installed: Path, tmp_path: Path) -> None:
    assert "answers from a maintained YAML knowledge base" in reformbot(installed, tmp_path, "--help")
    assert (installed / "bin" / "reformbot").is_file()


def test_it_finds_no_problem_in_the_base_it_carries(installed: Path, tmp_path: Path) -> None:
    reformbot(installed, tmp_path, "check")


def test_it_answers_from_the_base_it_carries(installed: Path, tmp_path: Path, service: Service) -> None:
    """The cache is the checkout's, which has what the same code made of the same base."""
    said = reformbot(installed, tmp_path, "ask", "how long can the president stay in office", state=STATE)
    assert "single term of seven years" in said
    assert "Source: Euractiv" in said


def test_it_migrates_a_database(installed: Path, tmp_path: Path) -> None:
    reformbot(installed, tmp_path, "unanswered")
    assert list((tmp_path / "state").glob("*.sqlite*"))


@pytest.mark.parametrize(("folder", "place"), [("bot", "bot"), ("knowledge", "bot/shipped")])
def test_it_has_each_file(installed: Path, folder: str, place: str) -> None:
    """Code, language packs, tables, migrations and knowledge."""
    here = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
    there = {path.relative_to(installed / place) for path in (installed / place).rglob("*") if path.is_file()}
    assert {path for path in here - there if not KEPT_OUT.search(path.as_posix())} == set()


def test_it_carries_its_licences(installed: Path) -> None:
    (licences,) = installed.glob("*.dist-info/licenses")
    for name in ("LICENSE", "NOTICE", "knowledge/LICENSE"):
        assert (licences / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_notice_names_files_and_commands_that_are_there() -> None:
    tables = re.findall(r"^(bot/\S+)", NOTICE, re.MULTILINE)
    commands = re.findall(r"python -m ([\w.]+)", NOTICE)
    assert tables
    assert commands
    assert [name for name in tables if not (ROOT / name).is_file()] == []
    assert [name for name in commands if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []


def test_each_table_that_is_packed_stands_in_the_notice() -> None:
    """Whatever is no text that somebody wrote has come from somewhere."""
    tables = list((ROOT / "bot").rglob("*.npz"))
    assert tables
    assert [path.name for path in tables if path.relative_to(ROOT).as_posix() not in NOTICE] == []
