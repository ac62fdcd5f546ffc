"""What pages write upon things and nobody reads as their text: upon a drawer, that it opens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

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
