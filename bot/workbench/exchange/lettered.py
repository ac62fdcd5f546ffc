"""Questions and answers told by letters before them (Q: and A:, as each language's pack calls its columns), in texts and in pages."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from bot.languages.start import starts
from bot.workbench.exchange.markup import BLOCKS, parsed

LINE = "data-line"  # where a block stands in the text that the page was made of
# The signs of a question of various scripts; the Greek one is also a semicolon, and counts behind a Greek letter alone.
ASKS = re.compile(r"(?:[?？؟՞\u037e]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);)\W*$")
_BOLD = ("b", "strong")


def _names(key: str, least: int = 1) -> str:
    """How questions, or answers, are called in any language."""
    names = {name for _, one in starts() for name in one.columns[key] if len(name) >= least}
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@cache
def _before(key: str) -> re.Pattern[str]:
    """What stands before a question, or an answer: its name, perhaps with a number."""
    return re.compile(rf"\s*(?:{_names(key)})\s*(?:[#№]?\s*\d{{1,3}})?\s*[.:：](?:\s+|$)", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    """A line that says of what follows that it is the answer; one letter may be anything."""
    return re.compile(rf"^[ \t]*(?:{_names('answer', 2)})[ \t]*[.:：]?[ \t]*$\n*", re.IGNORECASE | re.MULTILINE)


@cache
def _label_before() -> re.Pattern[str]:
    return re.compile(rf"\A\s*(?:{_names('answer', 2)})\s*[:：]\s*", re.IGNORECASE)


def is_question(text: str) -> bool:
    return bool(_before("question").match(text))


def is_answer(text: str) -> bool:
    return bool(_before("answer").match(text))


def unlettered(text: str, key: str) -> str:
    """The text without the letters before it; `key` is question or answer."""
    return _before(key).sub("", text, count=1) if _before(key).match(text) else text


def is_label(text: str) -> bool:
    """Whether it says no more than that an answer follows."""
    return bool(_label().fullmatch(text.strip()))


def unlabelled(text: str) -> str:
    """An answer without the word for it, before it or on a line of its own."""
    return _label_before().sub("", _label().sub("", text))


def is_lettered(text: str) -> bool:
    """Whether a text has a line with the letters of a question, and one with those of an answer."""
    lines = text.splitlines()
    return any(map(is_question, lines)) and any(map(is_answer, lines))


def page_of(text: str) -> BeautifulSoup:
    """A plain text as a page: its lines as they are; one that asks and begins a paragraph is a heading."""
    parts, above = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        said = escape(line.strip())
        heads = not above.strip() and ASKS.search(line)
        body = f'<p {LINE}="{number}"><b>{said}</b></p>' if heads else f'<div {LINE}="{number}">{said}</div>'
        parts.append(body if said else "<p></p>")
        above = line
    return parsed("\n".join(parts))


def split_paragraphs(page: BeautifulSoup) -> None:
    """Paragraphs that hold a question and its answer become two: at a line that begins with letters, behind what asks in bold."""
    for item in page.find_all("li"):
        first = next((one for one in item.children if str(one).strip()), None)
        _begin_with_paragraph(page, first if isinstance(first, Tag) and first.name == "p" else item)
    for block in page.find_all(["p", "div", "td", "dd", "li"]):
        if any(isinstance(one, Tag) and one.name in BLOCKS for one in block.descendants):
            continue
        pieces = _pieces(_lines(block))
        if len(pieces) > 1:
            _put(page, block, pieces)


def _begin_with_paragraph(page: BeautifulSoup, item: Tag) -> None:
    """What an item says first, on a line of its own or above its first block, where that asks."""
    flat, end = list[PageElement](), 0
    for line in _lines(item):
        flat += line
        blocks = (place for place, one in enumerate(flat) if isinstance(one, Tag) and one.name in BLOCKS)
        end = end or next(blocks, 0) or (len(flat) if _said(flat) else 0)
    if not ASKS.search(_said(flat[:end])) or not _said(flat[end:]):
        return
    if item.name == "p":
        _put(page, item, [flat[:end], flat[end:]])
        return
    paragraph = page.new_tag("p", attrs={LINE: str(item.get(LINE) or item.sourceline)})
    for one in flat[:end]:
        if not (isinstance(one, Tag) and one.name == "br"):
            paragraph.append(one.extract())
    rest = [one.extract() for one in flat[end:]]
    item.clear()
    item.extend([paragraph, *rest])


def _lines(block: Tag) -> list[list[PageElement]]:
    """Its content, cut at breaks and at ends of lines."""
    lines: list[list[PageElement]] = [[]]
    for child in list(block.children):
        if isinstance(child, Tag) and child.name == "br":
            lines[-1].append(child)
            lines.append([])
        elif type(child) is NavigableString and "\n" in child:
            first, *more = str(child).split("\n")
            lines[-1].append(NavigableString(first))
            for one in more:
                lines[-1].append(NavigableString("\n"))
                lines.append([NavigableString(one)])
        else:
            lines[-1].append(child)
    return lines


def _pieces(lines: list[list[PageElement]]) -> list[list[PageElement]]:
    pieces: list[list[PageElement]] = [[]]
    for line in lines:
        text = _said(line)
        if (is_question(text) or is_answer(text) or _bold_that_asks(line)) and _said(pieces[-1]):
            pieces.append([])
        bold = _bold_that_asks(line)
        if bold:
            pieces[-1] += line[:bold]
            pieces.append(line[bold:])
        else:
            pieces[-1] += line
    return [piece for piece in pieces if _said(piece)]


def _bold_that_asks(line: list[PageElement]) -> int:
    """Behind which of its parts what is said in bold at its beginning ends, where that is a question."""
    for place, one in enumerate(line):
        if isinstance(one, Tag) and one.name in _BOLD:
            return place + 1 if ASKS.search(one.get_text().strip()) else 0
        if _said([one]):
            return 0
    return 0


def _said(nodes: list[PageElement]) -> str:
    return "".join(one.get_text() for one in nodes).strip()


def _put(page: BeautifulSoup, block: Tag, pieces: list[list[PageElement]]) -> None:
    line = block.get(LINE) or block.sourceline
    made = []
    for piece in pieces:
        paragraph = page.new_tag("p", attrs={LINE: str(line)} if line else {})
        made.append(paragraph)
        while isinstance(piece[-1], Tag) and piece[-1].name == "br":
            piece.pop()
        for node in piece:
            paragraph.append(node.extract())
    if block.name == "p":
        block.replace_with(*made)
    else:
        block.clear()
        block.extend(made)
