"""Questions and answers of a page: schema.org's JSON-LD or microdata, else <details>, else <dl>, else headings that ask.

Markdown is read as the page that it would become."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from bs4 import BeautifulSoup, Tag

from bot.workbench.exchange.markup import parsed, text_of, text_of_html
from bot.workbench.exchange.records import FaqFile, Misfit, Record, tidy, tidy_lines

Pairs = tuple[tuple[Record, ...], tuple[Misfit, ...]]

LINE = "data-line"  # where a heading stands in the Markdown that the page was made of
_TAG = re.compile("<[a-zA-Z/!]")
_HEADING = re.compile("h[1-6]")
_ASKS = re.compile(r"[?？؟՞;]\W*$")  # the signs of a question of various scripts, the last one Greek
_NO_ANSWER = "a question without an answer; write one, or take the question out"
_NO_QUESTION = "an answer without a question; write one, or take the answer out"


def from_markdown(text: str) -> FaqFile:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(_without_front_matter(text))
    for token in tokens:
        if token.type == "heading_open" and token.map:
            token.attrSet(LINE, str(token.map[0] + 1))
    page = parsed(reader.renderer.render(tokens, reader.options, {}))
    records, misfits = _headings(page)
    return FaqFile(records, misfits, "Markdown, headings that ask")


def from_page(html: bytes) -> FaqFile:
    page = parsed(html)
    language = str((page.html.get("lang") if page.html else "") or "").split("-")[0].casefold()
    broken: list[Misfit] = []
    ways: tuple[tuple[str, Callable[[BeautifulSoup], Pairs]], ...] = (
        ("schema.org FAQPage (JSON-LD)", lambda page: _json_ld(page, broken)),
        ("schema.org questions (microdata)", _microdata),
        ("<details> and <summary>", _details),
        ("<dt> and <dd>", _terms),
        ("headings that ask", _headings),
    )
    for how, way in ways:
        records, misfits = way(page)
        if records or misfits:
            return FaqFile(records, (*broken, *misfits), how, language)
    return FaqFile((), tuple(broken), "a page", language)


def _sorted_out(records: Iterator[Record]) -> Pairs:
    """Those that have both parts, and those that lack one."""
    whole, misfits = [], []
    for one in records:
        if one.question and one.answer:
            whole.append(one)
        elif one.question:
            misfits.append(Misfit(one.place, f'"{one.question}": {_NO_ANSWER}'))
        elif one.answer:
            misfits.append(Misfit(one.place, _NO_QUESTION))
    return tuple(whole), tuple(misfits)


def _json_ld(page: BeautifulSoup, broken: list[Misfit]) -> Pairs:
    def records() -> Iterator[Record]:
        for script in page.find_all("script", type=re.compile("ld\\+json", re.IGNORECASE)):
            where = f"line {script.sourceline}"
            try:
                document = json.loads(script.get_text().strip().removesuffix(";"), strict=False)
            except (json.JSONDecodeError, RecursionError) as error:
                broken.append(Misfit(where, f"JSON-LD that is no JSON ({error}); correct it"))
                continue
            for number, item in enumerate(_questions(document), 1):
                answer = _first(item.get("acceptedAnswer") or item.get("suggestedAnswer"))
                said = answer.get("text") if isinstance(answer, dict) else answer
                name = item.get("name") or item.get("text") or ""
                yield Record(tidy(_said(name)), _said(said), f"{where}, question {number}")

    return _sorted_out(records())


def _said(value: Any) -> str:
    """A text of JSON-LD, which may be HTML, or plain with lines of its own."""
    text = value if isinstance(value, str) else ""
    return text_of_html(text) if _TAG.search(text) else tidy_lines(unescape(text))


def _questions(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of schema.org's type Question, at whatever depth, in its order."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            kinds = one.get("@type")
            if any(
                str(kind).rsplit("/", 1)[-1] == "Question" for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield one
            else:
                waiting += reversed(list(one.values()))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _microdata(page: BeautifulSoup) -> Pairs:
    def records() -> Iterator[Record]:
        for item in page.find_all(itemtype=re.compile("schema\\.org/Question$")):
            name = item.find(itemprop="name")
            answer = item.find(itemprop=re.compile("^(accepted|suggested)Answer$"))
            text = answer.find(itemprop="text") or answer if isinstance(answer, Tag) else None
            question = tidy(text_of(name)) if isinstance(name, Tag) else ""
            yield Record(question, text_of(text) if isinstance(text, Tag) else "", _place(item), _group(item))

    return _sorted_out(records())


def _details(page: BeautifulSoup) -> Pairs:
    def records() -> Iterator[Record]:
        for item in page.find_all("details"):
            summary = item.find("summary", recursive=False)
            if item.find("details"):  # a drawer of drawers is a group
                continue
            question = tidy(text_of(summary)) if isinstance(summary, Tag) else ""
            place, group = _place(item), _group(item)
            if isinstance(summary, Tag):
                summary.extract()
            yield Record(question, text_of(item), place, group)

    return _sorted_out(records())


def _terms(page: BeautifulSoup) -> Pairs:
    def records() -> Iterator[Record]:
        for term in page.find_all("dt"):
            parts = []
            for follower in term.find_next_siblings():
                if follower.name != "dd":
                    break
                parts.append(text_of(follower))
            yield Record(tidy(text_of(term)), "\n\n".join(parts), _place(term), _group(term))

    return _sorted_out(records())


def _headings(page: BeautifulSoup) -> Pairs:
    """Headings that end with a question mark; where none does, the deepest ones that have text below them."""
    found = [(tag, _below(tag)) for tag in page.find_all(_HEADING)]
    asking = [tag for tag, _ in found if _ASKS.search(tag.get_text().strip())]
    deepest = max((tag.name for tag, text in found if text), default="")
    questions = asking or [tag for tag, _ in found if tag.name == deepest]
    if not asking and deepest <= "h1":
        return (), ()

    def records() -> Iterator[Record]:
        for tag, text in found:
            if any(tag is one for one in questions):
                yield Record(tidy(text_of(tag)), text, _place(tag), _group_of_heading(tag, questions))

    return _sorted_out(records())


def _below(heading: Tag) -> str:
    """The text up to the next heading."""
    parts = []
    for follower in heading.next_siblings:
        if isinstance(follower, Tag):
            if _HEADING.fullmatch(follower.name) or follower.find(_HEADING):
                break
            parts.append(str(follower))
        elif str(follower).strip():
            parts.append(str(follower))
    return text_of_html("".join(parts))


def _group_of_heading(tag: Tag, questions: list[Tag]) -> str:
    """The nearest heading above that stands higher and asks nothing; that of the whole page is none."""
    for before in tag.find_all_previous(_HEADING):
        if before.name < tag.name and not any(before is one for one in questions):
            return tidy(text_of(before)) if before.name != "h1" else ""
    return ""


def _group(item: Tag) -> str:
    """The drawer around it, or the heading above; that of the whole page is none."""
    drawer = item.find_parent("details")
    summary = drawer.find("summary", recursive=False) if drawer else None
    heading = summary or item.find_previous(_HEADING)
    return tidy(text_of(heading)) if isinstance(heading, Tag) and heading.name != "h1" else ""


def _place(tag: Tag) -> str:
    return f"line {tag.get(LINE) or tag.sourceline}"


def _without_front_matter(text: str) -> str:
    """Empty lines in its place, so that all others keep their numbers."""
    found = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text
