"""Pages and Markdown: which questions stand in them, under which heading, with which answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.workbench.exchange.markup import text_of_html
from bot.workbench.exchange.pages import from_markdown, from_page
from bot.workbench.exchange.reading import read_any
from bot.workbench.exchange.records import FaqFile

DATA = Path(__file__).parents[1] / "data" / "faq"


def pairs(found: FaqFile) -> list[tuple[str, str]]:
    return [(one.question, one.answer) for one in found.records]


def page(body: str) -> FaqFile:
    return from_page(f'<html lang="ru-RU"><body>{body}</body></html>'.encode())


def json_ld(document: str) -> FaqFile:
    return page(f'<h1>x</h1>\n<script type="application/ld+json">{document}</script>')


def test_the_page_with_json_ld_has_all_its_questions() -> None:
    found = from_page((DATA / "bikes.html").read_bytes())
    assert (len(found.records), found.misfits, found.language) == (10, (), "en")
    assert pairs(found)[0] == (
        "How do I rent a bike for the day?",
        "Come to the hut at the north bridge with an identity card. A day costs 18 pounds, and you get a lock with it.",
    )


def test_the_page_with_details_has_all_its_questions() -> None:
    found = from_page((DATA / "pool.html").read_bytes())
    assert (len(found.records), found.misfits, found.language) == (10, (), "ru")
    assert pairs(found)[1] == (
        "Сколько стоит разовое занятие?",
        "Взрослый билет стоит 450 рублей, детский — 250 рублей.",
    )
    assert pairs(found)[4][1] == "– купальный костюм и шапочку,\n– сланцы,\n– мыло и полотенце."


def test_json_ld_is_found_at_any_depth_and_in_either_form() -> None:
    graph = """{"@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": {"@type": "Question", "name": "A &amp; B?",
        "acceptedAnswer": [{"@type": "Answer", "text": "Yes,\\nboth."}]}},
        [{"@type": "http://schema.org/Question", "name": "<b>C</b>?", "suggestedAnswer": "So <i>it</i> is.<br>Quite."}]]}"""
    assert pairs(json_ld(graph)) == [("A & B?", "Yes,\nboth."), ("C?", "So it is.\nQuite.")]


def test_a_question_without_an_answer_is_named_with_its_line() -> None:
    found = json_ld('{"@type": "Question", "name": "Why?"}')
    assert [str(one) for one in found.misfits] == [
        'line 2, question 1: "Why?": a question without an answer; write one, or take the question out'
    ]


def test_json_that_is_none_is_named_and_the_rest_is_read() -> None:
    found = page("<script type='application/ld+json'>{oops</script><details><summary>Why?</summary>Because.</details>")
    assert pairs(found) == [("Why?", "Because.")]
    assert "no JSON" in found.misfits[0].text


def test_drawers_in_a_drawer_are_a_group() -> None:
    found = page(
        "<details><summary>Money</summary><details><summary>How much?</summary><p>Ten.</p></details></details>"
        "<h2>Time</h2><details><summary>When?</summary>At <b>nine</b>.</details>"
    )
    assert [(one.group, one.question, one.answer) for one in found.records] == [
        ("Money", "How much?", "Ten."),
        ("Time", "When?", "At nine."),
    ]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<dl><dt>Who?</dt><dd>We.</dd><dd>All.</dd></dl>", [("Who?", "We.\n\nAll.")]),
        (
            '<div itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">Who?</h3>'
            '<div itemprop="acceptedAnswer"><p itemprop="text">We are.</p></div></div>',
            [("Who?", "We are.")],
        ),
        ("<h2>Costs</h2><h3>How much?</h3><p>Ten.</p><h3>Why?</h3><p>So.</p>", [("How much?", "Ten."), ("Why?", "So.")]),
        ("<h2>Opening hours</h2><p>From nine.</p><h2>Prices</h2><p>Ten.</p>", [("Opening hours", "From nine."), ("Prices", "Ten.")]),
    ],
)  # fmt: skip
def test_other_pages_are_read_by_what_they_have(body: str, wanted: list[tuple[str, str]]) -> None:
    assert pairs(page(body)) == wanted


def test_a_page_without_questions_gives_none() -> None:
    assert page("<h1>Welcome</h1><p>Nothing here.</p>").records == ()


def test_a_page_that_nests_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_text("<details><summary>Why?</summary>" + "<b>" * 5000 + "So it is." + "</b>" * 5000)
    with pytest.raises(UsageError, match=r"deep\.html: nested deeper"):
        read_any(tmp_path / "deep.html")


def test_a_page_in_an_old_encoding_is_read() -> None:
    html = '<meta charset="windows-1251"><details><summary>Зачем?</summary>Затем.</details>'
    assert pairs(from_page(html.encode("cp1251"))) == [("Зачем?", "Затем.")]


MARKDOWN = """\
---
title: x
---
# All about it

## Costs

### How much is it?

It is *ten*:

- for one
- for [two](https://example.org/two)

### Who pays?

## Time

When is it open?
----------------

From nine.

```
# no heading?
```
"""


def test_markdown_has_questions_as_headings_under_others() -> None:
    found = from_markdown(MARKDOWN)
    assert [(one.group, one.question, one.answer, one.place) for one in found.records] == [
        ("Costs", "How much is it?", "It is ten:\n\n– for one\n– for two (https://example.org/two)", "line 8"),
        ("Time", "When is it open?", "From nine.\n\n# no heading?", "line 19"),
    ]
    assert [one.place for one in found.misfits] == ["line 15"]


def test_links_say_where_they_lead_unless_they_say_it_already() -> None:
    html = '<a href="https://a.org/x">here</a>, <a href="mailto:a@b.org">a@b.org</a>, <a href="tel:+123">+1 (23)</a>, <a href="#x">up</a>'
    assert text_of_html(html) == "here (https://a.org/x), a@b.org, +1 (23), up"


def test_what_nobody_sees_is_no_part_of_an_answer() -> None:
    assert text_of_html("<p>A\u00a0b\u200bc<script>alert(1)</script><!-- x --><style>p{}</style></p>") == "A bc"
