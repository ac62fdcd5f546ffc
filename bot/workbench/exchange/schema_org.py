"""Questions that a page tells to machines: schema.org's, as JSON-LD or as microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, TypeAlias

from bs4 import BeautifulSoup, Tag

from bot.workbench.exchange.heads import HEADING
from bot.workbench.exchange.markup import parsed, text_of
from bot.workbench.exchange.origin import place_of
from bot.workbench.exchange.outline import NO_ANSWER
from bot.workbench.exchange.records import Misfit, Record, tidy, tidy_lines

Pairs: TypeAlias = tuple[tuple[Record, ...], tuple[Misfit, ...]]
Resolve: TypeAlias = Callable[[BeautifulSoup], None]
"""Makes the links of a piece of HTML whole."""

_QUESTION = re.compile("schema\\.org/Question$")
_TAG = re.compile("<[a-zA-Z/!]")
_NO_QUESTION = "an answer without a question; write one, or take the answer out"


def _sorted_out(records: Iterator[Record]) -> Pairs:
    """Those that have both parts, and those that lack one."""
    whole, misfits = [], []
    for one in records:
        if one.question and one.answer:
            whole.append(one)
        elif one.question:
            misfits.append(Misfit(one.place, f'"{one.question}": {NO_ANSWER}'))
        elif one.answer:
            misfits.append(Misfit(one.place, _NO_QUESTION))
    return tuple(whole), tuple(misfits)


def json_ld(page: BeautifulSoup, broken: list[Misfit], resolve: Resolve) -> Pairs:
    def records() -> Iterator[Record]:
        for script in page.find_all("script", type=re.compile("ld\\+json", re.IGNORECASE)):
            where = f"line {script.sourceline}"
            try:
                document = json.loads(script.get_text().strip().removesuffix(";"), strict=False)
            except (json.JSONDecodeError, RecursionError) as error:
                broken.append(Misfit(where, f"JSON-LD that is no JSON ({error}); correct it"))
                continue
            for number, item in enumerate(_questions(document), 1):
                answer = _first(item.get("acceptedAnswer") or item.get("suggestedAnswer"))
                said = answer.get("text") if isinstance(answer, dict) else answer
                name = item.get("name") or item.get("text") or ""
                yield Record(tidy(_said(name, resolve)), _said(said, resolve), f"{where}, question {number}")

    return _sorted_out(records())


def _said(value: Any, resolve: Resolve) -> str:
    """A text of JSON-LD, which may be HTML, or plain with lines of its own."""
    text = value if isinstance(value, str) else ""
    if not _TAG.search(text):
        return tidy_lines(unescape(text))
    piece = parsed(text)
    resolve(piece)
    return text_of(piece)


def _questions(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of schema.org's type Question, at whatever depth, in its order."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            kinds = one.get("@type")
            if any(
                str(kind).rsplit("/", 1)[-1] == "Question" for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield one
            else:
                waiting += reversed(list(one.values()))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def microdata(page: BeautifulSoup) -> Pairs:
    def records() -> Iterator[Record]:
        for item in page.find_all(itemtype=_QUESTION):
            name = item.find(itemprop="name")
            answer = item.find(itemprop=re.compile("^(accepted|suggested)Answer$"))
            text = answer.find(itemprop="text") or answer if isinstance(answer, Tag) else None
            question = tidy(text_of(name)) if isinstance(name, Tag) else ""
            yield Record(question, text_of(text) if isinstance(text, Tag) else "", place_of(item), _group(item))

    return _sorted_out(records())


def _group(item: Tag) -> str:
    """The heading above that is none of a question."""
    for heading in item.find_all_previous(HEADING):
        if not heading.find_parent(itemtype=_QUESTION):
            return tidy(text_of(heading))
    return ""
