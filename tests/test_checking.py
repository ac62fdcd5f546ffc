"""The command check: what it prints for people, programs and GitHub, of a base or of one file, once or at each save."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import UsageError
from bot.kb.editors import as_text, documents, modeline
from tests.conftest import ROOT
from tests.kb_bases import SHIPPED, edit, small_base
from tests.test_cli import hears_ctrl_c


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """In order, and with nothing that becomes late."""
    folder = small_base(tmp_path)
    edit(folder, "en/liberties.yaml", "    check_by: 2027-02-20\n", "")
    edit(folder, "en/changes.yaml", "  check_by: 2027-02-20\n", "")
    return folder


@pytest.fixture
def renamed(base: Path) -> Path:
    """One entry has another name than all that hangs on it; and one answer has markup."""
    edit(base, "en/presidency.yaml", "  presidential-term:", "  presidential-terms:")
    edit(base, "en/presidency.yaml", "a single term", "a **single** term")
    return base


def run(*args: object) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["check", *map(str, args)])
    return (0 if done.exception is None else getattr(done.exception, "exit_code", 99)), done.stdout.splitlines()


def test_the_cause_comes_first_and_what_follows_is_counted(renamed: Path) -> None:
    code, lines = run("--knowledge", renamed)
    assert code == 1
    assert lines[0].startswith(f"{renamed}/en/presidency.yaml:7 [renamed] ")
    assert re.fullmatch(r"  … and \d+ that follow from it \(--all lists them\)", lines[1])
    assert "[markup] warning: " in lines[2]
    assert len(lines) == 3


def test_what_is_no_base_and_no_file_of_one_is_said(base: Path, tmp_path: Path) -> None:
    (base / "README.md").write_text("words", encoding="utf-8")
    for args, said in (
        (["--knowledge", tmp_path / "gone"], "gone begins a base."),
        ([base / "README.md"], "README.md: none of the files that make the base in "),
    ):
        done = CliRunner().invoke(app, ["check", *map(str, args)])
        assert isinstance(done.exception, UsageError)
        assert said in str(done.exception)


def test_all_that_follows_is_listed_on_demand(renamed: Path) -> None:
    _, lines = run("--knowledge", renamed, "--all")
    assert sum(line.startswith("  follows: ") for line in lines) >= 6


def test_json_has_every_finding_with_its_place(renamed: Path) -> None:
    code, lines = run("--knowledge", renamed, "--json")
    found = json.loads("\n".join(lines))
    assert code == 1
    keys = ["file", "line", "column", "rule", "severity", "text", "follows"]
    assert [list(one) for one in found] == [keys] * len(found)
    cause = next(one for one in found if one["rule"] == "renamed")
    assert (cause["line"], cause["column"], cause["severity"], cause["follows"]) == (7, 3, "error", None)
    follows = {one["follows"] for one in found if one["rule"] == "unknown-entry"}
    assert follows == {f"{renamed}/en/presidency.yaml:7 [renamed]"}
    assert {one["severity"] for one in found if one["rule"] == "markup"} == {"warning"}


def test_github_gets_one_line_a_cause(renamed: Path) -> None:
    _, lines = run("--knowledge", renamed, "--github")
    assert lines[0].startswith(f"::error file={renamed}/en/presidency.yaml,line=7,col=3,title=renamed::")
    assert lines[-1].startswith("::warning file=")
    edit(renamed, "en/presidency.yaml", "a **single** term", "100% a **single** term")
    assert "100%25" not in run("--knowledge", renamed)[1][0]


def test_signs_that_github_would_take_for_its_own_are_written_otherwise(base: Path) -> None:
    edit(base, "en/refusals.yaml", "near: presidency", "near: 5%,a")
    _, lines = run("--knowledge", base, "--github")
    assert any('no topic "5%25,a"' in line for line in lines)


def test_one_file_alone(renamed: Path) -> None:
    code, lines = run(renamed / "ru" / "presidency.yaml")
    assert code == 1
    assert [line.split("]")[0].removeprefix(f"{renamed}/") for line in lines] == [
        "ru/presidency.yaml:5 [translation-without-entry",
        "ru/presidency.yaml:4 [untranslated",
    ]
    assert "(follows from " in lines[0]
    assert run(renamed / "en" / "liberties.yaml")[0] == 1  # it names the entry as related
    assert run(renamed / "en" / "synonyms.yaml") == (0, [])


@pytest.mark.parametrize("name", ["liberties", "presidency"])
def test_a_clash_is_told_of_the_file_that_is_asked_for(base: Path, name: str) -> None:
    edit(base, "en/phrases/liberties.yaml", "count the marches", "one term only?")
    _, lines = run(base / "en" / "phrases" / f"{name}.yaml")
    assert [f"{name}.yaml" in line and "[phrase-clash]" in line for line in lines] == [True]


def test_a_file_that_is_nobodys_is_wrong_usage(base: Path, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: b\n")
    (base / "notes.yaml").write_text("a: b\n")
    for file in (tmp_path / "x.yaml", base / "notes.yaml", base / "en" / "nothing.yaml"):
        assert run(file)[0] == 2, file


def test_warnings_are_problems_only_where_that_is_asked_for(base: Path) -> None:
    edit(base, "en/presidency.yaml", "a single term", "a **single** term")
    assert run("--knowledge", base)[0] == 0
    assert run("--knowledge", base, "--strict")[0] == 1


def test_cases_that_name_an_entry_which_is_gone(base: Path, tmp_path: Path) -> None:
    """Those beside the base are found; others are named."""
    case = {"id": "c-1", "q": "?", "lang": "en", "expect": ["presidential-terms", "rallies-held"], "kind": "plain"}
    for folder in (tmp_path / "tests" / "cases" / "en", tmp_path / "mine"):
        folder.mkdir(parents=True)
        (folder / "a.jsonl").write_text(f"\n{json.dumps(case)}\n{{\n", encoding="utf-8")
    for args in ((), ("--cases", tmp_path / "mine"), ("--cases", tmp_path / "mine" / "a.jsonl")):
        code, lines = run("--knowledge", base, *args)
        assert code == 0
        assert "a.jsonl:2 [case-without-entry] warning: the case c-1" in lines[0]
        assert 'did you mean "presidential-term"?' in lines[0]
        assert "a.jsonl:3 [bad-case] warning: " in lines[1]
    assert run("--knowledge", base, "--cases", tmp_path / "nowhere")[0] == 2


def test_watching_checks_again_at_each_save(base: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot", "check", "--watch", "--knowledge", str(base)]
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen(command, env=env, preexec_fn=hears_ctrl_c, text=True, **pipes)
    assert process.stdout
    try:
        assert "No problem" in process.stdout.readline()
        time.sleep(0.5)  # until the folder is watched
        edit(base, "en/presidency.yaml", "section: agenda", "\tsection: agenda")
        assert "[yaml-syntax]" in process.stdout.readline()
        took = re.search(r"1 problem\(s\).*; ([\d.]+) s", process.stdout.readline())
        assert took
        edit(base, "en/presidency.yaml", "\tsection: agenda", "section: agenda")
        assert "No problem" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)
        assert process.stderr
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()


def test_the_schemas_that_are_committed_are_those_of_the_models() -> None:
    kept = {path.stem: path.read_text(encoding="utf-8") for path in (SHIPPED / "schemas").iterdir()}
    made = {kind: as_text(document) for kind, document in documents().items()}
    assert kept == made, "run `reformbot schema --out knowledge/schemas`"


def test_each_file_of_the_base_begins_with_the_line_by_which_an_editor_knows_it() -> None:
    names = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.yaml"))
    wrong = [
        name
        for name in names
        if not (SHIPPED / name).read_text(encoding="utf-8").startswith(modeline(name, "en") + "\n")
    ]
    assert wrong == []


def test_a_schema_is_printed_by_its_kind_and_all_are_written(tmp_path: Path) -> None:
    def schema(*args: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["schema", *args])
        return (0 if done.exception is None else getattr(done.exception, "exit_code", 99)), done.stdout

    assert {line.split()[0] for line in schema()[1].splitlines()} == set(documents())
    topic = json.loads(schema("topic")[1])
    assert topic["$defs"]["PrimaryEntry"]["additionalProperties"] is False
    assert set(topic["$defs"]["PrimaryEntry"]["required"]) == {"source", "section", "question", "answer"}
    assert "description" in topic["$defs"]["PrimaryEntry"]["properties"]["answer"]
    assert schema("nonsense")[0] == 2
    assert schema("--out", str(tmp_path / "schemas"))[0] == 0
    assert {path.stem for path in (tmp_path / "schemas").iterdir()} == set(documents())


def test_the_hook_for_other_repositories_is_a_command_that_there_is(base: Path) -> None:
    import yaml

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *words = [*hook["entry"].split(), *hook["args"]]
    assert (program, hook["language"], hook["pass_filenames"]) == ("reformbot", "python", False)
    done = CliRunner().invoke(app, [str(base) if word == "knowledge" else word for word in words])
    assert done.exception is None
