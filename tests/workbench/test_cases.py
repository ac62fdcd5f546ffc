"""Case files: every line that is wrong is named, by file, line and rule, and nothing of them is guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.workbench.cases import Known, case_files, read_case_files, read_cases

KNOWN = Known(frozenset({"en", "ru"}), frozenset({"hours", "price"}), frozenset({"hours/holidays"}))


def line(**more: object) -> str:
    return json.dumps({"id": "a", "lang": "en", "q": "when?", "expect": ["hours"], "kind": "plain"} | more)


def problems(*lines: str, known: Known | None = KNOWN) -> list[str]:
    with pytest.raises(UsageError) as caught:
        read_cases(lines, "mine.jsonl", known)
    return str(caught.value).splitlines()[1:]


def test_a_line_in_order_is_a_case() -> None:
    (case,) = read_cases([line(gap="hours/holidays", want="gap", voice="x"), ""], known=KNOWN)
    assert (case.id, case.expect, case.gap, case.want, case.both) == ("a", ("hours",), True, "gap", False)


@pytest.mark.parametrize("kind", ["oos-near", "near"])
def test_both_names_of_near_are_near(kind: str) -> None:
    assert read_cases([line(expect=[], kind=kind)])[0].group == "near"


@pytest.mark.parametrize(
    ("bad", "rule", "says"),
    [
        ("nonsense", "not-json", "column 1"),
        ("[1, 2]", "not-a-case", "expected"),
        (line(lnag="en"), "unknown-key", 'did you mean "lang"?'),
        ('{"id": "a", "lang": "en", "q": "x", "kind": "plain"}', "missing-key", '"expect"'),
        (line(expect="hours"), "wrong-type", "a list of entries"),
        (line(q=["when"]), "wrong-type", "expected text"),
        (line(want="anwser"), "unknown-expectation", "'answer'"),
        (line(lang="fr"), "unknown-language", "it has en, ru"),
        (line(expect=["huors"]), "unknown-entry", 'did you mean "hours"?'),
        (line(gap="hours/holiday"), "unknown-gap", 'did you mean "hours/holidays"?'),
        (line(q="  "), "empty-text", '"q" is empty'),
        (line(expect_all=["price"]), "unexpected-entry", "price"),
        (line(expect=[], want="answer"), "contradiction", "names no entry"),
        ('{"id": "a", "id": "b", "lang": "en", "q": "x", "expect": [], "kind": "junk"}', "repeated-key", '"id"'),
    ],
)
def test_each_kind_of_wrong_line_has_its_rule(bad: str, rule: str, says: str) -> None:
    (found,) = problems(bad)
    assert found.startswith(f"mine.jsonl:1 [{rule}] ")
    assert says in found


def test_all_problems_are_listed_not_the_first_alone() -> None:
    found = problems("x", line(), line(lang="fr", expect=["a", "b"]), "{}")
    assert [one.split(" [")[0] for one in found] == ["mine.jsonl:1", *["mine.jsonl:3"] * 4, *["mine.jsonl:4"] * 5]


def test_an_id_stands_once_over_all_files() -> None:
    files = {"one.jsonl": line().encode(), "two.jsonl": line(q="how much?").encode()}
    with pytest.raises(UsageError, match=r'two\.jsonl:1 \[repeated-id\] "a" stands at one\.jsonl:1'):
        read_case_files(files)


@pytest.mark.parametrize("data", [b"", b"\n  \n", b"\xef\xbb\xbf"])
def test_a_file_without_a_question_is_a_problem(data: bytes) -> None:
    with pytest.raises(UsageError, match="empty-file"):
        read_case_files({"none.jsonl": data})


def test_a_byte_that_is_no_utf_8_is_named_and_the_other_lines_are_judged() -> None:
    with pytest.raises(UsageError) as caught:
        read_case_files({"a": line().encode() + b"\n\xff\nnonsense"})
    assert "a:2 [not-utf-8]" in str(caught.value)
    assert "a:3 [not-json]" in str(caught.value)


def test_the_mark_that_some_editors_write_first_is_no_problem() -> None:
    assert len(read_case_files({"a": b"\xef\xbb\xbf" + line().encode()})) == 1


def test_a_folder_means_the_files_of_its_languages_else_its_own(tmp_path: Path) -> None:
    (tmp_path / "alone.jsonl").touch()
    assert case_files([tmp_path]) == [tmp_path / "alone.jsonl"]
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.jsonl").touch()
    assert case_files([tmp_path, tmp_path / "en" / "a.jsonl"]) == [tmp_path / "en" / "a.jsonl"]
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="no labelled questions"):
        case_files([tmp_path / "none"])
