"""What generators of sites add to Markdown, and links: what is kept, and what is left out and told."""

from __future__ import annotations

import pytest

from bot.workbench.exchange.markup import text_of_html
from bot.workbench.exchange.pages import from_markdown, from_page
from bot.workbench.exchange.records import FaqFile, Origin

NOWHERE = Origin()
HOME = Origin("https://a.org/help/faq/")


def answer(text: str, *, jsx: bool = False) -> str:
    found = from_markdown(f"## Why?\n\n{text}\n", HOME, jsx=jsx)
    assert len(found.records) == 1, found
    return found.records[0].answer


def lost(text: str, *, jsx: bool = False) -> list[str]:
    return list(from_markdown(f"## Why?\n\n{text}\n", HOME, jsx=jsx).notes)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("[x](/a/)", "https://a.org/a/"),
        ("[x](../b.html#c)", "https://a.org/help/b.html#c"),
        ("[x](//b.org/c)", "https://b.org/c"),
        ('[x]({{< relref "/a.md" >}})', "https://a.org/a/"),
        ('[x]({{% ref "/a/_index.md#b" %}})', "https://a.org/a/#b"),
        ("[x]({% link a/b.md %})", "https://a.org/a/b.html"),
        ("[x]({{ '/a/' | relative_url }})", "https://a.org/a/"),
        ("[x]({{ site.baseurl }}/a/)", "https://a.org/a/"),
        ('<a href="{{ site.url }}/a/">x</a>', "https://a.org/a/"),
        ('[x][y]\n\n[y]: {{< ref "/a.md" >}}', "https://a.org/a/"),
        ('{{< button href="/a/" >}}x{{< /button >}}', "https://a.org/a/"),
        ('<Link to="/a/">x</Link>', "https://a.org/a/"),
    ],
)
def test_links_keep_their_targets(link: str, leads: str) -> None:
    assert answer(f"See {link}") == f"See x ({leads})"
    assert lost(f"See {link}") == []


@pytest.mark.parametrize(
    ("tag", "line"),
    [
        ("[the post]({% post_url 2020-01-01-x %})", "{% post_url 2020-01-01-x %}"),
        ("[the post]({% link _posts/x.md %})", "{% link _posts/x.md %}"),
        ('<a href="{{ page.url }}">the post</a>', "{{ page.url }}"),
        ("the {{< product >}} post", "{{< product >}}"),
        ("the {{ site.name }} post", "{{ site.name }}"),
        ("the <Name /> post", "<Name />"),
    ],
)
def test_what_only_a_program_can_fill_in_is_left_out_and_told(tag: str, line: str) -> None:
    assert answer(f"Read {tag}.") == "Read the post."
    assert lost(f"Read {tag}.") == [f"line 3: {line} is for a program to fill in, and left out"]


def test_what_is_lost_outside_of_the_answers_is_not_told() -> None:
    assert from_markdown("{{< lastmod >}}\n\n## Why?\n\nIt is so.\n").notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "{{< callout >}}It is so.{{< /callout >}}",
        "{% raw %}It is so.{% endraw %}",
        "{{/* a comment */}}\nIt is so.",
        "{% comment %}no{% endcomment %}It is so.",
        "import X from 'x'\n\n<Note kind={1}>\n\nIt is so.\n\n</Note>",
        "!!! note\n    It is so.",
        ":::tip\nIt is so.\n:::",
        "> [!NOTE]\n> It is so.",
        "It is so.\n{: .big #a }",
        "It is *so*{.big}.",
        "[[toc]]\n\nIt is so.",
    ],
)
def test_what_is_wrapped_stays_without_the_wrapper(text: str) -> None:
    assert answer(text) == "It is so."
    assert lost(text) == []


def test_expressions_of_jsx_are_left_out_of_mdx_alone() -> None:
    assert answer("It is {so}.") == "It is {so}."
    assert (answer("It is {so}.", jsx=True), lost("It is {so}.", jsx=True)) == ("It is.", ["line 3: {so} is left out"])


def test_code_is_no_template() -> None:
    text = "Write `{{ name }}` or `[^a]`:\n\n```yaml\nif:\n    run: {{ .Values.x }}\n!!! x\n```"
    assert answer(text) == "Write {{ name }} or [^a]:\n\nif:\n    run: {{ .Values.x }}\n!!! x"


@pytest.mark.parametrize(
    "text",
    [
        '??? question "Is it far?"\n    It is near.\n',
        '{{% expand "Is it far?" %}}\nIt is near.\n{{% /expand %}}\n',
        '{{< faq question="Is it far?" >}}It is near.{{< /faq >}}\n',
        "::: details Is it far?\nIt is near.\n:::\n",
        '<Accordion title="Is it far?">\nIt is near.\n</Accordion>\n',
        "Is it far?\n\n: It is near.\n",
        "1. Is it far?\n\nIt is near.\n\n2. Is it far?\n\n   It is near.\n",
        "- Is it far?\n  It is near.\n- Is it far?\n\n  It is near.\n",
        "<details>\n<summary>Is it far?</summary>\n\nIt is near.\n\n</details>\n",
        "**Is it far?**\n\nIt is near.\n",
        "## <a name='far'></a>Is it far? {#far}\n\nIt is near.\n",
    ],
)
def test_drawers_of_all_dialects_are_questions(text: str) -> None:
    found = from_markdown(f"# Help\n\n{text}")
    assert {(one.question, one.answer) for one in found.records} == {("Is it far?", "It is near.")}
    assert found.records[0].place in ("line 3", "line 4")


def test_lines_keep_their_numbers_behind_what_takes_more_or_fewer() -> None:
    text = '---\na: b\n---\n!!! note "Mind"\n    It is so.\n\n{{< x\n  y >}}\n\n## Is it far?\n\nIt is near.\n'
    assert [one.place for one in from_markdown(text).records] == ["line 10"]


# What looks like a question and is none


def test_a_heading_beside_questions_that_asks_nothing_is_left_out_and_named() -> None:
    found = from_markdown(
        "## Is it far?\n\nIt is near.\n\n## How to come\n\nBy bus.\n\n**Is it dear?**\n\nIt is cheap.\n"
    )
    assert [(one.group, one.question) for one in found.records] == [("", "Is it far?"), ("", "Is it dear?")]
    assert [str(one) for one in found.misfits] == [
        'line 5: "How to come" stands among questions without a question mark; add one, or write it by reformbot new entry'
    ]


def test_a_line_in_bold_beside_questions_in_bold_is_one_too() -> None:
    found = from_markdown("**Is it far?**\n\nIt is near.\n\n**How to come**\n\nBy bus.\n")
    assert [one.answer for one in found.records] == ["It is near."]
    assert [one.place for one in found.misfits] == ["line 5"]


def test_a_smaller_heading_that_asks_nothing_belongs_to_the_answer() -> None:
    found = from_markdown("## Is it far?\n\nIt is near.\n\n### By bus\n\nTen minutes.\n")
    assert (found.records[0].answer, found.misfits) == ("It is near.\n\nBy bus\n\nTen minutes.", ())


def test_an_answer_of_nothing_but_what_is_left_out_is_none() -> None:
    found = from_markdown("## Is it far?\n\n{{< map >}}\n\n## Is it dear?\n\n![A price](x.png)\n")
    assert found.records == ()
    assert [one.place for one in found.misfits] == ["line 5", "line 1"]


# Links of pages


def on_page(link: str, head: str = "", origin: Origin = NOWHERE) -> FaqFile:
    return from_page(
        f"<html><head>{head}</head><body><h2>Where?</h2>\n<p>See {link}.</p></body></html>".encode(), origin
    )


def test_a_link_that_leads_nowhere_is_left_out_with_a_note() -> None:
    found = on_page('<a href="/hours">our hours</a>')
    assert found.records[0].answer == "See our hours."
    assert found.notes == (
        "line 2: the link to /hours is left out; where the source has a url, it is resolved against that",
    )


@pytest.mark.parametrize("head", ['<link rel="canonical" href="https://b.org/faq">', '<base href="https://b.org/">'])
def test_a_page_may_say_itself_where_it_stands(head: str) -> None:
    assert on_page('<a href="hours">our hours</a>', head).records[0].answer == "See our hours (https://b.org/hours)."


def test_links_in_json_ld_are_resolved_too() -> None:
    answer = "See <a href='/hours'>our hours</a>."
    question = f'{{"@type": "Question", "name": "Where?", "acceptedAnswer": {{"text": "{answer}"}}}}'
    found = from_page(f'<script type="application/ld+json">{question}</script>'.encode(), HOME)
    assert found.records[0].answer == "See our hours (https://a.org/hours)."


# How answers look


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        (
            '<ol start="3"><li><p>three</p></li><li value="7">seven</li><li>eight</li></ol>',
            "3. three\n7. seven\n8. eight",
        ),
        ("<ul><li><p>one</p><p>more</p></li></ul>", "– one\n\nmore"),
        ("<pre><code>if x:\n    go\n\n\tend\n</code></pre>", "if x:\n    go\n\n    end"),
        ('It is so<sup><a href="#fn1">1</a></sup>, see <a href="#up">above</a>.', "It is so, see above."),
        ('<figure><img src="x" alt="A map"><figcaption>A map</figcaption></figure><img alt="✅"> Yes.', "✅ Yes."),
        ('<a href="https://b.org"><img src="x" alt="A map"></a>So.', "So."),
    ],
)
def test_lists_keep_numbers_code_its_lines_and_pictures_say_nothing(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("See [the post][x].", "See the post.", "the link [x], which the page does not define,"),
        ("See [PEP 1][].", "See PEP 1.", "the link [PEP 1], which the page does not define,"),
        ("Yes :smile: you may.", "Yes you may.", "the emoji :smile:"),
    ],
)
def test_a_link_without_its_address_and_an_emoji_by_name_are_told(text: str, said: str, told: str) -> None:
    assert (answer(text), lost(text)) == (said, [f"line 3: {told} is left out"])


@pytest.mark.parametrize(
    "text", ["Take a[0][1] at 10:30:15.", "Write `[a][b] :smile:` there.", "Call std::move: or a:b:c."]
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert (answer(text), lost(text)) == (text.replace("`", ""), [])


@pytest.mark.parametrize("note", ["::: tip Do you like it?\nTell us.\n:::", '!!! note "Do you like it?"\n    Tell us.'])
def test_a_note_in_an_answer_asks_nothing(note: str) -> None:
    found = from_markdown(f"## Is it far?\n\nIt is near.\n\n{note}\n\n## Is it dear?\n\nIt is cheap.\n")
    assert [(one.question, one.answer) for one in found.records] == [
        ("Is it far?", "It is near.\n\nDo you like it?\n\nTell us."),
        ("Is it dear?", "It is cheap."),
    ]
