"""How replies look: whatever is in a text, the HTML is well-formed, short enough, and hides nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.looks.keyboards import MAX_COPIED, Me
from bot.channels.telegram.looks.markup import LONGEST, clean, escaped, split, units, visible
from bot.channels.telegram.looks.render import pages, topic_pages
from bot.reply import AnswerPart, ContextPart, Reply, ReplyKind, SourceLine
from tests.botapi.html_entities import parse_html
from tests.small_service import small_base

ME = Me("a_bot", inline=True)


def part(answer: str = "An answer.", question: str = "A question?", context: int = 1) -> AnswerPart:
    source = SourceLine("Publisher, date", "https://example.org/?a=1&b=2")
    return AnswerPart(
        entry="death-penalty",
        topic="justice",
        question=question,
        answer=answer,
        gap="Not said.",
        source=SourceLine("Source: the article", None),
        context_title="Beyond",
        context_note="not the article",
        context=tuple(ContextPart(f"Context {number} " + answer, source) for number in range(context)),
    )


def reply(*parts: AnswerPart, lead: tuple[str, ...] = (), text: str = "") -> Reply:
    return Reply("en", ReplyKind.ANSWER, lead, text, parts)


def test_an_answer_has_its_parts_in_order() -> None:
    [page] = pages(reply(part()), small_base(), ME)
    assert page.text == (
        "<b>A question?</b>\n\n<i>Not said.</i>\n\nAn answer.\n\nSource: the article\n\n"
        "<b>Beyond (not the article)</b>\n<blockquote>• Context 0 An answer.\n"
        '<a href="https://example.org/?a=1&amp;b=2">Publisher, date</a></blockquote>'
    )


def test_what_is_asked_for_leads_and_what_the_article_says_comes_after_it() -> None:
    """Silence, then what another document says of it, then the article's own words and what changed since."""
    asked = replace(
        part(context=2),
        filled=(ContextPart("It was 2021.", SourceLine("Publisher, date", None)),),
        joint="Another does:",
        as_of="As of July.",
    )
    [page] = pages(reply(asked), small_base(), ME)
    assert page.text == (
        "<b>A question?</b>\n\n<i>Not said.</i>\n\n"
        "<b>Another does:</b>\n<blockquote>• It was 2021.\nPublisher, date</blockquote>\n\n"
        "An answer.\n\n<i>As of July.</i>\n\nSource: the article\n\n"
        "<b>Beyond (not the article)</b>\n<blockquote>• Context 0 An answer.\n"
        '<a href="https://example.org/?a=1&amp;b=2">Publisher, date</a>\n\n• Context 1 An answer.\n'
        '<a href="https://example.org/?a=1&amp;b=2">Publisher, date</a></blockquote>'
    )


def test_without_silence_context_and_change_there_is_question_answer_and_source() -> None:
    [page] = pages(reply(replace(part(context=0), gap=None)), small_base(), ME)
    assert page.text == "<b>A question?</b>\n\nAn answer.\n\nSource: the article"


def test_a_citation_too_long_for_a_button_is_cut_at_a_word() -> None:
    """Telegram refuses more than 256 characters, and with them the whole message."""
    [page] = pages(reply(replace(part(), citation="word " * 80)), small_base(), ME)
    assert page.keyboard is not None
    [text] = [b.copy_text.text for row in page.keyboard.inline_keyboard for b in row if b.copy_text]
    assert len(text) <= MAX_COPIED
    assert text.endswith("word…")


@pytest.mark.parametrize("text", ["<b>bold</b>", "a < b & c > d", "&amp;", '"quoted"', "</blockquote>", "<script>"])
def test_markup_in_a_text_is_shown_as_it_is(text: str) -> None:
    [page] = pages(reply(part(answer=text, question=text)), small_base(), ME)
    shown, _ = parse_html(page.text)
    assert shown.count(text) == 3


def test_markup_in_an_emoji_is_shown_as_it_is() -> None:
    base, emoji = small_base(), "<a href='https://example.org'>x</a>"
    marked = replace(base, topics={"justice": replace(base.topics["justice"], emoji=emoji)})
    [page] = topic_pages(marked, "justice", (), 0, "en")
    text, entities = parse_html(page.text)
    assert text.startswith(emoji)
    assert [one["type"] for one in entities] == ["bold"]


def test_direction_marks_and_invisible_characters_are_not_echoed() -> None:
    [page] = pages(reply(lead=("I read: \u202eabc\u2066\u200b\u200fdef\ufeff\x00 \u061cx",)), small_base(), ME)
    assert page.text == "I read: abcdef x"
    assert clean("a\u2028b\tc\r\nd \ud800") == "a b c d"


@pytest.mark.parametrize("filler", ["word ", "A sentence. ", "line\n", "paragraph\n\n", "x", "😀", "&", "<", "ә"])
def test_long_texts_are_split_into_whole_messages(filler: str) -> None:
    text = filler * (12_000 // len(filler))
    made = pages(reply(part(answer=text)), small_base(), ME)
    assert len(made) > 1
    assert [page.keyboard is None for page in made] == [True] * (len(made) - 1) + [False]
    shown = ""
    for page in made:
        text_of_page, _ = parse_html(page.text)
        assert 0 < units(text_of_page) <= LONGEST
        assert len(page.text.encode()) <= 32_768
        shown += text_of_page
    assert shown.count(filler.strip()) == 2 * text.count(filler.strip()) + _elsewhere(filler.strip())


def _elsewhere(filler: str) -> int:
    """How often the filler stands in the rest of the message."""
    [page] = pages(reply(part(answer="")), small_base(), ME)
    return visible(page.text).count(filler)


def test_a_cut_prefers_a_paragraph_to_a_word() -> None:
    first, second = split("a" * 3000 + "\n\n" + "b c " * 500)
    assert (first, second[:3]) == ("a" * 3000, "b c")


@given(st.text(max_size=400), st.integers(5, 60))
@settings(max_examples=200, deadline=None)
def test_splitting_loses_no_letter_and_breaks_no_tag(text: str, longest: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    markup = f"<b>{escaped(text)}</b> and <blockquote expandable><i>{escaped(text)}</i></blockquote>"
    pieces = split(markup, longest)
    assert all(units(visible(piece)) <= longest for piece in pieces)
    joined = "".join("".join(parse_html(piece)[0].split()) for piece in pieces)
    assert joined == "".join(visible(markup).split())


def test_two_answers_have_no_thumbs_and_no_citation_since_both_are_for_one() -> None:
    one, two = (pages(reply(*[part()] * number), small_base(), ME)[0] for number in (1, 2))
    assert one.keyboard is not None
    assert two.keyboard is not None
    assert all(b.copy_text is None for row in two.keyboard.inline_keyboard for b in row)
    assert len(one.keyboard.inline_keyboard) - len(two.keyboard.inline_keyboard) == 2
