"""The small rules behind `check`: figures, numbers, dates, braces, likeness. Whole bases are in test_kb_broken.py."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.kb.lint.answers import carries, numbers
from bot.kb.lint.memory import NEAR, near_pairs
from bot.kb.lint.text import is_blank, is_date, is_emoji
from bot.kb.lint.voice import placeholders
from bot.kb.load import check
from tests.kb_bases import MEMORY, edit, small_base


@pytest.mark.parametrize(
    ("answer", "figure"),
    [
        ("Over 1,500 rallies.", "1,500"),
        ("Over 1,500 rallies.", "over"),
        ("Over 1,500 rallies.", "over 1,500"),
        ("At the 144th session.", "144th"),
        ("In 2022, and in 2023.", "2022"),
        ("A 30-per-cent quota.", "30"),
        ("30%-ная квота", "30"),
        ("144-я сессия", "144-я"),
        ("144-я сессия", "144"),
        ("(2022)", "2022"),
        ("Over\n1,500", "over 1,500"),
        ("более 1 500 митингов", "1 500"),
        ("in 2013 50 meetings", "50"),
        ("super-presidential", "super-presidential"),
        ("Қазақстан – ЕО", "еО"),
        ("It ended in 50.", "50"),
        ("What? Yes (really).", "yes (really)"),
    ],
)
def test_an_answer_carries_a_figure(answer: str, figure: str) -> None:
    assert carries(answer, figure)


@pytest.mark.parametrize(
    ("answer", "figure"),
    [
        ("Over 1,500 rallies.", "50"),
        ("Over 1,500 rallies.", "500"),
        ("Over 1,500 rallies.", "1"),
        ("более 1 500 митингов", "500"),
        ("более 1\u00a0500 митингов", "1"),
        ("1440 pages", "144"),
        ("144th session", "144"),
        ("1.5 million", "5"),
        ("1.5 million", "1"),
        ("elected directly", "direct"),
        ("overt", "over"),
        ("2022", "2023"),
        ("", "x"),
    ],
)
def test_a_part_of_a_word_or_number_is_no_figure(answer: str, figure: str) -> None:
    assert not carries(answer, figure)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("over 1,500 and 259 of 294", ["1500", "259", "294"]),
        ("1 500, 1\u00a0500, 1\u202f500, 1.500.000", ["1500", "1500", "1500", "1500000"]),
        ("1.5 and 1,5", ["1.5", "1.5"]),
        ("10 July 2025, at the 144th", ["10", "2025", "144"]),
        ("since 2013 259 were held", ["2013", "259"]),
        ("no digits", []),
    ],
)
def test_numbers_are_the_same_however_they_are_grouped(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-06-30", "2024-02-29"])
def test_a_day_a_month_and_a_year_are_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-02-29", "2025-6-1", "10.07.2025", "0000", "2025-06-30T12:00", "２０２５"]
)
def test_anything_else_is_no_date(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", set()),
        ("{a} of {b}", {"a", "b"}),
        ("{{a}}", set()),
        ("{", None),
        ("{0}", None),
        ("{a.b}", None),
        ("{a:>3}", None),
    ],
)
def test_placeholders_are_plain_names(text: str, names: set[str] | None) -> None:
    """`{a.b}` or `{a!r}` would let a text reach into objects."""
    assert placeholders(text) == names


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("WAS anything said?", "was: anything said"),
        ("who won't march", "who wont march"),
        ("all of 1,500 marches", "all of 1500 marches"),
        ("the 144th march", "the 144 march"),
        ("a march\u00ad", "a march"),
    ],
)
def test_phrases_that_the_matcher_hears_as_one_lead_to_one_place(tmp_path: Path, one: str, another: str) -> None:
    base = small_base(tmp_path)
    edit(base, "en/phrases/liberties.yaml", "count the marches", f'"{one}"')
    edit(base, "en/phrases/presidency.yaml", "one term only?", f'"{another}"')
    assert "phrase-clash" in {problem.rule for problem in check(base, memory=MEMORY)}


# The pack of English has both, as what it refuses or says itself.
@pytest.mark.parametrize(
    "phrase", ["who are you", "Who are you, then", "what does the e-visa cost", "what does an e-visa cost"]
)
def test_what_a_pack_has_gives_way_to_a_phrase_of_the_base(tmp_path: Path, phrase: str) -> None:
    base = small_base(tmp_path)
    edit(base, "en/phrases/liberties.yaml", "count the marches", f'"{phrase}"')
    assert check(base, memory=MEMORY) == []


def test_two_entries_that_take_the_same_phrase_from_a_pack_clash_all_the_same(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    edit(base, "en/phrases/liberties.yaml", "count the marches", '"who are you"')
    edit(base, "en/phrases/presidency.yaml", "one term only?", '"Who are you?"')
    assert "phrase-clash" in {problem.rule for problem in check(base, memory=MEMORY)}


def test_what_has_no_letter_and_no_digit_is_blank() -> None:
    assert is_blank("?! –")
    assert not is_blank("a")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abé ж", min_size=1, max_size=30), max_size=12, unique=True))
def test_near_pairs_are_those_of_comparing_all(texts: list[str]) -> None:
    wanted = [pair for pair in combinations(range(len(texts)), 2) if fuzz.ratio(texts[pair[0]], texts[pair[1]]) >= NEAR]
    assert near_pairs(texts) == wanted


def test_near_pairs_in_many_texts() -> None:
    """Blocks of the comparison have no seams, and more letters than a byte holds make no difference."""
    texts = [f"what is the number {n * 7919:06d} of the list {chr(0x4E00 + n)}" for n in range(600)]
    close = [text + "?" for text in texts[::97]]
    found = {pair for pair in near_pairs([*texts, *close]) if pair[1] >= 600}
    assert {(n, 600 + place) for place, n in enumerate(range(0, 600, 97))} <= found


def test_a_sentence_that_the_bot_needs_and_does_not_find(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    """Taken out of both, it is missing in the one, and in the other said in the words of that."""
    edit(base, "en/voice.yaml", "  too_long: too_long\n", "  too_long: null\n")
    edit(base, "ru/voice.yaml", "  too_long: too_long\n", "  too_long: null\n")
    found = [(p.file, p.rule, p.warning) for p in check(base, memory=MEMORY)]
    assert found == [("en/voice.yaml", "voice-missing", False), ("ru/voice.yaml", "voice-missing", True)]
    assert "too_long" in check(base, memory=MEMORY)[0].text


def test_a_sentence_with_a_name_that_nobody_fills_in(tmp_path: Path) -> None:
    base = small_base(tmp_path)
    for lang in ("en", "ru"):
        edit(base, f"{lang}/voice.yaml", "page: page {page} {pages}", "page: page {page} of {totla}")
    found = [(p.file, p.rule) for p in check(base, memory=MEMORY)]
    assert found == [("en/voice.yaml", "unknown-placeholder"), ("ru/voice.yaml", "unknown-placeholder")]
    assert "{totla}" in check(base, memory=MEMORY)[0].text
    assert "{page}, {pages}" in check(base, memory=MEMORY)[0].text


@pytest.mark.parametrize("text", ["🏛", "⚖️", "#️⃣", "🏳️‍🌈", "👩🏽‍⚖️", "🇰🇿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏻‍❤️‍💋‍👩🏿"])
def test_emojis_of_every_make(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.parametrize("text", ["", " ", "e", "<b>", "&", "🏛 ", "🏛<", "🏛x", "1", "\u200d", "🏛" * 11])
def test_what_is_no_emoji(text: str) -> None:
    assert not is_emoji(text)
