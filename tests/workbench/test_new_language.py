"""Another language for a base of several topics: nothing of it keeps the base from working, and `check` says what is left."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.kb.load import check, load
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.plan import Wishes, planned, put_into
from bot.workbench.exchange.records import FaqFile, Record
from bot.workbench.scaffolds.base import About, make_base
from bot.workbench.scaffolds.language import add_language
from bot.workbench.scaffolds.parts import Adding
from tests.kb_bases import edit

TODAY = datetime.date(2026, 11, 29)
GROUPS = {
    "en": ("Questions that we get every week", "How far is it?", "It is near the old bridge."),
    "ru": ("Вопросы, которые нам задают каждую неделю", "Далеко ли это?", "Это у старого моста."),
    "kk": ("Бізге апта сайын қойылатын сұрақтар", "Ол алыс па?", "Ол ескі көпірдің жанында."),
}
PAIRS = [(first, other) for first in GROUPS for other in GROUPS if first != other]


@pytest.fixture
def two_topics(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    first, folder = request.param, tmp_path / "base"
    make_base(folder, About(first), TODAY)
    group, question, answer = GROUPS[first]
    found = FaqFile((Record(question, answer, "line 1", group),), (), "")
    draft, base = Draft(folder), load(folder)
    put_into(draft, base, planned(base, found, Wishes()), Wishes())
    draft.write()
    return folder


@pytest.mark.parametrize(("two_topics", "other"), PAIRS, indirect=["two_topics"])
def test_a_topic_whose_title_is_a_sentence_waits_for_its_translation(two_topics: Path, other: str) -> None:
    """It stood there in the first language, which `check` took for a text in the wrong one; and a language that comes
    before the base's own took the entries from it. Nothing was written."""
    draft = Draft(two_topics)
    add_language(Adding(load(two_topics), draft, "2026-11-29"), other, "", "")
    draft.write()
    found = check(two_topics)
    assert {(one.rule, one.warning) for one in found} == {("untranslated", True)}
    heads = [one for one in found if "the topic is called as at" in one.text]
    assert len(heads) == 2
    base = load(two_topics)
    assert base.languages[1] == other
    assert len(base.topics) == 2


@pytest.mark.parametrize("two_topics", ["en"], indirect=True)
def test_a_topic_half_translated_is_in_the_wrong_language(two_topics: Path) -> None:
    draft = Draft(two_topics)
    add_language(Adding(load(two_topics), draft, "2026-11-29"), "ru", "", "")
    draft.write()
    name = next(path.name for path in (two_topics / "ru").glob("q*.yaml"))
    edit(two_topics, f"ru/{name}", f'title: "{GROUPS["en"][0]}"', f"title: {GROUPS['ru'][0]}")
    assert [one.rule for one in check(two_topics) if not one.warning] == ["wrong-language"]
