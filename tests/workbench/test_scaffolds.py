"""What maintainers begin with: a base in each language, and parts that never leave it half written."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kb.load import check, load
from bot.languages.packs import SHIPPED as PACKS
from bot.languages.start import start
from bot.workbench.editing.draft import Draft
from bot.workbench.scaffolds.base import About, languages, make_base
from bot.workbench.scaffolds.language import add_language
from bot.workbench.scaffolds.parts import (
    Adding,
    EntryWords,
    add_entry,
    add_gap,
    add_refusal,
    add_topic,
    add_translation,
)
from tests.kb_bases import edit, small_base
from tests.workbench.test_editing import contents

TODAY = datetime.date(2026, 11, 29)
CODES = sorted(path.parent.name for path in PACKS.glob("*/language.yaml"))


def begun(folder: Path, lang: str = "en", **words: str) -> Path:
    make_base(folder / "base", About(lang, **words), TODAY)
    return folder / "base"


def problems(folder: Path) -> list[str]:
    return [str(one) for one in check(folder) if not one.warning]


def left(folder: Path) -> set[str]:
    """What another language lacks keeps no base from working."""
    return {str(one) for one in check(folder) if one.rule == "untranslated"}


def test_every_language_of_the_packs_has_a_beginning() -> None:
    assert languages() == CODES
    parts = {code: start(code) for code in CODES}
    for one in parts.values():
        assert one
        assert list(one.entries) == list(parts["en"].entries)  # type: ignore[union-attr]
        assert set(one.cases) == {*one.entries, "none"}
        assert set(one.columns) == set(parts["en"].columns)  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", CODES)
@pytest.mark.parametrize(
    "words",
    [
        {},
        {
            "title": "A: b # c",
            "publisher": '"P" & sons',
            "url": "https://a.org/?b=c",
            "contact": "+1 23",
            "published": "2026-03",
        },
    ],
)
def test_a_base_is_without_a_problem_whatever_was_said(lang: str, words: dict[str, str], tmp_path: Path) -> None:
    folder = begun(tmp_path, lang, **words)
    assert [str(one) for one in check(folder)] == []
    base = load(folder)
    assert base.languages == (lang,)
    assert len(base.entries) == 2
    (source,) = base.sources.values()
    assert (source.title, source.publisher) == (
        words.get("title", source.title),
        words.get("publisher", source.publisher),
    )
    answers = " ".join(entry.texts[lang].answer for entry in base.entries.values())
    assert all(words.get(key, "") in answers for key in ("url", "contact", "publisher"))
    assert "{" not in answers


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    make_base(folder, About("en"), TODAY)  # an empty folder is none
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="not empty"):
        make_base(folder, About("ru"), TODAY)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        make_base(tmp_path / "file", About("ru"), TODAY)
    assert contents(tmp_path) == before | {"file": b"mine"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"url": "example"}, "no http"),
        ({"published": "May 2026"}, "no date"),
        ({"topic": "help"}, "slash command of its own"),
        ({"title": "a\u200bb"}, "text-trap"),
    ],
)
def test_what_makes_no_base_is_named_and_leaves_nothing(words: dict[str, str], why: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=why):
        begun(tmp_path, **words)
    assert list(tmp_path.iterdir()) == []


def test_a_language_without_a_beginning_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="en, kk, ru"):
        begun(tmp_path, "fr")


# Parts


def adding(folder: Path) -> Adding:
    return Adding(load(folder), Draft(folder), "2026-11-29")


WORDS = EntryWords(question="Can I renew by telephone?", answer="Yes, on working days.", phrases=("ring to extend it",))


def test_an_entry_with_its_words_answers_at_once(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    one = adding(folder)
    assert add_entry(one, WORDS) == "can-i-renew-by-telephone"
    one.draft.write()
    assert problems(folder) == []
    text = load(folder).entries["can-i-renew-by-telephone"].texts["en"]
    assert (text.answer, text.phrases[0]) == ("Yes, on working days.", "ring to extend it")
    assert "    # figures: " in (folder / "en" / "faq.yaml").read_text(encoding="utf-8")


def test_an_entry_without_words_is_a_comment_and_no_reader_meets_it(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    before = load(folder).entries
    one = adding(folder)
    add_entry(one, EntryWords(id="later"))
    one.draft.write()
    assert problems(folder) == []
    assert load(folder).entries == before
    assert "  # later:\n  #   source: source\n" in (folder / "en" / "faq.yaml").read_text(encoding="utf-8")
    assert one.left == ["en/faq.yaml: fill in later, and take the # away"]


def test_a_comment_becomes_an_entry_when_its_signs_are_taken_away(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    one = adding(folder)
    add_entry(one, EntryWords(id="later"))
    one.draft.write()
    path = folder / "en" / "faq.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line.replace("# ", "", 1) if line.startswith("  # ") else line for line in lines)
    path.write_text(text.replace("…", "Is it late?", 1).replace("…", "It is late.", 1), encoding="utf-8")
    assert load(folder).entries["later"].texts["en"].answer == "It is late."


def test_an_entry_stands_in_every_language_and_check_says_where_words_are_missing(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    before = left(folder)
    one = adding(folder)
    add_entry(one, EntryWords("by-phone", "presidency", *(WORDS.question, WORDS.answer), section="agenda"))
    one.draft.write()
    found = left(folder) - before
    assert [problem.split(" is not")[0].split("warning: ")[1] for problem in found] == [
        "by-phone (en/presidency.yaml:23)"
    ]
    assert "  # by-phone:\n" in (folder / "ru" / "presidency.yaml").read_text(encoding="utf-8")
    more = adding(folder)
    add_translation(more, "ru", EntryWords("by-phone", question="Можно по телефону?", answer="Да, в будни."))
    more.draft.write()
    assert left(folder) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (EntryWords(id="contact", question="a b?", answer="c d"), "There is an entry contact already"),
        (EntryWords(id="Not One", question="a b?", answer="c d"), "the id of an entry is"),
        (
            EntryWords(topic="none", question="a b?", answer="c d"),
            "--topic none: the base has no such topic, it has faq",
        ),
        (EntryWords(source="none", question="a b?", answer="c d"), "--source is one of source"),
        (EntryWords(), "give one"),
        (
            EntryWords(topic="fag", question="a b?", answer="c d"),
            "--topic fag: the base has no such topic, it has faq;",
        ),
    ],
)
def test_an_entry_that_cannot_be_is_refused(words: EntryWords, why: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=why):
        add_entry(adding(begun(tmp_path)), words)


def test_a_topic_begins_with_an_entry(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    one = adding(folder)
    with pytest.raises(UsageError, match="first entry"):
        add_topic(one, "loans", "Loans", EntryWords())
    add_topic(one, "loans", "Loans", WORDS)
    one.draft.write()
    assert problems(folder) == []
    assert load(folder).topics["loans"].entries == ("can-i-renew-by-telephone",)
    with pytest.raises(UsageError, match="already"):
        add_topic(adding(folder), "loans", "Loans", WORDS)
    with pytest.raises(UsageError, match="slash command"):
        add_topic(adding(folder), "help", "Help", WORDS)


def test_a_gap_with_its_words_is_heard_and_without_is_a_comment(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    one = adding(folder)
    add_gap(
        one, "rallies-held", "where", ["In which towns?", "where were they", "which cities"], "It does not say where."
    )
    one.draft.write()
    assert load(folder).entries["rallies-held"].texts["en"].gaps["where"].say == "It does not say where."
    assert "    # gaps:\n    #   where:\n" in (folder / "ru" / "liberties.yaml").read_text(encoding="utf-8")
    assert len(one.left) == 1
    before = load(folder)
    two = adding(folder)
    add_gap(two, "rallies-held", "why", (), "")
    two.draft.write()
    assert load(folder).entries == before.entries
    assert "      # why:\n      #   ask: " in (folder / "en" / "liberties.yaml").read_text(encoding="utf-8")  # in gaps
    assert two.left[0] == "en/liberties.yaml: fill in the gap why of rallies-held, and take the # away"
    with pytest.raises(UsageError, match="no entry rallies-hold; perhaps rallies-held"):
        add_gap(adding(folder), "rallies-hold", "why", (), "")


def test_a_refusal_goes_into_every_language(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    one = adding(folder)
    add_refusal(one, "tickets", "It says nothing of tickets.", ["buy a ticket", "ticket prices"], "presidency")
    one.draft.write()
    assert load(folder).refusals["tickets"].near == "presidency"
    assert "# tickets:\n#   say: " in (folder / "ru" / "refusals.yaml").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="There is a refusal tickets already"):
        add_refusal(adding(folder), "tickets", "x y", ["z"], "")
    with pytest.raises(UsageError, match="begin it with --say and --phrase"):
        add_refusal(adding(begun(tmp_path / "x")), "tickets", "", [], "")


def test_a_language_of_the_packs_comes_with_all_entries_to_translate(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    one = adding(folder)
    add_language(one, "kk", "", "")
    one.draft.write()
    base = load(folder)
    assert base.languages == ("en", "kk")
    assert "  # contact:\n  #   question: " in (folder / "kk" / "faq.yaml").read_text(encoding="utf-8")
    assert {one.rule for one in check(folder)} == {"untranslated"}
    with pytest.raises(UsageError, match="a folder kk already"):
        add_language(adding(folder), "kk", "", "")


def test_a_language_without_a_pack_gets_one_to_be_filled_in(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    with pytest.raises(UsageError, match="--alphabet"):
        add_language(adding(folder), "de", "", "")
    one = adding(folder)
    add_language(one, "de", "", "abcdefghijklmnopqrstuvwxyzäöüß")
    one.draft.write()
    base = load(folder)
    assert (base.traits["de"].name, base.traits["de"].stemmer) == ("Deutsch", "german")
    assert base.voices["de"].say("empty") == base.voices["en"].say("empty")
    edit(folder, "languages/de/voice.yaml", "  # topic_pick: ", '  topic_pick: "Wählen Sie:"  # ')
    assert load(folder).voices["de"].say("topic_pick") == "Wählen Sie:"
    with pytest.raises(UsageError, match="CLDR"):
        add_language(adding(folder), "qqq", "", "abc")
