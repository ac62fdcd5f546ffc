"""What pages put around a question and its answer and is part of neither: numbers, letters, labels, signs to click on."""

from __future__ import annotations

import pytest

from bot.workbench.exchange.pages import from_markdown
from tests.workbench.test_page_forms import TWO, page, pairs


@pytest.mark.parametrize("number", ["1.1. ", "1.1 ", "G1. ", "12. ", "(3) ", "№ 4. ", "2.10.3. ", "Б2) "])
def test_no_part_of_a_number_stays_before_a_question(number: str) -> None:
    assert pairs(page(f"<h2>{number}Is it far?</h2><p>It is near.</p>")) == TWO[:1]


@pytest.mark.parametrize("question", ["Is it version 1. or 2. now?", "3.11 or 3.12, which?", "v2. what is it?"])
def test_a_number_of_something_else_stays(question: str) -> None:
    assert pairs(page(f"<h2>{question}</h2><p>It is near.</p>")) == [(question, "It is near.")]


LABELLED = "{}\n\n<details>\n  <summary>Click to expand</summary>\n\n{}\n\n</details>\n\n"


def test_a_label_of_a_drawer_is_no_part_of_an_answer_and_names_no_question() -> None:
    found = from_markdown("".join(LABELLED.format(f"### {question}", answer) for question, answer in TWO))
    assert pairs(found) == TWO
    assert pairs(from_markdown(LABELLED.format("### Is it far?", "It is near."))) == TWO[:1]


def test_a_heading_without_a_mark_above_a_labelled_drawer_is_named() -> None:
    text = "".join(
        LABELLED.format(f"### {head}", "It is so.") for head in ("Is it far?", "It looks odd", "Is it dear?")
    )
    found = from_markdown(text)
    assert [one.question for one in found.records] == ["Is it far?", "Is it dear?"]
    assert {one.group for one in found.records} == {""}
    assert [str(one)[:24] for one in found.misfits] == ['line 10: "It looks odd" ']


def test_drawers_below_what_asks_keep_their_names() -> None:
    drawers = "<details><summary>{}</summary><p>It is so.</p></details>"
    found = page("<h2>What may I bring?</h2>" + drawers.format("Dogs") + drawers.format("Bikes"))
    assert pairs(found) == [("What may I bring?", "Dogs\n\nIt is so.\n\nBikes\n\nIt is so.")]


@pytest.mark.parametrize(
    "body",
    [
        "<b>Q: Is it far?</b><br>A: It is near.<br><b>Q: Is it dear?</b><br>A: It is cheap.",
        "<h1>Help</h1><b>Q: Is it far?</b><br/>\nA: It is near.<br/>\n<hr/><b>Q: Is it dear?</b><br/>A: It is cheap.<hr/>",
    ],
)
def test_letters_in_bold_are_part_of_nothing(body: str) -> None:
    assert pairs(page(f"<div>{body}</div>")) == TWO


def test_letters_in_bold_ask_without_a_mark() -> None:
    found = page(
        "<div><h1>Help</h1><b>Q: Why is it shut</b><br>A: It is <b>very</b> late.<br><b>Q: Is it far?</b><br>A: It is near.<hr>"
        "<b>Q: How do I get in</b><br>A: Ring the bell.</div>"
    )
    assert pairs(found) == [("Why is it shut", "It is very late."), TWO[0], ("How do I get in", "Ring the bell.")]


@pytest.mark.parametrize("label", ["**Answer**\n\n", "**Ответ:**\n\n", "*Жауап*\n\n", "Answer:\n\n", "**Answer:** "])
def test_the_word_for_an_answer_is_no_part_of_it(label: str) -> None:
    assert (
        pairs(from_markdown(f"## Is it far?\n\n{label}It is near.\n\n## Is it dear?\n\n{label}It is cheap.\n")) == TWO
    )


def test_what_stands_above_the_word_for_an_answer_stays() -> None:
    found = from_markdown("## Is it far?\n\nI am tired.\n\n**Answer**\n\nIt is near.\n\nAnswer in time.\n")
    assert pairs(found) == [("Is it far?", "I am tired.\n\nIt is near.\n\nAnswer in time.")]


def test_a_heading_is_a_question_where_its_answer_is_called_one() -> None:
    found = from_markdown("# Help\n\n## It stopped!\n\n**Answer**\n\nStart it.\n\n## Is it far?\n\nIt is near.\n")
    assert pairs(found) == [("It stopped!", "Start it."), TWO[0]]


def test_a_sign_that_links_to_its_place_is_in_no_name() -> None:
    part = '<h2>{0}<a class="headerlink" href="#{0}">¶</a></h2><h3>{1}<a href="#x">#</a></h3><p>{2}</p>'
    found = page(part.format("Ways", *TWO[0]) + part.format("Money", *TWO[1]))
    assert (pairs(found), [one.group for one in found.records]) == (TWO, ["Ways", "Money"])


@pytest.mark.parametrize("call", ["ky.get(input, options?)", "`get(input?)`"])
def test_a_call_of_a_function_asks_nothing(call: str) -> None:
    found = from_markdown(f"### {call}\n\nIt gets.\n\n### Is it far?\n\nIt is near.\n")
    assert pairs(found) == TWO[:1]


def test_a_bracket_behind_a_mark_stays() -> None:
    assert pairs(page("<h2>Is it far (and why?)</h2><p>It is near.</p>")) == [("Is it far (and why?)", "It is near.")]


def test_smaller_headings_right_below_a_question_behind_letters_are_its_answer() -> None:
    text = (
        "# Help\n\n## Ways\n\n***Q***: Is it far?\n\n### By bus\n\n**No. 4**\n\nIt is near.\n\n### On foot\n\nIt is not.\n\n"
        "## Money\n\n***Q***: Is it dear?\n\n***A***: It is cheap.\n\n### Notes\n\nSee there.\n"
    )
    assert pairs(from_markdown(text)) == [
        ("Is it far?", "By bus\n\nNo. 4\n\nIt is near.\n\nOn foot\n\nIt is not."),
        TWO[1],
    ]


def test_a_question_behind_letters_above_a_section_has_no_answer() -> None:
    found = from_markdown("## Ways\n\nQ: Is it far?\n\n## Money\n\nMind it.\n\nQ: Is it dear?\n\nA: It is cheap.\n")
    assert pairs(found) == TWO[1:]


def test_one_item_that_asks_among_stressed_ones_is_a_question_and_the_others_are_named() -> None:
    items = "<li><em>It stopped</em>\n<p>Start it.</p></li>\n<li><em>Is it far?</em><p>It is near.</p></li>"
    found = page(f"<h1>Help</h1><ol>{items}</ol>")
    assert pairs(found) == TWO[:1]
    assert ['"It stopped"' in str(one) for one in found.misfits] == [True]
    assert pairs(page("<ul><li><em>Is it far?</em><p>It is near.</p></li></ul>")) == TWO[:1]
