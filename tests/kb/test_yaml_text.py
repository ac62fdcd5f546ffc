"""Reading one YAML file: text stays text, lines are known, traps are refused, nothing ends in a traceback."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kb.model import Problem
from bot.kb.yaml_text import MAX_BYTES, Items, Map, Value, column_of_event, line_of, line_of_event, read_yaml
from bot.kb.yaml_words import slip


def value(text: str) -> Value:
    found, problems = read_yaml(text.encode(), "f.yaml")
    assert problems == []
    return found


def problems(data: bytes | str) -> list[str]:
    _, wrong = read_yaml(data.encode() if isinstance(data, str) else data, "f.yaml")
    return [str(problem) for problem in wrong]


@pytest.mark.parametrize(
    "written", ["no", "yes", "12:30", "2025-07-10", "1_000", "0o17", "1e3", ".inf", "true", "48", "=", "<<", "1,500"]
)
def test_a_scalar_stays_text(written: str) -> None:
    """YAML would make false, 750, a date or a number of these."""
    assert value(f"key: {written}") == {"key": written}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none(written: str) -> None:
    assert value(f"key: {written}") == {"key": None}


@pytest.mark.parametrize("written", ["''", '"null"', "'~'"])
def test_quoted_nothing_is_text(written: str) -> None:
    assert value(f"key: {written}") == {"key": written[1:-1]}


def test_a_key_stays_text() -> None:
    assert value("no: a\n2022: b\nnull: c\n") == {"no": "a", "2022": "b", "null": "c"}


def test_folded_and_literal_blocks() -> None:
    assert value("a: >-\n  one\n  two\nb: |-\n  one\n  two\n") == {"a": "one two", "b": "one\ntwo"}


@pytest.mark.parametrize("text", ["", "# a comment\n", "---\n", "null\n"])
def test_an_empty_file_is_none(text: str) -> None:
    assert value(text) is None


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: b\n", "f.yaml") == ({"a": "b"}, [])


def test_windows_line_ends() -> None:
    assert value("a:\r\n  - b\r\n  - c\r\n") == {"a": ["b", "c"]}


def test_lines_of_keys_and_items() -> None:
    found = value("a:\n  b:\n    - one\n\n    - two\nc: {d: e}\n")
    assert isinstance(found, Map)
    assert [line_of(found, path) for path in (("a",), ("a", "b"), ("a", "b", 1), ("c", "d"))] == [1, 2, 5, 6]


def test_the_line_of_what_is_missing_is_that_of_its_parent() -> None:
    found = value("a: x\nb:\n  c: [d]\n")
    assert [line_of(found, path) for path in (("b", "nothing"), ("b", "c", 7), ("a", "x", "y"), ())] == [2, 3, 1, 1]
    assert line_of("text", ("a",)) == 1


def test_a_list_at_the_top() -> None:
    found = value("\n- a\n- b\n")
    assert isinstance(found, Items)
    assert (found.line, found.lines) == (2, [2, 3])


def test_of_repeated_keys_the_first_stays_and_each_other_is_named() -> None:
    found, wrong = read_yaml(b"a: 1\nb: {c: 1, c: 2}\na: 2\n", "f.yaml")
    assert found == {"a": "1", "b": {"c": "1"}}
    assert [problem.line for problem in wrong] == [2, 3]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: &x b\n", "yaml-feature"),
        ("a: *x\n", "yaml-feature"),
        ("*x : a\n", "yaml-feature"),
        ("&x a: b\n", "yaml-feature"),
        ("a: !!int 3\n", "yaml-feature"),
        ("a: ! 3\n", "yaml-feature"),
        ("!x {a: b}\n", "yaml-feature"),
        ("a: b\n---\nc: d\n", "yaml-feature"),
        ("%TAG ! tag:example.org,2000:\n--- !x\na: b\n", "yaml-feature"),
        ("a: b: c\n", "yaml-syntax"),
        ("a: 'b\n", "yaml-syntax"),
        ("%YAML 9.9\n---\na: b\n", "yaml-syntax"),
        ("a: [b\n", "yaml-syntax"),
        ("? {a: b}\n: c\n", "wrong-type"),
        ("[" * 21, "too-large"),
        ("[" * 500_000, "too-large"),
        ("{a: " * 500_000, "too-large"),
        ("- \n" * 200_001, "too-large"),
    ],
)
def test_what_is_refused(text: str, rule: str) -> None:
    """The value of such a file is not to be trusted: there is none."""
    found, wrong = read_yaml(text.encode(), "f.yaml")
    assert found is None
    assert rule in {problem.rule for problem in wrong}


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a: b\nc: \xff\n", 2), (b"a: b\n\nc: \x00\n", 3), (b"\xff\xfea\x00", 1), (b"a: \x1b[31m", 1), (b"a: \x07", 1)],
)
def test_what_is_not_text_is_refused_with_its_line(data: bytes, line: int) -> None:
    found, wrong = read_yaml(data, "f.yaml")
    assert found is None
    assert [(problem.rule, problem.line) for problem in wrong] == [("not-text", line)]


def test_a_huge_file_is_refused_unread() -> None:
    assert problems(b"a" * (MAX_BYTES + 1)) == ["f.yaml:1 [too-large] more than 5,000,000 bytes; split the file"]


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 50))
    assert {problem.split("[")[1].split("]")[0] for problem in problems(bomb)} == {"yaml-feature"}


def test_a_position_is_not_needed() -> None:
    """Without libyaml, or with an error that names no place, the first line is named."""
    assert slip("", yaml.YAMLError(), yaml.SafeLoader).line == 1
    assert (line_of_event(yaml.Event()), column_of_event(yaml.Event())) == (1, 0)


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%?, \n\t~é\u2028", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_value_or_a_problem(loader: type, text: str) -> None:
    """With the fast parser and with the slow one."""
    found, wrong = read_yaml(text.encode("utf-8", "surrogatepass"), "f.yaml", loader)
    assert found is None or isinstance(found, str | Map | Items)
    assert all(1 <= problem.line <= text.count("\n") + text.count("\r") + text.count("\u2028") + 3 for problem in wrong)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_value_or_a_problem(data: bytes) -> None:
    found, wrong = read_yaml(data, "f.yaml")
    assert found is None or isinstance(found, str | Map | Items)
    assert all(problem.file == "f.yaml" for problem in wrong)


def test_a_problem_is_one_line_that_no_terminal_obeys() -> None:
    printed = str(Problem("en/\x1b[31m.yaml", 1, "unknown-key", "a\nFAKE.yaml:1 [ok] no problem \u202e\x9b\u2028"))
    assert printed == "en/·[31m.yaml:1 [unknown-key] a·FAKE.yaml:1 [ok] no problem ···"
