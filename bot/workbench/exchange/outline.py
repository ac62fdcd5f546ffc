"""From what stands above on a page to questions with their answers and topics: which heads are questions, what is below each, and
which name what the questions are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from bot.workbench.exchange.extent import begins_another, is_part, text_before_a_head
from bot.workbench.exchange.heads import APART, BOLD, Head, heads_of, letters
from bot.workbench.exchange.lettered import unlabelled, unlettered
from bot.workbench.exchange.markup import text_of_all
from bot.workbench.exchange.origin import place_of
from bot.workbench.exchange.records import Misfit, Record

NO_ANSWER = "a question without an answer; write one, or take the question out"
_NO_MARK = "stands among questions without a question mark; add one, or write it by reformbot new entry"
_ASIDE = "asks as well, but stands apart from the list of questions, and is not taken; reformbot new entry adds it"
_ENDS = (".", "!", ":", ";", ",")  # of a sentence, which names no topic
_PLACE = re.compile("#.")  # in an address
_ROOTS = ("[document]", "html", "body", "main", "article")


@dataclass(slots=True)
class Outline:
    """`heading` is what stands above all questions: it names the page, and no topic of it."""

    records: list[Record] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    heading: str = ""


def outline(page: BeautifulSoup, *, drawers_alone: bool) -> Outline:
    """`drawers_alone`: where a page has a list of drawers, what asks beside it invites to something, and is no question."""
    return _Page(heads_of(page), drawers_alone).read()


class _Page:
    def __init__(self, found: Sequence[Head], drawers_alone: bool) -> None:
        self.heads = list(found)
        self.drawers_alone = drawers_alone
        self.questions: list[Head] = []
        self.answers: dict[int, list[PageElement]] = {}
        self.texts: dict[int, str] = {}
        self.spoken: set[int] = set()
        self.order: dict[int, int] = {}
        self.how_many: Counter[int] = Counter()
        self.tags: set[int] = set()
        self.beside: set[tuple[int, str]] = set()

    def read(self) -> Outline:
        self._choose([one for one in self.heads if one.asks])
        if not self.questions:
            return Outline()
        inside = self._inside()
        groups = [self._group(one, inside) for one in self.questions]
        heading = _general([(one, group) for one, group in zip(self.questions, groups, strict=True) if self._said(one)])
        found = Outline(heading=heading.text if heading else "")
        said = {letters(one.text) for one in self.questions if self._said(one)}
        for one, group in zip(self.questions, groups, strict=True):
            answer, named = self._said(one), group.text if group and group is not heading else ""
            if answer:
                found.records.append(Record(one.text, answer, place_of(one.tag), named))
            elif letters(one.text) not in said and not self._is_group(one):
                found.misfits.append(Misfit(place_of(one.tag), f'"{one.text}": {NO_ANSWER}'))
        self._left_out(found, inside)
        return found

    # Which are the questions

    def _choose(self, asking: list[Head]) -> None:
        asking = self._without_contents(asking)
        asking = asking + self._like(asking)
        self._take(asking or self._by_place())
        links = {one.look for one in self.questions if one.level >= APART}
        links -= {one.look for one in self.questions if self.answers[id(one)]}
        if links:  # a table of contents asks, and has no answer below
            self.heads = [one for one in self.heads if one.look not in links or one.level < APART]
            self._take([one for one in self.questions if one.look not in links or one.level < APART])
        drawers = [one for one in self.questions if _is_drawer(one) and self.answers[id(one)]]
        if self.drawers_alone and len(drawers) > 1:
            self._take([one for one in self.questions if _is_drawer(one)])
            inside = self._inside()
            bold = [one for one in asking if one.level == BOLD and not one.opens and id(one.tag) not in inside]
            self._take([*self.questions, *bold])

    def _without_contents(self, asking: list[Head]) -> list[Head]:
        """Without what a list of contents asks: the same as something else that has an answer, and it has none, or leads there."""
        self._take(asking)
        said = {letters(one.text) for one in asking if self._said(one) and not _is_link(one)}
        listed = {id(one) for one in asking if letters(one.text) in said and (_is_link(one) or not self._said(one))}
        self.heads = [one for one in self.heads if id(one) not in listed]
        return [one for one in asking if id(one) not in listed]

    def _like(self, asking: Sequence[Head]) -> list[Head]:
        """Heads of drawers that ask nothing, where others with their class do; without a class, where most do."""
        asked, all_ = Counter(one.look for one in asking), Counter(one.look for one in self.heads)
        return [
            one
            for one in self.heads
            if _is_drawer(one)
            and not one.asks
            and asked[one.look] * (2 if len(one.look) == 1 else all_[one.look]) >= all_[one.look]
        ]

    def _by_place(self) -> list[Head]:
        """Where nothing asks: heads of drawers of one kind, or else the deepest headings that have text below."""
        for name in ("summary", "dt", ""):
            drawers = [one for one in self.heads if one.opens and (one.tag.name == name or not name)]
            if any(self._answer(one) for one in drawers):
                return [one for one in drawers if not name or one.tag.name == name]
        headings = [one for one in self.heads if one.level < BOLD]
        self._take(headings)
        deepest = max((one.level for one in headings if self._said(one)), default=1)
        return [one for one in headings if one.level == deepest and deepest > 1]

    def _take(self, questions: Sequence[Head]) -> None:
        self.order = {id(one): place for place, one in enumerate(self.heads)}
        self.questions = sorted(questions, key=lambda one: self.order[id(one)])
        self.tags = {id(one.tag) for one in self.questions}
        self.beside = {(id(one.tag.parent), one.tag.name) for one in self.questions if one.level <= BOLD}
        self.how_many = Counter(id(parent) for one in self.questions for parent in one.tag.parents)
        self.answers = {id(one): self._answer(one) for one in self.questions}
        self.texts = {id(one): self._text(one) for one in self.questions}
        self.spoken = self._spoken()

    # What is below a question

    def _said(self, one: Head) -> str:
        return self.texts.get(id(one), "")

    def _text(self, one: Head) -> str:
        text = text_of_all(self.answers[id(one)])
        return unlabelled(unlettered(text, "answer") if one.lettered else text).strip()

    def _answer(self, one: Head) -> list[PageElement]:
        """What it opens, else what follows it, or what it stands in, up to the next question: the nearest that has text."""
        opened, node = self._opened(one.tag), one.tag
        if opened:
            return [opened]
        while node.parent is not None:
            nodes: list[PageElement] = []
            for follower in node.next_siblings:
                if id(follower) in self.tags or self.how_many[id(follower)]:
                    break
                nodes.append(follower)
            shared = self.how_many[id(node.parent)] > 1 or node.parent.name in _ROOTS
            nodes = list(self._cut(nodes, one)) if shared else nodes
            if text_of_all(nodes):
                return nodes
            if shared:
                break
            node = node.parent
        return []

    def _opened(self, tag: Tag) -> Tag | None:
        """The panel that a head names as its own."""
        root = list(tag.parents)[-1]
        for one in (tag, *tag.find_all(True)):
            for key in ("aria-controls", "data-target", "data-bs-target"):
                name = str(one.get(key) or "").lstrip("#")
                panel = root.find(id=name) if name else None
                if isinstance(panel, Tag) and not self.how_many[id(panel)] and id(panel) not in self.tags:
                    return panel if text_of_all([panel]) else None
        return None

    def _cut(self, nodes: Sequence[PageElement], one: Head) -> Iterator[PageElement]:
        """Up to the heading of something else."""
        heads = {id(head.tag): head for head in self.heads if head.level <= BOLD}
        begun, above = False, self._level_above(one, nodes, heads)
        for place, node in enumerate(nodes):
            head, after = heads.get(id(node)), nodes[place + 1 :]
            peers = {at: other for at, other in heads.items() if above == BOLD or not head or other.level <= head.level}
            if head and not is_part(head, one, above, text_before_a_head(after, peers)):
                return
            panel = one.level >= APART and not begun  # which has headings of its own
            if isinstance(node, Tag) and not head and not panel and begins_another(node, one):
                return
            begun = begun or bool(str(node).strip())
            yield node

    def _level_above(self, one: Head, nodes: Sequence[PageElement], heads: Mapping[int, Head]) -> int:
        """Of the heading above a question behind letters that a heading follows at once: its answer may have smaller ones."""
        if not one.lettered or text_before_a_head(nodes, heads):
            return BOLD
        levels = (head.level for head in reversed(self.heads[: self.order[id(one)]]) if head.level < BOLD)
        return next(levels, BOLD)

    def _inside(self) -> set[int]:
        """The tags that stand in an answer."""
        nodes = [node for one in self.questions for node in self.answers[id(one)] if isinstance(node, Tag)]
        return {id(tag) for node in nodes for tag in (node, *node.find_all(True))}

    # What names a topic

    def _group(self, question: Head, inside: set[int]) -> Head | None:
        drawer = question.tag.find_parent("details")
        outer = drawer.find_parent("details") if drawer else None
        before = self.heads[: self.order[id(question)]]
        for one in reversed(before):
            if outer and one.tag.parent is outer:
                return one
            if self._names(one, question) and id(one.tag) not in inside:
                return one
        return None

    def _names(self, one: Head, question: Head) -> bool:
        if id(one.tag) in self.tags:
            return self._is_group(one) and one.tag.name != "summary"
        if one.text.endswith(_ENDS) or (one.opens and one.tag.name == "summary"):
            return False
        if self._stands_beside(one) and self._has_text(one):
            return False  # as if it were a question
        if one.level < min(question.level, BOLD):
            return True
        return (one.level <= BOLD or one.opens) and not self._has_text(one)

    def _has_text(self, one: Head) -> bool:
        """Whether something is said between it and the next head."""
        return id(one) in self.spoken

    def _spoken(self) -> set[int]:
        heads = {id(head.tag): head for head in self.heads}
        found: set[int] = set()
        last: Head | None = None
        for node in [*self.heads[0].tag.parents][-1].descendants if self.heads else ():
            last = heads.get(id(node), last)
            if last is None or isinstance(node, Tag) or id(last) in found or not letters(str(node)):
                continue
            if all(parent is not last.tag for parent in node.parents):
                found.add(id(last))
        return found

    def _is_group(self, one: Head) -> bool:
        """A head without an answer of its own, right above a question that stands lower, or is in its drawer."""
        place = self.order[id(one)] + 1
        after = self.heads[place] if place < len(self.heads) else None
        if after is None or id(after.tag) not in self.tags or self._said(one):
            return False
        around = one.tag.find_parent("details") if one.tag.name == "summary" else None
        return after.level > one.level or bool(around and any(parent is around for parent in after.tag.parents))

    def _stands_beside(self, one: Head) -> bool:
        """Whether it is a heading, or a line in bold, as questions are, in the same place."""
        return (id(one.tag.parent), one.tag.name) in self.beside

    # What looks like a question, and is not taken

    def _left_out(self, found: Outline, inside: set[int]) -> None:
        for one in self.heads:
            if id(one.tag) in self.tags or id(one.tag) in inside or not self._has_text(one):
                continue
            if one.asks:
                found.notes.append(f'{place_of(one.tag)}: "{one.text}" {_ASIDE}')
            elif self._stands_beside(one):
                found.misfits.append(Misfit(place_of(one.tag), f'"{one.text}" {_NO_MARK}'))


def _is_link(one: Head) -> bool:
    """Whether all of it, but for a number, leads to a place on a page."""
    links = one.tag.find_all("a", href=_PLACE) or one.tag.find_parents("a", href=_PLACE)
    return any(letters(link.get_text()).endswith(letters(one.text)) for link in links)


def _is_drawer(one: Head) -> bool:
    return one.opens or one.level >= APART


def _general(found: Sequence[tuple[Head, Head | None]]) -> Head | None:
    """The one heading that stands above all questions and, where there are others, above these."""
    groups = list({id(group): group for _, group in found}.values())
    first = groups[0] if groups else None
    if first and all(one is not None and (one is first or one.level > first.level) for one in groups):
        return first
    return None
