"""What pages put around questions and answers, and is part of neither or of the other: the label of a drawer, code in a cell
that asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from bot.workbench.exchange.heads import is_named
from bot.workbench.exchange.lettered import ASKS
from bot.workbench.exchange.markup import BLOCKS

_STRESSED = ("em", "i", "b", "strong", "u")
_HEADS = re.compile("h[1-6]")


def open_drawers(page: BeautifulSoup) -> None:
    """Takes away drawers that are labelled and not named ("Click to expand"), as several are, or the only one below what asks:
    their text becomes that of what stands above."""
    drawers = [(one, summary) for one in page.find_all("details") if (summary := one.find("summary", recursive=False))]
    said = Counter(_heard(summary) for _, summary in drawers)
    for drawer, summary in drawers:
        head = _beside(drawer.previous_siblings)
        if head is None or not _HEADS.fullmatch(head.name) or ASKS.search(summary.get_text().strip()):
            continue
        follower = _beside(drawer.next_siblings)
        alone = ASKS.search(head.get_text().strip()) and (follower is None or follower.name != "details")
        if said[_heard(summary)] > 1 or alone:
            summary.extract()
            drawer.name = "div"


def code_to_answers(page: BeautifulSoup) -> None:
    """Moves the code that a question in a table speaks of to the row below, which answers."""
    for cell in page.find_all(["td", "th"]):
        codes = cell.find_all("pre", recursive=False)
        row = cell.find_parent("tr")
        below = row.find_next_sibling("tr") if row and codes else None
        answers = [one for one in below.find_all(["td", "th"]) if _heard(one)] if below else []
        beside = any(map(_heard, cell.find_next_siblings(["td", "th"])))
        asked = "".join(one.get_text() for one in cell.children if one not in codes).strip()
        asks = ASKS.search(asked) or any(map(is_named, (row, cell) if row else ()))
        if answers and not beside and asks and not ASKS.search(answers[0].get_text().strip()):
            for place, code in enumerate(codes):
                answers[-1].insert(place, code.extract())


def items_to_headings(page: BeautifulSoup) -> None:
    """Of lists whose items all begin with a line that is stressed, one of which asks, these lines become headings."""
    for list_ in page.find_all(["ul", "ol"]):
        items = list_.find_all("li", recursive=False)
        heads = [_stressed(item) for item in items]
        if not all(heads) or not any(head and ASKS.search(head.get_text().strip()) for head in heads):
            continue
        list_.name = "div"
        for item, head in zip(items, heads, strict=True):
            if head:
                head.name = "h6"
                item.unwrap()


def _stressed(item: Tag) -> Tag | None:
    """What an item begins with, where all of it is stressed, on a line of its own and with more below."""
    first = _beside(item.children)
    follower = _beside(first.next_siblings) if first else None
    if first is None or follower is None or follower.name not in (*BLOCKS, "br"):
        return None
    stressed = first if first.name in _STRESSED else _beside(first.children) if first.name == "p" else None
    whole = stressed and stressed.name in _STRESSED and _heard(stressed) == _heard(first)
    return first if whole and _heard(first) and _heard(item) != _heard(first) else None


def _heard(tag: Tag) -> str:
    return "".join(filter(str.isalnum, tag.get_text())).casefold()


def _beside(siblings: Iterable[PageElement]) -> Tag | None:
    """The next tag, where no text stands before it."""
    for one in siblings:
        if isinstance(one, Tag):
            return one
        if str(one).strip():
            return None
    return None
