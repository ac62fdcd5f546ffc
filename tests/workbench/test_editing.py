"""Changes of a file's text: the value is another, and every other byte is as it was."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml

from bot.errors import KnowledgeError
from bot.workbench.editing.draft import Draft

from bot.workbench.editing.yaml_text import Changes, Path as Place, Tree  # isort: skip
from tests.kb_bases import SHIPPED, small_base

TEXT = """\
# A file with all kinds of values.
plain: one two   # said so
quoted: "один"
single: 'it''s'
block: |-
  first
  second

# before the list
flow: [x, "y",
    z]  # of three
empty:
braces: {k: v}
nothing: {}
list:
  - 1
  # in between
  - "два"   # behind
deep:
  inner: {say: hello}
  # hangs on deep

# the end
last: q
"""


def changed(*edits: tuple[Place, Tree], text: str = TEXT) -> str:
    changes = Changes(text)
    for path, value in edits:
        changes.put(path, value)
    return changes.done()


def difference(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("path", "value", "difference_of_lines"),
    [
        (("plain",), "three", ["-plain: one two   # said so", "+plain: three   # said so"]),
        (("plain",), "a: b", ["-plain: one two   # said so", '+plain: "a: b"   # said so']),
        (("plain",), "no", ["-plain: one two   # said so", '+plain: "no"   # said so']),
        (("quoted",), 'д "w" \\', ['-quoted: "один"', '+quoted: "д \\"w\\" \\\\"']),
        (("single",), "you're", ["-single: 'it''s'", "+single: 'you''re'"]),
        (("block",), "first\nother", ["-  second", "+  other"]),
        (("flow",), ["x", "y", "w"], ["-    z]  # of three", "+    w]  # of three"]),
        (("flow",), ["x", "z"], ['-flow: [x, "y",', "+flow: [x,"]),
        (("empty",), "filled", ["-empty:", "+empty: filled"]),
        (("empty", "a"), "b c", ["+  a: \"b c\""]),
        (("braces", "l"), "w", ["-braces: {k: v}", "+braces: {k: v, l: w}"]),
        (("nothing", "a"), {"b": "c"}, ["-nothing: {}", "+nothing:", "+  a:", "+    b: c"]),
        (("list",), ["1", "2", "два", "3"], ['+  - "2"', '+  - "3"']),
        (("list",), ["два"], ["-  - 1"]),
        (("list",), ["1", "три"], ['-  - "два"   # behind', '+  - "три"   # behind']),
        (("braces", "k"), "", ["-braces: {k: v}", '+braces: {k: ""}']),
        (("deep", "inner", "of", "a"), "b", ["-  inner: {say: hello}", "+  inner: {say: hello, of: {a: b}}"]),
        (("deep", "more"), "m m", ['+  more: "m m"']),
        (("deep", "inner", "say"), "a, b", ["-  inner: {say: hello}", '+  inner: {say: "a, b"}']),
        (("last",), "q", []),
        (("new",), {"x": ["- a"], "y": "l1\nl2"}, ["+new:", "+  x:", '+    - "- a"', "+  y: |-", "+    l1", "+    l2"]),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_change_changes_its_own_lines_alone(path: Place, value: Tree, difference_of_lines: list[str]) -> None:
    text = changed((path, value))
    assert difference(TEXT, text) == difference_of_lines
    found = yaml.load(text, Loader=yaml.BaseLoader)
    for step in path:
        found = found[step]
    assert found == value


def test_changes_of_one_text_do_not_move_each_other() -> None:
    text = changed(
        (("last",), "r"), (("list",), ["2", "два"]), (("plain",), "longer than it was"), (("deep", "x"), "y")
    )
    assert yaml.load(text, Loader=yaml.BaseLoader) | {"flow": 0} == yaml.load(TEXT, Loader=yaml.BaseLoader) | {
        "flow": 0, "last": "r", "list": ["2", "два"], "plain": "longer than it was", "deep": {"inner": {"say": "hello"}, "x": "y"},
    }  # fmt: skip
    assert all(comment in text for comment in ("# said so", "# in between", "# behind", "# hangs on deep", "# the end"))


def test_lines_are_added_behind_the_comments_of_what_stands_before() -> None:
    changes = Changes(TEXT)
    changes.lines(("deep",), ["# key: value", "real: 1"])
    text = changes.done()
    assert "  # hangs on deep\n  # key: value\n  real: 1\n\n# the end" in text


def test_a_file_of_comments_takes_its_first_key() -> None:
    assert changed((("a",), "b"), text="# only this\n") == "# only this\na: b\n"
    assert changed((("a", "b"), ["c d"]), text="") == 'a:\n  b:\n    - "c d"\n'


@pytest.mark.parametrize(
    "text", [" leading", "trailing ", "a\n\n", "\nfirst", "tab\there", "\u2028", "- x", "#", "", "é\x85"]
)
def test_any_text_comes_back_as_it_was_put(text: str) -> None:
    for path in (("plain",), ("quoted",), ("single",), ("block",), ("fresh",), ("deep", "inner", "say")):
        found = yaml.load(changed((path, text)), Loader=yaml.BaseLoader)
        for step in path:
            found = found[step]
        assert found == text, path


@pytest.mark.parametrize(
    "name", ["en/justice.yaml", "ru/report.yaml", "kk/voice.yaml", "en/refusals.yaml", "sources.yaml"]
)
def test_in_a_file_of_the_shipped_base_one_text_is_one_line(name: str) -> None:
    old = (SHIPPED / name).read_text(encoding="utf-8")
    tree = yaml.load(old, Loader=yaml.CBaseLoader)
    top = next(key for key in tree if key != "primary")
    key = {"topic": "title", "sentences": next(iter(tree[top]))}.get(top, "say" if "say" in tree[top] else "title")
    new = changed(((top, key), "something else"), text=old)
    assert len([line for line in difference(old, new) if line.startswith("+")]) == 1
    assert len([line for line in difference(old, new) if line.startswith("-")]) >= 1


# A whole base


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_would_break_the_base_is_not_written(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    before = contents(base)
    draft = Draft(base)
    draft.put("en/presidency.yaml", ("entries", "presidential-term", "question"), "Another question?")
    draft.put("en/presidency.yaml", ("entries", "presidential-term", "source"), "nowhere")
    with pytest.raises(KnowledgeError, match="unknown-source"):
        draft.write()
    assert contents(base) == before


def test_a_file_that_cannot_be_written_leaves_all_others_as_they_were(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    draft = Draft(base)
    draft.put("en/presidency.yaml", ("topic", "title"), "Heads of state")
    draft.put("ru/presidency.yaml", ("topic", "title"), "Главы государства")
    assert draft.findings.broken == ()
    before = contents(base)
    moved = draft._move
    draft._move = lambda name, data: moved(name, data) if name[:2] == "en" or data == before.get(name) else full()  # type: ignore[method-assign]
    with pytest.raises(KnowledgeError, match="nothing was changed"):
        draft.write()
    assert contents(base) == before


def full() -> None:
    raise OSError(28, "No space left on device")


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    draft = Draft(base)
    draft.put("en/presidency.yaml", ("topic", "title"), "Heads of state")
    assert draft.contents
    with (base / "en" / "presidency.yaml").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    with pytest.raises(KnowledgeError, match="changed meanwhile"):
        draft.write()


def test_line_ends_and_the_mark_of_a_file_stay(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    path = base / "en" / "presidency.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    draft = Draft(base)
    draft.put("en/presidency.yaml", ("topic", "title"), "Heads of state")
    draft.write()
    assert path.read_bytes() == before.replace(b"title: The presidency", b"title: Heads of state")
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_base_that_is_broken_already_is_to_be_put_right_first(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    (base / "en" / "presidency.yaml").write_text("topic: [", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="put right first"):
        Draft(base)


def test_what_check_would_not_let_pass_is_not_written(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    before = contents(base)
    draft = Draft(base)
    draft.put("en/presidency.yaml", ("entries", "presidential-term", "answer"), "Nobody knows it.")
    with pytest.raises(KnowledgeError, match="figure-missing"):
        draft.write()
    assert contents(base) == before


def test_what_is_left_to_do_is_told_apart_from_what_breaks(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    draft = Draft(base)
    entry = {"source": "gazette-2025-07-10", "section": "agenda", "question": "What else?", "answer": "Nothing else."}
    draft.put("en/presidency.yaml", ("entries", "what-else"), entry)
    assert draft.findings.broken == ()
    assert {one.rule for one in draft.findings.open} == {"no-phrases", "untranslated"}
