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
