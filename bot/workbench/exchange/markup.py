"""A piece of HTML as plain text: paragraphs, lists as dashes or numbers, code with its lines, links with their address.
Nothing is fetched or run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from bot.workbench.exchange.records import tidy_lines

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
])  # fmt: skip
_WITH_SPACE = frozenset(["p", "ul", "ol", "blockquote", "pre", "table", "dl", "dd"])  # an empty line around
_LINE, _APART = "\x01", "\x02"  # where a line, or a paragraph, ends: several together are one
_INDENT = "⸡"  # a space at the beginning of a line of code
_BREAKS = re.compile("[ \x01\x02]*[\x01\x02][ \x01\x02]*")
_UNREAD = frozenset(
    ["script", "style", "template", "noscript", "button", "svg", "figcaption", "select", "textarea", "iframe", "head"]
)
_COMMENTS = ("Comment", "Doctype", "ProcessingInstruction", "CData", "Declaration", "XMLProcessingInstruction")
_LEADS = ("http://", "https://", "mailto:", "tel:")


# What ends where one of these begins, unless it began outside of a list or table that this stands in.
_ENDED = {"li": ["li"], "dt": ["dt", "dd"], "dd": ["dt", "dd"], "tr": ["tr"], "td": ["td", "th"], "th": ["td", "th"]}
_WALLS = ["ul", "ol", "dl", "table"]


def parsed(html: str | bytes) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it looks like an address, or like XML
        page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(BLOCKS | {"td", "th"}):
        _end_above(tag)
    return page


def _end_above(tag: Tag) -> None:
    """A paragraph, an item or a cell that was not closed ends where the next begins."""
    for names in (["p"], _ENDED.get(tag.name, [])):
        open_ = tag.find_parent([*names, *_WALLS]) if names else None
        if open_ is None or open_.name not in names:
            continue
        inside: PageElement = tag
        while inside.parent is not None and inside.parent is not open_:
            inside = inside.parent
        open_.insert_after(*[inside, *inside.next_siblings])


def text_of_html(html: str) -> str:
    return text_of(parsed(html))


def text_of(node: Tag) -> str:
    """The text of a node as a person would type it."""
    return text_of_all(node.children)


def text_of_all(nodes: Iterable[PageElement]) -> str:
    """The text of several nodes, one behind the other."""
    parts: list[str] = []
    _write(nodes, parts)
    text = _BREAKS.sub(lambda found: _APART if _APART in found[0] else "\n", "".join(parts)).replace(_APART, "\n\n")
    return tidy_lines(text).replace(_INDENT, " ").strip()


def _write(nodes: Iterable[PageElement], parts: list[str]) -> None:
    for child in nodes:
        if isinstance(child, NavigableString):
            if type(child).__name__ not in _COMMENTS:
                before, behind = _edges(str(child))
                parts.append(before + " ".join(str(child).split()) + behind)
        elif isinstance(child, Tag) and child.name not in _UNREAD:
            _tag(child, parts)


def _edges(text: str) -> tuple[str, str]:
    return " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))


def _tag(tag: Tag, parts: list[str]) -> None:
    if tag.name == "br":
        parts.append("\n")
    elif tag.name == "a":
        _link(tag, parts)
    elif tag.name == "img":
        alt = str(tag.get("alt") or "")
        parts.append("" if any(map(str.isalnum, alt)) else alt)  # an emoji is said, a caption is not
    elif tag.name == "li":
        _item(tag, parts)
    elif tag.name == "pre":
        parts += [_APART, _code(tag.get_text()), _APART]
    else:
        around = _APART if tag.name in _WITH_SPACE else _LINE if tag.name in BLOCKS else ""
        parts.append(around)
        _write(tag.children, parts)
        parts.append(" " if tag.name in ("td", "th") else around)


def _item(tag: Tag, parts: list[str]) -> None:
    """A dash, or the number that a reader sees."""
    inside: list[str] = []
    _write(tag.children, inside)
    text = "".join(inside).strip(f" \n{_LINE}{_APART}")
    parts += [_LINE, f"{_number(tag)} {text}" if text else "", _LINE]


def _number(tag: Tag) -> str:
    around = tag.parent
    if around is None or around.name != "ol":
        return "–"
    number = _whole(around.get("start"), 1) - 1
    for item in around.find_all("li", recursive=False):
        number = _whole(item.get("value"), number + 1)
        if item is tag:
            break
    return f"{number}."


def _whole(value: object, otherwise: int) -> int:
    return int(str(value)) if re.fullmatch(r"-?\d{1,6}", str(value)) else otherwise


def _code(text: str) -> str:
    """Its lines as they stand, to the spaces at their beginning."""
    lines = [line.replace("\t", "    ").rstrip() for line in text.strip("\n").splitlines()]
    return "\n".join(_INDENT * (len(line) - len(line.lstrip())) + line.lstrip() for line in lines)


def _link(tag: Tag, parts: list[str]) -> None:
    """What the link says, and in brackets where it leads, if that is another place than it says."""
    inside: list[str] = []
    _write(tag.children, inside)
    said, href = "".join(inside), str(tag.get("href") or "").strip()
    if not said.strip() or (href.startswith("#") and not any(map(str.isalpha, said))):
        return  # a picture, or the mark of a footnote
    address = href.removeprefix("mailto:").removeprefix("tel:")
    parts.append(said + (f" ({address})" if href.startswith(_LEADS) and _bare(address) not in _bare(said) else ""))


def _bare(text: str) -> str:
    """Without what is not said of an address or a number."""
    text = text.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return "".join(c for c in text if c not in " ()-\u00a0")
