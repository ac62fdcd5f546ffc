"""How far the answer below a question reaches: which headings are parts of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bs4 import Tag
from bs4.element import PageElement

from bot.workbench.exchange.heads import BOLD, HEADING, Head
from bot.workbench.exchange.markup import text_of_all


def is_part(head: Head, question: Head, above: int, has_text: bool) -> bool:
    """Whether a head belongs to an answer: with text of its own and smaller than the question, or than what the question stands
    below (`above`, a level); or in bold below a heading."""
    if above < head.level < BOLD and not head.asks:
        return has_text
    if head.level == BOLD != question.level:
        return has_text or question.level < BOLD
    return question.level < head.level and has_text


def begins_another(node: Tag, question: Head) -> bool:
    return node.name in ("footer", "nav") or any(int(tag.name[1]) <= question.level for tag in node.find_all(HEADING))


def text_before_a_head(nodes: Sequence[PageElement], heads: Mapping[int, Head]) -> bool:
    for node in nodes:
        if id(node) in heads:
            return False
        if text_of_all([node]):
            return True
    return False
