"""The shape of the files: wrong parts are named and left out, the rest stays usable; editors get the same shapes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.kb.schema import MOST, FileKind, shape
from bot.kb.shapes import TopicFile
from bot.kb.yaml_text import read_yaml

TOPIC = """\
topic: {title: T, emoji: e, command: C}
entries:
  a: {source: s, section: x, question: Why?, answer: So it is.}
"""


def shaped(kind: FileKind, text: str) -> tuple[Any, list[str], bool]:
    value, _ = read_yaml(text.encode(), "f.yaml")
    content, problems, whole = shape(kind, value, "f.yaml")
    return content, [str(problem) for problem in problems], whole


def test_what_may_be_left_out_is_empty() -> None:
    content, problems, whole = shaped(FileKind.TOPIC, TOPIC)
    assert isinstance(content, TopicFile)
    entry = content.entries["a"]
    assert (entry.figures, entry.related, entry.gaps, entry.context, content.topic.order) == ([], [], {}, [], None)
    assert (problems, whole) == ([], True)


def test_an_unknown_key_loses_nothing_else() -> None:
    content, problems, whole = shaped(
        FileKind.TOPIC, TOPIC + "  b: {source: s, section: x, question: Q, answer: A, anser: B}\n"
    )
    assert list(content.entries) == ["a", "b"]
    assert problems == ['f.yaml:4 [unknown-key] entries > b has no key "anser"; did you mean "answer"?']
    assert whole


def test_an_entry_of_the_wrong_shape_leaves_the_others() -> None:
    content, problems, whole = shaped(FileKind.TOPIC, TOPIC + "  b: [x]\n  c: {source: s}\n")
    assert list(content.entries) == ["a"]
    assert {problem.split()[0] for problem in problems} == {"f.yaml:4", "f.yaml:5"}
    assert not whole


def test_an_unknown_key_in_a_list_leaves_the_item() -> None:
    context = "context: [{text: One., source: s}, {text: Two., source: s, x: y}]"
    content, _, whole = shaped(FileKind.TOPIC, TOPIC.replace("So it is.}", f"So it is., {context}}}"))
    assert [item.text for item in content.entries["a"].context] == ["One.", "Two."]
    assert whole


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FileKind.TOPIC, "topic: x\nentries: {}\n"),
        (FileKind.VOICE, "- a\n"),
        (FileKind.LANGUAGE, "alphabet: abc\n"),
        (FileKind.SOURCES, "- a\n"),
        (FileKind.NAMES, ""),
    ],
)
def test_where_nothing_is_left_there_is_no_content(kind: FileKind, text: str) -> None:
    content, problems, whole = shaped(kind, text)
    assert content is None
    assert problems
    assert not whole


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('name_endings: "("', "name_endings: no regular expression (missing ), unterminated subpattern at position 0)"),
        ("keyboards: [{typed: ab, meant: c}]", "keyboards > item 1: 2 letters typed, 1 meant; there must be as many"),
        ("alike: {ab: c}", "alike > ab > [key]: it must be one letter"),
        ("root: six", "root: Input should be a valid integer, unable to parse string as an integer"),
        ("joinng: [and]", 'the file has no key "joinng"; did you mean "joining"?'),
        ("stemmer: klingon", 'stemmer: no stemmer "klingon"; there is '),
    ],
)
def test_what_is_wrong_with_a_language_is_said_with_its_line(wrong: str, said: str) -> None:
    _, problems, _ = shaped(FileKind.LANGUAGE, f"name: X\nalphabet: abc\n{wrong}\n")
    (problem,) = problems
    place, _, text = problem.partition("] ")
    assert ":3 [" in place
    assert text.startswith(said)


def misfits(entries: int) -> tuple[list[str], float]:
    """The problems of so many entries with an unknown key each, and the processor time that they took."""
    text = "".join(f"  e{number}: {{zz{number}: 1}}\n" for number in range(entries))
    began = time.process_time()
    _, problems, _ = shaped(FileKind.TOPIC, f"topic: {{title: T, emoji: e, command: C}}\nentries:\n{text}")
    return problems, time.process_time() - began


def test_thousands_of_unknown_keys_take_no_more_time_each_and_are_folded() -> None:
    few, thousand = misfits(1_000)
    many, eight_thousand = misfits(8_000)
    assert len(few) == len(many) == MOST + 1
    assert many[-1].endswith(
        f"[too-many] {8_000 * 5 - MOST:,} more keys and values do not fit; put right what is named first"
    )
    assert eight_thousand < 30 * thousand  # of a square there would be 64


def test_what_is_taken_out_as_a_whole_takes_its_parts_along() -> None:
    content, problems, _ = shaped(FileKind.TOPIC, TOPIC + "  b: {zz: 1}\n")
    assert list(content.entries) == ["a"]
    assert len(problems) == 5
