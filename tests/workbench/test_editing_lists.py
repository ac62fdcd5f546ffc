"""Items at the end of a list: new lines in the form of their neighbours, and every other byte as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.errors import KnowledgeError
from bot.workbench.editing.file import DraftFile
from tests.kb_bases import SHIPPED
from tests.workbench.test_editing import difference

PHRASES = """\
# Phrases.
term:
  # by students
  - "how long can he stay"   # the best
  - one term only?

# of the gap
term/first:
    - who falls under it

flush:
- 'one'
# behind it
last: [a, 'b']   # in a line
trailing: [
  "a",  # first
  "b",
]
block:
  - |-
    two
    lines
  - >-
    folded
    too

none:  # nobody yet
"null": ~  # nor here
empty: []
visas:
  say: |
    No.

    None.
  phrases:
    - visa
sport: {say: x, phrases: []}
"""


def appended(text: str, path: list[str], *items: str) -> str:
    file = DraftFile.of(text.encode(), "en/phrases/x.yaml")
    file.append(path, items)
    return file.done().decode()


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (["term"], ["+  - who else"]),
        (["term/first"], ["+    - who else"]),
        (["flush"], ["+- 'who else'"]),
        (["last"], ["-last: [a, 'b']   # in a line", "+last: [a, 'b', 'who else']   # in a line"]),
        (["trailing"], ['-  "b",', '+  "b", "who else",']),
        (["none"], ['+  - "who else"']),
        (["null"], ['-"null": ~  # nor here', '+"null":  # nor here', '+  - "who else"']),
        (["empty"], ["-empty: []", "+empty:", '+  - "who else"']),
        (["other/gap"], ["+other/gap:", '+  - "who else"']),
        (["visas", "phrases"], ["+    - who else"]),
        (["visas", "more"], ["+  more:", '+    - "who else"']),
        (
            ["sport", "phrases"],
            ["-sport: {say: x, phrases: []}", "+sport: {say: x, phrases: [who else]}"],
        ),
        (["a", "b"], ["+a:", "+  b:", '+    - "who else"']),
    ],
    ids=lambda value: "-".join(value) if len(value) < 3 else "",
)
def test_an_item_is_one_new_line_in_the_form_of_its_neighbours_and_all_else_stays(
    path: list[str], lines: list[str]
) -> None:
    text = appended(PHRASES, path, "who else")
    assert difference(PHRASES, text) == lines


def test_a_new_item_stands_right_behind_the_last_and_before_the_comment_on_what_follows() -> None:
    lines = appended(PHRASES, ["term"], "x y").splitlines()
    assert lines[lines.index("  - x y") - 1] == "  - one term only?"


def test_behind_an_item_of_several_lines_the_new_one_begins_anew() -> None:
    text = appended(PHRASES, ["block"], "three")
    assert yaml.safe_load(text)["block"] == ["two\nlines", "folded too", "three"]
    assert [line[0] for line in difference(PHRASES, text)] == ["+"]


def test_what_is_there_already_is_not_added_again() -> None:
    assert appended(PHRASES, ["term"], "one term only?") == PHRASES
    assert len(difference(PHRASES, appended(PHRASES, ["term"], "x", "x", "one term only?"))) == 1


@pytest.mark.parametrize(
    "item", ['say "no": yes # not a comment', "- 12:30, null", "{term} & *anchor", "it's", "ө\\n", ", a]"]
)
def test_no_text_breaks_a_list(item: str) -> None:
    for path in ("term", "flush", "last", "trailing", "block", "none", "empty"):
        assert yaml.safe_load(appended(PHRASES, [path], item))[path][-1] == item, path


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("term: words\n", ["term"], "en/phrases/x.yaml: term is no list of texts; write it as one first."),
        ("term: {a: b}\n", ["term"], "term is no list of texts"),
        ("term: [[a]]\n", ["term"], "term is no list of texts"),
        ("term: words\n", ["term", "phrases"], "term is no mapping; write it as one first."),
        ("term: &x [a]\nother: *x\n", ["term"], "en/phrases/x.yaml has to be put right first:\n.*an anchor"),
        ("term: [b", ["term"], "en/phrases/x.yaml has to be put right first:\n.*yaml-syntax"),
        ("term: [a]\nterm: [b]\n", ["term"], "stands at line 1 already; keep one"),
        ("\xff", ["term"], "not UTF-8"),
    ],
)  # fmt: skip
def test_where_there_is_no_place_that_is_said(text: str, path: list[str], said: str) -> None:
    with pytest.raises(KnowledgeError, match=said):
        DraftFile.of(text.encode("latin-1"), "en/phrases/x.yaml").append(path, ["new"])


def test_what_check_only_warns_of_keeps_nobody_from_a_change() -> None:
    text = "term:\n  - is he #1\n  - who\n"
    assert difference(text, appended(text, ["term"], "what")) == ["+  - what"]


@pytest.mark.parametrize("text", ["# only words", "", "---\n# words\n", "a: [b]  # no end", "\ufeffa:\r\n  - b\r\n"])
def test_a_file_without_an_end_or_a_beginning_takes_an_item(text: str) -> None:
    new = appended(text, ["fresh"], "one two")
    assert new.startswith(text)
    assert yaml.safe_load(new)["fresh"] == ["one two"]


def test_line_ends_that_differ_within_a_file_stay_as_they_are() -> None:
    text = "a:\r\n  - b\n  - c\r\n# end\r\n"
    assert appended(text, ["a"], "d") == "a:\r\n  - b\n  - c\r\n  - d\n# end\r\n"


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/phrases/*.yaml")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_each_list_of_phrases_of_the_shipped_base_grows_by_the_new_line_alone(path: Path) -> None:
    old = path.read_bytes()
    keys = [key for key, value in yaml.load(old, Loader=yaml.CBaseLoader).items() if isinstance(value, list)]
    file = DraftFile.of(old, path.name)
    for key in keys:
        file.append([key], [f"new: of {key}"])
    lines, before = iter(file.done().splitlines(keepends=True)), old.splitlines(keepends=True)
    assert all(line in lines for line in before)
    assert len(file.done().splitlines()) == len(before) + len(keys)
