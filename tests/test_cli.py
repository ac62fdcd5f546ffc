"""The command as a shell sees it: exit codes, stdout for results, stderr for the rest."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli import main
from tests.conftest import ROOT, STATE, Base
from tests.kb_bases import edit, small_base


def reformbot(*args: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "STATE_DIR": str(STATE), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", *args]
    return subprocess.run(command, input=given, env=env | environment, capture_output=True, text=True, timeout=120)


def hears_ctrl_c() -> None:
    """For the child: who runs the tests in the background had it ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def here(*args: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The same without another Python: where it matters what the command says, and not how a process behaves."""
    out, err, code = io.StringIO(), io.StringIO(), None
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ({"STATE_DIR": str(STATE)} | environment).items():
            patch.setenv(name, value)
        for name, new in {
            "argv": ["reformbot", *args],
            "stdin": io.StringIO(given),
            "stdout": out,
            "stderr": err,
        }.items():
            patch.setattr(sys, name, new)
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    return subprocess.CompletedProcess(args, int(code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def _warm(shipped: Base) -> None:
    """The commands find the fitted base in the cache."""


def test_an_answer_goes_to_stdout_with_its_source() -> None:
    done = reformbot("ask", "how long can the president stay in office")
    assert done.returncode == 0
    assert "single term of seven years" in done.stdout
    assert "Source: Euractiv (Advocacy Lab), 10 July 2025" in done.stdout


def test_the_first_minute_of_a_new_user() -> None:
    lines = [
        "how long can the president stay in office",
        "defmation crime?",
        "259",
        "what is the capital of France",
        "/justice",
        "when was the death penalty abolished",
    ]
    done = reformbot("chat", given="\n".join(lines) + "\n")
    said = done.stdout
    assert done.returncode == 0
    assert "I read this as: defamation crime" in said
    assert "259 of 294" in said
    assert "Pick a question:" in said
    assert "The article does not say when, or by which law, the death penalty was abolished." in said
    assert "Beyond the article" in said
    assert "World Coalition Against the Death Penalty" in said


def test_json_is_one_document() -> None:
    found = json.loads(here("ask", "is there a death penalty", "--json").stdout)
    assert (found["decision"], found["entries"], found["lang"]) == ("answer", ["death-penalty"], "en")
    assert 0.5 < found["score"] <= 1


def test_explain_names_phrase_rule_and_words() -> None:
    said = here("ask", "defmation crime?", "--explain").stdout
    assert "repaired   defmation -> defamation" in said
    assert "at or above the answer threshold" in said


def test_batch_keeps_the_order_and_names_a_bad_line() -> None:
    lines = '{"id": 2, "q": "259"}\n{"id": 1, "q": "weather"}\n'
    done = reformbot("ask", "--batch", given=lines)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [2, 1]
    bad = here("ask", "--batch", given='{"id": 2, "q": "259"}\n{"id": 3}\n')
    assert bad.returncode == 2
    assert "line 2" in bad.stderr


@pytest.mark.parametrize(
    "line", [("ask",), ("ask", "x", "--lang", "fr"), ("nonsense",), ("eval", "no-such-file.jsonl")]
)
def test_wrong_usage_is_two(line: tuple[str, ...]) -> None:
    assert here(*line).returncode == 2


def test_a_broken_base_is_one_and_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("a: [1,500\n")
    done = reformbot("check", "--knowledge", str(tmp_path))
    assert done.returncode == 1
    assert "sources.yaml:" in done.stdout
    assert "Traceback" not in done.stderr
    asked = here("ask", "hello", "--knowledge", str(tmp_path))
    assert asked.returncode == 1
    assert "cannot be used" in asked.stderr


def test_a_wrong_setting_is_one_and_named() -> None:
    done = reformbot("run", CAUTION="2")
    assert done.returncode == 1
    assert "CAUTION" in done.stderr


def test_run_without_a_token_says_so_and_talks_in_the_terminal() -> None:
    done = reformbot("run", given="259\n")
    assert done.returncode == 0
    assert "TELEGRAM_BOT_TOKEN is not set" in done.stderr
    assert "259 of 294" in done.stdout


def test_export_and_schema_are_json() -> None:
    document = json.loads(here("export").stdout)
    assert len(document["entries"]) == 49
    assert set(document["entries"]["death-penalty"]["texts"]) == {"en", "ru", "kk"}
    assert json.loads(here("schema", "topic").stdout)


def test_eval_prints_a_table_and_a_page(tmp_path: Path) -> None:
    cases = ROOT / "tests" / "cases" / "en" / "source.jsonl"
    done = here("eval", str(cases), "--html", str(tmp_path / "page.html"))
    assert done.returncode == 0
    assert "Expected calibration error" in done.stdout
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "tallies" in json.loads(here("eval", str(cases), "--json").stdout)


def test_a_person_at_a_terminal_gets_a_welcome_and_can_leave() -> None:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "STATE_DIR": str(STATE), "PYTHONPATH": str(ROOT)}
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "bot", "chat"], env)
    seen = _read_until(terminal, "> ")
    os.write(terminal, b"/quit\n")
    seen += _read_until(terminal, "Goodbye")
    assert "Type a question" in seen
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _read_until(terminal: int, text: str, seconds: float = 20) -> str:
    seen, end = "", time.monotonic() + seconds
    while text not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 4096).decode("utf-8", "replace")
            except OSError:
                break
    return seen


def test_ctrl_c_is_130() -> None:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "STATE_DIR": str(STATE), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "ask", "--batch"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen(command, env=env, preexec_fn=hears_ctrl_c, **pipes)
    assert process.stdin
    assert process.stdout
    process.stdin.write(b'{"id": 1, "q": "259"}\n')
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.communicate()


def test_an_answer_needs_nothing_of_stderr_and_explaining_does_not_spoil_json() -> None:
    """Results to stdout, the rest to stderr: `--json | jq` works with `--explain` too."""
    assert here("ask", "259").stderr == ""
    done = here("ask", "259", "--json", "--explain")
    assert json.loads(done.stdout)["entries"] == ["upr-recommendations"]
    assert "thresholds" in done.stderr


def test_the_language_decides_where_the_question_leaves_it_open() -> None:
    assert json.loads(here("ask", "259", "--json", "--lang", "kk").stdout)["lang"] == "kk"


def test_check_is_silent_on_stdout_where_nothing_is_wrong(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    edit(base, "en/liberties.yaml", "    check_by: 2027-02-20\n", "")
    edit(base, "en/changes.yaml", "  check_by: 2027-02-20\n", "")
    done = here("check", "--knowledge", str(base))
    assert (done.returncode, done.stdout) == (0, "")
    assert "No problem" in done.stderr
    assert "warning" not in done.stderr


@pytest.mark.gate
def test_the_shipped_base_has_no_problem_and_no_warning_but_that_of_the_calendar() -> None:
    done = reformbot("check")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if "[overdue] warning: " not in line] == []


def test_a_bug_is_three_with_a_traceback_and_no_secret(tmp_path: Path) -> None:
    """A module that breaks at import stands for any bug: nobody foresaw it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import bot.kb.load\ndef broken(*_):\n    raise RuntimeError('postgresql://bot:hunter2secret@db/x')\n"
        "bot.kb.load.check = broken\n"
    )
    done = reformbot("check", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert done.returncode == 3
    assert "RuntimeError" in done.stderr
    assert "This is a bug in reformbot" in done.stderr
    assert "hunter2secret" not in done.stderr


def test_a_reader_who_leaves_early_is_no_error() -> None:
    """As with `reformbot export | head`: no traceback, and not the code of a bug."""
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "STATE_DIR": str(STATE), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "export"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert process.stdout
    process.stdout.read(10)
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert process.returncode in (0, 1)
    assert said == b""


def test_misses_are_listed_on_demand(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    line = {"id": "m-1", "lang": "en", "q": "Is there a death penalty?", "expect": ["defamation"], "kind": "plain"}
    cases.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert "m-1" in here("eval", str(cases), "--misses").stdout
    assert "m-1" not in here("eval", str(cases)).stdout
    found = json.loads(here("eval", str(cases), "--json").stdout)
    assert [miss["id"] for miss in found["misses"]] == ["m-1"]


def test_a_bad_case_file_is_two_and_named(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text("{}\n", encoding="utf-8")
    done = here("eval", str(cases))
    assert done.returncode == 2
    assert f"{cases}:1" in done.stderr


def test_unanswered_reads_the_store_even_if_nobody_asked(tmp_path: Path) -> None:
    assert here("unanswered", STATE_DIR=str(tmp_path)).returncode == 0


def test_without_a_command_there_is_help() -> None:
    assert "ask" in here("--help").stdout


def test_the_release_is_told() -> None:
    done = here("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"reformbot \d+\.\d+\.\d+, Python 3\.\d+\.\d+\n", done.stdout)
