"""From files to the base: what stands in YAML is found in the model, in reading order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.kb.load import check, load, read
from bot.kb.model import Context, KnowledgeBase, RefusalText, TopicText
from tests.kb_bases import MEMORY, SMALL_BASE, edit, small_base


@pytest.fixture(scope="module")
def small() -> KnowledgeBase:
    return load(SMALL_BASE)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


def usable(folder: Path) -> KnowledgeBase:
    """What is there of a base that `load` would refuse: its texts are in the wrong language, or too few."""
    base, problems = read(folder)
    assert base is not None
    assert problems == []
    return base


def test_the_primary_language_comes_first_then_the_alphabet(base: Path) -> None:
    (base / "kk").mkdir()
    (base / "kk" / "voice.yaml").write_bytes((base / "en" / "voice.yaml").read_bytes())
    assert usable(base).languages == ("en", "kk", "ru")


def test_the_sources_may_name_another_primary_language(base: Path) -> None:
    """The files of the languages change places with it."""
    for name in ("presidency.yaml", "liberties.yaml", "changes.yaml"):
        one, two = ((base / lang / name).read_bytes() for lang in ("en", "ru"))
        (base / "en" / name).write_bytes(two)
        (base / "ru" / name).write_bytes(one)
    for name in ("presidency.yaml", "liberties.yaml"):
        one, two = ((base / lang / "phrases" / name).read_bytes() for lang in ("en", "ru"))
        (base / "en" / "phrases" / name).write_bytes(two)
        (base / "ru" / "phrases" / name).write_bytes(one)
    sources = (base / "sources.yaml").read_text()
    (base / "sources.yaml").write_text(f"primary: ru\n{sources}")
    found = usable(base)
    assert found.languages == ("ru", "en")
    assert "primary" not in found.sources
    assert found.voice("tr").lang == "ru"


def test_topics_stand_by_their_order_then_by_name(base: Path) -> None:
    assert list(load(base, MEMORY).topics) == ["presidency", "liberties"]
    edit(base, "en/presidency.yaml", "  order: 1\n", "")
    assert list(load(base, MEMORY).topics) == ["liberties", "presidency"]
    edit(base, "en/liberties.yaml", "  order: 2\n", "")
    assert list(load(base, MEMORY).topics) == ["liberties", "presidency"]
    assert check(base, memory=MEMORY) == []


def test_a_topic(small: KnowledgeBase) -> None:
    topic = small.topics["presidency"]
    assert (topic.id, topic.emoji, topic.entries) == ("presidency", "🏛", ("presidential-term",))
    assert list(small.entries_of("presidency")) == [small.entries["presidential-term"]]
    assert topic.texts["ru"] == TopicText(title="Президент", command="Как устроена власть")


def test_an_entry_in_two_languages(small: KnowledgeBase) -> None:
    entry = small.entries["presidential-term"]
    assert (entry.topic, entry.source, entry.section) == ("presidency", "gazette-2025-07-10", "agenda")
    assert entry.related == ("rallies-held",)
    assert entry.text("en").figures == ("2022", "seven")
    assert entry.text("ru").question == "Сколько лет правит президент?"


def test_phrases_of_a_gap_are_apart_from_those_of_its_entry(small: KnowledgeBase) -> None:
    text = small.entries["presidential-term"].text("en")
    assert text.phrases == ("how long can he stay in power", "one term only?")
    assert text.gaps["first-bound"].ask == (
        "Whom does the limit bind?",
        "Is the one in office bound by it?",
        "who falls under the term limit",
    )


def test_context_takes_its_source_from_the_primary_language(small: KnowledgeBase) -> None:
    assert small.entries["presidential-term"].text("ru").context == (Context("Указ подписан в сентябре.", "almanac"),)


def test_a_source_and_its_publisher_by_language(small: KnowledgeBase) -> None:
    source = small.sources["almanac"]
    assert (source.kind, source.editor, source.published) == ("context", None, "2022-09")
    assert [source.publisher_in(lang) for lang in ("en", "ru")] == ["The Almanac", "Альманах"]


def test_a_refusal(small: KnowledgeBase) -> None:
    refusal = small.refusals["visas"]
    assert refusal.near == "presidency"
    assert refusal.text("ru") == RefusalText(
        "В статье нет ничего о визах.", ("как получить визу", "сколько стоит виза")
    )


def test_the_voice_with_small_talk(small: KnowledgeBase) -> None:
    voice = small.voice("en")
    assert voice.say("read_as", text="term") == "I read this as: term"
    assert voice.small_talk["greeting"].phrases == ("hello", "good morning")
    assert voice.profile["name"] == "Reform facts"


def test_word_lists(small: KnowledgeBase) -> None:
    assert small.synonyms == {"en": {"rally": ("demonstration", "march")}}
    assert small.names["en"]["foreign-place"] == ("atlantis",)
    assert "атланта" in small.names["ru"]["foreign-place"]


def test_what_is_untranslated_falls_back_to_the_primary_language(base: Path) -> None:
    """`check` names it; the base works all the same."""
    (base / "ru" / "liberties.yaml").unlink()
    (base / "ru" / "refusals.yaml").unlink()
    small = load(base, MEMORY)
    assert small.entries["rallies-held"].text("ru").question == "How many rallies were there?"
    assert small.topics["liberties"].text("ru").title == "Rallies"
    assert small.refusals["visas"].text("ru").phrases == ("how do I get a visa", "visa fee")
    assert {problem.rule for problem in check(base, memory=MEMORY)} == {"untranslated"}


def test_a_base_without_phrases_or_refusals_can_be_read(base: Path) -> None:
    for name in ("phrases/presidency.yaml", "phrases/smalltalk.yaml", "refusals.yaml"):
        (base / "en" / name).unlink()
    small = usable(base)
    assert small.entries["presidential-term"].text("en").phrases == ()
    assert "hey there" in small.voice("en").small_talk["greeting"].phrases
    assert next(iter(small.refusals)) == "visas"


def test_a_stray_file_leaves_the_base_readable_but_is_not_passed_over(base: Path) -> None:
    (base / "notes.txt").write_text("x")
    found, problems = read(base)
    assert found is not None
    assert [problem.rule for problem in problems] == ["stray-file"]
    with pytest.raises(KnowledgeError, match="stray-file"):
        load(base, MEMORY)


def test_all_problems_stand_in_the_error(base: Path) -> None:
    edit(base, "en/presidency.yaml", "section: agenda", "section: opening")
    edit(base, "en/refusals.yaml", "near: presidency", "near: nowhere")
    with pytest.raises(KnowledgeError) as caught:
        load(base, MEMORY)
    assert [line.split("]")[0] for line in str(caught.value).splitlines()[1:]] == [
        "en/presidency.yaml:9 [unknown-section",
        "en/refusals.yaml:3 [unknown-topic",
        "ru/refusals.yaml:1 [refusals-differ",
    ]
