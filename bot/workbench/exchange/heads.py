"""What on a page stands above something else: headings, lines in bold, heads of drawers, what asks and looks like others that ask."""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from bot.kb.lint.phrases import MAX_PHRASE
from bot.workbench.exchange.lettered import ASKS, is_answer, is_label, is_question, unlettered
from bot.workbench.exchange.losses import unmarked
from bot.workbench.exchange.markup import BLOCKS, text_of
from bot.workbench.exchange.records import tidy

HEADING = re.compile("h[1-6]")
BOLD, APART = 7, 8  # a line in bold stands below any heading, and what is no heading below that
# How pages call what opens an answer.
_NAMED = re.compile(
    r"question(?!s)|(?:faq|accordion|collaps\w*|toggle|panel|drop\w*)[-_]*(?:\w+[-_])?(?:q|head\w*|title|button|btn|toggle|trigger|label|control)$"
)
_OPENS = ("aria-expanded", "data-toggle", "data-bs-toggle")
_ICON = re.compile(r"(?:^|[-_])icons?(?:$|[-_])|material-symbols")
_STATES = re.compile("is-.*|active|open(ed)?|show|in|collapsed|first|last|selected|current")
_MAY_ASK = frozenset([*BLOCKS, "a", "span", "button", "label", "strong", "b", "em", "td", "th"]) - {
    "pre",
    "table",
    "ul",
    "ol",
    "body",
}
_CALL = re.compile(r"\w\([^()]*\?\W*$")  # of a function whose last argument may be left out
_CELLS = frozenset(["td", "th"])
_BOLD = ("b", "strong")
_PLACES = (*_CELLS, "li")  # where what asks is told by where it stands
# Numbers of what stands above: 1. (2) 3.1. G1. №4 and, before a capital, 3.1 alone, which in a sentence may be a version.
_NUMBERED = re.compile(
    r"\(?(?:\d{1,3}\.)*\d{1,3}[.)]\s+|[#№]\s*\d{1,3}[.:)]?\s+|(?P<capital>[^\W\d_]{1,2})\d{1,3}[.:)]\s+|\d{1,3}(?:\.\d{1,3})+\s+(?P<next>\w)"
)
_SIGNS = re.compile(
    r"(?<=[?？؟՞])(?!\W*\)$)[^\w\s()]*\W*$|\s+[^\w\s)\]»”’\"'.!?]+$"
)  # what a drawer's head has to click on


@dataclass(slots=True, eq=False)
class Head:
    """`level` is 1 to 6 for headings. `look` is what others have that look the same; `opens` tells the head of a drawer."""

    tag: Tag
    text: str
    level: int
    look: tuple[str, ...]
    opens: bool
    asks: bool
    lettered: bool


def heads_of(page: BeautifulSoup) -> list[Head]:
    """In their order, none inside another. What is told by nothing else must look like others, most of which ask."""
    found = _found(page, frozenset())
    asking = Counter(one.look for one in found if one.asks)
    all_ = Counter(_look(tag) for tag in page.find_all(list(_MAY_ASK)) if letters(tag.get_text()))
    alike = frozenset(look for look, n in asking.items() if n > 1 and (2 * n > all_[look] or look[0] in _PLACES))
    return [one for one in _found(page, alike) if one.level < APART or one.opens or one.lettered or one.look in alike]


def _found(page: BeautifulSoup, alike: frozenset[tuple[str, ...]]) -> list[Head]:
    found: list[Head] = []
    taken: set[int] = set()
    for tag in page.find_all(True):
        if any(id(parent) in taken for parent in tag.parents):
            continue
        if head := _head(tag, alike):
            taken.add(id(tag))
            found.append(head)
    return found


def _is_lettered(tag: Tag) -> bool:
    """Whether it begins with the letters of a question, and ends as one or has an answer with its letters below."""
    text = " ".join(tag.get_text().split())
    if not is_question(text) or not (tag.name in BLOCKS | _CELLS or (tag.name in _BOLD and _stands_alone(tag))):
        return False
    return bool(ASKS.search(text)) or is_answer(str(_below(tag)))


def _is_answered(heading: Tag) -> bool:
    """Whether the next that is said is that here is its answer."""
    below = _below(heading)
    return isinstance(below, NavigableString) and is_label(below) and not below.find_parent(["table", HEADING])


def _below(tag: Tag) -> PageElement | str:
    """The next text behind it."""
    inside = {id(one) for one in tag.descendants}
    texts = (one for one in tag.next_elements if isinstance(one, NavigableString) and id(one) not in inside)
    return next((one for one in texts if letters(one)), "")


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unmarked(text)))


def _head(tag: Tag, alike: frozenset[tuple[str, ...]]) -> Head | None:
    if tag.name not in _MAY_ASK or tag.find_parent(["nav", "footer"]):
        return None
    bare = " ".join(tag.get_text().split())
    heading = bool(HEADING.fullmatch(tag.name))
    too_long = len(bare) > MAX_PHRASE and not heading and tag.name not in ("summary", "dt")
    if not letters(bare) or too_long or not (text := _text(tag)):
        return None
    opens, bold = _opens(tag), _is_bold(tag)
    lettered, look = _is_lettered(tag), _look(tag)
    asks = bool(ASKS.search(text) and not _CALL.search(bare)) or lettered or (heading and _is_answered(tag))
    cell = tag.name in _CELLS
    if cell and tag.find_previous_sibling(list(_CELLS)):
        return None  # a row begins with its question
    first = cell or _begins_item(tag)
    inline = tag.name in _BOLD and not _stands_alone(tag)  # a word that is stressed
    looks = (look in alike and look[0] not in _PLACES and not inline) or (
        asks and (first or (tag.get("class") and _is_whole(tag)))
    )
    if not (heading or opens or bold or lettered or looks):
        return None
    inner = tag.find(HEADING)
    if not heading and (not _is_one(tag) or (inner and letters(inner.get_text()) != letters(bare))):
        return None
    headed = tag if heading else inner
    level = int(headed.name[1]) if headed else BOLD if bold else APART
    return Head(tag, text, level, look, opens or any(map(_opens, tag.find_all(True))), asks, lettered)


def _is_one(tag: Tag) -> bool:
    """Whether it is one line."""
    blocks = [one for one in tag.find_all(BLOCKS) if letters(one.get_text()) and not one.find(BLOCKS)]
    return not tag.find("br") and (not blocks or letters(blocks[0].get_text()) == letters(tag.get_text()))


def _begins_item(tag: Tag) -> bool:
    """Whether it is the first paragraph of an item, with more below, or an item that is a list of its own."""
    item = tag if tag.name == "li" else tag.parent if tag.name == "p" else None
    if item is None or item.name != "li" or (tag is not item and _beside(tag, "previous_siblings") is not None):
        return False
    if tag is not item:
        return _beside(tag, "next_siblings") is not None
    return item.parent is not None and len(item.parent.find_all("li")) == 1


def _is_whole(tag: Tag) -> bool:
    """Whether it is all that stands in its block."""
    if tag.name in BLOCKS:
        return True
    around = tag.find_parent(BLOCKS)
    return _stands_alone(tag) or (around is not None and letters(around.get_text()) == letters(tag.get_text()))


def _is_bold(tag: Tag) -> bool:
    if tag.name in _BOLD:
        return (bool(ASKS.search(tag.get_text().strip())) and _stands_alone(tag)) or _is_lettered(tag)
    bold = tag.find_all(_BOLD) if tag.name in ("p", "div") else []
    return bool(bold) and "".join(letters(one.get_text()) for one in bold) == letters(tag.get_text())


def _stands_alone(tag: Tag) -> bool:
    """Whether nothing stands on its line."""
    around = (_beside(tag, "previous_siblings"), _beside(tag, "next_siblings"))
    return all(one is None or (isinstance(one, Tag) and one.name in (*BLOCKS, "br")) for one in around)


def _beside(tag: Tag, which: str) -> PageElement | None:
    return next((one for one in getattr(tag, which) if str(one).strip()), None)


def _opens(tag: Tag) -> bool:
    if tag.name in ("summary", "dt"):
        return True
    if tag.name == "button" and tag.get("type") in ("submit", "reset"):
        return False
    if tag.name == "label":  # of a box that is ticked to open what is below
        box = tag.find_previous_sibling()
        return (
            box is not None and box.get("type") in ("checkbox", "radio") and bool(ASKS.search(tag.get_text().strip()))
        )
    if any(tag.has_attr(one) for one in _OPENS) or is_named(tag):
        return True
    return tag.name == "button" and bool(ASKS.search(tag.get_text()))


def is_named(tag: Tag) -> bool:
    """Whether its class or its id calls it a question, or what opens something."""
    named = " ".join(map(str, [*tag.get_attribute_list("class"), tag.get("id") or ""])).casefold()
    return any(map(_NAMED.search, named.split()))


def _look(tag: Tag) -> tuple[str, ...]:
    classes = {str(one).casefold() for one in tag.get_attribute_list("class") if one}
    name = "li" if tag.name == "p" and tag.parent is not None and tag.parent.name == "li" else tag.name
    return (name, *sorted(one for one in classes if not _STATES.fullmatch(one)))


def _text(tag: Tag) -> str:
    """What it says, without numbers, letters and signs around it. Its buttons and links become text: it is what they say that
    counts."""
    tag = copy(tag)
    for inner in tag.find_all(True):
        if inner.name == "a" and str(inner.get("href")).startswith("#") and not letters(inner.get_text()):
            inner.extract()  # the sign of a link to this place
            continue
        drawn = inner.get("aria-hidden") == "true" or any(
            map(_ICON.search, map(str, inner.get_attribute_list("class")))
        )
        if drawn and letters(inner.get_text()) != letters(tag.get_text()):
            inner.extract()
        elif inner.name in ("button", "a"):
            inner.name = "span"
    said = _unnumbered(unlettered(tidy(text_of(tag)), "question"))
    said = _SIGNS.sub("", unlettered(said, "question")).strip()
    return said if letters(said) else ""


def _unnumbered(text: str) -> str:
    found = _NUMBERED.match(text)
    if not found or not ((found["capital"] or "X") + (found["next"] or "X")).isupper():
        return text
    return (found["next"] or "") + text[found.end() :]
