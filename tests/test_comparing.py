"""`eval` and `diff` as a shell sees them, on a small base of their own in a repository of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.connect import open_store
from tests.kb_bases import edit, fitted_soon, small_base
from tests.test_cli import here

Run = Callable[..., subprocess.CompletedProcess[str]]
CASES = [
    {"id": "a", "lang": "en", "q": "how long is the president in office", "expect": ["presidential-term"], "kind": "plain"},
    {"id": "b", "lang": "en", "q": "count the marches", "expect": ["rallies-held"], "kind": "terse"},
    {"id": "c", "lang": "ru", "q": "сколько лет служит президент", "expect": ["presidential-term"], "kind": "plain"},
    {"id": "d", "lang": "en", "q": "visa fee", "expect": [], "kind": "oos-near"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _warm() -> None:
    """The shipped base is not asked here."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the base and its cases, and one thing changed since the only commit."""
    folder = tmp_path_factory.mktemp("repository")
    base = fitted_soon(small_base(folder))
    write(folder / "tests" / "cases" / "en" / "all.jsonl", *CASES)
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run(["git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", *words], check=True)
    edit(base, "en/presidency.yaml", "a single term of seven years", "one term of seven years")
    edit(base, "en/phrases/liberties.yaml", ", count the marches", "")
    edit(
        base,
        "en/refusals.yaml",
        "visa fee",
        "visa price, count the marches, please count the marches, count all the marches, marches count, number of marches",
    )
    return folder


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(place)
    return lambda *words, **more: here(*words, "--knowledge", "knowledge", STATE_DIR=str(place / "state"), **more)


def write(path: Path, *cases: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in cases), encoding="utf-8")
    return path


def test_eval_finds_the_cases_and_remembers_the_run(run: Run, place: Path, tmp_path: Path) -> None:
    cases = write(tmp_path / "mine.jsonl", *CASES[:2])
    first, second = run("eval", str(cases)), run("eval", str(cases))
    assert first.returncode == second.returncode == 0, first.stderr
    assert "Since the last run" not in first.stdout
    assert "the same): no outcome changed." in second.stdout
    assert json.loads(run("eval", "--json").stdout)["since_last"] is None  # of other files: those in tests/cases
    assert list((place / "state" / "evaluations").glob("*.json"))


def test_eval_names_what_changed_since_the_last_run_which_may_stay_the_last(run: Run, tmp_path: Path) -> None:
    cases = write(tmp_path / "mine.jsonl", *CASES[:2])
    run("eval", str(cases))
    for _ in range(2):
        done = run("eval", str(cases), "--keep-last", CAUTION="1")
        assert "caution 0.35 -> 1.0" in done.stdout
    assert "caution" not in run("eval", str(cases)).stdout


def test_eval_shows_all_that_is_wrong_with_the_cases_before_anything_is_fitted(run: Run, tmp_path: Path) -> None:
    cases = write(tmp_path / "mine.jsonl", {**CASES[0], "lang": "fr"}, {**CASES[1], "expect": ["rally"]})
    done = run("eval", str(cases), str(tmp_path / "none.jsonl"))
    assert done.returncode == 2
    assert done.stdout == ""
    for said in (
        "3 problem(s)",
        f"{cases}:1 [unknown-language]",
        f"{cases}:2 [unknown-entry]",
        "none.jsonl:1 [unreadable]",
    ):
        assert said in done.stderr


def test_eval_without_cases_says_where_they_are_expected(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("eval")
    assert (done.returncode, done.stderr.strip()) == (
        2,
        "There are no cases in knowledge, and no tests/cases here; name files or folders of labelled questions.",
    )


def test_a_base_that_has_cases_of_its_own_is_asked_those(run: Run, place: Path) -> None:
    own = place / "knowledge" / "en" / "cases"
    own.mkdir()
    write(own / "own.jsonl", CASES[0])
    try:
        assert json.loads(run("diff", "knowledge", "--json").stdout)["asked"]["labelled"] == 1
        assert run("eval").returncode == 0
    finally:
        shutil.rmtree(own)


def test_a_bar_that_is_missed_is_one_and_told_after_the_report(run: Run) -> None:
    assert run("eval", "--fail-under", "hit=0,near=100").returncode == 0
    done = run("eval", "--fail-under", "hit=0", "--fail-under", "far=5")
    assert done.returncode == 1
    assert "Expected calibration error" in done.stdout
    assert "Below the bar: far: no question to measure it by." in done.stderr
    assert run("eval", "--fail-under", "hits=1").returncode == 2


def test_eval_says_that_the_near_questions_are_too_few(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run("eval", "--false-at-most", "5", "--html", str(page))
    assert "too few to say. There are 1 labelled near questions; 59 at the least" in done.stdout
    text = page.read_text(encoding="utf-8")
    assert "too few to say" in text
    assert "changed since" in text
    assert json.loads(run("eval", "--false-at-most", "5", "--json").stdout)["caution"]["enough"] == 59
    assert run("eval", "--html", str(tmp_path)).returncode == 2


def test_diff_names_questions_and_texts_that_a_revision_has_otherwise(run: Run) -> None:
    done = run("diff", "HEAD")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("old  HEAD (")
    assert lines[1].startswith("new  knowledge, digest ")
    assert lines[2].startswith("4 labelled questions: ")
    assert "text: presidential-term [en] answer" in lines
    assert "    new  Since 2022 a president serves one term of seven years." in lines
    assert "phrases: refusal visas [en] +6 -1" in lines


def test_diff_fails_on_worse_alone_if_asked_to(run: Run) -> None:
    """In the folder as it is `count the marches` stands among the refusals."""
    there = json.loads(run("diff", "HEAD", "--json").stdout)
    assert [one["id"] for one in there["worse"]] == ["b"]
    assert there["worse"][0]["before"]["outcome"] == "hit"
    failed = run("diff", "HEAD", "--fail-on-worse", "--markdown")
    assert failed.returncode == 1
    assert "<summary>1 worse</summary>" in failed.stdout
    assert "1 labelled question(s) are answered worse than before." in failed.stderr
    assert run("diff", "HEAD", "HEAD", "--fail-on-worse").returncode == 0


def test_diff_asks_what_was_asked_in_vain(run: Run, place: Path) -> None:
    async def ask() -> None:
        store = await open_store(None, place / "state")
        await store.add_unanswered("count the marches", "en", None, "somebody")
        await store.close()

    asyncio.run(ask())
    there = json.loads(run("diff", "HEAD", "--logged", "--json").stdout)
    assert there["asked"] == {"labelled": 4, "logged": 1}
    assert [(one["question"], one["old"]) for one in there["logged"]] == [("count the marches", "answer rallies-held")]


def test_diff_takes_two_folders_and_cases_that_only_one_of_them_can_answer(
    run: Run, place: Path, tmp_path: Path
) -> None:
    cases = write(tmp_path / "mine.jsonl", *CASES[:2])
    done = run("diff", str(place / "knowledge"), "knowledge", "--cases", str(cases))
    assert "2 labelled questions: no outcome changed. 0 texts changed." in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["diff", "no-such"], 2, "neither a folder nor a revision"),
        (["diff", "HEAD", "--json", "--markdown"], 2, "not both"),
        (["diff", "tests"], 1, "tests: The knowledge base in tests cannot be used"),
        (["diff", "HEAD", "--cases", "nowhere.jsonl"], 2, "nowhere.jsonl:1 [unreadable]"),
    ],
)
def test_diff_tells_each_failure(words: list[str], code: int, says: str, run: Run) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr


def test_diff_without_questions_says_so_and_compares_the_texts(
    run, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = str(place / "knowledge")
    done = here("diff", "HEAD", "--knowledge", folder, STATE_DIR=str(place / "state"))
    assert done.returncode == 0
    assert "No question was asked" in done.stderr
    assert "text: presidential-term [en] answer" in done.stdout
