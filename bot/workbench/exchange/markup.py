"""A piece of HTML as plain text: paragraphs, lists as dashes, links with their address. Nothing is fetched or run."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from bot.workbench.exchange.records import tidy_lines

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "div",
        "dd",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "header",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_WITH_SPACE = frozenset(["p", "ul", "ol", "blockquote", "pre", "table", "dl"])  # an empty line around
_LINE, _APART = "\x01", "\x02"  # where a line, or a paragraph, ends: several together are one
_BREAKS = re.compile("[ \x01\x02]*[\x01\x02][ \x01\x02]*")
_UNREAD = frozenset(["script", "style", "template", "noscript", "button", "svg"])
_COMMENTS = ("Comment", "Doctype", "ProcessingInstruction", "CData", "Declaration")


def parsed(html: str | bytes) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it looks like an address, or like XML
        return BeautifulSoup(html, "html.parser")


def text_of_html(html: str) -> str:
    return text_of(parsed(html))


def text_of(node: Tag) -> str:
    """The text of a node as a person would type it."""
    parts: list[str] = []
    _write(node, parts)
    return tidy_lines(
        _BREAKS.sub(lambda found: _APART if _APART in found[0] else "\n", "".join(parts)).replace(_APART, "\n\n")
    )


def _write(node: Tag, parts: list[str]) -> None:
    for child in node.children:
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
        parts.append(str(tag.get("alt") or ""))
    else:
        around = _APART if tag.name in _WITH_SPACE else _LINE if tag.name in _BLOCKS else ""
        parts.append(around + ("– " if tag.name == "li" else ""))
        _write(tag, parts)
        parts.append(" " if tag.name in ("td", "th") else around)


def _link(tag: Tag, parts: list[str]) -> None:
    """What the link says, and in brackets where it leads, if that is another place than it says."""
    inside: list[str] = []
    _write(tag, inside)
    said, href = "".join(inside), str(tag.get("href") or "").strip()
    address = href.removeprefix("mailto:").removeprefix("tel:")
    leads = href.startswith(("http://", "https://", "mailto:", "tel:"))
    parts.append(said + (f" ({address})" if leads and _bare(address) not in _bare(said) else ""))


def _bare(text: str) -> str:
    """Without what is not said of an address or a number."""
    text = text.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return "".join(c for c in text if c not in " ()-\u00a0")
