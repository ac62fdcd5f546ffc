"""A labelled question more: in its file, of a known kind, and none that is there already."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kb.load import load
from bot.workbench.scaffolds.cases import KINDS, add_case
from tests.kb_bases import SHIPPED
from tests.workbench.test_scaffolds import begun


def test_a_case_is_a_line_more_and_no_phrase(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    path = add_case(load(folder), folder, "en", "somebody to ring", ("contact",), "")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (lines[-1]["expect"], lines[-1]["kind"]) == (["contact"], "paraphrase")
    assert len({line["id"] for line in lines}) == len(lines)
    assert add_case(load(folder), folder, "en", "how wide is the door", (), "").name == "refuse.jsonl"
    with pytest.raises(UsageError, match="way to ask for contact already"):
        add_case(load(folder), folder, "en", "Contact details!", ("contact",), "")
    with pytest.raises(UsageError, match="a case already, refuse-en-001"):
        add_case(load(folder), folder, "en", "How wide is the door?", (), "")
    with pytest.raises(UsageError, match="no entry contacts; perhaps contact"):
        add_case(load(folder), folder, "en", "x", ("contacts",), "")
    with pytest.raises(UsageError, match="has no word"):
        add_case(load(folder), folder, "en", "?!", (), "")
    with pytest.raises(UsageError, match=r"--kind oos_near: one of plain, .*; perhaps oos-near"):
        add_case(load(folder), folder, "en", "x", (), "oos_near")


def test_the_kinds_of_cases_are_those_that_the_guide_names() -> None:
    guide = (SHIPPED / "README.md").read_text(encoding="utf-8")
    told = guide.split("`kind` is ")[1].split('`"want"`')[0]
    assert set(re.findall("[a-z-]+", re.sub(r"\(.*?\)", "", told))) - {"or", "without", "an", "answer"} == set(KINDS)
