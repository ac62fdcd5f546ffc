"""Whatever is typed into a base, `check` ends in problems, never in a traceback, and agrees with `load`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.kb.load import load, read
from bot.open.freeze import to_document
from tests.kb_bases import MEMORY, SMALL_BASE, check_small, small_base

NAMES = sorted(path.relative_to(SMALL_BASE).as_posix() for path in SMALL_BASE.rglob("*.yaml"))
SNIPPETS = [
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "  ",
    "null",
    "&a ",
    "*a",
    "!x ",
    "|\n",
    '"',
    "'",
    "#",
    "\t",
    "\0",
    "{n",
    "1,5",
    "é",
]

edits = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(0, 900),
        st.integers(0, 40),
        st.sampled_from(SNIPPETS).map(str.encode) | st.binary(max_size=8),
    ),
    min_size=1,
    max_size=4,
)


KNOWN: tuple[list[tuple[str, int, int, bytes]], ...] = (
    [("en/presidency.yaml", 0, 900, b"")],
    [("sources.yaml", 0, 900, b"a: {}")],
    [("en/voice.yaml", 0, 900, b"sentences: {a: '{'}")],
)
FEW = 8  # examples of the fast lane


def many(number: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("examples", [FEW, pytest.param(number, marks=pytest.mark.gate)])


@many(80)
def test_random_edits(examples: int) -> None:
    test = given(edits)(_edited)
    for known in KNOWN:
        test = example(known)(test)
    settings(max_examples=examples, deadline=None)(test)()


def _edited(changes: list[tuple[str, int, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as above:
        folder = small_base(Path(above))
        for name, start, length, new in changes:
            data = (folder / name).read_bytes()
            (folder / name).write_bytes(data[:start] + new + data[start + length :])
        problems = check_small(folder)
        assert problems == sorted(problems)
        _judge(folder, {str(problem) for problem in problems})


@many(40)
def test_random_bytes_in_place_of_a_file(examples: int) -> None:
    test = given(st.sampled_from(NAMES), st.binary(max_size=200))(_replaced)
    settings(max_examples=examples, deadline=None)(test)()


def _replaced(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as above:
        folder = small_base(Path(above))
        (folder / name).write_bytes(data)
        _judge(folder, {str(problem) for problem in check_small(folder)})


def _judge(folder: Path, problems: set[str]) -> None:
    base, found = read(folder, MEMORY)
    assert base is not None or found
    if any(" warning: " not in problem for problem in problems):
        with pytest.raises(KnowledgeError):
            load(folder, MEMORY)
    else:
        assert base is not None
        assert json.dumps(to_document(load(folder, MEMORY)))
