"""The forms in which pages have questions: drawers, lines in bold, letters, tables; and which heading names a topic."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.workbench.exchange.pages import from_markdown, from_page, from_text
from bot.workbench.exchange.reading import read_any
from bot.workbench.exchange.records import FaqFile, Origin


def pairs(found: FaqFile) -> list[tuple[str, str]]:
    return [(one.question, one.answer) for one in found.records]


def page(body: str, lang: str = "en", wanted: str = "") -> FaqFile:
    return from_page(f'<html lang="{lang}"><body>{body}</body></html>'.encode(), Origin("https://a.org/faq/", wanted))


TWO = [("Is it far?", "It is near."), ("Is it dear?", "It is cheap.")]


@pytest.mark.parametrize(
    "body",
    [
        # Buttons: in headings, alone, with a sign to click on, whose panel stands elsewhere
        "<div><h2><button><b>Is it far?</b></button></h2><div><p>It is near.</p></div></div>"
        "<div><h2><button><b>Is it dear?</b></button></h2><div><p>It is cheap.</p></div></div>",
        "<button>Is it far?<span>+</span></button><p>It is near.</p><button>Is it dear?<span>+</span></button><p>It is cheap.</p>",
        '<button aria-controls="a">Is it far?</button><button aria-controls="b">Is it dear?</button>'
        '<div id="a">It is near.</div><div id="b">It is cheap.</div>',
        # Elements that are known by their class, or by looking alike
        '<div class="faqQuestion">Q. Is it far?</div><div class="faqAnswer">A. It is near.</div>'
        '<div class="faqQuestion">Q. Is it dear?</div><div class="faqAnswer">A. It is cheap.</div>',
        '<li><a class="t" href="#">Is it far?</a><div>It is near.</div></li><li><a class="t" href="#">Is it dear?</a><div>It is cheap.</div></li>',
        '<div><div class="h"><span>Is it far?</span><i class="icon">expand_more</i></div><div>It is near.</div></div>'
        '<div><div class="h on"><span>Is it dear?</span><i class="icon">expand_less</i></div><div>It is cheap.</div></div>'.replace(
            " on", ""
        ),
        '<div><input type="checkbox" id="a"><label for="a">Is it far?</label><div>It is near.</div></div>'
        '<div><input type="checkbox" id="b"><label for="b">Is it dear?</label><div>It is cheap.</div></div>',
        # Bold: a paragraph, a line, the beginning of one
        "<p><b>Is it far?</b></p><p>It is near.</p><p><strong>Is it dear?</strong></p><p>It is cheap.</p>",
        "<p><b>Is it far?</b><br>It is near.</p><p><b>Is it dear?</b> It is cheap.</p>",
        "<b>1. Is it far?</b><br>It is near.<br><br><b>2. Is it dear?</b><br>It is cheap.",
        # Items of a list
        "<ol><li>Is it far?<br>It is near.</li><li>Is it dear?<p>It is cheap.</p></li></ol>",
        "<ol><li>Is it far?</li></ol><p>It is near.</p><ol start=2><li>Is it dear?</li></ol><p>It is cheap.</p>",
        # Tags that are not closed
        "<dl><dt>Is it far?<dd>It is near.<dt>Is it dear?<dd>It is cheap.</dl>",
        "<p><b>Is it far?</b><p>It is near.<p><b>Is it dear?</b><p>It is cheap.",
        # Letters
        "<p>Q: Is it far?</p><p>A: It is near.</p><p>Q2: Is it dear?<br>A2: It is cheap.</p>",
        # A table
        "<table><tr><th>What</th><th>Answer</th></tr><tr><td>Is it far?</td><td>It is near.</td></tr>"
        "<tr><td>Is it dear?</td><td>It is cheap.</td></tr></table>",
        # Headings, which may be links
        '<h3><a href="/far">Is it far?</a></h3><p>It is near.</p><h3><a href="/dear">Is it dear?</a></h3><p>It is cheap.</p>',
    ],
)
def test_questions_are_found_in_whatever_a_page_puts_them(body: str) -> None:
    found = page(body)
    assert pairs(found) == TWO
    assert found.misfits == ()


DRAWER = '<div class="item"><h2 class="accordion-header"><button>{}</button></h2><div>{}</div></div>'


def test_a_drawer_among_questions_is_one_without_asking() -> None:
    body = DRAWER.format("Is it far?", "It is near.") + DRAWER.format("Prices", "They are low.")
    assert pairs(page(body)) == [TWO[0], ("Prices", "They are low.")]


def test_what_asks_in_bold_beside_drawers_is_a_question_and_in_one_it_is_none() -> None:
    drawers = DRAWER.format("Is it far?", "<p>No.</p><p><b>Why?</b></p><p>It is near.</p>") + DRAWER.format(
        "Prices", "Low."
    )
    found = page(drawers * 2 + "<h2>More</h2><p><b>Is it dear?</b></p><p>It is cheap.</p>")
    assert [one.question for one in found.records] == ["Is it far?", "Prices", "Is it far?", "Prices", "Is it dear?"]


def test_a_heading_inside_a_drawer_belongs_to_its_answer() -> None:
    body = DRAWER.format("Is it far?", "<h2>By bus</h2><p>Ten minutes.</p>") + DRAWER.format(*TWO[1])
    assert pairs(page(body)) == [("Is it far?", "By bus\n\nTen minutes."), TWO[1]]


def test_what_asks_beside_a_list_of_drawers_is_named_and_not_taken() -> None:
    found = page(
        "".join(DRAWER.format(*one) for one in TWO) + "<section>\n<h2>More questions?</h2><p>Write to us.</p></section>"
    )
    assert (pairs(found), found.misfits) == (TWO, ())
    assert found.notes[0].startswith('line 2: "More questions?" asks as well, but stands apart')


def test_a_table_of_contents_and_a_menu_are_no_questions() -> None:
    menu = '<nav><button aria-expanded="false">Who are we?</button><div>Menu</div></nav>'
    contents = '<ul><li><a class="t" href="#1">Is it far?</a></li><li><a class="t" href="#2">Is it dear?</a></li></ul>'
    body = menu + contents + "".join(f"<h2>{question}</h2><p>{answer}</p>" for question, answer in TWO)
    found = page(body + "<footer><h2>Newsletter?</h2><p>Subscribe.</p></footer>")
    assert (pairs(found), found.misfits, found.notes) == (TWO, (), ())


@pytest.mark.parametrize(("number", "below"), [("", ""), ("<td><b>{}.</b></td>", "<td></td>")])
def test_the_code_that_a_question_in_a_table_speaks_of_is_not_its_answer(number: str, below: str) -> None:
    rows = "<tr>{}<td><b>{}</b>{}</td></tr><tr>{}<td>{}</td></tr>"
    parts = [("Is it far?", ""), ("Why is it full?", "<pre>int a[5];</pre>"), ("Is it dear?", "")]
    body = "".join(
        rows.format(number.format(at), asked, code, below, "It is so.") for at, (asked, code) in enumerate(parts)
    )
    assert pairs(page(f"<table>{body}</table>")) == [
        ("Is it far?", "It is so."),
        ("Why is it full?", "int a[5];\n\nIt is so."),
        ("Is it dear?", "It is so."),
    ]


def test_a_row_that_is_called_a_question_is_one_with_code_as_well() -> None:
    rows = '<tr class="question"><td>1.</td><td><b>{}</b>{}</td></tr><tr class="answer"><td></td><td>{}</td></tr>'
    body = rows.format("It ends with this:", "<pre>out of memory</pre>", "Add some.") + rows.format(
        TWO[0][0], "", TWO[0][1]
    )
    assert pairs(page(f"<table>{body}</table>")) == [("It ends with this:", "out of memory\n\nAdd some."), TWO[0]]


def test_a_list_of_contents_makes_no_questions_of_the_terms_in_an_answer() -> None:
    contents = "<dl><dt><a href='#1'>1.1. Is it far?</a></dt><dt>1.2. <a href='#2'>Is it dear?</a></dt>"
    contents += "<dt><a href='#3'>1.3. Yes or no. Tell me!</a></dt></dl>"
    terms = "<p>Two ways:</p><dl><dt>by bus</dt><dd>Ten minutes.</dd><dt>on foot</dt><dd>An hour.</dd></dl>"
    found = page(f"{contents}<h2>1.1. Is it far?</h2>{terms}<h2>1.2. Is it dear?</h2><p>It is cheap.</p>")
    assert [one.question for one in found.records] == ["Is it far?", "Is it dear?"]
    assert "by bus" in found.records[0].answer
    assert (found.misfits, found.notes) == ((), ())


def test_a_semicolon_asks_in_greek_alone() -> None:
    assert pairs(page("<h2>Πού είναι;</h2><p>It is near.</p>")) == [("Πού είναι;", "It is near.")]
    items = "<ul><li>первое;<ul><li>a</li></ul></li><li>второе;<ul><li>b</li></ul></li></ul>"
    assert [one.question for one in page(f"<h2>Is it far?</h2><p>Two ways:</p>{items}").records] == ["Is it far?"]


# Topics


def groups(found: FaqFile) -> list[tuple[str, str]]:
    return [(one.group, one.question) for one in found.records]


@pytest.mark.parametrize(("category", "question"), [("h5", "h2"), ("h2", "h5"), ("h3", "h3"), ("h1", "h2")])
def test_the_heading_above_names_the_topic_whichever_is_larger(category: str, question: str) -> None:
    parts = (("Ways", "Is it far?"), ("Money", "Is it dear?"))
    body = "".join(
        f"<{category}>{name}</{category}><{question}>{asks}</{question}><p>It is so.</p>" for name, asks in parts
    )
    found = page(f"<h1>All about it</h1>{body}")
    assert groups(found) == list(parts)
    assert found.misfits == ()


def test_a_category_above_buttons_is_a_topic_and_no_entry() -> None:
    part = "<div><h3>{}</h3><div><button>{}</button><p>It is so.</p></div></div>"
    found = page(part.format("Ways", "Is it far?") + part.format("Money", "Is it dear?"))
    assert groups(found) == [("Ways", "Is it far?"), ("Money", "Is it dear?")]


@pytest.mark.parametrize("above", ["<h1>Help</h1>", "<h2>Questions we get</h2><p>Here they are.</p>", ""])
def test_one_heading_above_all_names_no_topic(above: str) -> None:
    drawers = "".join(f"<details><summary>{question}</summary>{answer}</details>" for question, answer in TWO)
    assert {one.group for one in page(above + drawers).records} == {""}


def test_a_heading_above_all_others_names_none_for_those_below_it_alone() -> None:
    found = page(
        "<h2>Help</h2><h4>Is it far?</h4><p>It is near.</p><h3>Money</h3><h4>Is it dear?</h4><p>It is cheap.</p>"
    )
    assert groups(found) == [("", "Is it far?"), ("Money", "Is it dear?")]
    assert found.heading == "Help"


def test_large_headings_of_markdown_name_topics() -> None:
    found = from_markdown("# Ways\n\n## Is it far?\n\nIt is near.\n\n# Money\n\n## Is it dear?\n\nIt is cheap.\n")
    assert groups(found) == [("Ways", "Is it far?"), ("Money", "Is it dear?")]


MICRODATA = (
    '<h2>{}</h2><div itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">{}</h3>'
    '<div itemprop="acceptedAnswer"><p itemprop="text">It is so.</p></div></div>'
)


def test_headings_name_topics_of_microdata_too() -> None:
    two = MICRODATA.format("Ways", "Is it far?") + MICRODATA.format("Money", "Is it dear?")
    assert groups(page(two)) == [("Ways", "Is it far?"), ("Money", "Is it dear?")]
    one = MICRODATA.format("Help", "Is it far?") + MICRODATA.format("", "Is it dear?").replace("<h2></h2>", "")
    assert (groups(page(one)), page(one).heading) == ([("", "Is it far?"), ("", "Is it dear?")], "Help")


# Several languages on a page


BILINGUAL = (
    '<h3><span {0}>Деньги</span><span {1}>Money</span></h3>'
    '<button><span {0}>Это дорого?</span><span {1}>Is it dear?</span></button><p {0}>Это дёшево.</p><p {1}>It is cheap.</p>'
)  # fmt: skip


@pytest.mark.parametrize("marks", [('lang="ru"', 'lang="en-GB"'), ('class="i18n-ru"', 'class="i18n-en"')])
@pytest.mark.parametrize(
    ("lang", "wanted", "said"),
    [("ru", "", ("Деньги", "Это дорого?", "Это дёшево.")), ("ru", "en", ("Money", "Is it dear?", "It is cheap."))],
)
def test_of_two_languages_side_by_side_the_wanted_one_is_read(
    marks: tuple[str, str], lang: str, wanted: str, said: tuple[str, str, str]
) -> None:
    found = page(BILINGUAL.format(*marks), lang, wanted)
    assert (found.heading, *pairs(found)[0]) == said


def test_a_word_in_another_language_stays() -> None:
    answer = 'It is <i lang="la">vox populi</i> or <i lang="fr">on dit</i>.'
    assert pairs(page(f"<h2>Who says so?</h2><p>{answer}</p>")) == [("Who says so?", "It is vox populi or on dit.")]


# Plain text


@pytest.mark.parametrize(
    "text",
    [
        "Q: Is it far?\nA: It is near.\nQ: Is it dear?\nA: It is cheap.\n",
        "Question 1. Is it far?\nAnswer. It is near.\n\nQuestion 2. Is it dear?\nAnswer. It is cheap.\n",
        "Вопрос: Is it far?\nОтвет: It is near.\nВ: Is it dear?\nО: It is cheap.\n",
        "Сұрақ: Is it far?\nЖауап: It is near.\nС: Is it dear?\nЖ: It is cheap.\n",
        "Is it far?\nIt is near.\n\nIs it dear?\nIt is cheap.\n",
    ],
)
@pytest.mark.parametrize("name", ["faq.txt", "faq.md"])
def test_letters_tell_questions_and_answers_in_each_language(tmp_path: Path, text: str, name: str) -> None:
    if name == "faq.md" and text.startswith("Is"):
        return  # a paragraph of Markdown, and nothing tells what asks
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_any(tmp_path / name)
    assert isinstance(found, FaqFile)
    assert pairs(found) == TWO


def test_letters_before_a_name_are_none() -> None:
    found = from_text("Q: Who wrote it?\nA: A writer.\n\nHis name is Q. Smith.\nA. Jones knew him.\n")
    assert [one.question for one in found.records] == ["Who wrote it?"]


def test_a_text_that_is_a_table_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "faq.txt").write_text("question\tanswer\nIs it far?\tIt is near.\n")
    found = read_any(tmp_path / "faq.txt")
    assert isinstance(found, FaqFile)
    assert pairs(found) == TWO[:1]


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml", "a.php"])
def test_pages_of_servers_are_pages(tmp_path: Path, name: str) -> None:
    code = "<?php if ($a->b > 1) { $c = '<h2>Why not?</h2>'; } ?>\n"
    (tmp_path / name).write_text(f"{code}<h2>Is it far?</h2>\n<p>It is <?= $how ?> near.</p>")
    found = read_any(tmp_path / name)
    assert isinstance(found, FaqFile)
    assert pairs(found) == TWO[:1]
    assert found.notes == ("line 3: <?= $how ?> is for a program to fill in, and left out",)
