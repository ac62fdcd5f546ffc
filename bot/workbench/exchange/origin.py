"""What a page's place and language make of it: links resolved against its address, of texts in several languages the one that is
wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from bot.workbench.exchange.lettered import LINE
from bot.workbench.exchange.losses import Losses
from bot.workbench.exchange.records import Origin
from bot.workbench.exchange.templates import LOST

# How pages mark a text's language besides `lang`: data-lang, or a class as lang-en, i18n-en.
_CLASS = re.compile(r"(?:lang|language|locale|i18n|l10n)[-_:]+([a-z]{2,3})(?:[-_][a-z]{2})?", re.IGNORECASE)


def place_of(tag: Tag) -> str:
    """In words, where a tag stands in its file."""
    near = tag if tag.get(LINE) else tag.find_parent(attrs={LINE: True})
    near = near or (tag.find_previous(attrs={LINE: True}) if tag.sourceline is None else None)
    return f"line {near[LINE] if isinstance(near, Tag) else tag.sourceline}"


def language_of(page: BeautifulSoup) -> str:
    return _code(page.html.get("lang") or page.html.get("xml:lang")) if page.html else ""


def in_language(page: BeautifulSoup, wanted: str) -> None:
    """Of texts that stand side by side in several languages only the wanted one is left. Where a page has it nowhere, but says
    something in several languages alone, it is the one that comes first."""
    beside: dict[int, list[tuple[Tag, str]]] = {}
    for tag in page.find_all(True):
        if tag.name not in ("html", "body") and (code := _language(tag)):
            beside.setdefault(id(tag.parent), []).append((tag, code))
    several = [one for one in beside.values() if len({code for _, code in one}) > 1]
    codes = [code for one in several for _, code in one]
    if wanted not in codes:
        wanted = codes[0] if any(map(_say_all, several)) else ""
    for one in several:
        for tag, code in one if wanted in {code for _, code in one} else ():
            if code != wanted:
                tag.extract()


def _say_all(marked: Sequence[tuple[Tag, str]]) -> bool:
    """Whether these are all that their parent says."""
    around = marked[0][0].parent
    said = "".join(tag.get_text() for tag, _ in marked)
    return around is not None and sum(map(str.isalnum, around.get_text())) == sum(map(str.isalnum, said))


def resolve(page: BeautifulSoup, origin: Origin, losses: Losses) -> None:
    """Makes the page's links whole. One that cannot be followed from elsewhere is left out of the text, with a mark."""
    base = page.find("base", href=True)
    home = urljoin(origin.url or _canonical(page), str(base["href"]) if isinstance(base, Tag) else "")
    for link in page.find_all("a"):
        href = str(link.get("href") or link.get("to") or "").strip()
        if link.get(LOST):
            link.append(str(link[LOST]))
        if not href or href.startswith("#") or urlsplit(href.split("?")[0].split("#")[0]).scheme:
            continue
        if urlsplit(home).scheme in ("http", "https"):
            link["href"] = urljoin(home, href)
        elif any(map(str.isalnum, link.get_text())):
            text = f"{place_of(link)}: the link to {href} is left out; where the source has a url, it is resolved against that"
            link.append(losses.mark(text))


def _canonical(page: BeautifulSoup) -> str:
    """The address that a page gives itself."""
    link = page.find("link", rel="canonical", href=True)
    return str(link["href"]) if isinstance(link, Tag) else ""


def _language(tag: Tag) -> str:
    named = tag.get("lang") or tag.get("xml:lang") or tag.get("data-lang")
    if named:
        return _code(named)
    classes = [found for one in tag.get_attribute_list("class") if (found := _CLASS.fullmatch(str(one)))]
    return classes[0][1].casefold() if len(classes) == 1 else ""


def _code(named: object) -> str:
    return str(named or "").replace("_", "-").split("-")[0].casefold()
