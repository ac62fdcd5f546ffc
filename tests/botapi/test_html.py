"""Telegram's HTML: what it makes of markup, and how it refuses it."""

from __future__ import annotations

import pytest

from tests.botapi.html_entities import EntityError, parse_html, utf16_length


def _kinds(markup: str) -> list[tuple[str, int, int]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in parse_html(markup)[1]]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"), ("strong", "bold"), ("i", "italic"), ("em", "italic"), ("u", "underline"), ("ins", "underline"),
        ("s", "strikethrough"), ("strike", "strikethrough"), ("del", "strikethrough"), ("tg-spoiler", "spoiler"),
        ("code", "code"), ("pre", "pre"), ("blockquote", "blockquote"), ("B", "bold"),
    ],
)  # fmt: skip
def test_each_plain_tag_gives_its_entity(tag: str, kind: str) -> None:
    assert parse_html(f"<{tag}>x</{tag}>") == ("x", [{"type": kind, "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("markup", "entity"),
    [
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', {"type": "text_link", "url": "https://x.org/?a=1&b=2"}),
        ("<a href='tg://resolve?domain=x'>x</a>", {"type": "text_link", "url": "tg://resolve?domain=x"}),
        ('<tg-emoji emoji-id="53">x</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "53"}),
        ('<pre><code class="language-py">x</code></pre>', {"type": "pre", "language": "py"}),
        ("<b>x</>", {"type": "bold"}),
    ],
)
def test_tags_with_attributes_give_entities_with_fields(markup: str, entity: dict[str, str]) -> None:
    assert parse_html(markup) == ("x", [{"offset": 0, "length": 1, **entity}])


def test_offsets_count_utf16_units() -> None:
    """An emoji outside the basic plane counts two."""
    assert _kinds("😀 <b>жирный 😀</b>") == [("bold", 3, 9)]


def test_nested_tags_give_entities_by_offset_the_longer_first() -> None:
    assert _kinds("<b>a<i>b</i></b><u>c</u>") == [("bold", 0, 2), ("italic", 1, 1), ("underline", 2, 1)]


def test_code_takes_no_other_entities() -> None:
    assert _kinds("<code>a<b>b</b></code>") == [("code", 0, 2)]


def test_the_four_named_and_the_numeric_references_are_decoded_and_others_stay() -> None:
    assert parse_html("&lt;&gt;&amp;&quot;&#65;&#x1F600; &nbsp; & &copy;")[0] == '<>&"A😀 &nbsp; & &copy;'


def test_white_space_at_the_ends_goes_and_entities_are_clipped() -> None:
    assert parse_html("\n <b> x </b> \n") == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_a_link_without_a_usable_address_is_plain_text() -> None:
    assert parse_html('<a href="javascript">x</a>') == ("x", [])


@pytest.mark.parametrize(
    ("markup", "error"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("ы<div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=http://x>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(markup: str, error: str) -> None:
    with pytest.raises(EntityError) as caught:
        parse_html(markup)
    assert str(caught.value) == error


def test_length_in_utf16() -> None:
    assert [utf16_length(text) for text in ("", "ab", "ж", "😀")] == [0, 2, 1, 2]
