"""A run is held against the last one: what became better and worse, how likely that is chance; and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.workbench.cases import Case
from bot.workbench.evaluate import CaseResult
from bot.workbench.runs import Run, compare, in_short, keep_run, last_run, place_of_run, since


def result(name: str, outcome: str, came: str = "", **more: object) -> CaseResult:
    expect = () if outcome in ("held", "false") else ("hours",)
    case = Case(name, "en", f"question {name}", expect, "plain")
    return replace(CaseResult(case, outcome, 0.5, outcome == "hit", "en", False, (), "", came=came or outcome), **more)  # type: ignore[arg-type]


def run(*results: CaseResult, at: str = "then", caution: float = 0.35) -> Run:
    return Run.of(results, at, "abcd1234", caution)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("missed", "hit", "better"),
        ("missed", "offered", "better"),
        ("wrong", "missed", "better"),
        ("hit", "offered", "worse"),
        ("missed", "wrong", "worse"),
        ("held", "false", "worse"),
        ("false", "held", "better"),
    ],
)
def test_outcomes_have_an_order(before: str, after: str, kind: str) -> None:
    found = compare(run(result("a", before)), run(result("a", after)))
    assert {name: len(getattr(found, name)) for name in ("better", "worse", "other")} == {
        "better": 0, "worse": 0, "other": 0, kind: 1,
    }  # fmt: skip
    assert found.more == {after: 1, before: -1}


def test_another_reply_as_good_is_other_and_the_same_is_nothing() -> None:
    old, new = (
        run(result("a", "hit", "answer hours"), result("b", "hit")),
        run(result("a", "hit", "answer hours/gap"), result("b", "hit")),
    )
    found = compare(old, new)
    assert [change.id for change in found.other] == ["a"]
    assert (found.better, found.worse, found.compared) == ((), (), 2)
    assert in_short(found) == "no outcome changed; as good, but another reply: 1."


def test_a_hit_that_is_no_longer_as_labelled_is_worse() -> None:
    found = compare(run(result("a", "hit")), run(result("a", "hit", fits=False)))
    assert len(found.worse) == 1


def test_what_is_new_gone_or_labelled_anew_is_not_compared() -> None:
    labelled = result("c", "missed")
    anew = replace(labelled, case=replace(labelled.case, expect=("price",)))
    found = compare(run(result("a", "hit"), labelled), run(result("b", "hit"), anew))
    assert (found.compared, found.apart, found.better) == (0, 3, ())


@pytest.mark.parametrize(
    ("better", "worse", "chance"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (4, 1, 0.375), (3, 3, 1.0)]
)
def test_chance_is_the_sign_tests(better: int, worse: int, chance: float) -> None:
    names = [f"b{n}" for n in range(better)] + [f"w{n}" for n in range(worse)]
    old = run(*(result(name, "missed" if name[0] == "b" else "hit") for name in names))
    new = run(*(result(name, "hit" if name[0] == "b" else "missed") for name in names))
    assert compare(old, new).chance == pytest.approx(chance)


def test_the_changed_questions_are_named_with_old_and_new() -> None:
    old, new = run(result("a", "missed", "decline")), run(result("a", "hit", "answer hours"), caution=0.5)
    lines = list(since(compare(old, new)))
    assert lines[0].startswith(
        "Since the last run (then, base abcd1234, the same, caution 0.35 -> 0.5): +1 hit, -1 missed:"
    )
    assert lines[1:] == [
        "better: a [en] question a",
        "    old  missed: decline, 0.50",
        "    new  hit: answer hours, 0.50",
    ]


def test_a_run_is_kept_by_its_files_in_whatever_order(tmp_path: Path) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    place = place_of_run(tmp_path, files)
    assert last_run(place) is None
    keep_run(run(result("a", "hit")), place)
    assert last_run(place_of_run(tmp_path, files[::-1])) == run(result("a", "hit"))
    assert last_run(place_of_run(tmp_path, files[:1])) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "came": {"a": {}}}', '{"version": 99}'])
def test_what_is_damaged_is_no_run(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    assert last_run(tmp_path / "x.json") is None


def test_only_the_newest_sets_of_files_stay(tmp_path: Path) -> None:
    for number in range(25):
        keep_run(run(at=str(number)), place_of_run(tmp_path, [Path(str(number))]))
    kept = list((tmp_path / "evaluations").iterdir())
    assert len(kept) == 20
    assert "24" in {json.loads(path.read_text())["at"] for path in kept}
