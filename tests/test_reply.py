"""Replies free of any channel: what stands in them, in which order, and dates as people write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dates import spoken
from bot.kb.model import KnowledgeBase
from bot.reply import (
    AnswerPart,
    Choice,
    ContextPart,
    Reply,
    ReplyKind,
    SourceLine,
    answer_part,
    as_of,
    choice,
    citation,
    dated,
    plain,
    plain_answer,
    related,
    source_line,
    sources_list,
)
from tests.fitted import shipped_base
from tests.small_service import small_base

BASE: KnowledgeBase = small_base()
ARTICLE = BASE.sources["euractiv-2025-07-10"]
PENALTY = BASE.entries["death-penalty"]
LANGUAGES = BASE.languages


@pytest.mark.parametrize(
    ("published", "lang", "said"),
    [
        ("2025-07-10", "en", "10 July 2025"),
        ("2025-07-10", "ru", "10 июля 2025 г."),
        ("2025-07-10", "kk", "2025 ж. 10 шілде"),
        ("2025-06", "en", "June 2025"),
        ("2024", "en", "2024"),
        ("2024", "kk", "2024"),
    ],
)
def test_a_date_is_said_as_precisely_as_it_is_known(published: str, lang: str, said: str) -> None:
    assert spoken(published, BASE.voice(lang).locale).replace("\u202f", " ").replace("\xa0", " ") == said


@pytest.mark.parametrize(("lang", "month"), [("ru", "июнь"), ("kk", "маусым")])
def test_a_month_stands_in_the_nominative(lang: str, month: str) -> None:
    assert month in spoken("2025-06", BASE.voice(lang).locale).casefold()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_article_is_named_with_publisher_date_and_section(lang: str) -> None:
    line = source_line(BASE, ARTICLE, lang, "agenda")
    for part in (
        ARTICLE.publisher_in(lang),
        spoken("2025-07-10", BASE.voice(lang).locale),
        BASE.voice(lang).sections["agenda"],
    ):
        assert part in line.text
    assert line.url is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_source_without_a_date_has_the_day_on_which_it_was_read(lang: str) -> None:
    undated = replace(ARTICLE, published=None, read="2026-11-20")
    read = BASE.voice(lang).say("read_on", date=spoken("2026-11-20", BASE.voice(lang).locale))
    assert dated(undated, BASE.voice(lang)) == read
    assert read in source_line(BASE, undated, lang, None).text
    assert dated(replace(undated, read=None), BASE.voice(lang)) == ""


def test_an_unknown_section_stands_as_it_is_written() -> None:
    assert "Annex 3" in source_line(BASE, ARTICLE, "en", "Annex 3").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_carries_its_source_and_its_context_each_with_its_own(lang: str) -> None:
    part = answer_part(BASE, PENALTY, lang)
    assert part.answer == PENALTY.text(lang).answer
    assert part.source.text
    assert [item.text for item in part.context] == [item.text for item in PENALTY.text(lang).context]
    assert all(item.source.text and item.source.text != part.source.text for item in part.context)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_fills_a_gap_leads_when_it_was_asked_for_and_stands_apart_else(lang: str) -> None:
    """Each statement once, with its source; the words that join them only where there is something to join."""
    year = [item.text for item in PENALTY.text(lang).context if "year" in item.fills]
    assert year
    asked, unasked = answer_part(BASE, PENALTY, lang, "year"), answer_part(BASE, PENALTY, lang)
    assert ([item.text for item in asked.filled], asked.joint) == (year, BASE.voice(lang).say("filled"))
    assert asked.gap_id == "year"
    assert all(item.source.text for item in asked.filled)
    assert not {item.text for item in asked.context} & set(year)
    assert (unasked.filled, unasked.joint, unasked.gap_id) == ((), "", None)
    assert set(year) <= {item.text for item in unasked.context}


def test_a_gap_that_nothing_fills_is_said_alone() -> None:
    part = answer_part(BASE, BASE.entries["court-access"], "en", "how-to-file")
    assert part.gap
    assert (part.filled, part.joint) == ((), "")
    assert len(part.context) == len(BASE.entries["court-access"].text("en").context)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_changed_since_is_told_with_its_own_source_and_date(lang: str) -> None:
    change = BASE.changes["new-constitution"]
    source = BASE.sources[change.source]
    line = as_of(BASE, BASE.entries["presidential-term"], lang) or ""
    for part in (
        change.text(lang).say,
        source.publisher_in(lang),
        spoken(source.published or "", BASE.voice(lang).locale),
    ):
        assert part in line
    assert as_of(BASE, PENALTY, lang) is None


def test_what_changed_is_told_once() -> None:
    """Where it leads the reply, the answer does not repeat it; another lead changes nothing."""
    part = answer_part(BASE, BASE.entries["presidential-term"], "en")
    assert part.as_of
    assert part.led_by((part.as_of,)).as_of is None
    assert part.led_by(("Read as x",)) == part
    assert replace(part, as_of=None).led_by(()).as_of is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_citation_has_all_that_a_reader_must_give_and_fits_a_button(lang: str) -> None:
    """Publisher, title, date, section and the day of reading, in 256 characters, for every entry that ships."""
    base = shipped_base()
    for entry in base.entries.values():
        source, said = base.sources[entry.source], citation(base, entry, lang)
        assert source.published, entry.id
        assert source.read, entry.id
        wanted = [source.publisher_in(lang), source.title, base.voice(lang).sections[entry.section]]
        wanted += [spoken(day, BASE.voice(lang).locale) for day in (source.published, source.read)]
        assert [part for part in wanted if part not in said] == [], entry.id
        assert len(said) <= 256, entry.id
        assert answer_part(base, entry, lang).citation == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_have_the_short_title_and_lists_the_question(lang: str) -> None:
    text = BASE.entries["constitutional-court"].text(lang)
    one = choice(BASE, "constitutional-court", lang)
    assert (one.text, one.label) == (text.question, text.label)
    assert choice(BASE, "death-penalty", lang).label == BASE.entries["death-penalty"].text(lang).label


def test_the_silence_of_the_source_is_said_only_when_it_was_asked_for() -> None:
    assert answer_part(BASE, PENALTY, "en").gap is None
    assert answer_part(BASE, PENALTY, "en", "year").gap == PENALTY.text("en").gaps["year"].say
    assert answer_part(BASE, PENALTY, "en", "no-such-gap").gap is None


def test_an_entry_that_is_not_translated_comes_in_the_primary_language() -> None:
    only_english = replace(PENALTY, texts={"en": PENALTY.texts["en"]})
    assert answer_part(BASE, only_english, "kk").answer == PENALTY.text("en").answer


def test_related_entries_come_by_their_questions_without_those_shown() -> None:
    entry = next(entry for entry in BASE.entries.values() if len(entry.related) > 1)
    first, *others = entry.related
    assert related(BASE, entry, "en")[0] == choice(BASE, first, "en")
    assert [one.entry for one in related(BASE, entry, "en", (first,))] == others
    assert choice(BASE, first, "ru").text == BASE.entries[first].text("ru").question


PART = AnswerPart(
    entry="e",
    topic="t",
    question="Q?",
    answer="The answer.",
    gap="It does not say when.",
    source=SourceLine("Source: X", None),
    context_title="Beyond",
    context_note="other documents",
    context=(ContextPart("More.", SourceLine("Y, 2024", "https://y.example")),),
)


def test_plain_text_has_silence_answer_source_and_context_in_this_order() -> None:
    assert plain_answer(PART) == (
        "It does not say when.\n\nThe answer.\n\nSource: X\n\n"
        "Beyond (other documents)\n• More.\n  Y, 2024\n  https://y.example"
    )


def test_plain_text_says_between_silence_and_answer_what_fills_it_and_what_changed_since_below() -> None:
    filled = replace(
        PART,
        filled=(ContextPart("In 2021.", SourceLine("Z, 2021", None)), ContextPart("By law.", SourceLine("Y", None))),
        joint="Another does:",
        as_of="As of July.",
    )
    assert plain_answer(filled) == (
        "It does not say when.\n\nAnother does:\n• In 2021.\n  Z, 2021\n• By law.\n  Y\n\n"
        "The answer.\n\nAs of July.\n\nSource: X\n\n"
        "Beyond (other documents)\n• More.\n  Y, 2024\n  https://y.example"
    )


def test_without_silence_and_context_there_is_answer_and_source() -> None:
    assert plain_answer(replace(PART, gap=None, context=())) == "The answer.\n\nSource: X"


def test_a_reply_is_lead_text_answers_and_numbered_choices() -> None:
    bare = replace(PART, gap=None, context=())
    reply = Reply(
        "en", ReplyKind.ANSWER, ("Read as x",), "", (bare, bare), "Related", (Choice("a", "A?"), Choice("b", "B?"))
    )
    assert plain(reply) == "Read as x\n\nThe answer.\n\nSource: X\n\nThe answer.\n\nSource: X\n\nRelated\n1. A?\n2. B?"


def test_a_reply_of_text_alone_is_that_text() -> None:
    assert plain(Reply("en", ReplyKind.INFO, text="Hello")) == "Hello"
    assert plain(Reply("en", ReplyKind.SUGGEST, choices=(Choice("a", "A?"),))) == "1. A?"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_sources_has_every_context_source_once_with_its_address(lang: str) -> None:
    lines = sources_list(BASE, lang)
    context = [source for source in BASE.sources.values() if source.kind == "context"]
    assert lines.count("•") == len(context)
    assert all(source.title in lines and (source.url or "") in lines for source in context)
    assert ARTICLE.title not in lines
    assert ARTICLE.title in sources_list(BASE, lang, "article")
