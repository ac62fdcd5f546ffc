"""Edits of a base's YAML: lines are added, and nothing else is touched."""

from __future__ import annotations

import difflib

import pytest
import yaml

from bot.workbench.edits import EditError, with_entry, with_items

BLOCK = """# Phrases.
term:
  # by students
  - "how long can he stay"   # the best
  - one term only?

# of the gap
term/first:
    - who falls under it

last: [a, 'b']
"""


def added(before: str, after: str) -> tuple[list[str], list[str]]:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    return [one[1:] for one in lines if one[0] == "+"], [one[1:] for one in lines if one[0] == "-"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["term"], '  - "for how many years?"'),
        (["term/first"], '    - "for how many years?"'),
    ],
)
def test_an_item_of_a_block_is_one_new_line_and_everything_else_stays(path: list[str], line: str) -> None:
    after = with_items(BLOCK, path, ["for how many years?"])
    assert added(BLOCK, after) == ([line], [])
    assert yaml.safe_load(after)[path[0]][-1] == "for how many years?"


def test_a_new_item_stands_right_behind_the_last_and_before_the_comment_on_what_follows() -> None:
    lines = with_items(BLOCK, ["term"], ["x y"]).splitlines()
    assert lines[lines.index('  - "x y"') - 1] == "  - one term only?"


def test_a_list_in_brackets_grows_within_its_line() -> None:
    after = with_items(BLOCK, ["last"], ["c: d", "e"])
    assert added(BLOCK, after) == (['last: [a, \'b\', "c: d", "e"]'], ["last: [a, 'b']"])


def test_a_key_that_is_missing_is_added_at_the_end() -> None:
    after = with_items(BLOCK, ["other-entry"], ["what else"])
    assert added(BLOCK, after) == (["other-entry:", '  - "what else"'], [])
    assert with_items("", ["a"], ["b"]) == 'a:\n  - "b"\n'
    assert with_items("# only words", ["a"], ["b"]).startswith("# only words\na:\n")


def test_deeper_lists_are_reached_and_made() -> None:
    text = "visas:\n  say: |\n    No.\n\n    None.\n  phrases:\n    - visa\nsport: {say: x, phrases: []}\n"
    after = with_items(text, ["visas", "phrases"], ["fee"])
    assert added(text, after) == (['    - "fee"'], [])
    assert added(text, with_items(text, ["visas", "more"], ["fee"])) == (["  more:", '    - "fee"'], [])
    assert yaml.safe_load(with_items(text, ["sport", "phrases"], ["fee"]))["sport"]["phrases"] == ["fee"]


def test_what_is_there_already_is_not_added_again() -> None:
    assert with_items(BLOCK, ["term"], ["one term only?"]) == BLOCK


@pytest.mark.parametrize("text", ['say "no": yes # not a comment', "- 12:30, null", "{term} & *anchor", "it's", "ө\\n"])
def test_no_text_breaks_the_file(text: str) -> None:
    assert yaml.safe_load(with_items(BLOCK, ["term"], [text]))["term"][-1] == text
    assert yaml.safe_load(with_items(BLOCK, ["last"], [text]))["last"][-1] == text


@pytest.mark.parametrize("text", ["term: words\n", "term: {a: b}\n"])
def test_where_there_is_no_place_that_is_said(text: str) -> None:
    with pytest.raises(EditError, match=r"en/phrases/x\.yaml: term is no list; write it as one"):
        with_items(text, ["term"], ["new"], "en/phrases/x.yaml")


def test_what_stands_in_two_places_is_changed_in_neither() -> None:
    with pytest.raises(EditError, match="write it yourself"):
        with_items("term: &x [a]\nother: *x\n", ["term"], ["new"])


def test_a_broken_file_is_named() -> None:
    with pytest.raises(EditError, match=r"en/x\.yaml: no YAML that can be read"):
        with_items("a: [b", ["a"], ["c"], "en/x.yaml")


def test_an_entry_goes_to_the_end_of_the_entries_with_their_margin() -> None:
    text = "topic: {title: T}\nentries:\n  one:\n    answer: |-\n      Yes.\n\n      No.\n# the end\n"
    after = with_entry(text, ["entries"], ["two:", "  answer: Maybe."])
    assert added(text, after) == (["  two:", "    answer: Maybe."], [])
    assert list(yaml.safe_load(after)["entries"]) == ["one", "two"]


def test_an_entry_that_is_there_already_is_refused() -> None:
    with pytest.raises(EditError, match="write it yourself"):
        with_entry("entries:\n  one: {answer: Yes.}\n", ["entries"], ["one:", "  answer: No."])
